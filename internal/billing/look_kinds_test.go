package billing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestIsNewSince_IsTrueOnlyAfterALookThatFoundAllOrders(t *testing.T) {
	t.Parallel()
	date := time.Unix(1000, 0)
	shown := func(id string) []billing.Order { return []billing.Order{{ID: id}} }
	for name, test := range map[string]struct {
		before  billing.Look
		created *time.Time
		want    bool
	}{
		"created at the look":         {billing.Look{Date: &date}, new(date), true},
		"created after it":            {billing.Look{Date: &date, Live: shown("2"), Cancelled: shown("3")}, new(date.Add(1)), true},
		"created before it":           {billing.Look{Date: &date}, new(date.Add(-1)), false},
		"no creation time":            {billing.Look{Date: &date}, nil, false},
		"look without a date":         {billing.Look{}, new(date), false},
		"look that failed":            {billing.Look{Date: &date, Err: billing.ErrOrderHidden}, new(date), false},
		"look that skipped orders":    {billing.Look{Date: &date, Skipped: true}, new(date), false},
		"look that showed it":         {billing.Look{Date: &date, Live: shown("1")}, new(date), false},
		"look that showed it earlier": {billing.Look{Date: &date, Cancelled: shown("1")}, new(date), false},
	} {
		order := billing.Order{ID: "1", Lines: []billing.OrderLine{{CreateTime: test.created}}}
		if got := order.IsNewSince(test.before); got != test.want {
			t.Errorf("%s: new %t, want %t", name, got, test.want)
		}
	}
}

func TestBlocked_IsTrueOnlyIfNoLookCanSucceed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{nil, false}, {errors.New("a defect"), false}, {billing.ErrTooManyOrders, false}, {context.DeadlineExceeded, false},
		{ordertest.Answered(400, "InvalidParameter"), true}, {ordertest.Answered(200, "InvalidParameter"), true},
		{ordertest.NotSent(apierror.CauseHost), true}, {ordertest.NotSent(apierror.CauseRefused), true}, {ordertest.NotSent(apierror.NoPermanentCause), false},
		{ordertest.Answered(500, "InternalError"), false}, {ordertest.Throttled(), false}, {ordertest.Lost(), false},
		{&apierror.Error{Delivery: apierror.ResponseLost, PermanentCause: apierror.CauseHost}, false},
	} {
		if got := (billing.Look{Err: test.err}).Blocked(); got != test.want {
			t.Errorf("%v: blocked %t, want %t", test.err, got, test.want)
		}
	}
}

func TestAdd_LineThatBuysNothingNew_DoesNotCount(t *testing.T) {
	t.Parallel()
	renewal := ordertest.LineOf("1", "Paid", time.Now())
	renewal.OrderType = "Renew"
	var look billing.Look
	look.Add("1", []billing.OrderLine{renewal}, "pc-a")
	look.Add("2", []billing.OrderLine{renewal, ordertest.LineOf("2", "Cancelled", time.Now())}, "pc-a")
	ordertest.WantIDs(t, "live", look.Live)
	ordertest.WantIDs(t, "cancelled", look.Cancelled, "2")
}

// fleetOfOthers returns a billing with an order of circuit A, and forty orders of another
// product, the first of which is for the same circuit.
func fleetOfOthers() *ordertest.FakeBilling {
	fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
	for n := range 40 {
		line := ordertest.LineFor(fmt.Sprint(100+n), "ecs", "i-1")
		if n == 0 {
			line.InstanceIDs = []string{"pc-a"}
		}
		fake.Lines[line.OrderID] = []billing.OrderLine{line}
	}
	return fake
}

func TestLook_AfterFortyOrdersOfOtherProducts_OrdersForCircuitsAndReadOrdersAreStillFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader := billing.NewReader(fleetOfOthers())
		look := reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, func(id string) bool { return id == "1" })
		ordertest.WantIDs(t, "live", look.Live, "100")
		look = reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), time.Hour, nil) // in the same list
		ordertest.WantIDs(t, "live", look.Live, "100", "1")
		if !look.Complete() {
			t.Errorf("skipped %t, %v", look.Skipped, look.Err)
		}
	})
}

