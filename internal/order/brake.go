package order

import (
	"fmt"
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// brake limits the new orders of one walk. The zero value limits nothing.
type brake struct {
	set     bool
	limit   int
	planned []string // circuit IDs, empty for one that is not known yet
	counted map[circuit.CircuitKey]bool
}

// Limit sets how many orders the walk may place.
func (l *Ledger) Limit(orders int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.brake = brake{set: true, limit: orders}
}

// CountPlanned counts an order that the walk plans; key.CircuitID is empty if its
// circuit is not known yet. One that is planned again is not counted again. It returns
// the limit that the order is the first to go beyond, else nil: one error refuses a
// plan.
func (l *Ledger) CountPlanned(key circuit.CircuitKey) *LimitReached {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.brake.counted[key] {
		return nil
	}
	if key.CircuitID != "" {
		put(&l.brake.counted, key, true)
	}
	l.brake.planned = append(l.brake.planned, key.CircuitID)
	if !l.brake.set || !l.oneWalk || len(l.brake.planned) != l.brake.limit+1 {
		return nil
	}
	return &LimitReached{Limit: l.brake.limit, CircuitIDs: slices.Clone(l.brake.planned)}
}

// Braked returns the limit if the claimed circuit is one order more than it allows,
// else nil. It looks at what Create has claimed, whatever was planned.
func (l *Ledger) Braked() *LimitReached {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.brake.set || len(l.ordering) <= l.brake.limit {
		return nil
	}
	reached := &LimitReached{Limit: l.brake.limit}
	for key := range l.ordering {
		reached.CircuitIDs = append(reached.CircuitIDs, key.CircuitID)
	}
	slices.Sort(reached.CircuitIDs)
	return reached
}

// LimitReached says that an order is one more than the configuration allows. Nothing
// was sent for it.
type LimitReached struct {
	Limit int
	// CircuitIDs are the circuits that were counted, the refused one among them. An ID
	// is empty if it is not known yet.
	CircuitIDs []string
}

// Error names the limit.
func (e *LimitReached) Error() string {
	return fmt.Sprintf("%d orders, and the run may place %d", len(e.CircuitIDs), e.Limit)
}
