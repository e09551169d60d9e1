// Package sdkcompat drives the emulator with API clients that were not
// written for it. It is a module of its own, so that their dependencies are not
// those of the provider.
package sdkcompat
