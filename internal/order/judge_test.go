package order_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// dateOfLook is the date of every look of this file.
var dateOfLook = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// live returns an order of circuit A with that age at the date of the look.
func live(id, status string, age time.Duration) billing.Order {
	line := ordertest.LineOf(id, status, dateOfLook.Add(-age))
	line.AsOf = &dateOfLook
	return billing.Order{ID: id, Lines: []billing.OrderLine{line}}
}

func lives(orders ...billing.Order) []billing.Order { return orders }

// changed returns the order with a changed first line.
func changed(order billing.Order, change func(*billing.OrderLine)) billing.Order {
	change(&order.Lines[0])
	return order
}

// withLine returns the order with another line.
func withLine(order billing.Order, line billing.OrderLine) billing.Order {
	order.Lines = append(order.Lines, line)
	return order
}

var (
	young  = live("1", "Unpaid", time.Minute)
	young2 = live("2", "Unpaid", time.Minute)
	old    = live("3", "Paid", time.Hour)
)

func TestJudge_FirstMatchingCase_Decides(t *testing.T) {
	t.Parallel()
	down, reorder1 := ordertest.Answered(500, "InternalError"), ordertest.WithToken(ordertest.UnpaidA(), ordertest.UnpaidA().ReorderToken("1"))
	for name, test := range map[string]struct {
		look    billing.Look
		request order.Request
		want    order.Verdict
	}{
		"billing is off":               {billing.Look{Err: billing.ErrBillingOff}, ordertest.UnpaidA(), order.VerdictSendUnseen},
		"no permission, NoPermission":  {billing.Look{Err: ordertest.Answered(400, "NoPermission")}, ordertest.UnpaidA(), order.VerdictSendUnseen},
		"no permission, NotAuthorized": {billing.Look{Err: ordertest.Answered(400, "NotAuthorized")}, ordertest.UnpaidA(), order.VerdictSendUnseen},
		"no permission, Forbidden.RAM": {billing.Look{Err: ordertest.Answered(403, "Forbidden.RAM")}, ordertest.UnpaidA(), order.VerdictSendUnseen},
		"a 403 of a proxy":             {billing.Look{Err: ordertest.Answered(403, "")}, ordertest.UnpaidA(), order.VerdictLookAgain},

		"two live orders":                        {billing.Look{Live: lives(young, young2)}, ordertest.UnpaidA(), order.VerdictRefuse},
		"two live orders, billing failed":        {billing.Look{Live: lives(young, old), Err: down}, ordertest.UnpaidA(), order.VerdictRefuse},
		"two live orders, others beyond":         {billing.Look{Live: lives(young, old), Skipped: true}, ordertest.UnpaidA(), order.VerdictRefuse},
		"an old order":                           {billing.Look{Live: lives(old)}, ordertest.UnpaidA(), order.VerdictRefuse},
		"an old order, billing failed":           {billing.Look{Live: lives(old), Err: down}, ordertest.UnpaidA(), order.VerdictRefuse},
		"an old order, others beyond":            {billing.Look{Live: lives(old), Skipped: true}, ordertest.UnpaidA(), order.VerdictRefuse},
		"billing failed":                         {billing.Look{Err: down}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"billing lost the answer":                {billing.Look{Err: ordertest.Lost()}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"billing not reached":                    {billing.Look{Err: ordertest.NotSent(apierror.CauseRefused)}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"too many orders for circuits":           {billing.Look{Err: billing.ErrTooManyOrders}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"a young order, billing failed":          {billing.Look{Live: lives(young), Err: down}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"billing failed, others beyond":          {billing.Look{Err: down, Skipped: true}, ordertest.UnpaidA(), order.VerdictLookAgain},
		"a young order, others beyond":           {billing.Look{Live: lives(young), Skipped: true}, ordertest.UnpaidA(), order.VerdictRefuse},
		"a young order":                          {billing.Look{Live: lives(young)}, ordertest.UnpaidA(), order.VerdictAdopt},
		"a young order and a cancelled one":      {billing.Look{Live: lives(young), Cancelled: lives(old)}, ordertest.UnpaidA(), order.VerdictAdopt},
		"others beyond":                          {billing.Look{Skipped: true}, ordertest.UnpaidA(), order.VerdictSend},
		"cancelled orders only":                  {billing.Look{Cancelled: lives(young, old)}, ordertest.UnpaidA(), order.VerdictSend},
		"orders without a circuit ID":            {billing.Look{Unnamed: lives(young, old)}, ordertest.UnpaidA(), order.VerdictSend},
		"no orders":                              {billing.Look{}, ordertest.UnpaidA(), order.VerdictSend},
		"no orders, a token of the user":         {billing.Look{}, ordertest.WithToken(ordertest.UnpaidA(), "typed"), order.VerdictSend},
		"an old order, a token of the user":      {billing.Look{Live: lives(old)}, ordertest.WithToken(ordertest.UnpaidA(), "typed"), order.VerdictRefuse},
		"the reorder token":                      {billing.Look{Live: lives(young)}, reorder1, order.VerdictSend},
		"the reorder token of one of two":        {billing.Look{Live: lives(young, young2)}, reorder1, order.VerdictRefuse},
		"the reorder token of another order":     {billing.Look{Live: lives(young2)}, reorder1, order.VerdictRefuse},
		"the reorder token, billing failed":      {billing.Look{Live: lives(young), Err: down}, reorder1, order.VerdictLookAgain},
		"the reorder token of a cancelled order": {billing.Look{Live: lives(old), Cancelled: lives(young)}, reorder1, order.VerdictRefuse},
		"a token after a token of the user":      {billing.Look{Live: lives(young)}, ordertest.WithToken(ordertest.UnpaidA(), order.TokenAfter("typed", "1")), order.VerdictRefuse},
		"the reorder token of a shared order": {
			billing.Look{Live: lives(billing.Order{ID: "1", Lines: old.Lines, Shared: true})}, reorder1, order.VerdictSend,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.request.Judge(test.look); got != test.want {
				t.Errorf("verdict %d, want %d", got, test.want)
			}
		})
	}
}

func TestJudge_Adopts_OnlyOrdersOfAKilledRun(t *testing.T) {
	t.Parallel()
	ends := func(start time.Time, months int) func(*billing.OrderLine) {
		return func(line *billing.OrderLine) {
			line.UsageStartTime, line.UsageEndTime = &start, new(start.AddDate(0, months, 0))
		}
	}
	noPeriod := ordertest.UnpaidA()
	noPeriod.Period = nil
	yearly := ordertest.UnpaidA()
	yearly.Period, yearly.PricingCycle = new(int64(1)), "Year"
	shared := live("1", "Unpaid", time.Minute)
	shared.Shared = true
	for name, test := range map[string]struct {
		order   billing.Order
		request order.Request
		want    bool
	}{
		"unpaid, to be paid later":   {live("1", "Unpaid", time.Minute), ordertest.UnpaidA(), true},
		"unpaid, with auto_pay":      {live("1", "Unpaid", time.Minute), ordertest.RequestA(), false},
		"paid, with auto_pay":        {live("1", "Paid", time.Minute), ordertest.RequestA(), true},
		"paid, without auto_pay":     {live("1", "Paid", time.Minute), ordertest.UnpaidA(), true},
		"status in capitals":         {live("1", "PAID", time.Minute), ordertest.RequestA(), true},
		"unknown status":             {live("1", "Processing", time.Minute), ordertest.UnpaidA(), false},
		"no status":                  {live("1", "", time.Minute), ordertest.UnpaidA(), false},
		"a line paid, a line unpaid": {withLine(live("1", "Paid", 0), live("1", "Unpaid", 0).Lines[0]), ordertest.RequestA(), false},
		"a line paid, one cancelled": {withLine(live("1", "Paid", 0), live("1", "Cancelled", 0).Lines[0]), ordertest.RequestA(), true},
		"a line paid, one unknown":   {withLine(live("1", "Paid", 0), live("1", "Processing", 0).Lines[0]), ordertest.UnpaidA(), false},

		"created just now":            {live("1", "Paid", 0), ordertest.RequestA(), true},
		"created after the date":      {live("1", "Paid", -time.Second), ordertest.RequestA(), false},
		"created 30 minutes before":   {live("1", "Paid", 30*time.Minute), ordertest.RequestA(), true},
		"created 30 minutes and more": {live("1", "Paid", 30*time.Minute+time.Second), ordertest.RequestA(), false},
		"no date":                     {changed(live("1", "Paid", 0), func(line *billing.OrderLine) { line.AsOf = nil }), ordertest.RequestA(), false},
		"no CreateTime":               {changed(live("1", "Paid", 0), func(line *billing.OrderLine) { line.CreateTime = nil }), ordertest.RequestA(), false},
		"a line without CreateTime": {
			withLine(live("1", "Paid", 0), billing.OrderLine{PaymentStatus: "Paid", AsOf: &dateOfLook}), ordertest.RequestA(), false,
		},
		"a line without date": {
			withLine(live("1", "Paid", 0), billing.OrderLine{PaymentStatus: "Paid", CreateTime: &dateOfLook}), ordertest.RequestA(), false,
		},

		"shared with another circuit": {shared, ordertest.UnpaidA(), false},
		"the term of the request":     {changed(live("1", "Paid", 0), ends(dateOfLook, 3)), ordertest.RequestA(), true},
		"a shorter term":              {changed(live("1", "Paid", 0), ends(dateOfLook, 1)), ordertest.RequestA(), false},
		"a longer term":               {changed(live("1", "Paid", 0), ends(dateOfLook, 12)), ordertest.RequestA(), false},
		"a term in years":             {changed(live("1", "Paid", 0), ends(dateOfLook, 12)), yearly, true},
		"months instead of years":     {changed(live("1", "Paid", 0), ends(dateOfLook, 1)), yearly, false},
		"a term, no period requested": {changed(live("1", "Paid", 0), ends(dateOfLook, 60)), noPeriod, true},
		"half a term":                 {changed(live("1", "Paid", 0), func(line *billing.OrderLine) { line.UsageStartTime = &dateOfLook }), ordertest.RequestA(), true},

		"a token of the user": {live("1", "Paid", 0), ordertest.WithToken(ordertest.RequestA(), "typed"), false},
		"a later token":       {live("1", "Paid", 0), ordertest.WithToken(ordertest.RequestA(), order.TokenAfter(ordertest.RequestA().ClientToken, "9")), false},
		"no token":            {live("1", "Paid", 0), ordertest.WithToken(ordertest.RequestA(), ""), false},
		"the default token of another region": {
			live("1", "Paid", 0), ordertest.WithToken(ordertest.RequestA(), order.DefaultToken(ordertest.KeyElsewhere.Region, ordertest.KeyElsewhere.CircuitID)), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := order.VerdictRefuse
			if test.want {
				want = order.VerdictAdopt
			}
			if got := test.request.Judge(billing.Look{Live: lives(test.order)}); got != want {
				t.Errorf("verdict %d, want %d", got, want)
			}
		})
	}
}

func TestBlocking_LeavesOutTheOrderOfTheReorderToken(t *testing.T) {
	t.Parallel()
	look := billing.Look{Live: lives(young, young2, old)}
	ordertest.WantIDs(t, "blocking", ordertest.UnpaidA().Blocking(look), "1", "2", "3")
	ordertest.WantIDs(t, "blocking", ordertest.WithToken(ordertest.UnpaidA(), "typed").Blocking(look), "1", "2", "3")
	ordertest.WantIDs(t, "blocking", ordertest.WithToken(ordertest.UnpaidA(), ordertest.UnpaidA().ReorderToken("2")).Blocking(look), "1", "3")
	ordertest.WantIDs(t, "live", look.Live, "1", "2", "3")
}

func TestLive_IsFalseOnlyIfEveryLineIsCancelled(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{
		"Unpaid": true, "Paid": true, "Processing": true, "": true, "Refunded": true,
		"Cancelled": false, "CANCELLED": false, "canceled": false,
	} {
		if got := live("1", status, 0).Live(); got != want {
			t.Errorf("%q: %t", status, got)
		}
		if !withLine(live("1", status, 0), ordertest.LineOf("1", "Paid", dateOfLook)).Live() {
			t.Errorf("%q and a paid line: cancelled", status)
		}
	}
}
