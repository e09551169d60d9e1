package order

import "github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"

// orderLimit limits the new orders of one plan or apply. The zero value has no limit.
type orderLimit struct {
	set     bool
	limit   int
	planned map[circuit.Key]int // numbers of the orders whose circuit is known
	unknown int                 // number of the other orders
}

// OverLimit describes a new order above the limit of the configuration.
type OverLimit struct {
	Limit int
	// Number counts the new orders of the run so far, with this one.
	Number int
}

// Limit sets how many orders the run may place.
func (r *RunRegistry) Limit(orders int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = orderLimit{set: true, limit: orders}
}

// CountPlanned counts a planned order once; key.CircuitID is empty if it is not known yet.
// It returns an OverLimit for each order over the limit, also if it is planned again.
func (r *RunRegistry) CountPlanned(key circuit.Key) *OverLimit {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limit.planned == nil {
		r.limit.planned = map[circuit.Key]int{}
	}
	number, counted := r.limit.planned[key]
	if !counted {
		number = len(r.limit.planned) + r.limit.unknown + 1
		if key.CircuitID == "" {
			r.limit.unknown++
		} else {
			r.limit.planned[key] = number
		}
	}
	if !r.limit.set || !r.singleRun || number <= r.limit.limit {
		return nil
	}
	return &OverLimit{Limit: r.limit.limit, Number: number}
}

// CheckLimit returns an OverLimit if Create has claimed more circuits than the limit, else
// nil. It does not use the plan.
func (r *RunRegistry) CheckLimit() *OverLimit {
	r.mu.Lock()
	defer r.mu.Unlock()
	claimed := 0
	for _, c := range r.circuits {
		if c.claimed {
			claimed++
		}
	}
	if !r.limit.set || claimed <= r.limit.limit {
		return nil
	}
	return &OverLimit{Limit: r.limit.limit, Number: claimed}
}
