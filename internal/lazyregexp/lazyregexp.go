// Package lazyregexp compiles regular expressions at their first use. A CLI starts the provider
// several times in a command, and most of these processes need few of its expressions.
package lazyregexp

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// inTest means that the process is a test. Tests compile at once, so that they find every
// expression with a mistake.
var inTest = strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// New returns a function that returns the compiled expression. It panics if the expression has
// a mistake.
func New(expression string) func() *regexp.Regexp {
	compile := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	if inTest {
		compile()
	}
	return compile
}
