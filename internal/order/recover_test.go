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

// lostThen loses the first response and then returns the error. If it is nil, all
// responses are lost. The first try adds the lines to billing.
func lostThen(billing *ordertest.FakeBilling, failure *apierror.Error, lines ...billing.OrderLine) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		if try == 1 {
			for _, line := range lines {
				billing.Lines[line.OrderID] = append(billing.Lines[line.OrderID], line)
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
		"refused for the state":           {ordertest.RequestA(), wrongState, func(line *billing.OrderLine) { line.PaymentStatus = "Paid" }},
		"an error of a proxy":             {ordertest.RequestA(), ordertest.Answered(403, ""), func(*billing.OrderLine) {}},
		"refused for another order":       {ordertest.RequestA(), ordertest.Answered(400, "Order.InstanceHasUnpaidOrder"), func(*billing.OrderLine) {}},
		"permissions removed":             {ordertest.RequestA(), ordertest.Answered(403, "Forbidden.RAM"), func(*billing.OrderLine) {}},
		"a token of the user":             {ordertest.WithToken(ordertest.RequestA(), "typed"), nil, func(*billing.OrderLine) {}},
		"of an unknown status":            {ordertest.RequestA(), nil, func(line *billing.OrderLine) { line.PaymentStatus = "Processing" }},
		"created at the date of the look": {ordertest.RequestA(), nil, func(line *billing.OrderLine) { line.CreateTime = new(ordertest.Ago(time.Second)) }},
		"of the requested term": {ordertest.RequestA(), nil, func(line *billing.OrderLine) {
			line.UsageStartTime, line.UsageEndTime = new(time.Now()), new(time.Now().AddDate(0, 3, 0))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := ordertest.BillingWith(ordertest.LineOf("1", "Cancelled", ordertest.Ago(ordertest.Day))), &ordertest.FakeAPI{}
				billing.ListTakes = 500 * time.Millisecond // The date of the look is a second before the request.
				api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
					line := ordertest.LineOf("9", "Unpaid", time.Now())
					test.change(&line)
					return lostThen(billing, test.last, line)(ctx, try)
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

func TestRecover_UncertainOrder_IsReturnedInTheError(t *testing.T) {
	t.Parallel()
	line := func(change func(*billing.OrderLine)) func() []billing.OrderLine {
		return func() []billing.OrderLine {
			line := ordertest.LineOf("9", "Unpaid", time.Now())
			change(&line)
			return []billing.OrderLine{line}
		}
	}
	unchanged := line(func(*billing.OrderLine) {})
	for name, test := range map[string]struct {
		request order.Request
		before  func(*ordertest.FakeBilling) // before the first send
		lines   func() []billing.OrderLine   // that billing shows after the first send
		after   func(*ordertest.FakeBilling) // after the first send
		live    []string
	}{
		"none": {request: ordertest.RequestA(), lines: func() []billing.OrderLine { return nil }},
		"two of them": {request: ordertest.RequestA(), lines: func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("8", "Unpaid", time.Now()), ordertest.LineOf("9", "Unpaid", time.Now())}
		}, live: []string{"9", "8"}},
		"shown before, with its reorder token": {
			request: ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken("9")), before: func(b *ordertest.FakeBilling) { b.Lines["9"] = unchanged() },
			lines: func() []billing.OrderLine { return nil }, live: []string{"9"},
		},
		"shown before as cancelled": {
			request: ordertest.RequestA(), before: func(b *ordertest.FakeBilling) {
				b.Lines["9"] = line(func(line *billing.OrderLine) { line.PaymentStatus = "Cancelled" })()
			},
			lines: unchanged, live: []string{"9"},
		},
		"older than the date of the look": {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.CreateTime = new(ordertest.Ago(2 * time.Second)) }), live: []string{"9"}},
		"without a CreateTime":            {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.CreateTime = nil }), live: []string{"9"}},
		"the look had no date":            {request: ordertest.RequestA(), before: func(b *ordertest.FakeBilling) { b.NoDate = true }, lines: unchanged, live: []string{"9"}},
		"of another term":                 {request: ordertest.RequestA(), lines: line(lastsAYear), live: []string{"9"}},
		"shared":                          {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.InstanceIDs = []string{"pc-a", "pc-b"} }), live: []string{"9"}},
		"others beyond before": {
			request: ordertest.RequestA(), before: func(b *ordertest.FakeBilling) { b.Truncated = []string{""} }, after: func(b *ordertest.FakeBilling) { b.Truncated = nil },
			lines: unchanged, live: []string{"9"},
		},
		"no permission to list before": {request: ordertest.RequestA(), before: func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(400, "NoPermission") }, after: func(b *ordertest.FakeBilling) { b.ListErr = nil }, lines: unchanged},
		"others beyond after":          {request: ordertest.RequestA(), lines: unchanged, after: func(b *ordertest.FakeBilling) { b.Truncated = []string{""} }, live: []string{"9"}},
		"too many orders after":        {request: ordertest.RequestA(), lines: unchanged, after: func(b *ordertest.FakeBilling) { b.Truncated = []string{"pconn"} }, live: []string{"9"}},
		"billing fails after":          {request: ordertest.RequestA(), lines: unchanged, after: func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(500, "InternalError") }},
		"another order fails after":    {request: ordertest.RequestA(), lines: unchanged, after: func(b *ordertest.FakeBilling) { failsFrom(b, "8") }, live: []string{"9"}},
		"of another circuit":           {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.InstanceIDs = []string{"pc-b"} })},
		"a renewal":                    {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.OrderType = "Renew" })},
		"without an ID":                {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.InstanceIDs = nil })},
		"now cancelled":                {request: ordertest.RequestA(), lines: line(func(line *billing.OrderLine) { line.PaymentStatus = "Cancelled" })},
		"and another with its reorder token": {
			request: ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken("1")), before: func(b *ordertest.FakeBilling) {
				b.Lines["1"] = []billing.OrderLine{ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day))}
			},
			lines: unchanged, live: []string{"9", "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := ordertest.BillingWith(), &ordertest.FakeAPI{}
				billing.ListTakes = 500 * time.Millisecond
				if test.before != nil {
					test.before(billing)
				}
				api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
					if try == 1 {
						for _, line := range test.lines() {
							delete(billing.Lines, line.OrderID)
						}
						if test.after != nil {
							test.after(billing)
						}
					}
					return lostThen(billing, nil, test.lines()...)(ctx, try)
				}
				placer := ordertest.PlacerWith(api, billing)
				placer.Timeout = time.Minute

				placement, err := placer.Place(t.Context(), test.request)

				if err == nil {
					t.Fatalf("order %s is adopted", placement.Receipt.OrderID)
				}
				failed := ordertest.PlaceError(t, err, order.NoOrderID)
				ordertest.WantIDs(t, "live", failed.Look.Live, test.live...)
				if failed.FirstAmbiguous == nil || failed.ClientToken != test.request.ClientToken || failed.StopReason != order.OutOfTime {
					t.Errorf("got %+v", failed)
				}
				ordertest.WantClaim(t, placer, false)
			})
		})
	}
}

