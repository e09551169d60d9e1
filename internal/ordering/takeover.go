package ordering

import (
	"context"
	"time"
)

// takeOverSkew is how much older than the first request an order may be, by
// billing's clock, that is taken over. Older ones within clockSkew are only named.
const takeOverSkew = time.Minute

// lostOrder is an order whose request did not end with its ID.
type lostOrder struct {
	wish    Wish
	circuit Circuit
	// sent is the time of the first request, now the present, by the API's clock.
	sent, now time.Time
	// derived says that the token is the circuit's own.
	derived bool
}

// lookUp asks billing for the orders that an unclear end may have left, or that stand
// behind a refusal. It returns true when exactly one is certainly this wish's.
func (p Placer) lookUp(ctx context.Context, lost lostOrder, unplaced *Unplaced) bool {
	mismatch := unplaced.Failure.ParameterMismatch()
	if p.Payments == nil || unplaced.Ending == Interrupted || unplaced.Doubt == nil && !mismatch {
		return false
	}
	search := SearchSince(lost.wish.Key(), lost.sent, lost.now)
	if mismatch {
		search = SearchForMismatch(lost.circuit)
	}
	found, complete, err := p.Payments.Find(ctx, search)
	unplaced.LookUpFailure = err
	for _, order := range found {
		if PaymentOf(order.Rows) == PaymentCancelled {
			unplaced.Cancelled = append(unplaced.Cancelled, order.ID)
		} else {
			unplaced.Candidates = append(unplaced.Candidates, order.ID)
		}
	}
	return err == nil && complete && len(found) == 1 && lost.isCertainly(found[0], unplaced)
}

// isCertainly reports whether an order is the one that was lost. A refusal that is
// not about the circuit's state ordered nothing, and a chosen token may stand for any
// order: then what billing names is somebody else's as likely as not.
func (l lostOrder) isCertainly(order FoundOrder, unplaced *Unplaced) bool {
	failure := unplaced.Failure
	if !l.derived || unplaced.Ending == Refused && !failure.WrongState() && !failure.Unclear() {
		return false
	}
	created := lastCreated(order.Rows)
	if created == nil || created.Before(l.sent.Add(-takeOverSkew)) {
		return false
	}
	inService := unplaced.Circuit != nil && unplaced.Circuit.Status == StatusEnabled
	if inService && PaymentOf(order.Rows) == PaymentUnpaid {
		return false // something else has enabled the circuit
	}
	return !order.contradicts(l.wish)
}

// contradicts reports whether the order pays for another term than the wish.
func (o FoundOrder) contradicts(wish Wish) bool {
	start, end := TermOf(o.Rows)
	return wish.Period != nil && start != nil && end != nil && !Lasts(*start, *end, Months(*wish.Period, wish.Cycle))
}
