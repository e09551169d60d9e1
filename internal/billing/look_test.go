package billing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestLook_ListsTheProductFirst_FromTheCreationOfTheCircuit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration // by the clock of the API; negative: unknown
		window time.Duration
	}{
		"just created":     {0, 30 * ordertest.Day},
		"30 days":          {30 * ordertest.Day, 30 * ordertest.Day},
		"30 days and more": {30*ordertest.Day + time.Second, 240 * ordertest.Day},
		"100 days":         {100 * ordertest.Day, 240 * ordertest.Day},
		"ten years":        {3650 * ordertest.Day, 15360 * ordertest.Day},
		"unknown":          {-1, 1920 * ordertest.Day},
		"a hundred years":  {100 * 365 * ordertest.Day, 15360 * ordertest.Day},
		"a year":           {365 * ordertest.Day, 1920 * ordertest.Day},
	} {
		for clock, ahead := range map[string]time.Duration{"clocks agree": 0, "local clock is slow": 2 * ordertest.Day, "local clock is fast": -2 * ordertest.Day} {
			t.Run(name+", "+clock, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					now := time.Now().Add(ahead) // by the clock of the API
					circuit := ordertest.CircuitA("Confirmed")
					circuit.AsOf = &now
					if test.age >= 0 {
						circuit.CreationTime = new(now.Add(-test.age))
					}
					fake := ordertest.BillingWith()
					look := billing.NewReader(fake).Look(t.Context(), circuit, 0, nil)
					if !look.Complete() || len(fake.Queries) != 2 {
						t.Fatalf("%+v, queries %+v", look, fake.Queries)
					}
					for i, product := range []string{"pconn", ""} {
						query, from, to := fake.Queries[i], min(0, ahead)-test.window, max(0, ahead)+ordertest.Day
						if query.ProductCode != product || !query.From.Equal(time.Now().Add(from)) || !query.To.Equal(time.Now().Add(to)) {
							t.Errorf("query %d: %q from %s to %s", i, query.ProductCode, query.From, query.To)
						}
					}
				})
			})
		}
	}
}

func TestLook_WindowWithoutADateOfTheAPI_EndsNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith()
		ordertest.LookAt(t, billing)
		if query := billing.Queries[0]; !query.From.Equal(time.Now().Add(-1920*ordertest.Day)) || !query.To.Equal(time.Now().Add(ordertest.Day)) {
			t.Errorf("from %s to %s", query.From, query.To)
		}
	})
}

func TestLook_ReadsOnlyOrdersThatMayBeForTheCircuit_NewestFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := func(id, product, orderType string, age time.Duration) billing.OrderLine {
			line := ordertest.LineFor(id, product, "other")
			line.OrderType, line.CreateTime = orderType, new(ordertest.Ago(age))
			return line
		}
		undated := at("15", "pconn", "New", 0)
		undated.CreateTime = nil
		fake := ordertest.BillingWith()
		fake.Listed = []billing.OrderLine{
			at("10", "pconn", "New", 3*time.Hour), at("11", "PCONN", "new", time.Hour), at("12", "pconn_intl", "", 2*time.Hour),
			at("13", "pconn", "Renew", 0), at("14", "pconn", "Upgrade", 0), undated, at("16", "pconn", "New", 3*time.Hour),
			at("20", "pconn_setup", "New", 0), at("21", "PCONN_SETUP_intl", "New", 0),
			at("30", "ecs", "New", 2*time.Hour), at("31", "", "New", time.Hour), at("32", "ecs", "Renew", 0),
			at("10", "pconn", "New", 3*time.Hour), // another line of the order
			at("17", "pconn_setup", "New", 4*time.Hour), at("17", "pconn", "New", 4*time.Hour),
		}
		fake.ShowListed()
		if look := ordertest.LookAt(t, fake); !look.Complete() {
			t.Error(look.Err)
		}
		if want := []string{"11", "12", "16", "10", "17", "15", "31", "30"}; !slices.Equal(fake.Reads, want) {
			t.Errorf("read %q, want %q", fake.Reads, want)
		}
	})
}

func TestLook_MoreThanFortyOrdersOfOtherProducts_SetsSkipped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		connection, others, asked int
		beyond                    bool
	}{
		{0, 40, 40, false},
		{0, 41, 40, true},
		{5, 40, 45, false},
		{60, 0, 60, false},
		{60, 41, 100, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			billing := ordertest.BillingWith()
			for n := range test.connection + test.others {
				line := ordertest.LineFor(fmt.Sprint(n), "pconn", "other")
				if n >= test.connection {
					line.ProductCode = "ecs"
				}
				line.CreateTime = new(ordertest.Ago(time.Duration(n) * time.Minute))
				billing.Listed = append(billing.Listed, line)
			}
			billing.ShowListed()
			look := ordertest.LookAt(t, billing)
			if look.Skipped != test.beyond || look.Complete() == test.beyond || look.Err != nil || len(billing.Reads) != test.asked {
				t.Errorf("%+v: beyond %t, %v, read %d", test, look.Skipped, look.Err, len(billing.Reads))
			}
			for n, id := range billing.Reads { // the newest ones
				if id != fmt.Sprint(n) {
					t.Fatalf("order %s was read instead of %d", id, n)
				}
			}
		})
	}
}

