package order

import (
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// readingLife is how long a circuit read for a plan may serve the Create that
// follows it inside the same apply.
const readingLife = 5 * time.Second

// RunRegistry is what one configured provider remembers while it runs. It keeps one
// process from ordering twice and tells a plan from an apply. Terraform starts a
// provider for each walk, so it spans one plan or one apply; but terraform test (since
// 1.12) lets one process serve the plans and applies of all its runs, so that nothing
// may be refused because it is planned a second time. The zero value is ready to use.
type RunRegistry struct {
	mu           sync.Mutex
	limit        orderLimit
	singleRun    bool                        // from the configuration to the end
	existing     map[circuit.Key]string      // order ID in the state, by circuit
	known        map[string]bool             // whether orders in the state are our own, by order ID
	otherPurpose map[string]bool             // orders that are for something else, by order ID
	planned      map[circuit.Key]bool        // and not placed since
	tokens       map[string]circuit.Key      // circuit that a token orders
	replacements map[string]bool             // by order ID
	ordering     map[circuit.Key]string      // order ID, empty while none is known
	orders       map[string]circuit.Key      // by order ID
	refreshed    map[string]int              // how often, by order ID
	readings     map[circuit.Key]circuitRead // of this walk's plan
}

type circuitRead struct {
	circuit circuit.Circuit
	at      time.Time
}

// PlanConflict says why a walk cannot plan an order for a circuit.
type PlanConflict struct {
	// Held is the order that the state holds for the circuit.
	ExistingOrder string
	// Twice reports whether another resource plans to order the circuit.
	Twice bool
	// TokenOf is the other circuit that is ordered with the same token.
	TokenOf circuit.Key
}

// Any reports whether there is a conflict.
func (c PlanConflict) Any() bool { return c != PlanConflict{} }

// SpansOneWalk notes that nothing is planned twice but for two resources.
func (l *RunRegistry) SetSingleRun() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.singleRun = true
}

// Plan notes that the walk plans to order the circuit with the token.
func (l *RunRegistry) RecordPlan(key circuit.Key, token string) PlanConflict {
	l.mu.Lock()
	defer l.mu.Unlock()
	conflict := PlanConflict{ExistingOrder: l.existing[key], Twice: l.singleRun && l.planned[key]}
	if other, used := l.tokens[token]; used && other != key {
		conflict.TokenOf = other
	}
	put(&l.planned, key, true)
	if token != "" {
		put(&l.tokens, token, key)
	}
	return conflict
}

// Hold notes that the state holds an order for the circuit, the token that placed it, and
// whether that was this provider: then the order is for this circuit alone. It returns
// false if the walk plans to order the circuit already.
func (l *RunRegistry) RecordExisting(key circuit.Key, orderID, token string, own bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	put(&l.existing, key, orderID)
	put(&l.known, orderID, own)
	if token != "" {
		put(&l.tokens, token, key)
	}
	return !l.planned[key]
}

// RecordRefreshed is Hold for an order that this walk has refreshed.
func (l *RunRegistry) RecordRefreshed(key circuit.Key, orderID, token string, own bool) bool {
	l.mu.Lock()
	put(&l.refreshed, orderID, l.refreshed[orderID]+1)
	l.mu.Unlock()
	return l.RecordExisting(key, orderID, token, own)
}

// Held returns the order that the state holds for the circuit; empty if there is none.
func (l *RunRegistry) ExistingOrder(key circuit.Key) string { return get(l, &l.existing, key) }

// Forget notes that an order has left the state. The circuit of one that is positively
// cancelled can be ordered again.
func (l *RunRegistry) Forget(key circuit.Key, orderID string, cancelled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cancelled && l.ordering[key] == orderID {
		delete(l.ordering, key)
		delete(l.orders, orderID)
	}
	delete(l.known, orderID)
	if l.existing[key] == orderID {
		delete(l.existing, key)
	}
}

// Planned reports whether the walk plans to order the circuit.
func (l *RunRegistry) Planned(key circuit.Key) bool { return get(l, &l.planned, key) }

