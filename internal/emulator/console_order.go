package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// ConsoleOrder is an order of a circuit that a person places in the console.
type ConsoleOrder struct {
	Region    string
	CircuitID string
	// Period and PricingCycle are the term; empty means the API's defaults.
	Period       int
	PricingCycle string
	// CreatedAt is when the person placed it; zero means now.
	CreatedAt time.Time `json:",omitzero"`
	// Status is OrderPaid if the person paid it at once, else OrderUnpaid; empty means
	// OrderUnpaid.
	Status OrderStatus
}

// PlaceConsoleOrder places an order as a request to the API does, but without a client
// token. It fails if the API would refuse the circuit or the term, if CreatedAt is in
// the future, and if the balance does not cover an order that is paid.
func (e *Emulator) PlaceConsoleOrder(wanted ConsoleOrder) (Order, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	now := e.now()
	order := Order{
		Region:             wanted.Region,
		CircuitID:          wanted.CircuitID,
		Period:             cmp.Or(wanted.Period, e.quirks.defaultPeriod()),
		PricingCycle:       cmp.Or(wanted.PricingCycle, cycleMonth),
		InstanceChargeType: chargePrePaid,
		CreatedAt:          wanted.CreatedAt,
	}
	if order.CreatedAt.IsZero() {
		order.CreatedAt = now
	}
	switch longest, known := longestPeriods[order.PricingCycle]; {
	case !known || order.Period < 1 || order.Period > longest:
		return Order{}, fmt.Errorf("no term of %d with the cycle %q is offered", order.Period, order.PricingCycle)
	case order.CreatedAt.After(now):
		return Order{}, fmt.Errorf("it is %s, so that nothing was placed at %s", now, order.CreatedAt)
	case wanted.Status != "" && wanted.Status != OrderUnpaid && wanted.Status != OrderPaid:
		return Order{}, fmt.Errorf("a new order is %s or %s, not %q", OrderUnpaid, OrderPaid, wanted.Status)
	}
	if failure := e.checkNew(&order); failure != nil {
		return Order{}, errors.New(failure.code + ": " + failure.message)
	}
	if total := order.Price.Total(); wanted.Status == OrderPaid && total > e.balance {
		return Order{}, fmt.Errorf("the order costs %s, the balance is %s", total, e.balance)
	}
	placed := e.addOrder(order)
	if wanted.Status == OrderPaid {
		e.pay(placed, placed.CreatedAt)
	}
	e.settle() // An order of long ago has lapsed, or its circuit is in service.
	return placed.clone(), nil
}
