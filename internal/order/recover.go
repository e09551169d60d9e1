package order

import (
	"context"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// recover searches billing again after a request without an order ID, and sets failed.Look.
// It returns the new order of the request, nil if it is not certain which one that is.
func (p Placer) recover(ctx context.Context, request Request, circuit circuit.Circuit, failed *PlaceError) *billing.Order {
	if failed.StopReason == Interrupted || failed.FirstAmbiguous == nil && !failed.mayHaveOrdered() {
		return nil
	}
	failed.Look = p.Billing.Look(ctx, circuit, 0, p.Registry.IsForOwnCircuit)
	if failed.FirstAmbiguous == nil || len(failed.Look.Live) != 1 || !failed.Look.Complete() {
		return nil
	}
	if order := failed.Look.Live[0]; order.IsNewSince(failed.Before) && !order.Shared && !request.contradicts(order) {
		return &order
	}
	return nil
}

// mayHaveOrdered reports whether the API refused the request for a reason that may be an
// order for the circuit.
func (e *PlaceError) mayHaveOrdered() bool {
	return e.StopReason == Refused && (!e.Failure.OrderedNothing() || e.Failure.ParameterMismatch())
}
