// Package sdkcompat tests the emulator with the SDKs of Alibaba Cloud. It is a module of its
// own, so that the provider does not depend on these SDKs.
package sdkcompat
