package order

import (
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// RunRegistry is what one configured provider remembers while its process runs, so that
// the process does not order twice. Terraform starts a process for each plan or apply. But
// terraform test (since 1.12) uses one process for the plans and applies of all its runs.
// A second plan of the same order is therefore no error by itself. The zero value is ready
// to use.
type RunRegistry struct {
	mu        sync.Mutex
	singleRun bool
	applying  bool // Create has claimed a circuit
	limit     orderLimit
	shown     int // circuits with warnings of their own
	calls     int // in progress
	visits    int // orders that Terraform has read from the state
	circuits  map[circuit.Key]*circuitEntry
	orders    map[string]*orderEntry // by order ID
	tokens    map[string]circuit.Key // circuits by client token
}

// circuitEntry is what the registry remembers about a circuit.
type circuitEntry struct {
	existing string // ID of the order in the state
	read     bool   // a plan has read the circuit for a new order
	planned  bool   // a plan orders the circuit, and Create has not placed that order yet
	planning bool   // that plan goes on, and will find an order in the state at its end
	refused  bool   // the plan has an error, or the order in the state has one about the plan
	claimed  bool   // Create has claimed the circuit
	placed   string // ID of the order that Create has placed
	cached   circuit.Circuit
	cachedAt time.Time // zero if there is no cached circuit
	// shownAs is the number of the circuit among those with warnings of their own, 0 if it
	// has none.
	shownAs int
}

// orderEntry is what the registry remembers about an order.
type orderEntry struct {
	own          bool // the order is in the state, and this provider has placed it
	otherPurpose bool // the order is for something else
	replaced     bool // a plan replaces the order by one of another circuit
	refreshed    int  // number of refreshes
	placed       bool // Create has placed the order
	placedFor    circuit.Key
}

// circuit returns the entry of a circuit. The caller must hold mu.
func (r *RunRegistry) circuit(key circuit.Key) *circuitEntry {
	if r.circuits == nil {
		r.circuits = map[circuit.Key]*circuitEntry{}
	}
	if r.circuits[key] == nil {
		r.circuits[key] = &circuitEntry{}
	}
	return r.circuits[key]
}

// order returns the entry of an order. The caller must hold mu.
func (r *RunRegistry) order(orderID string) *orderEntry {
	if r.orders == nil {
		r.orders = map[string]*orderEntry{}
	}
	if r.orders[orderID] == nil {
		r.orders[orderID] = &orderEntry{}
	}
	return r.orders[orderID]
}

func (r *RunRegistry) circuitCopy(key circuit.Key) circuitEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.circuit(key)
}

func (r *RunRegistry) orderCopy(orderID string) orderEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.order(orderID)
}

// useToken remembers that the client token orders the circuit. The caller must hold mu.
func (r *RunRegistry) useToken(token string, key circuit.Key) {
	if r.tokens == nil {
		r.tokens = map[string]circuit.Key{}
	}
	if token != "" {
		r.tokens[token] = key
	}
}

// PlanConflict is why a plan cannot order a circuit. The zero value is no conflict.
type PlanConflict struct {
	// ExistingOrder is the ID of the order of the circuit in the state.
	ExistingOrder string
	// Twice reports whether another resource plans to order the circuit.
	Twice bool
	// TokenOf is another circuit that is ordered with the same client token.
	TokenOf circuit.Key
}

// SetSingleRun means that the process serves one plan or apply, so that a circuit is
// planned twice only by two resources.
func (r *RunRegistry) SetSingleRun() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.singleRun = true
}

// IsSingleRun reports whether the process serves one plan or apply.
func (r *RunRegistry) IsSingleRun() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.singleRun
}

// RecordPlan records that the plan orders the circuit with the client token, which is empty
// if it is not known yet.
func (r *RunRegistry) RecordPlan(key circuit.Key, token string) PlanConflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	conflict := PlanConflict{ExistingOrder: entry.existing, Twice: r.singleRun && entry.planned}
	switch {
	case conflict == PlanConflict{}:
		entry.planning, entry.refused = true, false
	case conflict.ExistingOrder != "":
		entry.refused = true
	}
	if other, used := r.tokens[token]; used && other != key {
		conflict.TokenOf = other
	}
	entry.planned = true
	r.useToken(token, key)
	return conflict
}

// FinishPlan records that a plan has checked the circuit, and whether it is refused for another
// reason. It returns the ID of an order that Terraform has read from the state meanwhile, "" if
// there is none.
func (r *RunRegistry) FinishPlan(key circuit.Key, refused bool) (orderID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	entry.planning, entry.refused = false, refused || entry.existing != ""
	return entry.existing
}

// Planned reports whether a plan orders the circuit.
func (r *RunRegistry) Planned(key circuit.Key) bool { return r.circuitCopy(key).planned }