// failsFrom adds an order of circuit A that is the last in the list and cannot be read.
func failsFrom(b *ordertest.FakeBilling, id string) {
	b.Lines[id] = []billing.OrderLine{ordertest.LineOf(id, "Unpaid", ordertest.Ago(ordertest.Day))}
	b.ReadErrs = map[string]error{id: ordertest.Answered(500, "InternalError")}
}

func TestRecover_LooksOnlyIfAnOrderMayExist(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		send      func(context.Context, int) (order.Receipt, error)
		lists     int // including those before the request
		interrupt bool
	}{
		"certainly refused":                {ordertest.Always(ordertest.Answered(400, "Forbidden.NotAllowedInState")), 2, false},
		"not sent until the time is over":  {ordertest.Always(ordertest.NotSent(apierror.NoPermanentCause)), 2, false},
		"throttled until the time is over": {ordertest.Always(ordertest.Throttled()), 2, false},
		"lost until the time is over":      {ordertest.Always(ordertest.Lost()), 4, false},
		"lost, then refused":               {ordertest.InTurn(ordertest.Lost(), ordertest.Answered(400, "Forbidden.NotAllowedInState")), 4, false},
		"refused with an unknown code":     {ordertest.Always(ordertest.Answered(409, "Brand.NewCode")), 4, false},
		"refused for money":                {ordertest.Always(ordertest.Answered(400, "InsufficientBalance")), 4, false},
		"used with other arguments":        {ordertest.Always(ordertest.Answered(400, "IdempotentParameterMismatch")), 4, false},
		"an error of a proxy":              {ordertest.Always(ordertest.Answered(403, "")), 4, false},
		"lost, then interrupted":           {ordertest.Always(ordertest.Lost()), 2, true},
		"throttled without a code":         {ordertest.Always(ordertest.Answered(429, "")), 2, false},
		"throttled, then interrupted":      {ordertest.Always(ordertest.Throttled()), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := ordertest.BillingWith()
				billing.ListTakes = time.Millisecond // No two lists begin at the same time.
				placer := ordertest.PlacerWith(&ordertest.FakeAPI{Send: test.send}, billing)
				placer.Timeout = time.Minute
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.interrupt {
					time.AfterFunc(20*time.Second, cancel)
				}
				_, err := placer.Place(ctx, ordertest.RequestA())
				failed := ordertest.PlaceError(t, err, order.NoOrderID)
				if got := failed.StopReason == order.Interrupted; got != test.interrupt || test.interrupt && failed.Look.Err != nil {
					t.Errorf("got %+v", failed)
				}
				ordertest.WantLists(t, billing, test.lists)
			})
		})
	}
}

