package emulator

import "time"

// Quirks chooses the behaviour where the real API is not documented. The zero
// value is the most likely reading of the documentation.
type Quirks struct {
	// StateCheckFirst looks at the circuit's state before it looks at the
	// client token, so that a replay for a circuit that has meanwhile turned
	// Enabled is refused instead of answered with the first order.
	StateCheckFirst bool
	// IgnoreParameterMismatch answers a known client token with its order even
	// if other parameters differ, instead of IdempotentParameterMismatch.
	IgnoreParameterMismatch bool
	// IgnoreClientToken places a new order for every request.
	IgnoreClientToken bool
	// TokenWindow is how long a client token is remembered; 0 means for ever.
	TokenWindow time.Duration

	// WrongStateCode is the code for a circuit that cannot be ordered in its
	// state; empty means Forbidden.NotAllowedInState.
	WrongStateCode string
	// RequireLOA refuses a circuit whose letter of authorization is neither
	// complete nor absent, even if the circuit is Confirmed.
	RequireLOA bool
	// RefuseSecondUnpaidOrder answers Order.InstanceHasUnpaidOrder while the
	// circuit has an unpaid order. Otherwise a second order is accepted.
	RefuseSecondUnpaidOrder bool
	// NotFoundAs400 answers 400 Abs.InstanceNotExist for an unknown circuit,
	// instead of 404 InvalidPhysicalConnectionId.NotFound.
	NotFoundAs400 bool

	// DefaultPeriod is the term of an order that names none; 0 means 1.
	DefaultPeriod int
	// AutoPayOutcome is what becomes of an order with AutoPay=true.
	AutoPayOutcome AutoPayOutcome
	// EnableDelay is the time from the payment until the circuit is Enabled;
	// 0 means 30 seconds, a negative value at once.
	EnableDelay time.Duration

	// LowerCamelAnswers answers orders in the shape of 2018: keys in lower
	// camel case, the order ID a number.
	LowerCamelAnswers bool
	// OmitEmptyFields leaves empty texts out of the description of a circuit,
	// instead of reporting them as "".
	OmitEmptyFields bool
}

// AutoPayOutcome is what becomes of an order with AutoPay=true.
type AutoPayOutcome string

// What may become of an order with AutoPay=true. All but AutoPaid play an
// account without funds.
const (
	// AutoPaid pays the order at once.
	AutoPaid AutoPayOutcome = ""
	// AutoPayRefused answers PAY.INSUFFICIENT_BALANCE and leaves no order.
	AutoPayRefused AutoPayOutcome = "Refused"
	// AutoPayLeftUnpaid answers with an order that stays unpaid.
	AutoPayLeftUnpaid AutoPayOutcome = "LeftUnpaid"
	// AutoPayCancelled answers with an order that is already cancelled.
	AutoPayCancelled AutoPayOutcome = "Cancelled"
)

// Quirks returns the present choice.
func (e *Emulator) Quirks() Quirks {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.quirks
}

// SetQuirks replaces the present choice.
func (e *Emulator) SetQuirks(quirks Quirks) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.quirks = quirks
}

func (q Quirks) enableDelay() time.Duration {
	switch {
	case q.EnableDelay == 0:
		return 30 * time.Second
	case q.EnableDelay < 0:
		return 0
	default:
		return q.EnableDelay
	}
}

func (q Quirks) defaultPeriod() int {
	if q.DefaultPeriod == 0 {
		return 1
	}
	return q.DefaultPeriod
}

func (q Quirks) wrongStateCode() string {
	if q.WrongStateCode == "" {
		return "Forbidden.NotAllowedInState"
	}
	return q.WrongStateCode
}
