package account

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// Quirks choose the behavior that the documentation of the API does not define. The zero
// value is the most likely behavior.
type Quirks struct {
	// StateCheckFirst checks the circuit's state before the client token: a repeated order
	// for a circuit that is Enabled by now is refused, instead of answered with the first
	// order. The operations on circuits do the same.
	StateCheckFirst bool
	// IgnoreParameterMismatch answers a known client token with its order even if other
	// parameters differ, instead of TokenMismatchCode.
	IgnoreParameterMismatch bool
	// IgnoreClientToken places a new order for every request, and repeats every operation on
	// a circuit.
	IgnoreClientToken bool
	// TokenWindow is how long the API remembers a client token; 0 means forever.
	TokenWindow time.Duration
	// SpendFailedTokens makes the client token of a failed operation unusable: every later
	// request with it fails with 403 IdempotentFailed. Otherwise it can be used again.
	SpendFailedTokens bool
	// TokenInProgressCode is the error code while the first request with a client token is in
	// progress, such as IdempotentProcessing or Order.LatestOrderIsHanding; empty means
	// LastTokenProcessing.
	TokenInProgressCode string
	// TokenMismatchCode is the error code for a client token with other parameters, such as
	// IdempotenceParamNotMatch; empty means IdempotentParameterMismatch.
	TokenMismatchCode string

	// WrongStateCode is the error code for a circuit that cannot be ordered in its state;
	// empty means Forbidden.NotAllowedInState.
	WrongStateCode string
	// RequireLOA refuses orders for a circuit with an incomplete letter of authorization,
	// even if the circuit is Confirmed.
	RequireLOA bool
	// RefuseSecondUnpaidOrder answers UnpaidOrderCode while the circuit has an unpaid order.
	// Otherwise the API accepts a second order.
	RefuseSecondUnpaidOrder bool
	// UnpaidOrderCode is the error code of RefuseSecondUnpaidOrder, such as
	// OrderStatus.UnPaid; empty means Order.InstanceHasUnpaidOrder.
	UnpaidOrderCode string
	// NotFoundAs400 answers 400 Abs.InstanceNotExist for an unknown circuit, instead of 404
	// InvalidPhysicalConnectionId.NotFound.
	NotFoundAs400 bool

	// DefaultPeriod is the term of an order without Period; 0 means 1.
	DefaultPeriod int
	// AutoPayOutcome is the result of an order with AutoPay=true, for any balance; empty
	// means that it depends on the balance.
	AutoPayOutcome AutoPayOutcome
	// ShortfallOutcome is the result of an order with AutoPay=true if the balance is too low;
	// empty means Cancelled.
	ShortfallOutcome AutoPayOutcome
	// ShortfallCode is the error code of an order that is Refused because the balance is too
	// low, such as Pay.InsufficientBalance; empty means PAY.INSUFFICIENT_BALANCE.
	ShortfallCode string
	// ConstructionDelay is the time of each step of a construction: Initial, Approved,
	// Allocating, Allocated; 0 means 1 second, a negative value no delay.
	ConstructionDelay time.Duration
	// ConstructionEnd is the state at which a construction stops: Initial, Approved or
	// Allocating until the quirk changes, Rejected or "Allocation Failed" for good; empty
	// means Allocated.
	ConstructionEnd string
	// RefuseSkippedConstruction answers OperationUnsupported.SkipConstruction to
	// ConfirmPhysicalConnection unless the letter of authorization is Completing or Complete.
	RefuseSkippedConstruction bool
	// TrafficBillingClosed emulates an account that did not open the billing of outbound
	// traffic: it cannot apply for circuits or confirm them before OpenPhysicalConnectionService.
	TrafficBillingClosed bool
	// TerminationDelay is the time from TerminatePhysicalConnection until the circuit is
	// Terminated; 0 means 1 second, a negative value no delay.
	TerminationDelay time.Duration
	// KeepUnpaidCircuits refuses DeletePhysicalConnection for circuits that are Allocated or
	// Confirmed, as documented before 2025.
	KeepUnpaidCircuits bool

	// EnableDelay is the time from the payment until the circuit is Enabled; 0 means 30
	// seconds, a negative value no delay.
	EnableDelay time.Duration

	// CallQuota is the number of calls of an operation within 60 seconds, for each region; 0
	// means no limit. The API allows 300.
	CallQuota int

	// LowerCamelAnswers answers orders as the API did in 2018: keys in lower camel case, the
	// order ID a number.
	LowerCamelAnswers bool
	// OmitEmptyFields leaves empty texts out of the description of a circuit, instead of
	// returning them as "".
	OmitEmptyFields bool

	// BillingHost is the only host, without a port, that serves billing for the account. Every
	// other host answers NotApplicable, as the site of China does for an international account.
	// Empty means every host. A Server has the hosts 127.0.0.1 and localhost.
	BillingHost string
	// DateSkew is how far the Date header is ahead of the times in bodies; a negative value
	// means behind. BillingDateSkew is the same for billing.
	DateSkew, BillingDateSkew time.Duration
	// OmitDate leaves the Date header out, OmitBillingDate does so for billing.
	OmitDate, OmitBillingDate bool
	// BillingLag is how much later billing shows that an order was placed, paid or cancelled.
	// CancelOrder and the balance have no delay.
	BillingLag time.Duration
	// BillingSuccessCode is the Code of a successful answer of billing, such as "200" or
	// "success"; empty means "200" for QueryAccountBalance and "Success" for the others.
	BillingSuccessCode string
	// UnsuccessfulAs200 answers a refusal of billing with HTTP 200 and Success=false, instead
	// of the status of an error.
	UnsuccessfulAs200 bool

	// ProductCode and CommodityCode are the codes of a circuit's fee; empty means "pconn" and
	// "pconn_pre".
	ProductCode, CommodityCode string
	// ProductType is the product type of circuits in billing; empty means that they have none.
	ProductType string
	// RenewalLag is how much later QueryAvailableInstances shows a change of the renewal
	// setting, and a circuit after its payment. SetRenewal has no delay.
	RenewalLag time.Duration
	// Currency is the currency of the account; empty means "USD".
	Currency string
	// ThousandsSeparators writes amounts like "1,234.50".
	ThousandsSeparators bool
	// DiscountPercent and TaxPercent apply to new orders, and DiscountPercent to prices.
	DiscountPercent, TaxPercent int
	// PricePercent changes the price list: 120 makes every port a fifth more expensive; 0
	// means 100.
	PricePercent int
	// PriceRegion is what the price operation accepts as Region: "Codes" of the price list,
	// such as cn-hangzhou-dg-a01, "IDs" such as cn-hangzhou, or both if it is empty.
	PriceRegion string
	// SubOrders is the number of rows that billing shows for an order; 0 means 1.
	SubOrders int
	// CancelledRows shows this number of rows of every order, from the end, as Cancelled.
	CancelledRows int
	// UnnamedUnpaidRows shows this number of rows of every unpaid order, from the end, without
	// an instance.
	UnnamedUnpaidRows int

	// UnknownOrderCode is the error code of GetOrderDetail for an unknown order; empty means
	// success with an empty list.
	UnknownOrderCode string
	// CancelPaidCode, CancelCancelledCode and CancelUnknownCode are the error codes of
	// CancelOrder if there is no unpaid order to cancel; empty means InvalidParameter.
	// "Success" as CancelCancelledCode accepts the second cancellation.
	CancelPaidCode, CancelCancelledCode, CancelUnknownCode string
}

