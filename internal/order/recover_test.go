package order_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// lostThen loses the first answer and then fails with the failure; nil: it loses all.
// At the first try billing gets the rows.
func lostThen(billing *ordertest.Book, failure *apierror.Error, rows ...billing.OrderLine) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		if try == 1 {
			for _, row := range rows {
				billing.Rows[row.OrderID] = append(billing.Rows[row.OrderID], row)
			}
		}
		if try == 1 || failure == nil {
			return order.Receipt{}, ordertest.Lost()
		}
		return order.Receipt{}, failure
	}
}

func TestRecover_TheOnlyNewLiveOrder_IsAdopted(t *testing.T) {
	t.Parallel()
	wrongState := ordertest.Answered(400, "Forbidden.NotAllowedInState")
	for name, test := range map[string]struct {
		request order.Request
		last    *apierror.Error
		change  func(*billing.OrderLine)
	}{
		"lost until the time is over":     {ordertest.RequestA(), nil, func(*billing.OrderLine) {}},
		"refused for the state":           {ordertest.RequestA(), wrongState, func(row *billing.OrderLine) { row.PaymentStatus = "Paid" }},
		"an answer of a proxy":            {ordertest.RequestA(), ordertest.Answered(403, ""), func(*billing.OrderLine) {}},
		"refused for another order":       {ordertest.RequestA(), ordertest.Answered(400, "Order.InstanceHasUnpaidOrder"), func(*billing.OrderLine) {}},
		"without rights since":            {ordertest.RequestA(), ordertest.Answered(403, "Forbidden.RAM"), func(*billing.OrderLine) {}},
		"a typed token":                   {ordertest.WithToken(ordertest.RequestA(), "typed"), nil, func(*billing.OrderLine) {}},
		"of an unknown status":            {ordertest.RequestA(), nil, func(row *billing.OrderLine) { row.PaymentStatus = "Processing" }},
		"created at the date of the look": {ordertest.RequestA(), nil, func(row *billing.OrderLine) { row.CreateTime = new(ordertest.Ago(time.Second)) }},
		"of the term that was asked for": {ordertest.RequestA(), nil, func(row *billing.OrderLine) {
			row.UsageStartTime, row.UsageEndTime = new(time.Now()), new(time.Now().AddDate(0, 3, 0))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := ordertest.BookOf(ordertest.RowOf("1", "Cancelled", ordertest.Ago(ordertest.Day))), &ordertest.FakeAPI{}
				billing.ListTakes = 500 * time.Millisecond // The look's date is a second before the send.
				api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
					row := ordertest.RowOf("9", "Unpaid", time.Now())
					test.change(&row)
					return lostThen(billing, test.last, row)(ctx, try)
				}
				placer := ordertest.PlacerWith(api, billing)
				placer.Timeout = time.Minute

				placement, err := placer.Place(t.Context(), test.request)

				if err != nil || placement.Receipt != (order.Receipt{OrderID: "9"}) || !placement.Found || placement.Source != order.Adopted || !placement.Sent {
					t.Fatalf("%+v, %v", placement, err)
				}
				if placement.ClientToken != test.request.ClientToken || len(placement.Lines) != 1 {
					t.Errorf("%+v", placement)
				}
				ordertest.WantClaim(t, placer, false)
			})
		})
	}
}

