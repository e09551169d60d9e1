package billing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// Cancellation is what came of cancelling an unpaid order.
type Cancellation int

const (
	// NotCancelled orders were not to be cancelled.
	NotCancelled Cancellation = iota
	// CancelledNow orders were unpaid and are cancelled.
	CancelledNow
	// CancelledBefore orders were cancelled or had lapsed already.
	CancelledBefore
	// PaidMeanwhile orders are paid, in part at least, and stay as they are.
	PaidMeanwhile
	// CancelNotPermitted orders stay as they are for want of rights.
	CancelNotPermitted
	// CancelForeign orders are not the circuit's, or not certainly, and stay as they
	// are.
	CancelForeign
	// CancelInDoubt orders may or may not be cancelled. To cancel again does no harm.
	CancelInDoubt
)

// cancelTries bounds how often a cancellation is sent.
const cancelTries = 4

// CancelUnpaid cancels the order if billing reports it as unpaid, and as an order of the
// circuit. placed means that Create placed it for the circuit: then it is enough that
// billing does not name another circuit.
// The error is why it is not cancelled; nil for orders that are, and for those that
// are paid.
func (p *Reader) CancelUnpaid(ctx context.Context, orderID, circuitID string, placed bool) (Cancellation, error) {
	var (
		backoff retry.Backoff
		refused error
	)
	for try := 1; ; try++ {
		rows, err := p.ReadUncached(ctx, orderID)
		switch {
		case notPermitted(err):
			return CancelNotPermitted, err
		case err != nil:
			return CancelInDoubt, errors.Join(refused, err)
		case len(rows) > 0 && !cancellable(rows, circuitID, placed):
			return CancelForeign, fmt.Errorf("billing does not report order %s as one that was placed for circuit %s", orderID, circuitID)
		case PaymentStatus(rows) == Cancelled && try == 1:
			return CancelledBefore, nil
		case PaymentStatus(rows) == Cancelled:
			return CancelledNow, nil
		case slices.ContainsFunc(rows, func(row OrderLine) bool { return PaymentStatus([]OrderLine{row}) == Paid }):
			return PaidMeanwhile, nil
		case PaymentStatus(rows) != Unpaid:
			return CancelInDoubt, fmt.Errorf("billing does not tell the payment status of order %s (yet)", orderID)
		case try > cancelTries:
			return CancelInDoubt, refused
		}
		if try > 1 {
			if err := retry.Wait(ctx, backoff.Next()); err != nil {
				return CancelInDoubt, refused
			}
		}
		refused = p.billing.CancelOrder(ctx, orderID)
		switch {
		case refused == nil:
			return CancelledNow, nil
		case notPermitted(refused):
			return CancelNotPermitted, refused
		}
	}
}

// cancellable reports whether the rows are of a new order for the circuit.
func cancellable(rows []OrderLine, circuitID string, placed bool) bool {
	for _, row := range rows {
		if isOtherType(row) {
			return false
		}
	}
	return !namesOthers(rows, circuitID) && (NameInstance(rows, circuitID) || placed)
}

func notPermitted(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return errors.Is(err, ErrBillingOff) || failed && failure.NotPermitted()
}