// The values of PriceRegion.
const (
	PriceRegionCodes = "Codes"
	PriceRegionIDs   = "IDs"
)

// AutoPayOutcome is the result of an order with AutoPay=true.
type AutoPayOutcome string

// The results of an order with AutoPay=true. All but AutoPaid emulate an account without money.
const (
	// AutoPaid pays the order at once, if the balance is high enough.
	AutoPaid AutoPayOutcome = ""
	// AutoPayRefused answers ShortfallCode and places no order.
	AutoPayRefused AutoPayOutcome = "Refused"
	// AutoPayLeftUnpaid answers with an order that stays unpaid.
	AutoPayLeftUnpaid AutoPayOutcome = "LeftUnpaid"
	// AutoPayCancelled answers with an order that is already cancelled.
	AutoPayCancelled AutoPayOutcome = "Cancelled"
)

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

// maxSubOrders is much higher than the number of rows of a real order.
const maxSubOrders = 1000

// check returns an error for values without a meaning, such as a misspelled outcome.
func (q *Quirks) check() error {
	outcomes := []AutoPayOutcome{AutoPaid, AutoPayRefused, AutoPayLeftUnpaid, AutoPayCancelled}
	for name, outcome := range map[string]AutoPayOutcome{"AutoPayOutcome": q.AutoPayOutcome, "ShortfallOutcome": q.ShortfallOutcome} {
		if !slices.Contains(outcomes, outcome) {
			return fmt.Errorf("%s is %q, want one of %q", name, outcome, outcomes)
		}
	}
	ends := []string{"", StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusRejected, StatusAllocationFailed}
	if !slices.Contains(ends, q.ConstructionEnd) {
		return fmt.Errorf("ConstructionEnd is %q, want one of %q", q.ConstructionEnd, ends)
	}
	if !slices.Contains([]string{"", PriceRegionCodes, PriceRegionIDs}, q.PriceRegion) {
		return fmt.Errorf("PriceRegion is %q, want %q, %q or empty", q.PriceRegion, PriceRegionCodes, PriceRegionIDs)
	}
	for _, number := range []struct {
		name        string
		value, most int
	}{
		{"DefaultPeriod", q.DefaultPeriod, maxPeriod},
		{"CallQuota", q.CallQuota, math.MaxInt32},
		{"DiscountPercent", q.DiscountPercent, 100},
		{"TaxPercent", q.TaxPercent, 100},
		{"PricePercent", q.PricePercent, 10_000},
		{"SubOrders", q.SubOrders, maxSubOrders},
		{"CancelledRows", q.CancelledRows, maxSubOrders},
		{"UnnamedUnpaidRows", q.UnnamedUnpaidRows, maxSubOrders},
	} {
		if number.value < 0 || number.value > number.most {
			return fmt.Errorf("%s is %d, want 0 to %d", number.name, number.value, number.most)
		}
	}
	return nil
}

