package ordering_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// dateOfLook is when billing answered the looks of this file.
var dateOfLook = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// live is an order of circuit A that was created that long before billing answered.
func live(id, status string, age time.Duration) ordering.FoundOrder {
	row := rowOf(id, status, dateOfLook.Add(-age))
	row.AsOf = &dateOfLook
	return ordering.FoundOrder{ID: id, Rows: []ordering.OrderRow{row}}
}

func lives(orders ...ordering.FoundOrder) []ordering.FoundOrder { return orders }

// changed is an order after a change of its first row.
func changed(order ordering.FoundOrder, change func(*ordering.OrderRow)) ordering.FoundOrder {
	change(&order.Rows[0])
	return order
}

// withRow is an order with another row.
func withRow(order ordering.FoundOrder, row ordering.OrderRow) ordering.FoundOrder {
	order.Rows = append(order.Rows, row)
	return order
}

var (
	young  = live("1", "Unpaid", time.Minute)
	young2 = live("2", "Unpaid", time.Minute)
	old    = live("3", "Paid", time.Hour)
)

func TestJudge_FirstCaseThatFits_Decides(t *testing.T) {
	t.Parallel()
	down, past1 := answered(500, "InternalError"), withToken(unpaidA(), unpaidA().TokenPast("1"))
	for name, test := range map[string]struct {
		look    ordering.Look
		request ordering.Wish
		want    ordering.Verdict
	}{
		"billing is off":             {ordering.Look{Err: ordering.ErrBillingOff}, unpaidA(), ordering.SendUnseen},
		"no right, NoPermission":     {ordering.Look{Err: answered(400, "NoPermission")}, unpaidA(), ordering.SendUnseen},
		"no right, NotAuthorized":    {ordering.Look{Err: answered(400, "NotAuthorized")}, unpaidA(), ordering.SendUnseen},
		"no right, Forbidden.RAM":    {ordering.Look{Err: answered(403, "Forbidden.RAM")}, unpaidA(), ordering.SendUnseen},
		"a proxy's 403 is no answer": {ordering.Look{Err: answered(403, "")}, unpaidA(), ordering.LookAgain},

		"two live orders":                    {ordering.Look{Live: lives(young, young2)}, unpaidA(), ordering.RefuseOrders},
		"two live orders, billing failed":    {ordering.Look{Live: lives(young, old), Err: down}, unpaidA(), ordering.RefuseOrders},
		"two live orders, others beyond":     {ordering.Look{Live: lives(young, old), Beyond: true}, unpaidA(), ordering.RefuseOrders},
		"an old order":                       {ordering.Look{Live: lives(old)}, unpaidA(), ordering.RefuseOrders},
		"an old order, billing failed":       {ordering.Look{Live: lives(old), Err: down}, unpaidA(), ordering.RefuseOrders},
		"an old order, others beyond":        {ordering.Look{Live: lives(old), Beyond: true}, unpaidA(), ordering.RefuseOrders},
		"billing failed":                     {ordering.Look{Err: down}, unpaidA(), ordering.LookAgain},
		"billing lost the answer":            {ordering.Look{Err: lost()}, unpaidA(), ordering.LookAgain},
		"billing not reached":                {ordering.Look{Err: notSent(ordering.ObstacleRefused)}, unpaidA(), ordering.LookAgain},
		"too many orders for circuits":       {ordering.Look{Err: ordering.ErrTooManyOrders}, unpaidA(), ordering.LookAgain},
		"a young order, billing failed":      {ordering.Look{Live: lives(young), Err: down}, unpaidA(), ordering.LookAgain},
		"billing failed, others beyond":      {ordering.Look{Err: down, Beyond: true}, unpaidA(), ordering.LookAgain},
		"a young order, others beyond":       {ordering.Look{Live: lives(young), Beyond: true}, unpaidA(), ordering.RefuseOrders},
		"a young order":                      {ordering.Look{Live: lives(young)}, unpaidA(), ordering.TakeOver},
		"a young order beside cancelled":     {ordering.Look{Live: lives(young), Cancelled: lives(old)}, unpaidA(), ordering.TakeOver},
		"others beyond":                      {ordering.Look{Beyond: true}, unpaidA(), ordering.SendOrder},
		"cancelled orders only":              {ordering.Look{Cancelled: lives(young, old)}, unpaidA(), ordering.SendOrder},
		"orders that name no circuit":        {ordering.Look{Unnamed: lives(young, old)}, unpaidA(), ordering.SendOrder},
		"no orders":                          {ordering.Look{}, unpaidA(), ordering.SendOrder},
		"no orders, a typed token":           {ordering.Look{}, withToken(unpaidA(), "typed"), ordering.SendOrder},
		"a typed token passes nothing by":    {ordering.Look{Live: lives(old)}, withToken(unpaidA(), "typed"), ordering.RefuseOrders},
		"the token past the order":           {ordering.Look{Live: lives(young)}, past1, ordering.SendOrder},
		"the token past an order of two":     {ordering.Look{Live: lives(young, young2)}, past1, ordering.RefuseOrders},
		"the token past another order":       {ordering.Look{Live: lives(young2)}, past1, ordering.RefuseOrders},
		"the token past, billing failed":     {ordering.Look{Live: lives(young), Err: down}, past1, ordering.LookAgain},
		"the token past a cancelled order":   {ordering.Look{Live: lives(old), Cancelled: lives(young)}, past1, ordering.RefuseOrders},
		"the token past, from a typed token": {ordering.Look{Live: lives(young)}, withToken(unpaidA(), ordering.NextToken("typed", "1")), ordering.RefuseOrders},
		"the token past the order, shared": {
			ordering.Look{Live: lives(ordering.FoundOrder{ID: "1", Rows: old.Rows, Shared: true})}, past1, ordering.SendOrder,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.look.Judge(test.request); got != test.want {
				t.Errorf("verdict %d, want %d", got, test.want)
			}
		})
	}
}

