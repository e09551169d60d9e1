package ordering

import "context"

// recover looks into billing once more after an order request that did not end with an
// order ID. It returns the order that is this one, nil if that is not certain; what the
// look shows is then in the error.
func (p Placer) recover(ctx context.Context, request Wish, circuit Circuit, unanswered *PlaceError) *FoundOrder {
	unsettled := unanswered.FirstAmbiguous != nil || unanswered.StopReason == Refused && (!unanswered.Failure.Certain() || unanswered.Failure.ParameterMismatch())
	if unanswered.StopReason == Interrupted || !unsettled {
		return nil
	}
	look := p.Payments.Look(ctx, circuit, 0, p.Ledger.Knows)
	unanswered.Look = look
	if unanswered.FirstAmbiguous == nil || len(look.Live) != 1 || !look.Complete() {
		return nil
	}
	if order := look.Live[0]; order.isNewSince(unanswered.Before) && !order.Shared && !order.contradicts(request) {
		return &order
	}
	return nil
}

// isNewSince reports whether the order was placed after a look that would have shown it.
func (o FoundOrder) isNewSince(before Look) bool {
	created := o.Created()
	return before.Date != nil && before.Complete() && !before.shows(o.ID) && created != nil && !created.Before(*before.Date)
}
