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

// slower is how much slower than without a change the tests of a mutant may be, and leastLimit
// the least limit, because the machine can be busier than at the measurement. A mutant that takes
// longer, such as an endless loop, counts as killed.
const (
	slower     = 5
	leastLimit = 30 * time.Second
)

// compileTime is the maximum time to compile a mutant.
const compileTime = time.Minute

// tester runs the tests of packages with mutants.
type tester struct {
	root    string
	dir     string // for changed files
	workers int
	limits  map[string]time.Duration // for the tests of a mutant, by directory
}

// measure runs the tests without a change, which must pass, and sets the limits.
func (t *tester) measure(ctx context.Context, mutants []mutant) error {
	t.limits = map[string]time.Duration{}
	for _, m := range mutants {
		dir := filepath.Dir(m.file)
		if t.limits[dir] > 0 {
			continue
		}
		begun := time.Now()
		if output, err := t.command(ctx, dir, 10*time.Minute).CombinedOutput(); err != nil {
			return fmt.Errorf("the tests of %s fail without a change: %w\n%s", dir, err, output)
		}
		t.limits[dir] = max(leastLimit, slower*time.Since(begun))
	}
	return nil
}

// command returns the command that tests a directory. The tests end themselves after limit: if
// only the command were killed, they would go on.
func (t *tester) command(ctx context.Context, dir string, limit time.Duration, flags ...string) *exec.Cmd {
	arguments := append([]string{"test", "-count=1", "-failfast", "-vet=off", "-timeout=" + limit.String()}, flags...)
	command := exec.CommandContext(ctx, "go", append(arguments, "./"+filepath.ToSlash(dir))...) //nolint:gosec // The arguments are ours.
	command.Dir = t.root
	command.WaitDelay = time.Second
	return command
}

// test runs the tests of each mutant and calls report with each verdict, one at a time.
func (t *tester) test(ctx context.Context, mutants []mutant, report func(mutant, verdict)) error {
	if err := t.measure(ctx, mutants); err != nil {
		return err
	}
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
func (t *tester) testOne(ctx context.Context, worker int, m mutant) (verdict, error) {
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
	dir := filepath.Dir(m.file)
	limited, cancel := context.WithTimeout(ctx, t.limits[dir]+compileTime)
	defer cancel()
	output, err := t.command(limited, dir, t.limits[dir], "-overlay="+overlayFile).CombinedOutput()
	switch {
	case err == nil:
		return survived, nil
	case bytes.Contains(output, []byte("[build failed]")), bytes.Contains(output, []byte("[setup failed]")):
		return invalid, nil
	default:
		return killed, nil
	}
}
