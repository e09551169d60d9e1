package renewal

import (
	"context"
	"errors"
	"time"
)

// ErrBusy means that another resource of the run did not finish its change of the circuit
// in time.
var ErrBusy = errors.New("another resource of the run changes the renewal of this circuit")

// ErrConflict means that the same run has set another setting for the circuit.
var ErrConflict = errors.New("the run has set another setting for this circuit")

// circuitEntry is what a run remembers about a circuit.
type circuitEntry struct {
	sem chan struct{} // held during a change; guards set
	set *Setting      // nil if nothing was set

	changed time.Time // when a change ended, zero if there was none
	planned *Setting  // nil if no plan keeps a setting
	removed bool      // a plan removes a resource that resets the setting
}

// circuit returns the entry of a circuit. The caller holds mu.
func (r *Reader) circuit(circuitID string) *circuitEntry {
	id := key(circuitID)
	if r.circuits[id] == nil {
		r.circuits[id] = &circuitEntry{sem: make(chan struct{}, 1)}
	}
	return r.circuits[id]
}

// RecordPlan records the setting that a plan keeps or wants for a circuit. It returns the
// one of another plan in this run, nil if there is none or if both are equal. reset reports
// whether a plan of this run resets the circuit.
func (r *Reader) RecordPlan(circuitID string, wanted Setting) (other *Setting, reset bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(circuitID)
	if entry.planned != nil && !entry.planned.Equal(wanted) {
		other = entry.planned
	}
	entry.planned = &wanted
	return other, entry.removed
}

// RecordRemoval records that a plan removes a resource, which resets the circuit or not. It
// reports whether another resource of this run keeps or sets the renewal.
func (r *Reader) RecordRemoval(circuitID string, reset bool) (managed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(circuitID)
	managed = entry.planned != nil
	entry.removed = entry.removed || reset && !managed
	return managed
}

// lock waits for the other changes of the circuit in this run.
func (r *Reader) lock(ctx context.Context, circuitID string) (*circuitEntry, error) {
	r.mu.Lock()
	mine := r.circuit(circuitID)
	r.mu.Unlock()
	select {
	case mine.sem <- struct{}{}:
		return mine, nil
	case <-ctx.Done():
		return nil, ErrBusy
	}
}

// recordChange makes later reads of the circuit use no older list.
func (r *Reader) recordChange(circuitID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.circuit(circuitID).changed = time.Now()
}
