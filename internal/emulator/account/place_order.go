package account

import (
	"cmp"
	"fmt"
	"time"
)

// PlaceOrder places an occupancy order, or returns the order that an earlier attempt with
// the same client token placed.
func (a *Account) PlaceOrder(attempt Attempt, order Order) (orderID string, err error) {
	defer a.lockCurrent()()
	return a.once(attempt, func() error { return a.checkCircuitOf(&order) }, func() (string, error) { return a.place(order) })
}

// place places a new order. From then on the account owes money.
func (a *Account) place(order Order) (orderID string, err error) {
	if err := a.checkNew(&order); err != nil {
		return "", err
	}
	order.CreatedAt = a.now()
	outcome := AutoPayLeftUnpaid
	if order.AutoPay {
		outcome = a.autoPayOutcome(order.Price)
	}
	if outcome == AutoPayRefused {
		return "", codeOr(a.quirks.ShortfallCode, "PAY.INSUFFICIENT_BALANCE")
	}
	placed := a.orders.addNew(order)
	switch outcome {
	case AutoPaid:
		a.pay(placed, placed.CreatedAt)
	case AutoPayCancelled:
		placed.cancel(placed.CreatedAt)
	}
	return placed.ID, nil
}

// checkNew checks that the circuit can be ordered and has no order that prevents it.
// It sets the price of the order.
func (a *Account) checkNew(order *Order) error {
	if err := a.checkCircuitOf(order); err != nil {
		return err
	}
	if a.quirks.RefuseSecondUnpaidOrder && a.orders.unpaidOrderOf(order.Region, order.CircuitID) {
		return codeOr(a.quirks.UnpaidOrderCode, "Order.InstanceHasUnpaidOrder")
	}
	order.Price = a.quirks.price(&a.findCircuit(order.Region, order.CircuitID).Circuit, order.months())
	return nil
}

// checkCircuitOf checks that the circuit of an order can be ordered.
func (a *Account) checkCircuitOf(order *Order) error {
	record := a.findCircuit(order.Region, order.CircuitID)
	switch {
	case record == nil && a.quirks.NotFoundAs400:
		return Code("Abs.InstanceNotExist")
	case record == nil:
		return codeUnknownCircuit
	case record.Status != StatusConfirmed,
		a.quirks.RequireLOA && record.LOAStatus != loaComplete && record.LOAStatus != "":
		return codeOr(a.quirks.WrongStateCode, string(codeWrongState))
	default:
		return nil
	}
}

// ConsoleOrder is an order of a circuit that a user places in the console.
type ConsoleOrder struct {
	Region    string
	CircuitID string
	// Period and PricingCycle are the term; empty means the API's defaults.
	Period       int
	PricingCycle string
	// CreatedAt is when the user placed it; zero means now.
	CreatedAt time.Time `json:",omitzero"`
	// Status is OrderPaid if the user paid it at once; empty means OrderUnpaid.
	Status OrderStatus
}

// PlaceConsoleOrder places an order like a request without client token. It fails if the API
// would refuse circuit or term, if CreatedAt is in the future, or if the balance is too low.
func (a *Account) PlaceConsoleOrder(wanted ConsoleOrder) (Order, error) {
	defer a.lockCurrent()()
	now := a.now()
	order := Order{
		Region:             wanted.Region,
		CircuitID:          wanted.CircuitID,
		Period:             cmp.Or(wanted.Period, a.quirks.PeriodOrDefault()),
		PricingCycle:       cmp.Or(wanted.PricingCycle, CycleMonth),
		InstanceChargeType: ChargePrePaid,
		CreatedAt:          wanted.CreatedAt,
	}
	if order.CreatedAt.IsZero() {
		order.CreatedAt = now
	}
	switch {
	case order.Period < 1 || order.Period > LongestPeriod(order.PricingCycle):
		return Order{}, fmt.Errorf("the API has no term of %d with the cycle %q", order.Period, order.PricingCycle)
	case order.CreatedAt.After(now):
		return Order{}, fmt.Errorf("%s is in the future, the clock is at %s", order.CreatedAt, now)
	case wanted.Status != "" && wanted.Status != OrderUnpaid && wanted.Status != OrderPaid:
		return Order{}, fmt.Errorf("a new order is %s or %s, not %q", OrderUnpaid, OrderPaid, wanted.Status)
	}
	if err := a.checkNew(&order); err != nil {
		return Order{}, err
	}
	if total := order.Price.Total(); wanted.Status == OrderPaid && total > a.balance {
		return Order{}, fmt.Errorf("the order costs %s, the balance is %s", total, a.balance)
	}
	placed := a.orders.addNew(order)
	if wanted.Status == OrderPaid {
		a.pay(placed, placed.CreatedAt)
	}
	a.applyDueChanges() // An old order has expired, or its circuit is Enabled.
	return placed.clone(), nil
}
