package ordering_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// lookFor looks for the orders of a circuit in a new list.
func lookFor(t *testing.T, payments *ordering.Payments, circuitID string) ordering.Look {
	t.Helper()
	return payments.Look(t.Context(), ordering.Circuit{Region: keyA.Region, ID: circuitID}, 0, nil)
}

// lookAt looks once for the orders of circuit A.
func lookAt(t *testing.T, billing ordering.Billing) ordering.Look {
	t.Helper()
	return lookFor(t, ordering.NewPayments(billing), keyA.CircuitID)
}

const day = 24 * time.Hour

func TestLook_ListsTheProductFirst_FromTheCreationOfTheCircuit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration // by the clock of the API; negative: unknown
		window time.Duration
	}{
		"just created":     {0, 30 * day},
		"30 days":          {30 * day, 30 * day},
		"30 days and more": {30*day + time.Second, 240 * day},
		"100 days":         {100 * day, 240 * day},
		"ten years":        {3650 * day, 15360 * day},
		"unknown":          {-1, 1920 * day},
		"a hundred years":  {100 * 365 * day, 15360 * day},
		"a year":           {365 * day, 1920 * day},
	} {
		for clock, ahead := range map[string]time.Duration{"clocks agree": 0, "local clock is slow": 2 * day, "local clock is fast": -2 * day} {
			t.Run(name+", "+clock, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					now := time.Now().Add(ahead) // by the clock of the API
					circuit := circuitA("Confirmed")
					circuit.AsOf = &now
					if test.age >= 0 {
						circuit.CreationTime = new(now.Add(-test.age))
					}
					billing := bookOf()
					look := ordering.NewPayments(billing).Look(t.Context(), circuit, 0, nil)
					if !look.Complete() || len(billing.queries) != 2 {
						t.Fatalf("%+v, queries %+v", look, billing.queries)
					}
					for i, product := range []string{"pconn", ""} {
						query, from, to := billing.queries[i], min(0, ahead)-test.window, max(0, ahead)+day
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
		billing := bookOf()
		lookAt(t, billing)
		if query := billing.queries[0]; !query.From.Equal(time.Now().Add(-1920*day)) || !query.To.Equal(time.Now().Add(day)) {
			t.Errorf("from %s to %s", query.From, query.To)
		}
	})
}

func TestLook_AsksOnlyForOrdersThatMayBeTheCircuits_NewestFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := func(id, product, orderType string, age time.Duration) ordering.OrderRow {
			row := rowFor(id, product, "other")
			row.OrderType, row.CreateTime = orderType, new(ago(age))
			return row
		}
		undated := at("15", "pconn", "New", 0)
		undated.CreateTime = nil
		billing := bookOf()
		billing.listed = []ordering.OrderRow{
			at("10", "pconn", "New", 3*time.Hour), at("11", "PCONN", "new", time.Hour), at("12", "pconn_intl", "", 2*time.Hour),
			at("13", "pconn", "Renew", 0), at("14", "pconn", "Upgrade", 0), undated, at("16", "pconn", "New", 3*time.Hour),
			at("20", "pconn_setup", "New", 0), at("21", "PCONN_SETUP_intl", "New", 0),
			at("30", "ecs", "New", 2*time.Hour), at("31", "", "New", time.Hour), at("32", "ecs", "Renew", 0),
			at("10", "pconn", "New", 3*time.Hour), // another row of the order
			at("17", "pconn_setup", "New", 4*time.Hour), at("17", "pconn", "New", 4*time.Hour),
		}
		billing.showListed()
		if look := lookAt(t, billing); !look.Complete() {
			t.Error(look.Err)
		}
		if want := []string{"11", "12", "16", "10", "17", "15", "31", "30"}; !slices.Equal(billing.asked, want) {
			t.Errorf("asked for %q, want %q", billing.asked, want)
		}
	})
}

func TestLook_BeyondFortyOrdersOfOtherProducts_IsReported(t *testing.T) {
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
			billing := bookOf()
			for n := range test.connection + test.others {
				row := rowFor(fmt.Sprint(n), "pconn", "other")
				if n >= test.connection {
					row.ProductCode = "ecs"
				}
				row.CreateTime = new(ago(time.Duration(n) * time.Minute))
				billing.listed = append(billing.listed, row)
			}
			billing.showListed()
			look := lookAt(t, billing)
			if look.Beyond != test.beyond || look.Complete() == test.beyond || look.Err != nil || len(billing.asked) != test.asked {
				t.Errorf("%+v: beyond %t, %v, asked for %d", test, look.Beyond, look.Err, len(billing.asked))
			}
			for n, id := range billing.asked { // the newest ones
				if id != fmt.Sprint(n) {
					t.Fatalf("order %s is asked for in place of %d", id, n)
				}
			}
		})
	}
}

