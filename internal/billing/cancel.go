package billing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// Cancellation is the result of cancelling an order.
type Cancellation int

const (
	// NotCancelled means that no cancellation was wanted.
	NotCancelled Cancellation = iota
	// CancelledNow means that the order was unpaid and is now cancelled.
	CancelledNow
	// CancelledBefore means that the order was already cancelled.
	CancelledBefore
	// PaidMeanwhile means that the order, or a part of it, is paid. It was not cancelled.
	PaidMeanwhile
	// CancelNotPermitted means that permissions are missing. The order was not cancelled.
	CancelNotPermitted
	// CancelForeign means that the order is, or may be, for something else. It was not
	// cancelled.
	CancelForeign
	// CancelInDoubt means that the order may be cancelled or not. Another cancellation does
	// no harm.
	CancelInDoubt
)

// cancelTries limits how often a cancellation is sent.
const cancelTries = 4

// CancelUnpaid cancels the order if it is unpaid and billing reports it for the circuit. If
// placed is true, Create placed it for the circuit: the lines then need no circuit ID, but
// must not have another one. The error is nil if the order is cancelled or paid.
func (r *Reader) CancelUnpaid(ctx context.Context, orderID, circuitID string, placed bool) (Cancellation, error) {
	var (
		backoff retry.Backoff
		refused error
	)
	for try := 1; ; try++ {
		lines, err := r.ReadUncached(ctx, orderID)
		switch {
		case notPermitted(err):
			return CancelNotPermitted, err
		case err != nil:
			return CancelInDoubt, errors.Join(refused, err)
		case len(lines) > 0 && !isCancellable(lines, circuitID, placed):
			return CancelForeign, fmt.Errorf("billing does not report order %s as an order for circuit %s", orderID, circuitID)
		case PaymentStatus(lines) == Cancelled && try == 1:
			return CancelledBefore, nil
		case PaymentStatus(lines) == Cancelled:
			return CancelledNow, nil
		case slices.ContainsFunc(lines, func(line OrderLine) bool { return PaymentStatus([]OrderLine{line}) == Paid }):
			return PaidMeanwhile, nil
		case PaymentStatus(lines) != Unpaid:
			return CancelInDoubt, fmt.Errorf("billing does not report the payment status of order %s (yet)", orderID)
		case try > cancelTries:
			return CancelInDoubt, refused
		}
		if try > 1 {
			if err := retry.Wait(ctx, backoff.Next()); err != nil {
				return CancelInDoubt, refused
			}
		}
		refused = r.billing.CancelOrder(ctx, orderID)
		switch {
		case refused == nil:
			return CancelledNow, nil
		case notPermitted(refused):
			return CancelNotPermitted, refused
		}
	}
}

// isCancellable reports whether the lines are those of a new order for the circuit.
func isCancellable(lines []OrderLine, circuitID string, placed bool) bool {
	return !slices.ContainsFunc(lines, isOtherType) && !nameOthers(lines, circuitID) && (placed || NameInstance(lines, circuitID))
}
