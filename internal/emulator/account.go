package emulator

// Balance returns what the account can still pay; Unlimited until SetBalance.
func (e *Emulator) Balance() Money {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.balance
}

// SetBalance limits what the account can pay, or with Unlimited lifts the limit.
func (e *Emulator) SetBalance(amount Money) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.balance = amount
}

// TopUp adds to the balance, with Unlimited lifts the limit. Orders that went unpaid
// for lack of money stay so.
func (e *Emulator) TopUp(amount Money) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.balance += min(amount, Unlimited-e.balance)
}

func (e *Emulator) debit(amount Money) {
	if e.balance != Unlimited {
		e.balance -= amount
	}
}

// autoPayOutcome returns what becomes of an order that is to pay itself.
func (e *Emulator) autoPayOutcome(price Price) AutoPayOutcome {
	switch {
	case e.quirks.AutoPayOutcome != AutoPaid:
		return e.quirks.AutoPayOutcome
	case price.Total() <= e.balance:
		return AutoPaid
	case e.quirks.ShortfallOutcome != AutoPaid:
		return e.quirks.ShortfallOutcome
	default:
		return AutoPayCancelled
	}
}
