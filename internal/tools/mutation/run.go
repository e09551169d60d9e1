package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// verdict is what the tests say about a mutant.
type verdict int

const (
	invalid  verdict = iota // It does not compile.
	killed                  // A test fails.
	survived                // All tests pass.
	excluded                // All tests pass, and accepted.txt has the reason.
)

// mutantTime is the maximum time for the tests of a mutant. A mutant that takes longer, such as
// an endless loop, counts as killed.
const mutantTime = 2 * time.Minute

// tester runs the tests of packages with mutants.
type tester struct {
	root    string
	dir     string // for changed files
	workers int
}

// test runs the tests of each mutant and calls report with each verdict, one at a time.
func (t tester) test(ctx context.Context, mutants []mutant, report func(mutant, verdict)) error {
	jobs := make(chan mutant)
	var mu sync.Mutex
	var failed error
	var running sync.WaitGroup
	for worker := range t.workers {
		running.Go(func() {
			for m := range jobs {
				v, err := t.testOne(ctx, worker, m)
				mu.Lock()
				switch {
				case err == nil:
					report(m, v)
				case failed == nil:
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for _, m := range mutants {
		if ctx.Err() != nil {
			break
		}
		jobs <- m
	}
	close(jobs)
	running.Wait()
	return failed
}

// testOne runs the tests of the package of a mutant. The file itself does not change: the
// compiler reads another one in its place.
func (t tester) testOne(ctx context.Context, worker int, m mutant) (verdict, error) {
	changed := filepath.Join(t.dir, fmt.Sprintf("mutant%d.go", worker))
	if err := os.WriteFile(changed, m.mutated(), 0o600); err != nil {
		return invalid, err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(t.root, m.file): changed}})
	if err != nil {
		return invalid, err
	}
	overlayFile := filepath.Join(t.dir, fmt.Sprintf("overlay%d.json", worker))
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return invalid, err
	}
	ctx, cancel := context.WithTimeout(ctx, mutantTime)
	defer cancel()
	command := exec.CommandContext(ctx, "go", "test", "-count=1", "-failfast", "-vet=off", "-timeout=1m",
		"-overlay="+overlayFile, "./"+filepath.ToSlash(filepath.Dir(m.file)))
	command.Dir = t.root
	command.WaitDelay = time.Second
	output, err := command.CombinedOutput()
	switch {
	case err == nil:
		return survived, nil
	case bytes.Contains(output, []byte("[build failed]")), bytes.Contains(output, []byte("[setup failed]")):
		return invalid, nil
	default:
		return killed, nil
	}
}