func TestRecover_UncertainRefusal_ReturnsTheOrdersAndAdoptsNone(t *testing.T) {
	t.Parallel()
	mismatch := ordertest.Answered(400, "IdempotentParameterMismatch")
	for name, test := range map[string]struct {
		failure *apierror.Error
		lines   func() []billing.OrderLine // in the second look only
		live    []string
	}{
		"other arguments, only cancelled orders": {mismatch, func() []billing.OrderLine { return nil }, nil},
		"other arguments, a new order":           {mismatch, func() []billing.OrderLine { return []billing.OrderLine{ordertest.LineOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"money, a new order":                     {ordertest.Answered(400, "InsufficientBalance"), func() []billing.OrderLine { return []billing.OrderLine{ordertest.LineOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"an unknown code, a new order":           {ordertest.Answered(409, "Brand.NewCode"), func() []billing.OrderLine { return []billing.OrderLine{ordertest.LineOf("2", "Unpaid", time.Now())} }, []string{"2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := ordertest.BillingWith(ordertest.LineOf("1", "Cancelled", ordertest.Ago(29*ordertest.Day)))
				fake.ListTakes = time.Millisecond
				api := &ordertest.FakeAPI{}
				api.Send = func(context.Context, int) (order.Receipt, error) {
					for _, line := range test.lines() {
						fake.Lines[line.OrderID] = []billing.OrderLine{line}
					}
					return order.Receipt{}, test.failure
				}
				_, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
				refused := ordertest.PlaceError(t, err, order.NoOrderID)
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
		billing, api := ordertest.BillingWith(), &ordertest.FakeAPI{}
		api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
			billing.ListTakes = 20 * time.Second
			return lostThen(billing, nil, ordertest.LineOf("9", "Unpaid", time.Now()))(ctx, try)
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
		if failed := ordertest.PlaceError(t, err, order.NoOrderID); fmt.Sprint(failed.Look.Err) != billing.ErrBillingOff.Error() {
			t.Errorf("got %+v", failed)
		}
	})
}

func TestRecover_AfterACancelledOrder_ReturnsTheSentToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := cancelledOrders(1)
		fake.ListTakes = time.Millisecond
		api := &ordertest.FakeAPI{Send: func(_ context.Context, try int) (order.Receipt, error) {
			if try == 1 {
				return order.Receipt{OrderID: "1"}, nil
			}
			fake.Lines["9"] = []billing.OrderLine{ordertest.LineOf("9", "Unpaid", time.Now())}
			return order.Receipt{}, ordertest.Lost()
		}}
		placer := ordertest.PlacerWith(api, fake)
		placer.Timeout = time.Minute
		placement, err := placer.Place(t.Context(), ordertest.RequestA())
		if err != nil || placement.ClientToken != tokensAfter("1")[1] {
			t.Errorf("token of the first request: %t, passed %q, %v", placement.ClientToken == ordertest.RequestA().ClientToken, placement.Passed, err)
		}
	})
}

func TestRecover_RefusedBecauseOfAnUnpaidOrder_ReturnsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		fake.ListTakes = time.Millisecond
		api := &ordertest.FakeAPI{}
		api.Send = func(_ context.Context, _ int) (order.Receipt, error) {
			fake.Lines["9"] = []billing.OrderLine{ordertest.LineOf("9", "Unpaid", ordertest.Ago(0))}
			return order.Receipt{}, ordertest.Answered(400, "Order.InstanceHasUnpaidOrder")
		}
		_, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
		e := ordertest.PlaceError(t, err, order.NoOrderID)
		ordertest.WantIDs(t, "live", e.Look.Live, "9")
	})
}
