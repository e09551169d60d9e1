package order

import (
	"context"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// recover looks into billing once more after an order request that did not end with an
// order ID. It returns the order that is this one, nil if that is not certain; what the
// look shows is then in the error.
func (p Placer) recover(ctx context.Context, request Request, circuit circuit.Circuit, unanswered *PlaceError) *billing.Order {
	unsettled := unanswered.FirstAmbiguous != nil || unanswered.StopReason == Refused && (!unanswered.Failure.OrderedNothing() || unanswered.Failure.ParameterMismatch())
	if unanswered.StopReason == Interrupted || !unsettled {
		return nil
	}
	look := p.Billing.Look(ctx, circuit, 0, p.Registry.Knows)
	unanswered.Look = look
	if unanswered.FirstAmbiguous == nil || len(look.Live) != 1 || !look.Complete() {
		return nil
	}
	if order := look.Live[0]; order.IsNewSince(unanswered.Before) && !order.Shared && !request.contradicts(order) {
		return &order
	}
	return nil
}
