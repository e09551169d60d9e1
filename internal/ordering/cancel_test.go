package ordering_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestOnlyAnUnpaidOrderOfTheCircuitIsCancelled(t *testing.T) {
	t.Parallel()
	now := time.Now()
	unpaid, paid := rowOf("1", "Unpaid", now), rowOf("1", "Paid", now)
	cancelled, unknown := rowOf("1", "Cancelled", now), rowOf("1", "Frozen", now)
	foreign, renewal, unnamed := rowOf("1", "Unpaid", now), rowOf("1", "Unpaid", now), rowOf("1", "Unpaid", now)
	foreign.InstanceIDs, renewal.OrderType, unnamed.InstanceIDs = []string{"i-1"}, "Renew", nil
	for name, test := range map[string]struct {
		rows   []ordering.OrderRow
		origin ordering.Origin
		want   ordering.Cancellation
		sent   int
	}{
		"unpaid":              {[]ordering.OrderRow{unpaid}, ordering.Placed, ordering.CancelledNow, 1},
		"unpaid, imported":    {[]ordering.OrderRow{unpaid}, ordering.Imported, ordering.CancelledNow, 1},
		"in part cancelled":   {[]ordering.OrderRow{unpaid, cancelled}, ordering.Placed, ordering.CancelledNow, 1},
		"paid":                {[]ordering.OrderRow{paid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"in part paid":        {[]ordering.OrderRow{paid, unpaid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"in part paid, later": {[]ordering.OrderRow{unpaid, paid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"cancelled":           {[]ordering.OrderRow{cancelled}, ordering.Placed, ordering.CancelledBefore, 0},
		"unknown status":      {[]ordering.OrderRow{unpaid, unknown}, ordering.Placed, ordering.CancelInDoubt, 0},
		"unknown order":       {nil, ordering.Placed, ordering.CancelInDoubt, 0},
		"something else's":    {[]ordering.OrderRow{foreign}, ordering.Placed, ordering.CancelForeign, 0},
		"a renewal":           {[]ordering.OrderRow{renewal}, ordering.Placed, ordering.CancelForeign, 0},
		"unnamed, ours":       {[]ordering.OrderRow{unnamed}, ordering.Placed, ordering.CancelledNow, 1},
		"unnamed, imported":   {[]ordering.OrderRow{unnamed}, ordering.Imported, ordering.CancelForeign, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := &book{rows: map[string][]ordering.OrderRow{"1": test.rows}}
			record := ordering.Record{Region: keyA.Region, CircuitID: keyA.CircuitID, OrderID: "1", Origin: test.origin}
			got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), record)
			if got != test.want || len(orders.cancelled) != test.sent {
				t.Errorf("outcome %d with %d cancellations (%v), want %d with %d", got, len(orders.cancelled), err, test.want, test.sent)
			}
		})
	}
}

func TestACancellationIsRepeatedWithPausesAndNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		orders := &book{rows: map[string][]ordering.OrderRow{"1": {rowOf("1", "Unpaid", time.Now())}}, onCancel: func(string) error { return answered(500, "InternalError") }}
		begun := time.Now()
		got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), ordering.Record{CircuitID: keyA.CircuitID, OrderID: "1", Origin: ordering.Placed})
		if got != ordering.CancelInDoubt || err == nil || len(orders.cancelled) != 4 || time.Since(begun) == 0 {
			t.Errorf("outcome %d after %d tries in %s: %v", got, len(orders.cancelled), time.Since(begun), err)
		}
	})
}

// placedA is the record of order "1", which Create has placed for circuit A.
var placedA = ordering.Record{Region: keyA.Region, CircuitID: keyA.CircuitID, OrderID: "1", Origin: ordering.Placed}

func TestACancellationThatIsNotDoneSaysWhy(t *testing.T) {
	t.Parallel()
	forbidden, down := answered(400, "NotAuthorized"), answered(500, "InternalError")
	for name, test := range map[string]struct {
		reading, cancelling error
		want                ordering.Cancellation
		why                 error
		sent                int
	}{
		"no right to read":   {reading: forbidden, want: ordering.CancelNotPermitted, why: forbidden},
		"no right to cancel": {cancelling: forbidden, want: ordering.CancelNotPermitted, why: forbidden, sent: 1},
		"billing is down":    {reading: down, want: ordering.CancelInDoubt, why: down},
		"refused for ever":   {cancelling: down, want: ordering.CancelInDoubt, why: down, sent: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				orders := &book{rows: map[string][]ordering.OrderRow{"1": {rowOf("1", "Unpaid", time.Now())}}, onCancel: func(string) error { return test.cancelling }}
				if test.reading != nil {
					orders.failing = map[string]error{"1": test.reading}
				}
				got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), placedA)
				if got != test.want || !errors.Is(err, test.why) || len(orders.cancelled) != test.sent {
					t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.cancelled), err)
				}
			})
		})
	}
}

func TestACancellationWhoseAnswerWasLostIsFoundOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		then func(*book) // while the answer is lost
		want ordering.Cancellation
		sent int
		fail bool
	}{
		"it was cancelled":    {func(b *book) { b.rows["1"][0].PaymentStatus = "Cancelled" }, ordering.CancelledNow, 1, false},
		"somebody paid it":    {func(b *book) { b.rows["1"][0].PaymentStatus = "Paid" }, ordering.PaidMeanwhile, 1, false},
		"billing went down":   {func(b *book) { b.failing = map[string]error{"1": answered(500, "InternalError")} }, ordering.CancelInDoubt, 1, true},
		"billing was refused": {func(b *book) { b.failing = map[string]error{"1": answered(403, "NoPermission")} }, ordering.CancelNotPermitted, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				orders := &book{rows: map[string][]ordering.OrderRow{"1": {rowOf("1", "Unpaid", time.Now())}}}
				answer := lost()
				orders.onCancel = func(string) error {
					test.then(orders)
					return answer
				}
				got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), placedA)
				if got != test.want || (err != nil) != test.fail || len(orders.cancelled) != test.sent {
					t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.cancelled), err)
				}
				if got == ordering.CancelInDoubt && !errors.Is(err, answer) {
					t.Errorf("the lost answer is not told: %v", err)
				}
			})
		})
	}
}

func TestAnInterruptedCancellationIsInDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		orders := &book{rows: map[string][]ordering.OrderRow{"1": {rowOf("1", "Unpaid", time.Now())}}, onCancel: func(string) error {
			cancel()
			return lost()
		}}
		if got, err := ordering.NewPayments(orders).CancelUnpaid(ctx, placedA); got != ordering.CancelInDoubt || err == nil || len(orders.cancelled) != 1 {
			t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.cancelled), err)
		}
	})
}

func TestAnOrderWithoutATypeIsCancelledAsANewOne(t *testing.T) {
	t.Parallel()
	row := rowOf("1", "Unpaid", time.Now())
	row.OrderType = ""
	orders := &book{rows: map[string][]ordering.OrderRow{"1": {row}}}
	if got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), placedA); got != ordering.CancelledNow || err != nil {
		t.Errorf("outcome %d: %v", got, err)
	}
}

func TestCancelUnpaid_BillingOff_CancelsNothing(t *testing.T) {
	t.Parallel()
	var off *ordering.Payments
	if got, err := off.CancelUnpaid(t.Context(), placedA); got != ordering.CancelNotPermitted || !errors.Is(err, ordering.ErrBillingOff) {
		t.Errorf("outcome %d: %v", got, err)
	}
}
