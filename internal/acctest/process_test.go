package acctest_test

import (
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestChildren_ReturnsTheProcessesOfThisExecutable(t *testing.T) {
	t.Parallel()
	child := exec.CommandContext(t.Context(), "cat") // It waits for input.
	input, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = child.Wait()
	})
	for executable, want := range map[string][]int{"cat": {child.Process.Pid}, "dog": nil} {
		if got, err := acctest.Children(t.Context(), os.Getpid(), executable); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", executable, got, err, want)
		}
	}
}
