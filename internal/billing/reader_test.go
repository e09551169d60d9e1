package billing_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// failingBilling is a billing with one error.
type failingBilling struct {
	billing.Client
	mu      sync.Mutex
	failure *apierror.Error
	calls   int
}

func (b *failingBilling) OrderLines(context.Context, string) ([]billing.OrderLine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.failure == nil {
		return []billing.OrderLine{{PaymentStatus: billing.Paid}}, nil
	}
	return nil, b.failure
}

func TestLines_BillingFails_LimitsTheCalls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure                     apierror.Error
		atOnce, inAMinute, decision int // calls so far
	}{
		"not permitted":   {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 403, Code: "NoPermission"}, 1, 1, 1},
		"not authorized":  {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 200, Code: "NotAuthorized"}, 1, 1, 1},
		"another site":    {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 400, Code: "NotApplicable"}, 1, 1, 1},
		"down":            {apierror.Error{Delivery: apierror.NotSent}, 1, 2, 3},
		"lost":            {apierror.Error{Delivery: apierror.ResponseLost}, 1, 2, 3},
		"server":          {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 500}, 1, 2, 3},
		"server, as 400":  {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 400, Code: "InternalError"}, 1, 2, 3},
		"server, as 200":  {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 200, Code: "UndefinedError"}, 1, 2, 3},
		"about the order": {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 400, Code: "InvalidParameter"}, 2, 3, 4},
		"throttled":       {apierror.Error{Delivery: apierror.Answered, HTTPStatus: 400, Code: "Throttling"}, 2, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := &failingBilling{failure: &test.failure}
				reader := billing.NewReader(fake)
				want := func(when string, calls int) {
					t.Helper()
					if fake.calls != calls {
						t.Errorf("%s: %d calls, want %d", when, fake.calls, calls)
					}
				}
				for range 2 {
					if _, err := reader.Lines(t.Context(), "1"); err == nil {
						t.Error("no error")
					}
				}
				want("twice", test.atOnce)
				time.Sleep(time.Minute + time.Second) // on fake time
				_, _ = reader.Lines(t.Context(), "1")
				want("after a minute", test.inAMinute)
				_, _ = reader.ReadUncached(t.Context(), "1")
				want("for a decision", test.decision)
				if !reader.WarnOnce() || reader.WarnOnce() {
					t.Error("WarnOnce must return true once")
				}
			})
		})
	}
}

func TestLines_CancelledByTheCaller_CallsBillingAgain(t *testing.T) {
	t.Parallel()
	fake := &failingBilling{failure: &apierror.Error{Delivery: apierror.NotSent, Cause: context.Canceled}}
	reader := billing.NewReader(fake)
	_, _ = reader.Lines(t.Context(), "1")
	fake.failure = nil
	if lines, err := reader.Lines(t.Context(), "1"); err != nil || len(lines) != 1 {
		t.Error(lines, err)
	}
}

func TestPatient_AllOrdersOfARun_WaitFiveMinutesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader, begun := billing.NewReader(ordertest.BillingWith()), time.Now()
		for range 2 {
			ctx, cancel := reader.Patient(t.Context())
			defer cancel()
			if end, limited := ctx.Deadline(); !limited || end.Sub(begun) != 5*time.Minute {
				t.Errorf("ends after %s", end.Sub(begun))
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestReader_BillingOff_CallsNothing(t *testing.T) {
	t.Parallel()
	var off *billing.Reader
	if _, err := off.Lines(t.Context(), "1"); !errors.Is(err, billing.ErrBillingOff) {
		t.Errorf("Lines: %v", err)
	}
	if _, err := off.ReadUncached(t.Context(), "1"); !errors.Is(err, billing.ErrBillingOff) {
		t.Errorf("ReadUncached: %v", err)
	}
	look := off.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, nil)
	if !errors.Is(look.Err, billing.ErrBillingOff) || !look.Denied() || look.Complete() {
		t.Errorf("Look: %+v", look)
	}
	if off.WarnOnce() {
		t.Error("a user who turned billing off gets a warning")
	}
}
