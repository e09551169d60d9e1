package billing_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestCancelUnpaid_CancelsOnlyUnpaidOrdersOfTheCircuit(t *testing.T) {
	t.Parallel()
	now := time.Now()
	unpaid, paid := ordertest.LineOf("1", "Unpaid", now), ordertest.LineOf("1", "Paid", now)
	cancelled, unknown := ordertest.LineOf("1", "Cancelled", now), ordertest.LineOf("1", "Frozen", now)
	other, renewal, unnamed := ordertest.LineOf("1", "Unpaid", now), ordertest.LineOf("1", "Unpaid", now), ordertest.LineOf("1", "Unpaid", now)
	other.InstanceIDs, renewal.OrderType, unnamed.InstanceIDs = []string{"i-1"}, "Renew", nil
	untyped, upper := unpaid, unpaid
	untyped.OrderType, upper.OrderType = "", "NEW"
	for name, test := range map[string]struct {
		lines  []billing.OrderLine
		placed bool
		want   billing.Cancellation
		sent   int
	}{
		"unpaid":              {[]billing.OrderLine{unpaid}, true, billing.CancelledNow, 1},
		"unpaid, imported":    {[]billing.OrderLine{unpaid}, false, billing.CancelledNow, 1},
		"in part cancelled":   {[]billing.OrderLine{unpaid, cancelled}, true, billing.CancelledNow, 1},
		"paid":                {[]billing.OrderLine{paid}, true, billing.PaidMeanwhile, 0},
		"in part paid":        {[]billing.OrderLine{paid, unpaid}, true, billing.PaidMeanwhile, 0},
		"in part paid, later": {[]billing.OrderLine{unpaid, paid}, true, billing.PaidMeanwhile, 0},
		"cancelled":           {[]billing.OrderLine{cancelled}, true, billing.CancelledBefore, 0},
		"unknown status":      {[]billing.OrderLine{unpaid, unknown}, true, billing.CancelInDoubt, 0},
		"unknown order":       {nil, true, billing.CancelInDoubt, 0},
		"unknown, imported":   {nil, false, billing.CancelInDoubt, 0},
		"something else's":    {[]billing.OrderLine{other}, true, billing.CancelForeign, 0},
		"a renewal":           {[]billing.OrderLine{renewal}, true, billing.CancelForeign, 0},
		"without a type":      {[]billing.OrderLine{untyped}, true, billing.CancelledNow, 1},
		"type in upper case":  {[]billing.OrderLine{upper}, true, billing.CancelledNow, 1},
		"unnamed, ours":       {[]billing.OrderLine{unnamed}, true, billing.CancelledNow, 1},
		"unnamed, imported":   {[]billing.OrderLine{unnamed}, false, billing.CancelForeign, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := &ordertest.FakeBilling{Lines: map[string][]billing.OrderLine{"1": test.lines}}
			got, err := billing.NewReader(orders).CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, test.placed)
			if got != test.want || len(orders.Cancelled) != test.sent {
				t.Errorf("outcome %d with %d cancellations (%v), want %d with %d", got, len(orders.Cancelled), err, test.want, test.sent)
			}
		})
	}
}

func TestCancelUnpaid_ServerError_TriesFourTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		orders := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", time.Now()))
		var sent []time.Duration
		begun := time.Now()
		orders.OnCancel = func(string) error {
			sent = append(sent, time.Since(begun))
			return ordertest.Answered(500, "InternalError")
		}
		got, err := billing.NewReader(orders).CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, true)
		if got != billing.CancelInDoubt || err == nil || len(sent) != 4 || sent[0] != 0 {
			t.Fatalf("outcome %d after tries at %s: %v", got, sent, err)
		}
		for i := range sent[1:] {
			if sent[i] == sent[i+1] {
				t.Errorf("no pause between the tries at %s", sent)
			}
		}
	})
}

func TestCancelUnpaid_Failure_ReturnsItsReason(t *testing.T) {
	t.Parallel()
	forbidden, down := ordertest.Answered(400, "NotAuthorized"), ordertest.Answered(500, "InternalError")
	for name, test := range map[string]struct {
		reading, cancelling error
		want                billing.Cancellation
		why                 error
		sent                int
	}{
		"no permission to read":   {reading: forbidden, want: billing.CancelNotPermitted, why: forbidden},
		"no permission to cancel": {cancelling: forbidden, want: billing.CancelNotPermitted, why: forbidden, sent: 1},
		"billing is down":         {reading: down, want: billing.CancelInDoubt, why: down},
		"always refused":          {cancelling: down, want: billing.CancelInDoubt, why: down, sent: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				orders := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", time.Now()))
				orders.OnCancel = func(string) error { return test.cancelling }
				if test.reading != nil {
					orders.ReadErrs = map[string]error{"1": test.reading}
				}
				got, err := billing.NewReader(orders).CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, true)
				if got != test.want || !errors.Is(err, test.why) || len(orders.Cancelled) != test.sent {
					t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.Cancelled), err)
				}
			})
		})
	}
}

func TestCancelUnpaid_LostResponse_ReadsTheOrderAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		then func(*ordertest.FakeBilling) // while the answer is lost
		want billing.Cancellation
		sent int
		fail bool
	}{
		"it was cancelled": {func(b *ordertest.FakeBilling) { b.Lines["1"][0].PaymentStatus = "Cancelled" }, billing.CancelledNow, 1, false},
		"the user paid it": {func(b *ordertest.FakeBilling) { b.Lines["1"][0].PaymentStatus = "Paid" }, billing.PaidMeanwhile, 1, false},
		"billing went down": {func(b *ordertest.FakeBilling) {
			b.ReadErrs = map[string]error{"1": ordertest.Answered(500, "InternalError")}
		}, billing.CancelInDoubt, 1, true},
		"billing was refused": {func(b *ordertest.FakeBilling) {
			b.ReadErrs = map[string]error{"1": ordertest.Answered(403, "NoPermission")}
		}, billing.CancelNotPermitted, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				orders := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", time.Now()))
				answer := ordertest.Lost()
				orders.OnCancel = func(string) error {
					test.then(orders)
					return answer
				}
				got, err := billing.NewReader(orders).CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, true)
				if got != test.want || (err != nil) != test.fail || len(orders.Cancelled) != test.sent {
					t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.Cancelled), err)
				}
				if got == billing.CancelInDoubt && !errors.Is(err, answer) {
					t.Errorf("the lost response is not in the error: %v", err)
				}
			})
		})
	}
}

func TestCancelUnpaid_Interrupt_IsInDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		orders := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", time.Now()))
		orders.OnCancel = func(string) error {
			cancel()
			return ordertest.Lost()
		}
		if got, err := billing.NewReader(orders).CancelUnpaid(ctx, "1", ordertest.KeyA.CircuitID, true); got != billing.CancelInDoubt || err == nil || len(orders.Cancelled) != 1 {
			t.Errorf("outcome %d with %d cancellations: %v", got, len(orders.Cancelled), err)
		}
	})
}

func TestCancelUnpaid_BillingOff_CancelsNothing(t *testing.T) {
	t.Parallel()
	var off *billing.Reader
	if got, err := off.CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, true); got != billing.CancelNotPermitted || !errors.Is(err, billing.ErrBillingOff) {
		t.Errorf("outcome %d: %v", got, err)
	}
}