func TestLook_OnlyRowsThatNameTheCircuitCount(t *testing.T) {
	t.Parallel()
	named := func(status string, instances ...string) ordering.OrderRow {
		row := rowOf("1", status, ago(time.Hour))
		row.InstanceIDs = instances
		return row
	}
	ecs, renewal := named("Paid"), named("Paid", "pc-a")
	ecs.ProductCode, renewal.OrderType = "ecs", "Renew"
	ecsNamed, untyped, small := named("Paid", "pc-a"), named("Paid", "pc-a"), named("Paid", "pc-a")
	ecsNamed.ProductCode, untyped.OrderType, small.OrderType = "ecs", "", "new"
	for name, test := range map[string]struct {
		rows   []ordering.OrderRow
		want   string // in which list of the look
		shared bool
	}{
		"its order":                                {[]ordering.OrderRow{named("Unpaid", "pc-a")}, "live", false},
		"its paid order":                           {[]ordering.OrderRow{named("Paid", "pc-a")}, "live", false},
		"its order of unknown status":              {[]ordering.OrderRow{named("Processing", "pc-a")}, "live", false},
		"its order of another product":             {[]ordering.OrderRow{ecsNamed}, "live", false},
		"its order without a type":                 {[]ordering.OrderRow{untyped}, "live", false},
		"its order of type new":                    {[]ordering.OrderRow{small}, "live", false},
		"its cancelled order":                      {[]ordering.OrderRow{named("Cancelled", "pc-a")}, "cancelled", false},
		"its canceled order":                       {[]ordering.OrderRow{named("CANCELED", "pc-a")}, "cancelled", false},
		"its renewal":                              {[]ordering.OrderRow{renewal}, "", false},
		"another circuit's":                        {[]ordering.OrderRow{named("Unpaid", "pc-b")}, "", false},
		"another circuit's, beside an unnamed row": {[]ordering.OrderRow{named("Unpaid", "pc-b"), named("Unpaid")}, "", false},
		"a circuit with a longer ID":               {[]ordering.OrderRow{named("Unpaid", "pc-ab")}, "", false},
		"shared in one row":                        {[]ordering.OrderRow{named("Unpaid", "pc-a", "pc-b")}, "live", true},
		"shared in two rows":                       {[]ordering.OrderRow{named("Unpaid", "pc-a"), named("Unpaid", "pc-b")}, "live", true},
		"cancelled beside another's paid":          {[]ordering.OrderRow{named("Cancelled", "pc-a"), named("Paid", "pc-b")}, "cancelled", true},
		"unpaid beside another's cancelled":        {[]ordering.OrderRow{named("Unpaid", "pc-a"), named("Cancelled", "pc-b")}, "live", true},
		"cancelled beside an unnamed, unpaid row":  {[]ordering.OrderRow{named("Cancelled", "pc-a"), named("Unpaid")}, "live", false},
		"cancelled in every row":                   {[]ordering.OrderRow{named("Cancelled", "pc-a"), named("Cancelled")}, "cancelled", false},
		"names nothing":                            {[]ordering.OrderRow{named("Unpaid")}, "unnamed", false},
		"names nothing, cancelled":                 {[]ordering.OrderRow{named("Cancelled")}, "", false},
		"names nothing, of another product":        {[]ordering.OrderRow{ecs}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			look := lookAt(t, bookOf(test.rows...))
			if !look.Complete() {
				t.Error(look.Err)
			}
			for list, orders := range map[string][]ordering.FoundOrder{"live": look.Live, "cancelled": look.Cancelled, "unnamed": look.Unnamed} {
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
	undated := rowOf("9", "Paid", time.Now())
	undated.CreateTime = nil
	same := ago(2 * time.Hour)
	billing := bookOf(
		undated, rowOf("1", "Paid", ago(3*time.Hour)), rowOf("2", "Unpaid", ago(time.Hour)), rowOf("3", "Paid", same), rowOf("4", "Paid", same),
		rowOf("5", "Cancelled", ago(2*time.Hour)), rowOf("6", "Cancelled", ago(time.Hour)),
	)
	// The lists may differ from the details.
	billing.listed = []ordering.OrderRow{
		rowOf("1", "", ago(0)), rowOf("2", "", ago(9*time.Hour)), rowOf("5", "", ago(0)), undated,
		rowOf("3", "", same), rowOf("4", "", same), rowOf("6", "", same),
	}
	look := lookAt(t, billing)
	wantIDs(t, "live", look.Live, "2", "4", "3", "1", "9")
	wantIDs(t, "cancelled", look.Cancelled, "6", "5")
}

func TestLook_KnownOrders_AreNotAskedFor(t *testing.T) {
	t.Parallel()
	billing := bookOf(rowOf("1", "Paid", ago(time.Hour)), rowOf("2", "Paid", ago(2*time.Hour)), rowOf("3", "Paid", ago(3*time.Hour)), rowOf("4", "Paid", ago(4*time.Hour)))
	placer := placerWith(&fakeAPI{}, billing)
	placer.Ledger.Placed(keyB, "1")
	placer.Ledger.Hold(keyB, "2", "", true)
	placer.Ledger.Hold(keyB, "3", "", true)
	placer.Ledger.Disown("3")
	look := placer.Look(t.Context(), circuitA("Confirmed"))
	wantIDs(t, "live", look.Live, "3", "4")
	if !slices.Equal(billing.asked, []string{"3", "4"}) {
		t.Errorf("asked for %q", billing.asked)
	}
}

func TestLook_OrdersOfOthers_AreAskedForOnce(t *testing.T) {
	t.Parallel()
	named := func(id string, circuits ...string) ordering.OrderRow {
		row := rowOf(id, "Paid", ago(time.Hour))
		row.InstanceIDs = circuits
		return row
	}
	billing := bookOf(named("1", "pc-a"), named("2", "pc-b"), named("3", "pc-c"), named("4"), named("5", "pc-a", "pc-b"))
	payments := ordering.NewPayments(billing)
	wantIDs(t, "circuit A's", lookFor(t, payments, "pc-a").Live, "5", "1")
	wantIDs(t, "circuit B's", lookFor(t, payments, "pc-b").Live, "5", "2")
	// Its own payment may change; an order that names nothing may name something later.
	for id, want := range map[string]int{"1": 1, "2": 2, "3": 1, "4": 2, "5": 2} {
		if got := billing.timesAsked(id); got != want {
			t.Errorf("order %s is asked for %d times, want %d", id, got, want)
		}
	}
	billing.rows["4"][0].InstanceIDs = []string{"pc-a"}
	billing.rows["1"][0].PaymentStatus = "Cancelled"
	look := lookFor(t, payments, "pc-a")
	wantIDs(t, "live", look.Live, "5", "4")
	wantIDs(t, "cancelled", look.Cancelled, "1")
}

func TestLook_CutList_IsNotComplete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		truncated []string
		err       error
		beyond    bool
	}{
		{nil, nil, false},
		{[]string{"pconn"}, ordering.ErrTooManyOrders, false},
		{[]string{""}, nil, true},
		{[]string{"pconn", ""}, ordering.ErrTooManyOrders, true},
	} {
		billing := bookOf(rowOf("1", "Paid", ago(time.Hour)))
		billing.truncated = test.truncated
		look := lookAt(t, billing)
		if !errors.Is(look.Err, test.err) || look.Beyond != test.beyond || look.Complete() != (test.truncated == nil) {
			t.Errorf("%q: beyond %t, %v", test.truncated, look.Beyond, look.Err)
		}
		wantIDs(t, "live", look.Live, "1")
	}
}

func TestLook_ThatFails_IsNotCompleteAndKeepsWhatItSaw(t *testing.T) {
	t.Parallel()
	down := answered(500, "InternalError")
	for name, test := range map[string]struct {
		spoil func(*book)
		live  []string
	}{
		"first list":  {func(b *book) { b.listing = down }, nil},
		"second list": {func(b *book) { b.onList = func(n int) { b.listing = map[int]error{2: down}[n] } }, []string{"2", "1"}},
		"older order": {func(b *book) { b.failing = map[string]error{"1": down} }, []string{"2"}},
		"newer order": {func(b *book) { b.failing = map[string]error{"2": down} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			billing := bookOf(rowOf("1", "Paid", ago(2*time.Hour)), rowOf("2", "Paid", ago(time.Hour)))
			test.spoil(billing)
			look := lookAt(t, billing)
			if look.Complete() || !errors.Is(look.Err, down) || look.Denied() {
				t.Errorf("complete %t, %v", look.Complete(), look.Err)
			}
			wantIDs(t, "live", look.Live, test.live...)
		})
	}
}

func TestLook_DateIsBillingsOfTheFirstList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), bookOf()
		billing.listTakes = 5 * time.Second
		if look := lookAt(t, billing); !look.Began.Equal(begun) || look.Date == nil || !look.Date.Equal(begun) {
			t.Errorf("began %s, date %v, want %s", look.Began, look.Date, begun)
		}
		billing.dateless = true
		if look := lookAt(t, billing); look.Date != nil {
			t.Errorf("date %s, but billing gave none", look.Date)
		}
	})
}
