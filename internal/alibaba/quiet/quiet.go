// Package quiet switches off the debug output of Alibaba's SDK: with DEBUG holding
// "sdk" it prints whole signed URLs, security token included, to standard output, which
// is the plugin's log.
//
// The SDK reads the variable while its packages initialise, long before main runs. Go
// initialises packages in the order of their import paths, each as soon as its own
// imports are ready. This package needs nothing but "os". All packages of the SDK that
// read DEBUG need "net/url", which needs "os" as well and sorts after this package. So
// this one is always first, as long as it imports "os" alone.
//
// See https://go.dev/ref/spec#Program_initialization.
package quiet

import "os"

func init() {
	// It cannot fail for this name.
	_ = os.Unsetenv("DEBUG")
}
