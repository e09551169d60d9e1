package ordering

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Inventory looks for the orders of many circuits, among those that were created in
// [From, To].
type Inventory struct {
	Circuits []Circuit
	From, To time.Time
}

// CircuitOrder is an order that billing names for a circuit.
type CircuitOrder struct {
	Circuit Circuit
	Order   FoundOrder
}

// Orders yields the New, not cancelled orders of the window that name one of the
// circuits, those of a likely product first. A list of orders names no circuit, so
// that each order of the window costs a call, and is asked for when its turn comes.
// A failure ends the orders.
func (i Inventory) Orders(ctx context.Context, billing Billing) iter.Seq2[CircuitOrder, error] {
	return func(yield func(CircuitOrder, error) bool) {
		listed, err := billing.OrdersCreated(ctx, OrderQuery{From: i.From, To: i.To})
		if err != nil {
			yield(CircuitOrder{}, err)
			return
		}
		likely, others := Search{From: i.From}.candidates(listed.Rows, func(string) bool { return false })
		for _, id := range slices.Concat(likely, others) {
			rows, err := billing.OrderRows(ctx, id)
			if err != nil {
				yield(CircuitOrder{}, err)
				return
			}
			for _, circuit := range i.Circuits {
				if (Search{Key: circuit.Key()}).matches(rows) && !yield(CircuitOrder{circuit, FoundOrder{ID: id, Rows: rows}}, nil) {
					return
				}
			}
		}
		if listed.Truncated {
			yield(CircuitOrder{}, &Failure{Action: "QueryOrders", Delivery: Lost, Message: "billing has more orders of this time than one list holds: choose a shorter time"})
		}
	}
}