func (q Quirks) enableDelay() time.Duration       { return delay(q.EnableDelay, 30*time.Second) }
func (q Quirks) constructionDelay() time.Duration { return delay(q.ConstructionDelay, time.Second) }
func (q Quirks) terminationDelay() time.Duration  { return delay(q.TerminationDelay, time.Second) }

// delay returns the chosen delay: 0 means the preset, a negative value no delay.
func delay(chosen, preset time.Duration) time.Duration {
	return max(cmp.Or(chosen, preset), 0)
}

// nextStatus returns the next state of a construction or termination; empty if it stays.
func (q Quirks) nextStatus(status string) string {
	switch end := q.ConstructionEnd; {
	case status == end && status != StatusTerminating:
		return ""
	case status == StatusInitial && end == StatusRejected, status == StatusAllocating && end == StatusAllocationFailed:
		return end
	default:
		return map[string]string{
			StatusInitial:     StatusApproved,
			StatusApproved:    StatusAllocating,
			StatusAllocating:  StatusAllocated,
			StatusTerminating: StatusTerminated,
		}[status]
	}
}

// PeriodOrDefault returns the term of an order without Period.
func (q Quirks) PeriodOrDefault() int { return cmp.Or(q.DefaultPeriod, 1) }

// codeOr returns the error code of a quirk, or its default.
func codeOr(chosen, preset string) Code { return Code(cmp.Or(chosen, preset)) }
