package lazyregexp_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

func TestNew_CompilesOnce(t *testing.T) {
	t.Parallel()
	digits := lazyregexp.New(`^[0-9]+$`)
	first := digits()
	if !first.MatchString("123") || first.MatchString("12a") || digits() != first {
		t.Errorf("%v", first)
	}
}

func TestNew_Mistake_PanicsInATest(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a mistake is found only at the first use")
		}
	}()
	lazyregexp.New(`(`)
}