func TestJudge_TakesOver_OnlyWhatIsMostLikelyAKilledRun(t *testing.T) {
	t.Parallel()
	ends := func(start time.Time, months int) func(*ordering.OrderRow) {
		return func(row *ordering.OrderRow) {
			row.UsageStartTime, row.UsageEndTime = &start, new(start.AddDate(0, months, 0))
		}
	}
	noPeriod := unpaidA()
	noPeriod.Period = nil
	yearly := unpaidA()
	yearly.Period, yearly.Cycle = new(int64(1)), "Year"
	shared := live("1", "Unpaid", time.Minute)
	shared.Shared = true
	for name, test := range map[string]struct {
		order   ordering.FoundOrder
		request ordering.Wish
		want    bool
	}{
		"unpaid, to be paid later":  {live("1", "Unpaid", time.Minute), unpaidA(), true},
		"unpaid, with auto_pay":     {live("1", "Unpaid", time.Minute), wishA(), false},
		"paid, with auto_pay":       {live("1", "Paid", time.Minute), wishA(), true},
		"paid, without auto_pay":    {live("1", "Paid", time.Minute), unpaidA(), true},
		"status in capitals":        {live("1", "PAID", time.Minute), wishA(), true},
		"unknown status":            {live("1", "Processing", time.Minute), unpaidA(), false},
		"no status":                 {live("1", "", time.Minute), unpaidA(), false},
		"a row paid, a row unpaid":  {withRow(live("1", "Paid", 0), live("1", "Unpaid", 0).Rows[0]), wishA(), false},
		"a row paid, one cancelled": {withRow(live("1", "Paid", 0), live("1", "Cancelled", 0).Rows[0]), wishA(), true},
		"a row paid, one unknown":   {withRow(live("1", "Paid", 0), live("1", "Processing", 0).Rows[0]), unpaidA(), false},

		"created in this moment":      {live("1", "Paid", 0), wishA(), true},
		"created after the date":      {live("1", "Paid", -time.Second), wishA(), false},
		"created 30 minutes before":   {live("1", "Paid", 30*time.Minute), wishA(), true},
		"created 30 minutes and more": {live("1", "Paid", 30*time.Minute+time.Second), wishA(), false},
		"no date":                     {changed(live("1", "Paid", 0), func(row *ordering.OrderRow) { row.AsOf = nil }), wishA(), false},
		"no CreateTime":               {changed(live("1", "Paid", 0), func(row *ordering.OrderRow) { row.CreateTime = nil }), wishA(), false},
		"a row without CreateTime": {
			withRow(live("1", "Paid", 0), ordering.OrderRow{PaymentStatus: "Paid", AsOf: &dateOfLook}), wishA(), false,
		},
		"a row without date": {
			withRow(live("1", "Paid", 0), ordering.OrderRow{PaymentStatus: "Paid", CreateTime: &dateOfLook}), wishA(), false,
		},

		"shared with another circuit": {shared, unpaidA(), false},
		"the term of the request":     {changed(live("1", "Paid", 0), ends(dateOfLook, 3)), wishA(), true},
		"a shorter term":              {changed(live("1", "Paid", 0), ends(dateOfLook, 1)), wishA(), false},
		"a longer term":               {changed(live("1", "Paid", 0), ends(dateOfLook, 12)), wishA(), false},
		"a term in years":             {changed(live("1", "Paid", 0), ends(dateOfLook, 12)), yearly, true},
		"months taken for years":      {changed(live("1", "Paid", 0), ends(dateOfLook, 1)), yearly, false},
		"a term, no period asked for": {changed(live("1", "Paid", 0), ends(dateOfLook, 60)), noPeriod, true},
		"half a term":                 {changed(live("1", "Paid", 0), func(row *ordering.OrderRow) { row.UsageStartTime = &dateOfLook }), wishA(), true},

		"a typed token": {live("1", "Paid", 0), withToken(wishA(), "typed"), false},
		"a later token": {live("1", "Paid", 0), withToken(wishA(), ordering.NextToken(wishA().Token, "9")), false},
		"no token":      {live("1", "Paid", 0), withToken(wishA(), ""), false},
		"the default token of another region": {
			live("1", "Paid", 0), withToken(wishA(), ordering.DeriveToken(keyElsewhere.Region, keyElsewhere.CircuitID)), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := ordering.RefuseOrders
			if test.want {
				want = ordering.TakeOver
			}
			if got := (ordering.Look{Live: lives(test.order)}).Judge(test.request); got != want {
				t.Errorf("verdict %d, want %d", got, want)
			}
		})
	}
}

func TestBlocking_LeavesOutOnlyTheOrderThatTheTokenPasses(t *testing.T) {
	t.Parallel()
	look := ordering.Look{Live: lives(young, young2, old)}
	wantIDs(t, "blocking", look.Blocking(unpaidA()), "1", "2", "3")
	wantIDs(t, "blocking", look.Blocking(withToken(unpaidA(), "typed")), "1", "2", "3")
	wantIDs(t, "blocking", look.Blocking(withToken(unpaidA(), unpaidA().TokenPast("2"))), "1", "3")
	wantIDs(t, "live", look.Live, "1", "2", "3")
}

func TestJudge_OrderIsLive_UnlessEveryRowIsCancelled(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{
		"Unpaid": true, "Paid": true, "Processing": true, "": true, "Refunded": true,
		"Cancelled": false, "CANCELLED": false, "canceled": false,
	} {
		if got := live("1", status, 0).Live(); got != want {
			t.Errorf("%q: %t", status, got)
		}
		if !withRow(live("1", status, 0), rowOf("1", "Paid", dateOfLook)).Live() {
			t.Errorf("%q beside a paid row: cancelled", status)
		}
	}
}