func TestLook_ManyRefusedDetails_HideNoOrderIfOneWasReadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith(ordertest.LineFor("50", "ecs", "i-1"), ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day)))
		fake.ReadErrs = map[string]error{}
		for n := range 25 {
			id := fmt.Sprint(10 + n)
			fake.Lines[id] = []billing.OrderLine{ordertest.LineFor(id, "pconn")}
			fake.ReadErrs[id] = ordertest.Answered(400, "NoPermission")
		}
		reader := billing.NewReader(fake)
		if _, err := reader.Lines(t.Context(), "50"); err != nil {
			t.Fatal(err)
		}
		look := ordertest.LookFor(t, reader, "pc-a")
		ordertest.WantIDs(t, "live", look.Live, "1")
	})
}

// A denied look lets the order through. Another failure does not.
func TestLook_FailureBesideARefusal_IsNotDenied(t *testing.T) {
	t.Parallel()
	down := ordertest.Answered(500, "InternalError")
	fake := ordertest.BillingWith(ordertest.LineOf("2", "Unpaid", ordertest.Ago(time.Hour)), ordertest.LineOf("1", "Unpaid", ordertest.Ago(2*time.Hour)))
	fake.ReadErrs = map[string]error{"2": ordertest.Answered(400, "NoPermission"), "1": down}
	if look := ordertest.LookAt(t, fake); look.Denied() || !errors.Is(look.Err, down) {
		t.Errorf("denied %t: %v", look.Denied(), look.Err)
	}
}

func TestLook_Failure_IsTheErrorOfALookWithATruncatedListOrAnotherProduct(t *testing.T) {
	t.Parallel()
	down := ordertest.Answered(500, "InternalError")
	for name, spoil := range map[string]func(*ordertest.FakeBilling){
		"truncated list": func(b *ordertest.FakeBilling) {
			b.Truncated = []string{"pconn"}
			b.OnList = func(n int) { b.ListErr = map[int]error{2: down}[n] }
		},
		"another product": func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"1": down} },
	} {
		fake := ordertest.BillingWith(ordertest.LineFor("1", "ecs", "i-1"))
		spoil(fake)
		if look := ordertest.LookAt(t, fake); !errors.Is(look.Err, down) || look.Skipped {
			t.Errorf("%s: skipped %t, %v", name, look.Skipped, look.Err)
		}
	}
}

func TestLook_ExpiredList_IsListedAgainForCircuitsOfTheSameAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		reader := billing.NewReader(fake)
		for _, age := range []time.Duration{100 * ordertest.Day, ordertest.Day} {
			circuit := ordertest.CircuitA("Confirmed")
			circuit.CreationTime = new(ordertest.Ago(age))
			reader.Look(t.Context(), circuit, billing.LookAge, nil)
			time.Sleep(time.Minute)
		}
		first, second := fake.Queries[0], fake.Queries[2]
		if first.To.Sub(first.From) != second.To.Sub(second.From) {
			t.Errorf("the second list begins at %s: a look for the first circuit needs a third list", second.From)
		}
	})
}

func TestLook_AnswersThatCameBeforeTheCallerEnded_AreShared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(b *ordertest.FakeBilling, end func()){
		"list":  func(b *ordertest.FakeBilling, end func()) { b.OnList = func(int) { end() } },
		"order": func(b *ordertest.FakeBilling, end func()) { b.OnDetail = func(string, int) { end() } },
	} {
		synctest.Test(t, func(t *testing.T) {
			fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
			reader := billing.NewReader(fake)
			ctx, cancel := context.WithCancel(t.Context())
			test(fake, func() {
				if len(fake.Queries) == 2 {
					cancel()
				}
			})
			reader.Look(ctx, ordertest.CircuitA("Confirmed"), billing.LookAge, nil)
			look := reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), billing.LookAge, nil)
			ordertest.WantIDs(t, "live", look.Live, "1")
			ordertest.WantLists(t, fake, 2)
			if !look.Complete() || fake.TimesRead("1") != 1 {
				t.Errorf("%s: %v after %d reads", name, look.Err, fake.TimesRead("1"))
			}
		})
	}
}

func TestLook_OrderThatFailed_IsReadOnceForEachList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
		fake.ReadErrs = map[string]error{"1": ordertest.Answered(500, "InternalError")}
		reader := billing.NewReader(fake)
		for _, test := range []struct {
			age   time.Duration
			reads int
		}{{billing.LookAge, 1}, {billing.LookAge, 1}, {0, 2}} {
			reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), test.age, nil)
			if fake.TimesRead("1") != test.reads {
				t.Errorf("read %d times, want %d", fake.TimesRead("1"), test.reads)
			}
			time.Sleep(time.Second)
		}
	})
}
