package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// watched returns what watch prints while run runs in fake time.
func watched(t *testing.T, packages int, run func(stdout, stderr io.Writer) error) (output string, err error) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		var both bytes.Buffer
		err = watch("building", run, &both, newMeter(&both, packages))
		output = both.String()
	})
	return output, err
}

func wantLines(t *testing.T, output string, want ...string) {
	t.Helper()
	if got := strings.Split(strings.TrimSpace(output), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("printed\n%s\nwant\n%s", output, strings.Join(want, "\n"))
	}
}

func TestWatch_SilentCommand_PrintsALineEvery15Seconds(t *testing.T) {
	t.Parallel()
	output, err := watched(t, 0, func(_, _ io.Writer) error {
		time.Sleep(40 * time.Second)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, output, "... building for 15s", "... building for 30s", "building took 40s")
}

func TestWatch_CommandThatPrints_PrintsNothingMore(t *testing.T) {
	t.Parallel()
	output, _ := watched(t, 0, func(stdout, stderr io.Writer) error {
		for _, stream := range []io.Writer{stdout, stderr, stdout} {
			time.Sleep(14 * time.Second)
			_, _ = fmt.Fprintln(stream, "ok")
		}
		time.Sleep(16 * time.Second)
		return nil
	})
	wantLines(t, output, "ok", "ok", "ok", "... building for 57s", "building took 58s")
}

func TestWatch_Build_CountsPackagesAndModules(t *testing.T) {
	t.Parallel()
	output, _ := watched(t, 3, func(_, stderr io.Writer) error {
		_, _ = io.WriteString(stderr, "go: downloading golang.org/x/net v0.52.0\ninternal/abi\ngolang.org/x/")
		_, _ = io.WriteString(stderr, "net/http2\n# example.com/broken\nmain.go:1:1: undefined: x")
		time.Sleep(20 * time.Second)
		return nil
	})
	wantLines(t, output, "# example.com/broken", "... building for 15s, modules downloaded: 1, packages compiled: 2 of at most 3",
		"main.go:1:1: undefined: x",
		"building took 20s, modules downloaded: 1, packages compiled: 2 of at most 3")
}

func TestWatch_ShortCommand_PrintsNothing(t *testing.T) {
	t.Parallel()
	output, err := watched(t, 1, func(_, _ io.Writer) error {
		time.Sleep(14 * time.Second)
		return nil
	})
	if output != "" || err != nil {
		t.Errorf("printed %q, %v", output, err)
	}
}

func TestWatch_FailedCommand_ReturnsItsError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want []string
	}{
		"it ended":         {&exec.ExitError{}, []string{"building failed after 0s"}},
		"it did not start": {exec.ErrNotFound, []string{"building failed after 0s", exec.ErrNotFound.Error()}},
	} {
		output, err := watched(t, 0, func(_, _ io.Writer) error { return test.err })
		if !errors.Is(err, test.err) {
			t.Errorf("%s: the error is %v", name, err)
		}
		wantLines(t, output, test.want...)
	}
}
