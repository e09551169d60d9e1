// Package simulation plays histories of plans, applies, crashes, edits and faults against
// the provider, in process and in fake time: long random ones, and all short ones. After
// every step it checks the promises of the provider about orders.
package simulation

import (
	"context"
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
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
	var limits sync.Map // the number of second orders, by known limit
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
				for _, limit := range w.limits {
					count, _ := limits.LoadOrStore(limit, new(atomic.Uint64))
					count.(*atomic.Uint64).Add(1) //nolint:forcetypeassert // Stored above.
				}
				if violation != nil {
					smallest, violation := shrink(t, h, violation, func(h history) error { _, err := play(t, h, variant{}); return err })
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
	limits.Range(func(limit, count any) bool {
		t.Logf("known limit: %d second orders, %s", count.(*atomic.Uint64).Load(), limit) //nolint:forcetypeassert // Stored above.
		return true
	})
	met.report(t, played.Load())
}

func TestEveryInvariantSeesItsBrokenProvider(t *testing.T) {
	t.Parallel()
	for _, v := range brokenVariants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			if v.bound != (bound{}) {
				searchBroken(t, v)
				return
			}
			for seed := v.from; seed <= v.from+2000; seed++ {
				// A broken provider may break several promises. Only the named one counts.
				if _, violation := play(t, draw(seed), v); violation != nil && strings.Contains(violation.Error(), v.breaks) {
					return
				}
			}
			t.Error("no history shows the violation")
		})
	}
}

// play plays a history in a bubble of fake time, and then follows the messages until the
// plan is empty. It returns the first violation.
func play(t *testing.T, h history, v variant) (*world, error) {
	t.Helper()
	return inWorld(t, h, v, func(w *world) error {
		time.Sleep(time.Hour) // on fake time: a slow request may still arrive
		return w.recoverAll(w.t.Context(), h)
	})
}

// inWorld plays a history in a bubble of fake time, and then calls end. It returns the first
// violation.
func inWorld(t *testing.T, h history, v variant, end func(*world) error) (w *world, violation error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(t, h, v)
		// A slow answer may arrive after its client has ended. Wait for it.
		defer time.Sleep(time.Hour) // on fake time
		defer w.abandon()
		for i, s := range h.steps {
			if h.base != nil && i < h.base.steps {
				continue
			}
			w.dark = w.runOfStep(s).dark || h.dark
			if err := w.playAndCheck(t.Context(), s); err != nil {
				violation = fmt.Errorf("%w\nin step %d: %s", err, i+1, s)
				return
			}
		}
		w.dark = h.dark
		if violation = end(w); violation == nil {
			violation = w.onlyAppliesOrder()
		}
	})
	return w, violation
}

// recoverAll follows the messages of both machines until their plans are empty.
func (w *world) recoverAll(ctx context.Context, h history) error {
	for i := range w.machines {
		if !h.plays(i) {
			continue
		}
		if err := w.recover(ctx, i); err != nil {
			return err
		}
		if err := w.recoverSetting(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// playAndCheck plays a step and returns the violation, if any.
func (w *world) playAndCheck(ctx context.Context, s step) error {
	if s.isSetting() {
		return w.playSetting(ctx, s)
	}
	before, checked := w.snapshot(), w.runOfStep(s)
	if r := w.held[s.machine]; s.kind == resume && r != nil {
		before.runs = r.runs[0]
	}
	o, err := w.play(ctx, s)
	if err != nil {
		return err
	}
	return w.check(before, checked, o)
}

// runOfStep returns the step that began the run that a step continues, or the step itself.
func (w *world) runOfStep(s step) step {
	if r := w.held[s.machine]; s.kind == resume && r != nil {
		return r.step
	}
	return s
}

// plays reports whether anything happens on a machine.
func (h history) plays(machine int) bool {
	return slices.ContainsFunc(h.steps, func(s step) bool { return s.machine == machine })
}

// shrink removes each step and each fault that the violation does not need.
func shrink(t *testing.T, h history, violation error, play func(history) error) (history, error) {
	t.Helper()
	h.base = nil
	for smaller := true; smaller; {
		smaller = false
		for _, candidate := range h.smaller() {
			if again := play(candidate); again != nil {
				h, violation, smaller = candidate, again, true
				break
			}
		}
	}
	return h, violation
}

// smaller returns the histories with one step, or one part of a step, less.
func (h history) smaller() []history {
	var all []history
	for i, s := range h.steps {
		without := h
		without.steps = slices.Delete(slices.Clone(h.steps), i, i+1)
		all = append(all, without)
		for _, simplify := range []func(*step){
			func(s *step) { s.point = notKilled },
			func(s *step) { s.fault = emulator.Fault{} },
			func(s *step) { s.reads = emulator.Fault{} },
			func(s *step) { s.dark = false },
			func(s *step) { s.refuse, s.between = 0, nil },
		} {
			plain := h
			plain.steps = slices.Clone(h.steps)
			if simplify(&plain.steps[i]); !reflect.DeepEqual(plain.steps[i], s) {
				all = append(all, plain)
			}
		}
	}
	return all
}

// String returns the steps of a history.
func (h history) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d, one circuit %t, without billing %t, unpaid %t, careful %t", h.seed, h.shared, h.dark, h.unpaid, h.careful)
	quirks := reflect.ValueOf(h.quirks)
	for i := range quirks.NumField() {
		if value := quirks.Field(i); !value.IsZero() {
			fmt.Fprintf(&b, ", %s %v", quirks.Type().Field(i).Name, value)
		}
	}
	for i, s := range h.steps {
		fmt.Fprintf(&b, "\n  %d. %s", i+1, s)
	}
	return b.String()
}
