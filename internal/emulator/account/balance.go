package account

import (
	"cmp"
	"time"
)

// Balance returns what the account can still pay. It is Unlimited until SetBalance.
func (a *Account) Balance() Money {
	defer a.lockCurrent()()
	return a.balance
}

// SetBalance sets what the account can pay. Unlimited removes the limit.
func (a *Account) SetBalance(amount Money) {
	defer a.lockCurrent()()
	a.balance = amount
}

// TopUp adds to the balance. Unlimited removes the limit. It does not pay orders
// that stayed unpaid because the balance was too low.
func (a *Account) TopUp(amount Money) {
	defer a.lockCurrent()()
	if amount >= Unlimited-max(a.balance, 0) {
		a.balance = Unlimited
		return
	}
	a.balance += amount
}

// pay pays an order, also if its circuit has changed or was deleted since. A second
// paid order of a circuit is money spent twice, and the order store shows it.
func (a *Account) pay(order *Order, at time.Time) {
	if a.balance != Unlimited {
		a.balance -= order.Price.Total()
	}
	order.Status = OrderPaid
	order.PaidAt = at
	record := a.findCircuit(order.Region, order.CircuitID)
	switch {
	case order.OfOtherProduct():
	case order.Type == OrderTypeRenew:
		if record != nil && record.Status != StatusTerminated {
			order.UsageStart, order.UsageEnd = record.renew(order.months(), at)
		}
	default:
		delay := a.quirks.enableDelay()
		order.UsageStart = at.Add(delay)
		order.UsageEnd = endOfTerm(order.UsageStart, order.months())
		if record != nil {
			record.pay(order, delay)
		}
	}
}

// autoPayOutcome returns the outcome of an order with AutoPay=true.
func (a *Account) autoPayOutcome(price Price) AutoPayOutcome {
	switch {
	case a.quirks.AutoPayOutcome != AutoPaid:
		return a.quirks.AutoPayOutcome
	case price.Total() <= a.balance:
		return AutoPaid
	default:
		return cmp.Or(a.quirks.ShortfallOutcome, AutoPayCancelled)
	}
}
