// Package quiet switches off the debug output of Alibaba's libraries: with DEBUG
// holding "sdk" or "credential" they print whole signed URLs, security token
// included, to standard output, which is the plugin's log.
//
// The libraries read the variable while their packages initialise, long before
// main runs. Go initialises packages in the order of their import paths, each as
// soon as its own imports are ready. This package needs nothing but "os". All of the
// libraries' packages that read DEBUG need "net/url", which needs "os" as well and
// sorts after this package. So this one is always first, as long as it imports "os"
// alone.
//
// See https://go.dev/ref/spec#Program_initialization.
package quiet

import "os"

func init() {
	// It cannot fail for this name, and there would be nobody to tell.
	_ = os.Unsetenv("DEBUG")
}