func TestRecover_OrderThatIsNotCertainlyThisOne_IsNamedInTheError(t *testing.T) {
	t.Parallel()
	row := func(change func(*billing.OrderLine)) func() []billing.OrderLine {
		return func() []billing.OrderLine {
			row := ordertest.RowOf("9", "Unpaid", time.Now())
			change(&row)
			return []billing.OrderLine{row}
		}
	}
	unchanged := row(func(*billing.OrderLine) {})
	for name, test := range map[string]struct {
		request order.Request
		before  func(*ordertest.Book)      // before the first send
		rows    func() []billing.OrderLine // that billing shows after the first send
		after   func(*ordertest.Book)      // after the first send
		live    []string
	}{
		"none": {request: ordertest.RequestA(), rows: func() []billing.OrderLine { return nil }},
		"two of them": {request: ordertest.RequestA(), rows: func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.RowOf("8", "Unpaid", time.Now()), ordertest.RowOf("9", "Unpaid", time.Now())}
		}, live: []string{"9", "8"}},
		"shown before, and passed by": {
			request: ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken("9")), before: func(b *ordertest.Book) { b.Rows["9"] = unchanged() },
			rows: func() []billing.OrderLine { return nil }, live: []string{"9"},
		},
		"shown before as cancelled": {
			request: ordertest.RequestA(), before: func(b *ordertest.Book) {
				b.Rows["9"] = row(func(row *billing.OrderLine) { row.PaymentStatus = "Cancelled" })()
			},
			rows: unchanged, live: []string{"9"},
		},
		"older than the date of the look": {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.CreateTime = new(ordertest.Ago(2 * time.Second)) }), live: []string{"9"}},
		"without a CreateTime":            {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.CreateTime = nil }), live: []string{"9"}},
		"the look had no date":            {request: ordertest.RequestA(), before: func(b *ordertest.Book) { b.Dateless = true }, rows: unchanged, live: []string{"9"}},
		"of another term":                 {request: ordertest.RequestA(), rows: row(lastsAYear), live: []string{"9"}},
		"shared":                          {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.InstanceIDs = []string{"pc-a", "pc-b"} }), live: []string{"9"}},
		"others beyond before": {
			request: ordertest.RequestA(), before: func(b *ordertest.Book) { b.Truncated = []string{""} }, after: func(b *ordertest.Book) { b.Truncated = nil },
			rows: unchanged, live: []string{"9"},
		},
		"no right to list before":   {request: ordertest.RequestA(), before: func(b *ordertest.Book) { b.Listing = ordertest.Answered(400, "NoPermission") }, after: func(b *ordertest.Book) { b.Listing = nil }, rows: unchanged},
		"others beyond after":       {request: ordertest.RequestA(), rows: unchanged, after: func(b *ordertest.Book) { b.Truncated = []string{""} }, live: []string{"9"}},
		"too many orders after":     {request: ordertest.RequestA(), rows: unchanged, after: func(b *ordertest.Book) { b.Truncated = []string{"pconn"} }, live: []string{"9"}},
		"billing fails after":       {request: ordertest.RequestA(), rows: unchanged, after: func(b *ordertest.Book) { b.Listing = ordertest.Answered(500, "InternalError") }},
		"another order fails after": {request: ordertest.RequestA(), rows: unchanged, after: func(b *ordertest.Book) { failsFrom(b, "8") }, live: []string{"9"}},
		"of another circuit":        {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.InstanceIDs = []string{"pc-b"} })},
		"a renewal":                 {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.OrderType = "Renew" })},
		"names nothing":             {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.InstanceIDs = nil })},
		"cancelled meanwhile":       {request: ordertest.RequestA(), rows: row(func(row *billing.OrderLine) { row.PaymentStatus = "Cancelled" })},
		"beside an order passed by": {
			request: ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken("1")), before: func(b *ordertest.Book) {
				b.Rows["1"] = []billing.OrderLine{ordertest.RowOf("1", "Paid", ordertest.Ago(ordertest.Day))}
			},
			rows: unchanged, live: []string{"9", "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := ordertest.BookOf(), &ordertest.FakeAPI{}
				billing.ListTakes = 500 * time.Millisecond
				if test.before != nil {
					test.before(billing)
				}
				api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
					if try == 1 {
						for _, row := range test.rows() {
							delete(billing.Rows, row.OrderID)
						}
						if test.after != nil {
							test.after(billing)
						}
					}
					return lostThen(billing, nil, test.rows()...)(ctx, try)
				}
				placer := ordertest.PlacerWith(api, billing)
				placer.Timeout = time.Minute

				placement, err := placer.Place(t.Context(), test.request)

				if err == nil {
					t.Fatalf("order %s is adopted", placement.Receipt.OrderID)
				}
				unanswered := ordertest.PlaceError(t, err, order.NotAnswered)
				ordertest.WantIDs(t, "live", unanswered.Look.Live, test.live...)
				if unanswered.FirstAmbiguous == nil || unanswered.ClientToken != test.request.ClientToken || unanswered.StopReason != order.OutOfTime {
					t.Errorf("got %+v", unanswered)
				}
				ordertest.WantClaim(t, placer, false)
			})
		})
	}
}

// failsFrom adds an order of circuit A that billing lists last and cannot read.
func failsFrom(b *ordertest.Book, id string) {
	b.Rows[id] = []billing.OrderLine{ordertest.RowOf(id, "Unpaid", ordertest.Ago(ordertest.Day))}
	b.Failing = map[string]error{id: ordertest.Answered(500, "InternalError")}
}