func TestLook_UsesOnlyLinesOfTheCircuit(t *testing.T) {
	t.Parallel()
	named := func(status string, instances ...string) billing.OrderLine {
		line := ordertest.LineOf("1", status, ordertest.Ago(time.Hour))
		line.InstanceIDs = instances
		return line
	}
	ecs, renewal := named("Paid"), named("Paid", "pc-a")
	ecs.ProductCode, renewal.OrderType = "ecs", "Renew"
	ecsNamed, untyped, small := named("Paid", "pc-a"), named("Paid", "pc-a"), named("Paid", "pc-a")
	ecsNamed.ProductCode, untyped.OrderType, small.OrderType = "ecs", "", "new"
	for name, test := range map[string]struct {
		lines  []billing.OrderLine
		want   string // in which list of the look
		shared bool
	}{
		"its order":                                    {[]billing.OrderLine{named("Unpaid", "pc-a")}, "live", false},
		"its paid order":                               {[]billing.OrderLine{named("Paid", "pc-a")}, "live", false},
		"its order of unknown status":                  {[]billing.OrderLine{named("Processing", "pc-a")}, "live", false},
		"its order of another product":                 {[]billing.OrderLine{ecsNamed}, "live", false},
		"its order without a type":                     {[]billing.OrderLine{untyped}, "live", false},
		"its order of type new":                        {[]billing.OrderLine{small}, "live", false},
		"its cancelled order":                          {[]billing.OrderLine{named("Cancelled", "pc-a")}, "cancelled", false},
		"its canceled order":                           {[]billing.OrderLine{named("CANCELED", "pc-a")}, "cancelled", false},
		"its renewal":                                  {[]billing.OrderLine{renewal}, "", false},
		"another circuit's":                            {[]billing.OrderLine{named("Unpaid", "pc-b")}, "", false},
		"another circuit's, with a line without an ID": {[]billing.OrderLine{named("Unpaid", "pc-b"), named("Unpaid")}, "", false},
		"a circuit with a longer ID":                   {[]billing.OrderLine{named("Unpaid", "pc-ab")}, "", false},
		"shared in one line":                           {[]billing.OrderLine{named("Unpaid", "pc-a", "pc-b")}, "live", true},
		"shared in two lines":                          {[]billing.OrderLine{named("Unpaid", "pc-a"), named("Unpaid", "pc-b")}, "live", true},
		"cancelled, another's paid":                    {[]billing.OrderLine{named("Cancelled", "pc-a"), named("Paid", "pc-b")}, "cancelled", true},
		"unpaid, another's cancelled":                  {[]billing.OrderLine{named("Unpaid", "pc-a"), named("Cancelled", "pc-b")}, "live", true},
		"cancelled, an unpaid line without an ID":      {[]billing.OrderLine{named("Cancelled", "pc-a"), named("Unpaid")}, "live", false},
		"cancelled in every line":                      {[]billing.OrderLine{named("Cancelled", "pc-a"), named("Cancelled")}, "cancelled", false},
		"without an ID":                                {[]billing.OrderLine{named("Unpaid")}, "unnamed", false},
		"without an ID, cancelled":                     {[]billing.OrderLine{named("Cancelled")}, "", false},
		"without an ID, of another product":            {[]billing.OrderLine{ecs}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look := ordertest.LookAt(t, ordertest.BillingWith(test.lines...))
			if !look.Complete() {
				t.Error(look.Err)
			}
			for list, orders := range map[string][]billing.Order{"live": look.Live, "cancelled": look.Cancelled, "unnamed": look.Unnamed} {
				if (len(orders) == 1) != (list == test.want) || len(orders) > 1 {
					t.Errorf("%s orders: %+v, want it in %q", list, orders, test.want)
				}
				if len(orders) == 1 && orders[0].Shared != test.shared {
					t.Errorf("shared: %t", orders[0].Shared)
				}
			}
		})
	}
}

