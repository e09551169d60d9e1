package simulation

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/model"
)

var (
	mostRuns = flag.Int("simulation.runs", 2, "number of runs in a history of the search")
	mostCost = flag.Int("simulation.bound", 1, "crashes and faults of order requests in a history of the search; all else counts as two")
)

// search plays all histories up to a bound. It is breadth-first, so that it finds the
// shortest history that breaks a promise.
type search struct {
	bound   bound
	variant variant
	begun   time.Time

	mu        sync.Mutex
	seen      map[string][]bound // what was left of the bound, by the state of the world
	limits    map[string]history // the first history that shows a known limit
	violation error
	broken    history
	histories int
	pruned    int
}

// found is a history that ends in a new state, and the steps that are possible there.
type found struct {
	history history
	moves   []step
}

// worlds returns the histories without steps. The API forgets client tokens or not. Billing shows
// orders at once, later, without their circuit until they are paid, or never. A person pays the
// orders, or the account does; a destroy cancels an unpaid order or not.
func worlds() (all []history) {
	for _, window := range []time.Duration{0, tokenWindow} {
		for _, h := range []history{
			{unpaid: true},
			{unpaid: true, quirks: emulator.Quirks{BillingLag: lagSteps * clockStep}},
			{unpaid: true, quirks: emulator.Quirks{UnnamedUnpaidRows: 1}},
			{unpaid: true, dark: true},
			{unpaid: true, careful: true},
			{unpaid: false},
		} {
			h.shared, h.short, h.quirks.TokenWindow, h.quirks.EnableDelay = true, true, window, -1
			all = append(all, h)
		}
	}
	return all
}

// isRare reports whether the search plays fewer histories of a world.
func (h history) isRare() bool { return h.careful || !h.unpaid }

func newSearch(b bound, v variant) *search {
	return &search{bound: b, variant: v, begun: time.Now(), seen: map[string][]bound{}, limits: map[string]history{}}
}

// run plays the histories of some worlds. It stops at the first violation.
func (s *search) run(t *testing.T, worlds ...history) {
	t.Helper()
	var level []found
	for _, h := range worlds {
		level = append(level, s.play(t, h)...)
	}
	for len(level) > 0 && s.violation == nil {
		level = s.deepen(t, level)
	}
}

// deepen plays every next step of the histories, and returns those that end in new states.
func (s *search) deepen(t *testing.T, level []found) []found {
	t.Helper()
	var longer []history
	for _, f := range level {
		for _, next := range f.moves {
			h := f.history
			h.steps = append(slices.Clone(h.steps), next)
			longer = append(longer, h)
		}
	}
	var next []found
	var taken atomic.Int64
	var wait sync.WaitGroup
	for range *workers {
		wait.Go(func() {
			for i := taken.Add(1) - 1; i < int64(len(longer)); i = taken.Add(1) - 1 {
				ends := s.play(t, longer[i])
				s.mu.Lock()
				next = append(next, ends...)
				stop := s.violation != nil
				s.mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wait.Wait()
	return next
}

// play plays a history, and returns it if it ends in a new state.
func (s *search) play(t *testing.T, h history) []found {
	t.Helper()
	var f found
	var state string
	w, violation := inWorld(t, h, s.variant, func(w *world) error {
		if b := w.asBase(len(h.steps)); b != nil {
			h.base = b
		}
		f = found{h, w.moves(s.bound.left(h))}
		state = fmt.Sprint(h.quirks, h.dark, h.unpaid, h.careful, w.fingerprint())
		if s.isKnown(state) {
			return nil
		}
		w.abandon()
		return w.recoverAll(w.t.Context(), h)
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.histories++
	for _, limit := range w.limits {
		if _, known := s.limits[limit]; !known {
			s.limits[limit] = h
		}
	}
	if violation != nil {
		if s.violation == nil && strings.Contains(violation.Error(), s.variant.breaks) {
			s.violation, s.broken = violation, h
		}
		return nil
	}
	left := s.bound.left(h)
	if slices.ContainsFunc(s.seen[state], left.isWithin) {
		s.pruned++
		return nil
	}
	s.seen[state] = append(s.seen[state], left)
	return []found{f}
}

func TestAllHistories_OrderTwiceOnlyAtTheKnownLimits(t *testing.T) {
	t.Parallel()
	s := newSearch(bound{*mostRuns, *mostCost}, variant{})
	s.run(t, worlds()...)
	t.Logf("%d runs, bound %d: %d histories, %d states, %d pruned in %s",
		s.bound.runs, s.bound.cost, s.histories, s.histories-s.pruned, s.pruned, time.Since(s.begun).Round(time.Second))
	if s.violation != nil {
		smallest, violation := s.shrunk(t)
		t.Fatalf("a history breaks the protocol: %v\n\n%s", violation, smallest)
	}
	for _, limit := range slices.Sorted(maps.Keys(s.limits)) {
		t.Logf("known limit: %s\n%s", limit, s.limits[limit])
	}
	for _, limit := range model.Limits() {
		if _, found := s.limits[limit]; !found && s.bound.cost >= otherCost { // A limit needs an event.
			t.Errorf("the search does not find the known limit %q", limit)
		}
	}
}

// searchBroken searches one world after the other for a violation by a broken provider.
func searchBroken(t *testing.T, v variant) {
	t.Helper()
	s := newSearch(v.bound, v)
	for _, h := range worlds() {
		if s.run(t, h); s.violation != nil {
			smallest, violation := s.shrunk(t)
			t.Logf("history %d: %v\n%s", s.histories, violation, smallest)
			return
		}
	}
	t.Errorf("none of %d histories breaks the promise %q", s.histories, v.breaks)
}

// isKnown reports whether a history has ended in this state.
func (s *search) isKnown(state string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen[state]) > 0
}

// shrunk returns the shortest history that breaks the promise.
func (s *search) shrunk(t *testing.T) (history, error) {
	t.Helper()
	return shrink(t, s.broken, s.violation, func(h history) error {
		_, violation := play(t, h, s.variant)
		return violation
	})
}
