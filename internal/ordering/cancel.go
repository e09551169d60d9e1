package ordering

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Cancellation is what came of cancelling an unpaid order.
type Cancellation int

const (
	// CancelledNow orders were unpaid and are cancelled.
	CancelledNow Cancellation = iota
	// CancelledBefore orders were cancelled or had lapsed already.
	CancelledBefore
	// PaidMeanwhile orders are paid, in part at least, and stay as they are.
	PaidMeanwhile
	// CancelNotPermitted orders stay as they are for want of rights.
	CancelNotPermitted
	// CancelInDoubt orders may or may not be cancelled. To cancel again does no harm.
	CancelInDoubt
)

// cancelTries bounds how often a cancellation is sent.
const cancelTries = 4

// CancelUnpaid cancels the order if billing reports it as unpaid. The error is why it
// is not cancelled; nil for orders that are, and for those that are paid.
func (p *Payments) CancelUnpaid(ctx context.Context, orderID string) (Cancellation, error) {
	var (
		backoff Backoff
		refused error
	)
	for try := 1; ; try++ {
		rows, err := p.billing.OrderRows(ctx, orderID)
		switch {
		case notPermitted(err):
			return CancelNotPermitted, err
		case err != nil:
			return CancelInDoubt, errors.Join(refused, err)
		case PaymentOf(rows) == PaymentCancelled && try == 1:
			return CancelledBefore, nil
		case PaymentOf(rows) == PaymentCancelled:
			return CancelledNow, nil
		case slices.ContainsFunc(rows, func(row OrderRow) bool { return row.PaymentStatus == PaymentPaid }):
			return PaidMeanwhile, nil
		case PaymentOf(rows) != PaymentUnpaid:
			return CancelInDoubt, fmt.Errorf("billing does not tell the payment status of order %s (yet)", orderID)
		case try > cancelTries:
			return CancelInDoubt, refused
		}
		if try > 1 {
			if err := Wait(ctx, backoff.Next()); err != nil {
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

func notPermitted(err error) bool {
	var failure *Failure
	return errors.As(err, &failure) && failure.NotPermitted()
}