func TestLook_Orders_AreNewestFirstByCreateTimeThenID(t *testing.T) {
	t.Parallel()
	undated := ordertest.LineOf("9", "Paid", time.Now())
	undated.CreateTime = nil
	same := ordertest.Ago(2 * time.Hour)
	fake := ordertest.BillingWith(
		undated, ordertest.LineOf("1", "Paid", ordertest.Ago(3*time.Hour)), ordertest.LineOf("2", "Unpaid", ordertest.Ago(time.Hour)), ordertest.LineOf("3", "Paid", same), ordertest.LineOf("4", "Paid", same),
		ordertest.LineOf("5", "Cancelled", ordertest.Ago(2*time.Hour)), ordertest.LineOf("6", "Cancelled", ordertest.Ago(time.Hour)),
	)
	// The lists may differ from the details.
	fake.Listed = []billing.OrderLine{
		ordertest.LineOf("1", "", ordertest.Ago(0)), ordertest.LineOf("2", "", ordertest.Ago(9*time.Hour)), ordertest.LineOf("5", "", ordertest.Ago(0)), undated,
		ordertest.LineOf("3", "", same), ordertest.LineOf("4", "", same), ordertest.LineOf("6", "", same),
	}
	look := ordertest.LookAt(t, fake)
	ordertest.WantIDs(t, "live", look.Live, "2", "4", "3", "1", "9")
	ordertest.WantIDs(t, "cancelled", look.Cancelled, "6", "5")
}

func TestLook_KnownOrders_AreNotRead(t *testing.T) {
	t.Parallel()
	billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(time.Hour)), ordertest.LineOf("2", "Paid", ordertest.Ago(2*time.Hour)), ordertest.LineOf("3", "Paid", ordertest.Ago(3*time.Hour)), ordertest.LineOf("4", "Paid", ordertest.Ago(4*time.Hour)))
	placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
	placer.Registry.RecordPlaced(ordertest.KeyB, "1")
	placer.Registry.RecordExisting(ordertest.KeyB, "2", "", true)
	placer.Registry.RecordExisting(ordertest.KeyB, "3", "", true)
	placer.Registry.RecordOtherPurpose("3")
	look := placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
	ordertest.WantIDs(t, "live", look.Live, "3", "4")
	if !slices.Equal(billing.Reads, []string{"3", "4"}) {
		t.Errorf("read %q", billing.Reads)
	}
}

func TestLook_OrdersOfOtherCircuits_AreReadOnce(t *testing.T) {
	t.Parallel()
	named := func(id string, circuits ...string) billing.OrderLine {
		line := ordertest.LineOf(id, "Paid", ordertest.Ago(time.Hour))
		line.InstanceIDs = circuits
		return line
	}
	fake := ordertest.BillingWith(named("1", "pc-a"), named("2", "pc-b"), named("3", "pc-c"), named("4"), named("5", "pc-a", "pc-b"))
	reader := billing.NewReader(fake)
	ordertest.WantIDs(t, "circuit A's", ordertest.LookFor(t, reader, "pc-a").Live, "5", "1")
	ordertest.WantIDs(t, "circuit B's", ordertest.LookFor(t, reader, "pc-b").Live, "5", "2")
	// The payment of its own orders may change. An order without an ID may get one later.
	for id, want := range map[string]int{"1": 1, "2": 2, "3": 1, "4": 2, "5": 2} {
		if got := fake.TimesRead(id); got != want {
			t.Errorf("order %s was read %d times, want %d", id, got, want)
		}
	}
	fake.Lines["4"][0].InstanceIDs = []string{"pc-a"}
	fake.Lines["1"][0].PaymentStatus = "Cancelled"
	look := ordertest.LookFor(t, reader, "pc-a")
	ordertest.WantIDs(t, "live", look.Live, "5", "4")
	ordertest.WantIDs(t, "cancelled", look.Cancelled, "1")
}

func TestLook_TruncatedList_IsNotComplete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		truncated []string
		err       error
		beyond    bool
	}{
		{nil, nil, false},
		{[]string{"pconn"}, billing.ErrTooManyOrders, false},
		{[]string{""}, nil, true},
		{[]string{"pconn", ""}, billing.ErrTooManyOrders, true},
	} {
		billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(time.Hour)))
		billing.Truncated = test.truncated
		look := ordertest.LookAt(t, billing)
		if !errors.Is(look.Err, test.err) || look.Skipped != test.beyond || look.Complete() != (test.truncated == nil) {
			t.Errorf("%q: beyond %t, %v", test.truncated, look.Skipped, look.Err)
		}
		ordertest.WantIDs(t, "live", look.Live, "1")
	}
}

