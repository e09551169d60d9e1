package order

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Source is how an order got into the state. Only for placed orders are the arguments in
// the state certainly those of the order.
type Source string

const (
	// Placed means that Create has placed the order.
	Placed Source = "placed"
	// Imported means that the user has imported the order.
	Imported Source = "imported"
	// Adopted means that Create has found the order. Another workspace may have placed it.
	Adopted Source = "adopted"
)

// Record is what the private state contains about an order. A plan without a prior state
// needs it. The JSON keys are part of existing states, so they never change.
type Record struct {
	Region    string `json:"region_id"`
	CircuitID string `json:"physical_connection_id"`
	OrderID   string `json:"order_id"`
	// ClientToken is the client token in the configuration of the order. It is empty for
	// imported orders.
	ClientToken string `json:"client_token,omitempty"`
	// SentClientToken is the client token that placed the order, if it is another one
	// because of cancelled orders.
	SentClientToken string `json:"sent_token,omitempty"`
	Source          Source `json:"origin"`
	// TermStart and TermEnd are the term that billing reported for an imported order.
	TermStart *time.Time `json:"term_start,omitempty"`
	TermEnd   *time.Time `json:"term_end,omitempty"`
	// Cancelled is true if billing has reported every line of the order as cancelled.
	Cancelled bool `json:"lapsed,omitempty"`
	// AmountsRead is true after the amounts of a paid order were read once for the state.
	AmountsRead bool `json:"amounts_read,omitempty"`
	// NewImport is true until the first refresh after an import.
	NewImport bool `json:"new_import,omitempty"`
	// Confirmed is true after an apply has used the configuration for an imported order.
	// Before that, another circuit in the configuration means a wrong import.
	Confirmed bool `json:"adopted,omitempty"`
}

// Key returns the key of the circuit.
func (r Record) Key() circuit.Key {
	return circuit.Key{Region: r.Region, CircuitID: r.CircuitID}
}

// PlacedWith reports whether the order was placed with the client token.
func (r Record) PlacedWith(token string) bool {
	return token != "" && (token == r.ClientToken || token == r.SentClientToken)
}

// ReorderToken returns the client token that orders the circuit again on purpose.
func (r Record) ReorderToken() string {
	return Request{Region: r.Region, CircuitID: r.CircuitID}.ReorderToken(r.OrderID)
}

// PlanInput is the input of a plan's decision.
type PlanInput struct {
	// HasPrior is true if Terraform passes a prior state. It passes none for a new order, a
	// tainted one, and the second part of a replacement.
	HasPrior bool
	// Record is the record of the order, nil if there is none.
	Record *Record
	// Target is the circuit in the plan. A part is empty if it is not known yet.
	Target circuit.Key
	// Refreshed is true if this process has refreshed the order. It then runs a plan, not
	// the apply of a saved plan.
	Refreshed bool
	// ReplacementPlanned is true if this process has planned to replace the order by one of
	// another circuit, with a warning.
	ReplacementPlanned bool
	// TokenReused reports whether the plan uses the client token of the recorded order.
	TokenReused bool
	// Changed reports whether an argument of the order differs from the state.
	Changed bool
}

// isOtherCircuit reports whether the plan is certainly for another circuit. It is not if a
// part of the target is not known yet, so that a deferred data source costs no order.
func (p PlanInput) isOtherCircuit() bool {
	return p.Target.Region != "" && p.Target.CircuitID != "" && p.Target != p.Record.Key()
}

// Decision is the result of a plan for one order.
type Decision int

const (
	// Place plans a first order, or a new one after a cancelled order.
	Place Decision = iota
	// PlaceElsewhere plans the order of another circuit that replaces an order. Its checks
	// are as strict as those of Create, because the record of the old order is then gone.
	PlaceElsewhere
	// Keep does not change the order.
	Keep
	// RefuseChange refuses changed arguments of a placed order.
	RefuseChange
	// RefuseReplacement refuses a second order for the same circuit.
	RefuseReplacement
	// ReplaceElsewhere plans to replace the order by one of another circuit.
	ReplaceElsewhere
	// RefuseLateReplacement refuses another circuit that is known only during apply.
	RefuseLateReplacement
	// RefuseReusedToken refuses another circuit with the client token of a placed order,
	// because the API would return that order.
	RefuseReusedToken
	// RefuseWrongImport refuses another circuit than the imported one.
	RefuseWrongImport
)

// Decide returns what a plan may do. It never replaces an order for the same circuit.
func Decide(p PlanInput) Decision {
	switch {
	case p.Record == nil, !p.HasPrior && p.Record.Cancelled:
		return Place
	case !p.HasPrior && p.ReplacementPlanned && p.isOtherCircuit() && p.TokenReused:
		return RefuseReusedToken
	case !p.HasPrior && p.ReplacementPlanned && p.isOtherCircuit():
		return PlaceElsewhere
	case !p.HasPrior:
		return RefuseReplacement
	case p.isOtherCircuit() && p.Record.Source == Imported && !p.Record.Confirmed:
		return RefuseWrongImport
	case p.isOtherCircuit() && !p.Refreshed:
		return RefuseLateReplacement
	case p.isOtherCircuit():
		return ReplaceElsewhere
	case p.Changed && p.Record.Source == Placed:
		return RefuseChange
	default:
		return Keep
	}
}
