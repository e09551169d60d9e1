package billing

import (
	"context"
	"iter"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// OrderScan searches for the orders of many circuits that were created in [From, To].
type OrderScan struct {
	Circuits []circuit.Circuit
	From, To time.Time
}

// CircuitOrder is an order with the circuit that billing reports for it.
type CircuitOrder struct {
	Circuit circuit.Circuit
	Order   Order
}

// Orders yields the live orders of type New that have the ID of one of the circuits, those
// of the product of circuits first. Each order of the period costs one call, because lists
// have no circuit IDs. An error ends the sequence.
func (s OrderScan) Orders(ctx context.Context, billing Client) iter.Seq2[CircuitOrder, error] {
	return func(yield func(CircuitOrder, error) bool) {
		listed, err := billing.OrdersCreated(ctx, OrderQuery{From: s.From, To: s.To})
		if err != nil {
			yield(CircuitOrder{}, err)
			return
		}
		connection, others := connectionOrders(listed.Lines)
		for _, id := range append(connection, others...) {
			lines, err := billing.OrderLines(ctx, id)
			if err != nil {
				yield(CircuitOrder{}, err)
				return
			}
			for _, circuit := range s.Circuits {
				var look Look
				look.Add(id, lines, circuit.ID)
				if len(look.Live) > 0 && !yield(CircuitOrder{circuit, look.Live[0]}, nil) {
					return
				}
			}
		}
		if listed.Truncated {
			yield(CircuitOrder{}, ErrTooManyOrders)
		}
	}
}
