package order

import (
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// orderLimit limits the new orders of one plan or apply. The zero value has no limit.
type orderLimit struct {
	set     bool
	limit   int
	planned []circuit.Key // CircuitID is empty if it is not known yet
}

// OverLimit describes more new orders than the configuration allows.
type OverLimit struct {
	Limit int
	// CircuitIDs are the circuits of all new orders, including the refused one. An ID is
	// empty if it is not known yet.
	CircuitIDs []string
}

// Limit sets how many orders the run may place.
func (r *RunRegistry) Limit(orders int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = orderLimit{set: true, limit: orders}
}

// CountPlanned counts a planned order once; key.CircuitID is empty if it is not known yet.
// It returns an OverLimit only for the first order over the limit, because one error is
// enough for a plan.
func (r *RunRegistry) CountPlanned(key circuit.Key) *OverLimit {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key.CircuitID != "" && slices.Contains(r.limit.planned, key) {
		return nil
	}
	r.limit.planned = append(r.limit.planned, key)
	if !r.limit.set || !r.singleRun || len(r.limit.planned) != r.limit.limit+1 {
		return nil
	}
	return r.limit.over(r.limit.planned)
}

// CheckLimit returns an OverLimit if Create has claimed more circuits than the limit, else
// nil. It does not use the plan.
func (r *RunRegistry) CheckLimit() *OverLimit {
	r.mu.Lock()
	defer r.mu.Unlock()
	var claimed []circuit.Key
	for key, c := range r.circuits {
		if c.claimed {
			claimed = append(claimed, key)
		}
	}
	if !r.limit.set || len(claimed) <= r.limit.limit {
		return nil
	}
	over := r.limit.over(claimed)
	slices.Sort(over.CircuitIDs)
	return over
}

func (l orderLimit) over(keys []circuit.Key) *OverLimit {
	over := &OverLimit{Limit: l.limit}
	for _, key := range keys {
		over.CircuitIDs = append(over.CircuitIDs, key.CircuitID)
	}
	return over
}

// CountPrice returns the number of circuits whose price was shown in this run, with this
// one.
func (r *RunRegistry) CountPrice(key circuit.Key) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	if entry.priceShown == 0 {
		r.prices++
		entry.priceShown = r.prices
	}
	return entry.priceShown
}
