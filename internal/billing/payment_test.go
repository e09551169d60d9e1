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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestAnOrderIsCancelledOnlyIfEveryRowIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"Cancelled"}, "Cancelled"},
		{[]string{"Cancelled", "Cancelled"}, "Cancelled"},
		{[]string{"Cancelled", "Paid"}, "Paid"},
		{[]string{"Paid", "Paid"}, "Paid"},
		{[]string{"Paid", "Unpaid"}, "Unpaid"},
		{[]string{"Unpaid", "Cancelled"}, "Unpaid"},
		{[]string{"Unpaid", "Paid", "Cancelled"}, "Unpaid"},
		{[]string{""}, ""},
		{[]string{"Cancelled", ""}, ""},
		{[]string{"Paid", "Refunded"}, ""},
		{[]string{"cancelled"}, "Cancelled"},
		{[]string{"CANCELLED", "Canceled"}, "Cancelled"},
		{[]string{"paid"}, "Paid"},
		{[]string{"UNPAID"}, "Unpaid"},
		{[]string{"Cancelling"}, ""},
	} {
		var lines []billing.OrderLine
		for _, status := range test.lines {
			lines = append(lines, billing.OrderLine{PaymentStatus: status})
		}
		if got := billing.PaymentStatus(lines); got != test.want {
			t.Errorf("%q: %q, want %q", test.lines, got, test.want)
		}
	}
}

func TestATermIsComparedInMonthsWhateverDayItEnds(t *testing.T) {
	t.Parallel()
	// The example of the price list: one month from 9 August, 13:00 in UTC+8.
	start, end := time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC), time.Date(2022, 9, 9, 16, 0, 0, 0, time.UTC)
	for months, want := range map[int]bool{0: false, 1: true, 2: false, 12: false} {
		if got := order.Lasts(start, end, months); got != want {
			t.Errorf("%d months: %t", months, got)
		}
	}
	if order.Months(2, order.CycleYear) != 24 || order.Months(9, order.CycleMonth) != 9 {
		t.Error("a period is counted in months")
	}
	short := time.Date(2026, 1, 31, 3, 0, 0, 0, time.UTC) // no such day in February
	if !order.Lasts(short, time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC), 1) {
		t.Error("a term that ends in a short month")
	}
}

// billing is a billing that fails.
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

func TestARefreshAsksABillingThatFailsAsOftenAsIsWorthIt(t *testing.T) {
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
					t.Error("more or less than one is told")
				}
			})
		})
	}
}

func TestWhatTheCallerCutOffIsNotHeldAgainstBilling(t *testing.T) {
	t.Parallel()
	fake := &failingBilling{failure: &apierror.Error{Delivery: apierror.NotSent, Cause: context.Canceled}}
	reader := billing.NewReader(fake)
	_, _ = reader.Lines(t.Context(), "1")
	fake.failure = nil
	if lines, err := reader.Lines(t.Context(), "1"); err != nil || len(lines) != 1 {
		t.Error(lines, err)
	}
}

func TestWhatRowsDoNotSayIsNotForSomethingElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		named []string
		want  bool
	}{{nil, false}, {[]string{"pc-a"}, false}, {[]string{"i-1", "pc-a"}, false}, {[]string{"i-1"}, true}} {
		if got := billing.NameOnlyOthers([]billing.OrderLine{{}, {InstanceIDs: test.named}}, "pc-a"); got != test.want {
			t.Errorf("%v: %t", test.named, got)
		}
	}
}

func TestTheTermOfAnOrderSpansItsRows(t *testing.T) {
	t.Parallel()
	at := func(day int) *time.Time { return new(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)) }
	start, end := billing.Term([]billing.OrderLine{
		{UsageStartTime: at(3), UsageEndTime: at(20)}, {}, {UsageStartTime: at(2), UsageEndTime: at(22)}, {UsageStartTime: at(4), UsageEndTime: at(21)},
	})
	if !start.Equal(*at(2)) || !end.Equal(*at(22)) {
		t.Errorf("from %s to %s", start, end)
	}
	if start, end := billing.Term([]billing.OrderLine{{}}); start != nil || end != nil {
		t.Errorf("from %s to %s", start, end)
	}
}

func TestOnlyAnAnswerSaysThatSomethingIsNotPermitted(t *testing.T) {
	t.Parallel()
	for delivery, want := range map[apierror.Delivery]bool{apierror.Answered: true, apierror.ResponseLost: false, apierror.NotSent: false} {
		if failure := (apierror.Error{Delivery: delivery, Code: "NoPermission"}); failure.NotPermitted() != want {
			t.Errorf("%d: %t", delivery, !want)
		}
	}
}

func TestPayments_BillingOff_AsksNothing(t *testing.T) {
	t.Parallel()
	var off *billing.Reader
	if _, err := off.Lines(t.Context(), "1"); !errors.Is(err, billing.ErrBillingOff) {
		t.Errorf("Lines: %v", err)
	}
	if _, err := off.ReadUncached(t.Context(), "1"); !errors.Is(err, billing.ErrBillingOff) {
		t.Errorf("Afresh: %v", err)
	}
	look := off.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, nil)
	if !errors.Is(look.Err, billing.ErrBillingOff) || !look.Denied() || look.Complete() {
		t.Errorf("Look: %+v", look)
	}
	if off.WarnOnce() {
		t.Error("a user who turned billing off is warned that it cannot be read")
	}
}