func TestLook_Failure_IsNotCompleteAndKeepsTheOrdersSoFar(t *testing.T) {
	t.Parallel()
	down := ordertest.Answered(500, "InternalError")
	for name, test := range map[string]struct {
		spoil func(*ordertest.FakeBilling)
		live  []string
	}{
		"first list":  {func(b *ordertest.FakeBilling) { b.ListErr = down }, nil},
		"second list": {func(b *ordertest.FakeBilling) { b.OnList = func(n int) { b.ListErr = map[int]error{2: down}[n] } }, []string{"2", "1"}},
		"older order": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"1": down} }, []string{"2"}},
		"newer order": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"2": down} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour)), ordertest.LineOf("2", "Paid", ordertest.Ago(time.Hour)))
			test.spoil(billing)
			look := ordertest.LookAt(t, billing)
			if look.Complete() || !errors.Is(look.Err, down) || look.Denied() {
				t.Errorf("complete %t, %v", look.Complete(), look.Err)
			}
			ordertest.WantIDs(t, "live", look.Live, test.live...)
		})
	}
}

func TestLook_Date_IsThatOfTheFirstList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), ordertest.BillingWith()
		billing.ListTakes = 5 * time.Second
		if look := ordertest.LookAt(t, billing); !look.Began.Equal(begun) || look.Date == nil || !look.Date.Equal(begun) {
			t.Errorf("began %s, date %v, want %s", look.Began, look.Date, begun)
		}
		billing.NoDate = true
		if look := ordertest.LookAt(t, billing); look.Date != nil {
			t.Errorf("date %s, but billing gave none", look.Date)
		}
	})
}

func TestLook_LineOfAnotherType_HidesNoLiveOrder(t *testing.T) {
	t.Parallel()
	refund := ordertest.LineOf("1", "", ordertest.Ago(time.Hour))
	refund.OrderType = "Refund"
	look := ordertest.LookAt(t, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day)), refund))
	ordertest.WantIDs(t, "live", look.Live, "1")
}

func TestLook_OrdersWithSeveralLines_AreSortedByTheNewest(t *testing.T) {
	t.Parallel()
	look := ordertest.LookAt(t, ordertest.BillingWith(
		ordertest.LineOf("1", "Cancelled", ordertest.Ago(3*time.Hour)), ordertest.LineOf("1", "Cancelled", ordertest.Ago(time.Hour)), ordertest.LineOf("2", "Cancelled", ordertest.Ago(2*time.Hour)),
	))
	ordertest.WantIDs(t, "cancelled", look.Cancelled, "1", "2")
}

func TestLook_OrderWithLinesOfTwoProducts_IsOneForCircuits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day))
		fee := line
		fee.ProductCode, fee.CreateTime = "slb", new(ordertest.Ago(ordertest.Day-time.Second))
		fake := ordertest.BillingWith(line)
		fake.Listed = []billing.OrderLine{fee, line}
		for n := range 41 {
			other := ordertest.LineFor(string(rune('A'+n)), "ecs", "i-1")
			fake.Listed = append(fake.Listed, other)
		}
		look := ordertest.LookAt(t, fake)
		ordertest.WantIDs(t, "live", look.Live, "1")
	})
}

func TestLook_FilterRefusedInASuccess_ListsWithoutFilter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &filterRefused{FakeBilling: ordertest.BillingWith(), err: ordertest.Answered(200, "InvalidParameter")}
		look := ordertest.LookAt(t, b)
		if look.Err != nil || look.Date == nil || !look.Date.Equal(time.Now()) {
			t.Errorf("the list without a filter was not read: %v, date %v", look.Err, look.Date)
		}
		b.Truncated = []string{""}
		if look := ordertest.LookAt(t, b); !errors.Is(look.Err, billing.ErrTooManyOrders) {
			t.Errorf("only a part of the orders is listed: %v", look.Err)
		}
	})
}

func TestLook_ListOfCircuitsFails_IsNotReplacedByAnother(t *testing.T) {
	t.Parallel()
	for _, failure := range []*apierror.Error{ordertest.Answered(500, "InternalError"), ordertest.Answered(400, "NoPermission"), ordertest.Throttled(), ordertest.Lost()} {
		b := &filterRefused{FakeBilling: ordertest.BillingWith(), err: failure}
		if look := ordertest.LookAt(t, b); !errors.Is(look.Err, failure) || len(b.Queries) != 0 {
			t.Errorf("%v: got %v and another list", failure, look.Err)
		}
	}
}

type filterRefused struct {
	*ordertest.FakeBilling
	err error
}

func (b *filterRefused) OrdersCreated(ctx context.Context, q billing.OrderQuery) (billing.OrderList, error) {
	if q.ProductCode != "" {
		return billing.OrderList{}, b.err
	}
	return b.FakeBilling.OrdersCreated(ctx, q)
}

func TestLook_OrderOfAnotherProductWithoutDetails_IsNotComplete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		fake.Listed = []billing.OrderLine{ordertest.LineFor("1", "expressconnect")}
		look := ordertest.LookAt(t, fake)
		if look.Complete() {
			t.Error("complete, although a listed order has no details")
		}
	})
}