func TestRecover_LooksOnlyAfterWhatMayHaveOrdered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		send      func(context.Context, int) (order.Receipt, error)
		lists     int // the look before the send included
		interrupt bool
	}{
		"refused for certain":              {ordertest.Always(ordertest.Answered(400, "Forbidden.NotAllowedInState")), 2, false},
		"not sent until the time is over":  {ordertest.Always(ordertest.NotSent(apierror.NoPermanentCause)), 2, false},
		"throttled until the time is over": {ordertest.Always(ordertest.Throttled()), 2, false},
		"lost until the time is over":      {ordertest.Always(ordertest.Lost()), 4, false},
		"lost, then refused":               {ordertest.InTurn(ordertest.Lost(), ordertest.Answered(400, "Forbidden.NotAllowedInState")), 4, false},
		"refused for something unknown":    {ordertest.Always(ordertest.Answered(409, "Brand.NewCode")), 4, false},
		"refused for money":                {ordertest.Always(ordertest.Answered(400, "InsufficientBalance")), 4, false},
		"used with other arguments":        {ordertest.Always(ordertest.Answered(400, "IdempotentParameterMismatch")), 4, false},
		"an answer of a proxy":             {ordertest.Always(ordertest.Answered(403, "")), 4, false},
		"lost, then interrupted":           {ordertest.Always(ordertest.Lost()), 2, true},
		"throttled, then interrupted":      {ordertest.Always(ordertest.Throttled()), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := ordertest.BookOf()
				billing.ListTakes = time.Millisecond // No two lists begin at the same time.
				placer := ordertest.PlacerWith(&ordertest.FakeAPI{Send: test.send}, billing)
				placer.Timeout = time.Minute
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.interrupt {
					time.AfterFunc(20*time.Second, cancel)
				}
				_, err := placer.Place(ctx, ordertest.RequestA())
				unanswered := ordertest.PlaceError(t, err, order.NotAnswered)
				if got := unanswered.StopReason == order.Interrupted; got != test.interrupt || test.interrupt && unanswered.Look.Err != nil {
					t.Errorf("got %+v", unanswered)
				}
				ordertest.WantLists(t, billing, test.lists)
			})
		})
	}
}

func TestRecover_RefusalThatIsNotCertain_ShowsTheOrdersOfTheCircuitAndAdoptsNone(t *testing.T) {
	t.Parallel()
	mismatch := ordertest.Answered(400, "IdempotentParameterMismatch")
	for name, test := range map[string]struct {
		failure *apierror.Error
		rows    func() []billing.OrderLine // that the second look shows as well
		live    []string
	}{
		"other arguments, only cancelled orders": {mismatch, func() []billing.OrderLine { return nil }, nil},
		"other arguments, an order of now":       {mismatch, func() []billing.OrderLine { return []billing.OrderLine{ordertest.RowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"money, an order of now":                 {ordertest.Answered(400, "InsufficientBalance"), func() []billing.OrderLine { return []billing.OrderLine{ordertest.RowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"something unknown, an order of now":     {ordertest.Answered(409, "Brand.NewCode"), func() []billing.OrderLine { return []billing.OrderLine{ordertest.RowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				book := ordertest.BookOf(ordertest.RowOf("1", "Cancelled", ordertest.Ago(29*ordertest.Day)))
				book.ListTakes = time.Millisecond
				api := &ordertest.FakeAPI{}
				api.Send = func(context.Context, int) (order.Receipt, error) {
					for _, row := range test.rows() {
						book.Rows[row.OrderID] = []billing.OrderLine{row}
					}
					return order.Receipt{}, test.failure
				}
				_, err := ordertest.PlacerWith(api, book).Place(t.Context(), ordertest.RequestA())
				refused := ordertest.PlaceError(t, err, order.NotAnswered)
				ordertest.WantIDs(t, "live", refused.Look.Live, test.live...)
				ordertest.WantIDs(t, "cancelled", refused.Look.Cancelled, "1")
				if refused.Failure != test.failure || refused.FirstAmbiguous != nil {
					t.Errorf("got %+v", refused)
				}
				ordertest.WantSends(t, api, 1)
			})
		})
	}
}

func TestRecover_LookAfterTheTimeout_HasItsOwnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing, api := ordertest.BookOf(), &ordertest.FakeAPI{}
		api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
			billing.ListTakes = 20 * time.Second
			return lostThen(billing, nil, ordertest.RowOf("9", "Unpaid", time.Now()))(ctx, try)
		}
		placer := ordertest.PlacerWith(api, billing)
		placer.Timeout = time.Minute
		begun := time.Now()
		placement, err := placer.Place(t.Context(), ordertest.RequestA())
		if err != nil || placement.Receipt.OrderID != "9" || time.Since(begun) != 100*time.Second {
			t.Errorf("%+v, %v after %s", placement, err, time.Since(begun))
		}
	})
}

func TestRecover_WithoutBilling_EndsWithTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		placer := ordertest.PlacerOf(&ordertest.FakeAPI{Send: ordertest.Always(ordertest.Lost())})
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if unanswered := ordertest.PlaceError(t, err, order.NotAnswered); fmt.Sprint(unanswered.Look.Err) != billing.ErrBillingOff.Error() {
			t.Errorf("got %+v", unanswered)
		}
	})
}
