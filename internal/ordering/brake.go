package ordering

import "fmt"

// brake limits the new orders of one walk. The zero value limits nothing.
type brake struct {
	set     bool
	limit   int
	planned int
}

// Limit sets how many orders the walk may place.
func (l *Ledger) Limit(orders int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.brake = brake{set: true, limit: orders}
}

// CountPlanned counts an order that the walk plans, also one for a circuit that is
// not known yet. It reports the first one that goes beyond the limit: one error
// refuses a plan.
func (l *Ledger) CountPlanned() (limit int, exceeded bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.brake.planned++
	return l.brake.limit, l.brake.set && l.brake.planned == l.brake.limit+1
}

// LimitReached says that an order is one more than the configuration allows. Nothing
// was sent.
type LimitReached struct {
	Limit int
}

// Error names the limit.
func (e *LimitReached) Error() string {
	return fmt.Sprintf("the run has placed the %d orders that it may", e.Limit)
}
