package order

import (
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// brake limits the new orders of one walk. The zero value limits nothing.
type orderLimit struct {
	set     bool
	limit   int
	planned []string // circuit IDs, empty for one that is not known yet
	counted map[circuit.Key]bool
}

// Limit sets how many orders the walk may place.
func (l *RunRegistry) Limit(orders int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit = orderLimit{set: true, limit: orders}
}

// CountPlanned counts an order that the walk plans; key.CircuitID is empty if its
// circuit is not known yet. One that is planned again is not counted again. It returns
// the limit that the order is the first to go beyond, else nil: one error refuses a
// plan.
func (l *RunRegistry) CountPlanned(key circuit.Key) *OverLimit {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit.counted[key] {
		return nil
	}
	if key.CircuitID != "" {
		put(&l.limit.counted, key, true)
	}
	l.limit.planned = append(l.limit.planned, key.CircuitID)
	if !l.limit.set || !l.singleRun || len(l.limit.planned) != l.limit.limit+1 {
		return nil
	}
	return &OverLimit{Limit: l.limit.limit, CircuitIDs: slices.Clone(l.limit.planned)}
}

// Braked returns the limit if the claimed circuit is one order more than it allows,
// else nil. It looks at what Create has claimed, whatever was planned.
func (l *RunRegistry) CheckLimit() *OverLimit {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.limit.set || len(l.ordering) <= l.limit.limit {
		return nil
	}
	reached := &OverLimit{Limit: l.limit.limit}
	for key := range l.ordering {
		reached.CircuitIDs = append(reached.CircuitIDs, key.CircuitID)
	}
	slices.Sort(reached.CircuitIDs)
	return reached
}

// OverLimit is an order that is one more than the configuration allows.
type OverLimit struct {
	Limit int
	// CircuitIDs are the circuits that were counted, the refused one among them. An ID
	// is empty if it is not known yet.
	CircuitIDs []string
}
