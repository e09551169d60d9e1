package billing

import (
	"context"
	"iter"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Inventory looks for the orders of many circuits, among those that were created in
// [From, To].
type OrderScan struct {
	Circuits []circuit.Circuit
	From, To time.Time
}

// CircuitOrder is an order that billing names for a circuit.
type CircuitOrder struct {
	Circuit circuit.Circuit
	Order   Order
}

// Orders yields the New, not cancelled orders of the window that name one of the
// circuits, those of a likely product first. A list of orders names no circuit, so
// that each order of the window costs a call, and is asked for when its turn comes.
// A failure ends the orders.
func (i OrderScan) Orders(ctx context.Context, billing Client) iter.Seq2[CircuitOrder, error] {
	return func(yield func(CircuitOrder, error) bool) {
		listed, err := billing.OrdersCreated(ctx, OrderQuery{From: i.From, To: i.To})
		if err != nil {
			yield(CircuitOrder{}, err)
			return
		}
		connection, others := connectionOrders(listed.Lines)
		for _, id := range append(connection, others...) {
			rows, err := billing.OrderLines(ctx, id)
			if err != nil {
				yield(CircuitOrder{}, err)
				return
			}
			for _, circuit := range i.Circuits {
				var look Look
				look.Add(id, rows, circuit.ID)
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
