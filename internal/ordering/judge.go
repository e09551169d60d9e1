package ordering

import (
	"slices"
	"time"
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
func (l Look) Judge(request Wish) Verdict {
	live := l.Blocking(request)
	switch {
	case l.Denied() && len(live) == 0:
		return SendUnseen
	case len(live) > 1, len(live) == 1 && (l.Denied() || !live[0].adoptable(request)):
		return RefuseOrders
	case l.Err != nil:
		return LookAgain
	case len(live) == 1 && l.Beyond:
		return RefuseOrders
	case len(live) == 1:
		return TakeOver
	default:
		return SendOrder
	}
}

// Blocking returns the live orders that the client token of the request does not pass
// by: only the token that the error about an order proposes passes by that order.
func (l Look) Blocking(request Wish) []FoundOrder {
	return slices.DeleteFunc(slices.Clone(l.Live), func(order FoundOrder) bool {
		return request.Token == request.TokenPast(order.ID)
	})
}

// TokenPast returns the client token that orders the circuit although it has, or had,
// the order.
func (w Wish) TokenPast(orderID string) string {
	return NextToken(DeriveToken(w.Region, w.CircuitID), orderID)
}

// adoptable reports whether the order is most likely that of a run that was killed: it
// is for this circuit alone, fits the request, and was created up to recentOrder before
// billing answered.
func (o FoundOrder) adoptable(request Wish) bool {
	payment := PaymentOf(o.Rows)
	fits := payment == PaymentPaid || payment == PaymentUnpaid && !request.AutoPay
	if !fits || o.Shared || !request.isChained(nil) || o.contradicts(request) {
		return false
	}
	created := o.Created()
	for _, row := range o.Rows {
		if created == nil || row.AsOf == nil || created.After(*row.AsOf) || row.AsOf.Sub(*created) > recentOrder {
			return false
		}
	}
	return true
}

// contradicts reports whether the order pays for another term than the request.
func (o FoundOrder) contradicts(request Wish) bool {
	start, end := TermOf(o.Rows)
	return request.Period != nil && start != nil && end != nil && !Lasts(*start, *end, Months(*request.Period, request.Cycle))
}
