package account

// PlaceOrder places an occupancy order, or returns the order that an earlier attempt with
// the same client token placed.
func (a *Account) PlaceOrder(attempt Attempt, order Order) (orderID string, err error) {
	defer a.lock()()
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
		return codeOr(a.quirks.WrongStateCode, codeWrongState)
	default:
		return nil
	}
}