// Knows reports whether a Create of this process got the order, or the state holds it,
// so that billing need not be asked what it is for.
func (l *RunRegistry) Knows(orderID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, placed := l.orders[orderID]
	return (placed || l.known[orderID]) && !l.otherPurpose[orderID]
}

// RecordOtherPurpose notes that an order is for something else than the circuit that it was taken for.
func (l *RunRegistry) RecordOtherPurpose(orderID string) { note(l, &l.otherPurpose, orderID, true) }

// RegionOf returns the region in which the state holds an order for the circuit;
// empty if it holds none, or in several.
func (l *RunRegistry) RegionOf(circuitID string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	region := ""
	for key := range l.existing {
		if key.CircuitID == circuitID {
			if region != "" {
				return ""
			}
			region = key.Region
		}
	}
	return region
}

// Move notes that the walk plans to move the order to another circuit, and says so.
func (l *RunRegistry) RecordReplacement(orderID string) { note(l, &l.replacements, orderID, true) }

// ReplacementPlanned reports whether the walk plans to move the order.
func (l *RunRegistry) ReplacementPlanned(orderID string) bool {
	return get(l, &l.replacements, orderID)
}

// Claim takes the circuit for one order. It returns false, and the ID of the
// order if there is one already, when another resource has taken it.
func (l *RunRegistry) Claim(key circuit.Key) (orderID string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if orderID, taken := l.ordering[key]; taken {
		return orderID, false
	}
	put(&l.ordering, key, "")
	return "", true
}

// Release gives a claimed circuit back; only after an outcome that certainly
// ordered nothing.
func (l *RunRegistry) Release(key circuit.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.ordering, key)
}

// Placed notes the order of a claimed circuit. It returns false, and the other
// circuit, if this process got the same order ID for another circuit, or the state holds
// it for one: one order belongs to one circuit.
func (l *RunRegistry) RecordPlaced(key circuit.Key, orderID string) (other circuit.Key, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if other, known := l.orders[orderID]; known && other != key {
		return other, false
	}
	for other, held := range l.existing {
		if held == orderID && other != key {
			return other, false
		}
	}
	put(&l.orders, orderID, key)
	put(&l.ordering, key, orderID)
	delete(l.planned, key)
	return key, true
}

// WasPlaced reports whether a Create of this process got the order.
func (l *RunRegistry) WasPlaced(orderID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, placed := l.orders[orderID]
	return placed
}

// WasRefreshed reports whether this walk has refreshed the order.
func (l *RunRegistry) WasRefreshed(orderID string) bool { return get(l, &l.refreshed, orderID) > 0 }

// IsDuplicated reports whether two objects of the state hold the order, as when a run
// died between the two legs of a replacement.
func (l *RunRegistry) IsDuplicated(orderID string) bool { return get(l, &l.refreshed, orderID) > 1 }

// CacheCircuit keeps a circuit read for a plan. The time is the one before the
// call, so that a slow answer is not taken for a fresh one.
func (l *RunRegistry) CacheCircuit(circuit circuit.Circuit, begun time.Time) {
	note(l, &l.readings, circuit.Key(), circuitRead{circuit, begun})
}

// PopCachedCircuit returns the kept reading of a circuit if it is still fresh. It is
// handed out once: a second decision reads the circuit itself.
func (l *RunRegistry) PopCachedCircuit(key circuit.Key) (circuit.Circuit, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	reading, ok := l.readings[key]
	delete(l.readings, key)
	return reading.circuit, ok && time.Since(reading.at) < readingLife
}

func get[K comparable, V any](l *RunRegistry, m *map[K]V, key K) V {
	l.mu.Lock()
	defer l.mu.Unlock()
	return (*m)[key]
}

func note[K comparable, V any](l *RunRegistry, m *map[K]V, key K, value V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	put(m, key, value)
}

func put[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = make(map[K]V)
	}
	(*m)[key] = value
}
