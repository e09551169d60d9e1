package emulator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// Quirks chooses the behaviour where the real API is not documented. The zero
// value is the most likely reading of the documentation.
type Quirks struct {
	// StateCheckFirst looks at the circuit's state before it looks at the
	// client token, so that a replay for a circuit that has meanwhile turned
	// Enabled is refused instead of answered with the first order. Operations on
	// the circuit itself do the same.
	StateCheckFirst bool
	// IgnoreParameterMismatch answers a known client token with its order even
	// if other parameters differ, instead of TokenMismatchCode.
	IgnoreParameterMismatch bool
	// IgnoreClientToken places a new order for every request, and carries out
	// every operation on a circuit.
	IgnoreClientToken bool
	// TokenWindow is how long a client token is remembered; 0 means for ever.
	TokenWindow time.Duration
	// SpendFailedTokens leaves the client token of an operation that fails
	// unusable: every later request with it is answered 403 IdempotentFailed.
	// Otherwise the token can be used again.
	SpendFailedTokens bool
	// TokenInProgressCode is the code while the first request with a client token
	// is in progress, such as IdempotentProcessing or Order.LatestOrderIsHanding;
	// empty means LastTokenProcessing.
	TokenInProgressCode string
	// TokenMismatchCode is the code for a client token with other parameters, such
	// as IdempotenceParamNotMatch; empty means IdempotentParameterMismatch.
	TokenMismatchCode string

	// WrongStateCode is the code for a circuit that cannot be ordered in its
	// state; empty means Forbidden.NotAllowedInState.
	WrongStateCode string
	// RequireLOA refuses a circuit whose letter of authorization is neither
	// complete nor absent, even if the circuit is Confirmed.
	RequireLOA bool
	// RefuseSecondUnpaidOrder answers UnpaidOrderCode while the circuit has an
	// unpaid order. Otherwise a second order is accepted.
	RefuseSecondUnpaidOrder bool
	// UnpaidOrderCode is the code of that refusal, such as OrderStatus.UnPaid;
	// empty means Order.InstanceHasUnpaidOrder.
	UnpaidOrderCode string
	// NotFoundAs400 answers 400 Abs.InstanceNotExist for an unknown circuit,
	// instead of 404 InvalidPhysicalConnectionId.NotFound.
	NotFoundAs400 bool

	// DefaultPeriod is the term of an order that names none; 0 means 1.
	DefaultPeriod int
	// AutoPayOutcome is what becomes of an order with AutoPay=true, whatever
	// the balance; empty leaves it to the balance.
	AutoPayOutcome AutoPayOutcome
	// ShortfallOutcome is what becomes of an order with AutoPay=true that the
	// balance does not cover; empty means Cancelled.
	ShortfallOutcome AutoPayOutcome
	// ShortfallCode is the code with which an order is Refused for lack of money,
	// such as Pay.InsufficientBalance; empty means PAY.INSUFFICIENT_BALANCE.
	ShortfallCode string
	// ConstructionDelay is the time of each step of a circuit that was applied
	// for: Initial, Approved, Allocating, Allocated. 0 means 1 second, a negative
	// value at once.
	ConstructionDelay time.Duration
	// ConstructionEnd is the state at which construction stops: Initial,
	// Approved or Allocating until the quirk is taken back, Rejected or
	// "Allocation Failed" for good; empty means Allocated.
	ConstructionEnd string
	// RefuseSkippedConstruction lets ConfirmPhysicalConnection answer
	// OperationUnsupported.SkipConstruction unless the circuit's letter of
	// authorization is Completing or Complete.
	RefuseSkippedConstruction bool
	// TrafficBillingClosed plays an account that has not opened the billing of
	// outbound traffic: circuits can be neither applied for nor confirmed before
	// OpenPhysicalConnectionService.
	TrafficBillingClosed bool
	// TerminationDelay is the time from TerminatePhysicalConnection until the
	// circuit is Terminated; 0 means 1 second, a negative value at once.
	TerminationDelay time.Duration
	// KeepUnpaidCircuits lets DeletePhysicalConnection refuse circuits that are
	// Allocated or Confirmed, as it was documented before 2025.
	KeepUnpaidCircuits bool

	// EnableDelay is the time from the payment until the circuit is Enabled;
	// 0 means 30 seconds, a negative value at once.
	EnableDelay time.Duration

	// CallQuota is how many calls of an operation are let in within 60 seconds, for
	// each region; 0 means any number. The API admits 300.
	CallQuota int

	// LowerCamelAnswers answers orders in the shape of 2018: keys in lower
	// camel case, the order ID a number.
	LowerCamelAnswers bool
	// OmitEmptyFields leaves empty texts out of the description of a circuit,
	// instead of reporting them as "".
	OmitEmptyFields bool

	// BillingHost is the only host, without a port, at which billing serves the
	// account: every other answers NotApplicable, as the site of China does to
	// an international account. Empty means every host. A Server is reached as
	// 127.0.0.1 and as localhost.
	BillingHost string
	// DateSkew is how far the Date header is ahead of the times in bodies, behind if
	// it is negative. BillingDateSkew is that of billing's answers.
	DateSkew, BillingDateSkew time.Duration
	// OmitDate leaves the Date header out, OmitBillingDate that of billing's answers.
	OmitDate, OmitBillingDate bool
	// BillingLag is how much later billing shows that an order was placed, paid
	// or cancelled. CancelOrder and the balance do not lag.
	BillingLag time.Duration
	// BillingSuccessCode is the Code of billing's good answers, such as "200" or
	// "success"; empty means "200" for QueryAccountBalance and "Success" for
	// the others.
	BillingSuccessCode string
	// UnsuccessfulAs200 answers what billing refuses with HTTP 200 and
	// Success=false, instead of an error's status.
	UnsuccessfulAs200 bool

	// ProductCode and CommodityCode are those of a circuit's fee; empty means
	// "pconn" and "pconn_pre".
	ProductCode, CommodityCode string
	// Currency is that of the account; empty means "USD".
	Currency string
	// ThousandsSeparators writes amounts like "1,234.50".
	ThousandsSeparators bool
	// DiscountPercent and TaxPercent apply to orders placed from then on.
	DiscountPercent, TaxPercent int
	// SubOrders is how many rows billing shows for an order; 0 means 1.
	SubOrders int
	// CancelledRows shows that many rows, the last ones, of every order as
	// Cancelled.
	CancelledRows int
	// UnnamedUnpaidRows shows that many rows, the last ones, of every unpaid order
	// without an instance.
	UnnamedUnpaidRows int

	// UnknownOrderCode is the error code of GetOrderDetail for an order that it
	// does not know; empty means success with an empty list.
	UnknownOrderCode string
	// CancelPaidCode, CancelCancelledCode and CancelUnknownCode are what
	// CancelOrder answers where there is no unpaid order to cancel; empty means
	// InvalidParameter. "Success" as CancelCancelledCode accepts it once more.
	CancelPaidCode, CancelCancelledCode, CancelUnknownCode string
}

