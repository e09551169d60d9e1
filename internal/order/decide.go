package order

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Origin tells how an order came into the state.
type Source string

const (
	// Placed orders were ordered by Create: their arguments are what was bought.
	Placed Source = "placed"
	// Imported orders were placed elsewhere: their arguments are the user's own
	// record.
	Imported Source = "imported"
	// Adopted orders were taken into the state by Create, which did not certainly place
	// them: another workspace may hold them. Their arguments are the user's own record.
	Adopted Source = "adopted"
)

// Record is what the provider remembers of an order beside the state, so that a
// plan without a prior state still knows that there is one.
type Record struct {
	Region    string `json:"region_id"`
	CircuitID string `json:"physical_connection_id"`
	OrderID   string `json:"order_id"`
	// Token is the client token that placed the order; empty for imported orders.
	ClientToken string `json:"client_token,omitempty"`
	// SentToken is the client token that placed the order where cancelled ones were
	// stepped past; empty where it is Token.
	SentClientToken string `json:"sent_token,omitempty"`
	Source          Source `json:"origin"`
	// TermStart and TermEnd are the term that billing reported of an imported order.
	TermStart *time.Time `json:"term_start,omitempty"`
	TermEnd   *time.Time `json:"term_end,omitempty"`
	// Lapsed is true once billing has reported the order as cancelled in every row.
	Cancelled bool `json:"lapsed,omitempty"`
	// Confirmed is true once an apply has taken an imported order over into the
	// configuration. Until then another circuit is a wrong import, not a wish.
	Confirmed bool `json:"adopted,omitempty"`
}

// Key names the circuit of the order.
func (r Record) Key() circuit.Key {
	return circuit.Key{Region: r.Region, CircuitID: r.CircuitID}
}

// PlacedWith reports whether the order was placed with the token.
func (r Record) PlacedWith(token string) bool {
	return token != "" && (token == r.ClientToken || token == r.SentClientToken)
}

// ReorderToken returns the client token that orders the circuit once more, on purpose.
func (r Record) ReorderToken() string {
	return Request{Region: r.Region, CircuitID: r.CircuitID}.ReorderToken(r.OrderID)
}

// isKnown reports whether both parts of the key are known.
func isKnown(key circuit.Key) bool { return key.Region != "" && key.CircuitID != "" }

// differs reports whether the wanted circuit is certainly another one. A part that is not
// known yet is empty and does not differ, so that a deferred data source costs no order.
func differs(wanted, key circuit.Key) bool {
	return wanted.Region != "" && wanted.Region != key.Region || wanted.CircuitID != "" && wanted.CircuitID != key.CircuitID
}

// PlanInput is what a plan knows.
type PlanInput struct {
	// HasPrior is true when Terraform shows the object as it is. It does not for
	// a create, for a tainted object, nor for the create leg of a replacement.
	HasPrior bool
	// Record is what is remembered of the order, nil if nothing is.
	Record *Record
	// Target is the circuit in the plan. A part that is not known yet is empty.
	Target circuit.Key
	// Refreshed is true when this walk has read the order before: it is a plan,
	// not the apply of one.
	Refreshed bool
	// ReplacementPlanned is true when this walk has planned to move the order to another
	// circuit, and has said so.
	ReplacementPlanned bool
	// TokenReused reports whether the plan would order with the token that the
	// remembered order was placed with.
	TokenReused bool
	// Changed reports whether an argument of the order differs from the state.
	Changed bool
}

// Decision is what a plan has to say.
type Decision int

const (
	// Place plans a first order, or one after another that has lapsed; the circuit is
	// checked with patience.
	Place Decision = iota
	// PlaceElsewhere plans the order of another circuit, which takes the place of
	// a placed one; the new circuit is checked as strictly as in Create, because
	// the record of the old order is gone by then.
	PlaceElsewhere
	// Keep leaves the order as it is.
	Keep
	// RefuseChange refuses changed arguments of a placed order.
	RefuseChange
	// RefuseReplacement refuses a second order for the circuit of a placed one.
	RefuseReplacement
	// Move plans to replace the order by one of another circuit.
	ReplaceElsewhere
	// RefuseLateMove refuses another circuit that shows up only during apply.
	RefuseLateReplacement
	// RefuseReusedToken refuses to order another circuit with the token of a placed
	// order: the API would answer with that order.
	RefuseReusedToken
	// RefuseWrongImport refuses another circuit than the one just imported.
	RefuseWrongImport
)

// Decide says what a plan may do. It is the one place where the rule lives that
// an order is never replaced for the same circuit.
func Decide(s PlanInput) Decision {
	switch {
	case s.Record == nil, !s.HasPrior && s.Record.Cancelled:
		return Place
	case !s.HasPrior && s.ReplacementPlanned && isKnown(s.Target) && differs(s.Target, s.Record.Key()):
		if s.TokenReused {
			return RefuseReusedToken
		}
		return PlaceElsewhere
	case !s.HasPrior:
		return RefuseReplacement
	case isKnown(s.Target) && differs(s.Target, s.Record.Key()):
		return decideMove(s)
	case s.Changed && s.Record.Source == Placed:
		return RefuseChange
	default:
		return Keep
	}
}

func decideMove(s PlanInput) Decision {
	switch {
	case s.Record.Source == Imported && !s.Record.Confirmed:
		return RefuseWrongImport
	case !s.Refreshed:
		return RefuseLateReplacement
	default:
		return ReplaceElsewhere
	}
}