// RefuseExisting reports whether the order in the state needs an error, because a plan orders
// its circuit again and has no error itself.
func (r *RunRegistry) RefuseExisting(key circuit.Key) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	if !entry.planned || entry.planning || entry.refused {
		return false
	}
	entry.refused = true
	return true
}

// RecordExisting records that the state has an order for the circuit, with its client
// token. own is true if this provider has placed the order, so that it is only for this
// circuit.
func (r *RunRegistry) RecordExisting(key circuit.Key, orderID, token string, own bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.visits++
	r.circuit(key).existing = orderID
	r.order(orderID).own = own
	r.useToken(token, key)
}

// RecordRefreshed is RecordExisting for an order that is refreshed.
func (r *RunRegistry) RecordRefreshed(key circuit.Key, orderID, token string, own bool) {
	r.mu.Lock()
	r.order(orderID).refreshed++
	r.mu.Unlock()
	r.RecordExisting(key, orderID, token, own)
}

// WasRefreshed reports whether the order was refreshed in this run.
func (r *RunRegistry) WasRefreshed(orderID string) bool { return r.orderCopy(orderID).refreshed > 0 }

// IsDuplicated reports whether two resources in the state have the order. That happens if a
// run died between the two parts of a replacement.
func (r *RunRegistry) IsDuplicated(orderID string) bool { return r.orderCopy(orderID).refreshed > 1 }

// ExistingOrder returns the ID of the order of the circuit in the state, empty if there is
// none.
func (r *RunRegistry) ExistingOrder(key circuit.Key) string { return r.circuitCopy(key).existing }

// RegionOf returns the region of the circuit in the state. It is empty if the state has no
// order for that ID, or orders in several regions.
func (r *RunRegistry) RegionOf(circuitID string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	region := ""
	for key, entry := range r.circuits {
		if key.CircuitID == circuitID && entry.existing != "" {
			if region != "" {
				return ""
			}
			region = key.Region
		}
	}
	return region
}

// Forget records that an order was removed from the state. If the order is cancelled, its
// circuit can be ordered again.
func (r *RunRegistry) Forget(key circuit.Key, orderID string, cancelled bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry, order := r.circuit(key), r.order(orderID)
	if cancelled && entry.placed == orderID {
		entry.claimed, entry.placed, order.placed = false, "", false
	}
	order.own = false
	if entry.existing == orderID {
		entry.existing = ""
	}
}

// RecordOtherPurpose records that an order is for something else than its circuit.
func (r *RunRegistry) RecordOtherPurpose(orderID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order(orderID).otherPurpose = true
}

// IsForOwnCircuit reports whether the purpose of the order is known without billing: Create has
// placed it in this process, or the provider has placed it and it is in the state.
func (r *RunRegistry) IsForOwnCircuit(orderID string) bool {
	order := r.orderCopy(orderID)
	return (order.placed || order.own) && !order.otherPurpose
}

// RecordReplacement records that the plan replaces the order by one of another circuit.
func (r *RunRegistry) RecordReplacement(orderID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order(orderID).replaced = true
}

// ReplacementPlanned reports whether the plan replaces the order.
func (r *RunRegistry) ReplacementPlanned(orderID string) bool { return r.orderCopy(orderID).replaced }

// Claim reserves the circuit for one order. It returns false if another resource has
// claimed it, with the ID of the order if there is one.
func (r *RunRegistry) Claim(key circuit.Key) (orderID string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	if entry.claimed {
		return entry.placed, false
	}
	entry.claimed, r.applying = true, true
	return "", true
}

// Release ends a claim. Call it only if certainly nothing was ordered.
func (r *RunRegistry) Release(key circuit.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	entry.claimed, entry.placed = false, ""
}

// RecordPlaced records the order of a claimed circuit. It returns false and the other
// circuit if the order ID already belongs to another circuit, in this process or in the
// state: one order is for one circuit.
func (r *RunRegistry) RecordPlaced(key circuit.Key, orderID string) (other circuit.Key, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	order := r.order(orderID)
	if order.placed && order.placedFor != key {
		return order.placedFor, false
	}
	for other, entry := range r.circuits {
		if entry.existing == orderID && other != key {
			return other, false
		}
	}
	order.placed, order.placedFor = true, key
	entry := r.circuit(key)
	entry.claimed, entry.placed, entry.planned = true, orderID, false
	return key, true
}

// WasPlaced reports whether Create has placed the order in this process.
func (r *RunRegistry) WasPlaced(orderID string) bool { return r.orderCopy(orderID).placed }

// CountShown returns the number of circuits with warnings of their own in this run, with
// this one.
func (r *RunRegistry) CountShown(key circuit.Key) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := r.circuit(key)
	if entry.shownAs == 0 {
		r.shown++
		entry.shownAs = r.shown
	}
	return entry.shownAs
}