// AutoPayOutcome is what becomes of an order with AutoPay=true.
type AutoPayOutcome string

// What may become of an order with AutoPay=true. All but AutoPaid play an
// account without funds.
const (
	// AutoPaid pays the order at once, if the balance covers it.
	AutoPaid AutoPayOutcome = ""
	// AutoPayRefused answers ShortfallCode and leaves no order.
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

// MarshalJSON writes the durations as texts.
func (q Quirks) MarshalJSON() ([]byte, error) { return strictjson.Marshal(q) }

// UnmarshalJSON reads the durations as texts. Fields that are missing keep their
// values. A value that has no meaning, such as a misspelled outcome, is an error.
func (q *Quirks) UnmarshalJSON(text []byte) error {
	if err := strictjson.Unmarshal(text, q); err != nil {
		return err
	}
	return q.check()
}

// maxSubOrders is far more rows than an order has.
const maxSubOrders = 1000

// check refuses what stands for nothing, such as a misspelt outcome, and would pass
// for a default.
func (q *Quirks) check() error {
	outcomes := []AutoPayOutcome{AutoPaid, AutoPayRefused, AutoPayLeftUnpaid, AutoPayCancelled}
	for name, outcome := range map[string]AutoPayOutcome{"AutoPayOutcome": q.AutoPayOutcome, "ShortfallOutcome": q.ShortfallOutcome} {
		if !slices.Contains(outcomes, outcome) {
			return fmt.Errorf("%s is %q, known are %q", name, outcome, outcomes)
		}
	}
	ends := []string{"", StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusRejected, StatusAllocationFailed}
	if !slices.Contains(ends, q.ConstructionEnd) {
		return fmt.Errorf("ConstructionEnd is %q, known are %q", q.ConstructionEnd, ends)
	}
	for _, number := range []struct {
		name        string
		value, most int
	}{
		{"DefaultPeriod", q.DefaultPeriod, math.MaxInt32},
		{"CallQuota", q.CallQuota, math.MaxInt32},
		{"DiscountPercent", q.DiscountPercent, 100},
		{"TaxPercent", q.TaxPercent, 100},
		{"SubOrders", q.SubOrders, maxSubOrders},
		{"CancelledRows", q.CancelledRows, maxSubOrders},
		{"UnnamedUnpaidRows", q.UnnamedUnpaidRows, maxSubOrders},
	} {
		if number.value < 0 || number.value > number.most {
			return fmt.Errorf("%s is %d, and goes from 0 to %d", number.name, number.value, number.most)
		}
	}
	return nil
}

func (q Quirks) enableDelay() time.Duration       { return delay(q.EnableDelay, 30*time.Second) }
func (q Quirks) constructionDelay() time.Duration { return delay(q.ConstructionDelay, time.Second) }
func (q Quirks) terminationDelay() time.Duration  { return delay(q.TerminationDelay, time.Second) }

// delay returns a chosen delay: 0 means the preset, a negative value none.
func delay(chosen, preset time.Duration) time.Duration {
	return max(cmp.Or(chosen, preset), 0)
}

// nextStatus is the state that construction or termination leads to; empty means
// that it stays.
func (q Quirks) nextStatus(status string) string {
	switch {
	case status == StatusTerminating:
		return StatusTerminated
	case status == q.ConstructionEnd:
		return ""
	case status == StatusInitial && q.ConstructionEnd == StatusRejected:
		return StatusRejected
	case status == StatusInitial:
		return StatusApproved
	case status == StatusApproved:
		return StatusAllocating
	case status == StatusAllocating && q.ConstructionEnd == StatusAllocationFailed:
		return StatusAllocationFailed
	case status == StatusAllocating:
		return StatusAllocated
	default:
		return ""
	}
}

func (q Quirks) defaultPeriod() int { return cmp.Or(q.DefaultPeriod, 1) }

func (q Quirks) wrongStateCode() string {
	return cmp.Or(q.WrongStateCode, "Forbidden.NotAllowedInState")
}

func (q Quirks) tokenInProgressCode() string {
	return cmp.Or(q.TokenInProgressCode, "LastTokenProcessing")
}

func (q Quirks) tokenMismatchCode() string {
	return cmp.Or(q.TokenMismatchCode, "IdempotentParameterMismatch")
}

func (q Quirks) unpaidOrderCode() string {
	return cmp.Or(q.UnpaidOrderCode, "Order.InstanceHasUnpaidOrder")
}

func (q Quirks) shortfallCode() string { return cmp.Or(q.ShortfallCode, "PAY.INSUFFICIENT_BALANCE") }
