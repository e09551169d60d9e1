package order

import (
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// recentOrder is the greatest age of an order that is taken over: it is most likely the
// one of a run that was killed.
const recentOrder = 30 * time.Minute

// Verdict is what a look means for a new order of the circuit.
type Verdict int

const (
	// SendOrder means that nothing which was seen speaks against a new order.
	SendOrder Verdict = iota
	// SendUnseen means that the credentials may not look.
	SendUnseen
	// RefuseOrders means that the circuit has a live order, or several.
	RefuseOrders
	// LookAgain means that a live order may exist which could not be looked into.
	LookAgain
	// TakeOver means that the one live order is taken into the state instead.
	TakeOver
)

// Judge decides whether a new order may be sent. The first case that fits decides.
func (w Request) Judge(look billing.Look) Verdict {
	live := w.Blocking(look)
	switch {
	case look.Denied() && len(live) == 0:
		return SendUnseen
	case len(live) > 1, len(live) == 1 && (look.Denied() || !w.isAdoptable(live[0])):
		return RefuseOrders
	case look.Err != nil:
		return LookAgain
	case len(live) == 1 && look.Beyond:
		return RefuseOrders
	case len(live) == 1:
		return TakeOver
	default:
		return SendOrder
	}
}

// Blocking returns the live orders that the client token of the request does not pass
// by: only the token that the error about an order proposes passes by that order.
func (w Request) Blocking(look billing.Look) []billing.Order {
	return slices.DeleteFunc(slices.Clone(look.Live), func(order billing.Order) bool {
		return w.ClientToken == w.ReorderToken(order.ID)
	})
}

// ReorderToken returns the client token that orders the circuit although it has, or had,
// the order.
func (w Request) ReorderToken(orderID string) string {
	return TokenAfter(DefaultToken(w.Region, w.CircuitID), orderID)
}

// adoptable reports whether the order is most likely that of a run that was killed: it
// is for this circuit alone, fits the request, and was created up to recentOrder before
// billing answered.
func (w Request) isAdoptable(order billing.Order) bool {
	payment := billing.PaymentStatus(order.Lines)
	fits := payment == billing.Paid || payment == billing.Unpaid && !w.AutoPay
	if !fits || order.Shared || !w.isInTokenChain(nil) || w.contradicts(order) {
		return false
	}
	created := order.Created()
	for _, row := range order.Lines {
		if created == nil || row.AsOf == nil || created.After(*row.AsOf) || row.AsOf.Sub(*created) > recentOrder {
			return false
		}
	}
	return true
}

// contradicts reports whether the order pays for another term than the request.
func (w Request) contradicts(order billing.Order) bool {
	start, end := billing.Term(order.Lines)
	return w.Period != nil && start != nil && end != nil && !Lasts(*start, *end, Months(*w.Period, w.PricingCycle))
}
