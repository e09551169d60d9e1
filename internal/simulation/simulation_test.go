// Package simulation plays random histories of plans, applies, crashes, edits and faults
// against the provider, in process and in fake time. After every step it checks the
// promises of the provider about orders.
package simulation

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var (
	budget    = flag.Duration("simulation.for", 8*time.Second, "how long to play new histories, in real time")
	schedules = flag.Int("simulation.schedules", 0, "number of histories to play; if it is 0, simulation.for is used")
	firstSeed = flag.Uint64("simulation.seed", 1, "the first seed; with simulation.schedules=1, it repeats one history")
	workers   = flag.Int("simulation.workers", 2, "number of histories to play at the same time")
)

func TestNoHistoryBreaksTheProtocol(t *testing.T) {
	t.Parallel()
	var next, played, windows atomic.Uint64
	var gaps sync.Map // the number of second orders, by reason
	var met coverage
	next.Store(*firstSeed)
	begun := time.Now()
	more := func() bool {
		if *schedules > 0 {
			return next.Load() < *firstSeed+uint64(*schedules)
		}
		return time.Since(begun) < *budget || met.isShort() && next.Load() < *firstSeed+shortForm
	}
	var wait sync.WaitGroup
	for range *workers {
		wait.Go(func() {
			for more() && !t.Failed() {
				seed := next.Add(1) - 1
				if *schedules > 0 && seed >= *firstSeed+uint64(*schedules) {
					return
				}
				h := draw(seed)
				w, violation := play(t, h, variant{})
				met.add(w.met)
				if w.windowEnded {
					windows.Add(1)
				}
				for _, known := range w.gaps {
					count, _ := gaps.LoadOrStore(known.why, new(atomic.Uint64))
					count.(*atomic.Uint64).Add(1) //nolint:forcetypeassert // Stored above.
				}
				if violation != nil {
					smallest, violation := shrink(t, h, variant{}, violation)
					t.Errorf("seed %d breaks the protocol: %v\n\n%s", seed, violation, smallest)
				}
				if n := played.Add(1); n%10000 == 0 {
					t.Logf("%d histories in %s", n, time.Since(begun).Round(time.Second))
				}
			}
		})
	}
	wait.Wait()
	t.Logf("%d histories from seed %d in %s, %d with a client token that the API had forgotten", played.Load(), *firstSeed, time.Since(begun).Round(time.Second), windows.Load())
	gaps.Range(func(why, count any) bool {
		t.Logf("known gap: %d second orders, because %s", count.(*atomic.Uint64).Load(), why) //nolint:forcetypeassert // Stored above.
		return true
	})
	met.report(t, played.Load())
}

func TestEveryInvariantSeesItsBrokenProvider(t *testing.T) {
	t.Parallel()
	for _, v := range brokenVariants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			for seed := v.from; seed <= v.from+2000; seed++ {
				// A broken provider may break several promises. Only the named one counts.
				if _, violation := play(t, draw(seed), v); violation != nil && strings.HasPrefix(violation.Error(), v.breaks) {
					return
				}
			}
			t.Error("no history shows the violation")
		})
	}
}

// play plays a history in a bubble of fake time and returns the first violation.
func play(t *testing.T, h history, v variant) (w *world, violation error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(t, h, v)
		ctx := t.Context()
		// A slow answer may arrive after its client has ended. Wait for it.
		defer time.Sleep(time.Hour) // on fake time
		for i, s := range h.steps {
			w.dark = s.dark
			err := w.playAndCheck(ctx, s)
			if err != nil {
				violation = fmt.Errorf("%w\nin step %d: %s", err, i+1, s)
				return
			}
		}
		time.Sleep(time.Hour) // on fake time, as above
		w.dark = h.dark
		for i := range w.machines {
			if !h.plays(i) {
				continue
			}
			if violation = w.recover(ctx, i); violation != nil {
				return
			}
			if violation = w.recoverSetting(ctx, i); violation != nil {
				return
			}
		}
	})
	return w, violation
}

// playAndCheck plays a step and returns the violation, if any.
func (w *world) playAndCheck(ctx context.Context, s step) error {
	if s.isSetting() {
		return w.playSetting(ctx, s)
	}
	before := w.snapshot()
	o, err := w.play(ctx, s)
	if err != nil {
		return err
	}
	return w.check(before, s, o)
}

// plays reports whether anything happens on a machine.
func (h history) plays(machine int) bool {
	return slices.ContainsFunc(h.steps, func(s step) bool { return s.machine == machine })
}

// shrink removes each step that the violation does not need.
func shrink(t *testing.T, h history, v variant, violation error) (history, error) {
	t.Helper()
	for smaller := true; smaller; {
		smaller = false
		for i := range h.steps {
			candidate := h
			candidate.steps = append(append([]step(nil), h.steps[:i]...), h.steps[i+1:]...)
			if _, again := play(t, candidate, v); again != nil {
				h, violation, smaller = candidate, again, true
				break
			}
		}
	}
	return h, violation
}

// String returns the steps of a history.
func (h history) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, quirks %+v, one circuit %t, without billing %t, unpaid %t, careful %t\n", h.seed, h.quirks, h.shared, h.dark, h.unpaid, h.careful)
	for i, s := range h.steps {
		fmt.Fprintf(&b, "  %d. %s\n", i+1, s)
	}
	return b.String()
}
