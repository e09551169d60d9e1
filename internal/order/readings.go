package order

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// CircuitAge is how old a read of a circuit may be for the plan of a new order, and for the
// Create of the same apply.
const CircuitAge = 5 * time.Second

// BeginRead records that the plan of a new order reads the circuit, and forgets what an earlier
// plan has read. It reports whether this is the first such plan of the process.
func (r *RunRegistry) BeginRead(key circuit.Key) (first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	first = !entry.read
	entry.read, entry.cachedAt = true, time.Time{}
	return first
}

// Applying reports whether Create was called in this process.
func (r *RunRegistry) Applying() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.applying
}

// CacheCircuit saves a circuit that the plan has read. begun is when the read began, so
// that a slow answer is not newer than it is.
func (r *RunRegistry) CacheCircuit(circuit circuit.Circuit, begun time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(circuit.Key())
	entry.cached, entry.cachedAt = circuit, begun
}

// PopCachedCircuit removes and returns the saved circuit. It returns false if there is none
// or it is older than CircuitAge. Each circuit is used for one decision only.
func (r *RunRegistry) PopCachedCircuit(key circuit.Key) (circuit.Circuit, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	cached := time.Since(entry.cachedAt) < CircuitAge
	entry.cachedAt = time.Time{}
	return entry.cached, cached
}
