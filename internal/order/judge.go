package order

import (
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// recentOrder is the maximum age of an order to adopt. An order of that age is most likely
// from a run that was killed.
const recentOrder = 30 * time.Minute

// Verdict is what a look means for a new order of the circuit.
type Verdict int

const (
	// VerdictSend means that the look found no reason against a new order.
	VerdictSend Verdict = iota
	// VerdictSendUnseen means that permissions for the look are missing.
	VerdictSendUnseen
	// VerdictRefuse means that the circuit has one or more live orders.
	VerdictRefuse
	// VerdictLookAgain means that the circuit may have a live order that could not be read.
	VerdictLookAgain
	// VerdictAdopt means that the only live order is saved in the state instead.
	VerdictAdopt
)

// Judge returns whether a new order may be sent. The first case that applies decides.
func (r Request) Judge(look billing.Look) Verdict {
	live := r.Blocking(look)
	switch {
	case look.Denied() && len(live) == 0:
		return VerdictSendUnseen
	case len(live) > 1, len(live) == 1 && (look.Denied() || !r.isAdoptable(live[0])):
		return VerdictRefuse
	case look.Err != nil:
		return VerdictLookAgain
	case len(live) == 1 && look.Skipped:
		return VerdictRefuse
	case len(live) == 1:
		return VerdictAdopt
	default:
		return VerdictSend
	}
}

// Blocking returns the live orders that prevent a new order. It leaves out the order whose
// ReorderToken is the client token of the request.
func (r Request) Blocking(look billing.Look) []billing.Order {
	return slices.DeleteFunc(slices.Clone(look.Live), func(order billing.Order) bool {
		return r.ClientToken == r.ReorderToken(order.ID)
	})
}

// isAdoptable reports whether the order is most likely from a run that was killed: it is
// only for this circuit, matches the request, and was at most recentOrder old when billing
// answered.
func (r Request) isAdoptable(order billing.Order) bool {
	payment := billing.PaymentStatus(order.Lines)
	matches := payment == billing.Paid || payment == billing.Unpaid && !r.AutoPay
	if !matches || order.Shared || !r.isInTokenChain(nil) || r.contradicts(order) {
		return false
	}
	created := order.Created()
	for _, line := range order.Lines {
		if created == nil || line.AsOf == nil || created.After(*line.AsOf) || line.AsOf.Sub(*created) > recentOrder {
			return false
		}
	}
	return true
}
