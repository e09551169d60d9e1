package ordering_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// lostThen loses the first answer and then fails with the failure; nil: it loses all.
// At the first try billing gets the rows.
func lostThen(billing *book, failure *ordering.Failure, rows ...ordering.OrderRow) func(context.Context, int) (ordering.Receipt, error) {
	return func(_ context.Context, try int) (ordering.Receipt, error) {
		if try == 1 {
			for _, row := range rows {
				billing.rows[row.OrderID] = append(billing.rows[row.OrderID], row)
			}
		}
		if try == 1 || failure == nil {
			return ordering.Receipt{}, lost()
		}
		return ordering.Receipt{}, failure
	}
}

func TestRecover_TheOnlyNewLiveOrder_IsAdopted(t *testing.T) {
	t.Parallel()
	wrongState := answered(400, "Forbidden.NotAllowedInState")
	for name, test := range map[string]struct {
		request ordering.Wish
		last    *ordering.Failure
		change  func(*ordering.OrderRow)
	}{
		"lost until the time is over":     {wishA(), nil, func(*ordering.OrderRow) {}},
		"refused for the state":           {wishA(), wrongState, func(row *ordering.OrderRow) { row.PaymentStatus = "Paid" }},
		"an answer of a proxy":            {wishA(), answered(403, ""), func(*ordering.OrderRow) {}},
		"refused for another order":       {wishA(), answered(400, "Order.InstanceHasUnpaidOrder"), func(*ordering.OrderRow) {}},
		"without rights since":            {wishA(), answered(403, "Forbidden.RAM"), func(*ordering.OrderRow) {}},
		"a typed token":                   {withToken(wishA(), "typed"), nil, func(*ordering.OrderRow) {}},
		"of an unknown status":            {wishA(), nil, func(row *ordering.OrderRow) { row.PaymentStatus = "Processing" }},
		"created at the date of the look": {wishA(), nil, func(row *ordering.OrderRow) { row.CreateTime = new(ago(time.Second)) }},
		"of the term that was asked for": {wishA(), nil, func(row *ordering.OrderRow) {
			row.UsageStartTime, row.UsageEndTime = new(time.Now()), new(time.Now().AddDate(0, 3, 0))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := bookOf(rowOf("1", "Cancelled", ago(day))), &fakeAPI{}
				billing.listTakes = 500 * time.Millisecond // The look's date is a second before the send.
				api.send = func(ctx context.Context, try int) (ordering.Receipt, error) {
					row := rowOf("9", "Unpaid", time.Now())
					test.change(&row)
					return lostThen(billing, test.last, row)(ctx, try)
				}
				placer := placerWith(api, billing)
				placer.Timeout = time.Minute

				placement, err := placer.Place(t.Context(), test.request)

				if err != nil || placement.Receipt != (ordering.Receipt{OrderID: "9"}) || !placement.Found || placement.Source != ordering.Adopted || !placement.Sent {
					t.Fatalf("%+v, %v", placement, err)
				}
				if placement.Token != test.request.Token || len(placement.Rows) != 1 {
					t.Errorf("%+v", placement)
				}
				wantClaim(t, placer, false)
			})
		})
	}
}

func TestRecover_OrderThatIsNotCertainlyThisOne_IsNamedInTheError(t *testing.T) {
	t.Parallel()
	row := func(change func(*ordering.OrderRow)) func() []ordering.OrderRow {
		return func() []ordering.OrderRow {
			row := rowOf("9", "Unpaid", time.Now())
			change(&row)
			return []ordering.OrderRow{row}
		}
	}
	unchanged := row(func(*ordering.OrderRow) {})
	for name, test := range map[string]struct {
		request ordering.Wish
		before  func(*book)                // before the first send
		rows    func() []ordering.OrderRow // that billing shows after the first send
		after   func(*book)                // after the first send
		live    []string
	}{
		"none": {request: wishA(), rows: func() []ordering.OrderRow { return nil }},
		"two of them": {request: wishA(), rows: func() []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("8", "Unpaid", time.Now()), rowOf("9", "Unpaid", time.Now())}
		}, live: []string{"9", "8"}},
		"shown before, and passed by": {
			request: withToken(wishA(), wishA().TokenPast("9")), before: func(b *book) { b.rows["9"] = unchanged() },
			rows: func() []ordering.OrderRow { return nil }, live: []string{"9"},
		},
		"shown before as cancelled": {
			request: wishA(), before: func(b *book) { b.rows["9"] = row(func(row *ordering.OrderRow) { row.PaymentStatus = "Cancelled" })() },
			rows: unchanged, live: []string{"9"},
		},
		"older than the date of the look": {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.CreateTime = new(ago(2 * time.Second)) }), live: []string{"9"}},
		"without a CreateTime":            {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.CreateTime = nil }), live: []string{"9"}},
		"the look had no date":            {request: wishA(), before: func(b *book) { b.dateless = true }, rows: unchanged, live: []string{"9"}},
		"of another term":                 {request: wishA(), rows: row(lastsAYear), live: []string{"9"}},
		"shared":                          {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.InstanceIDs = []string{"pc-a", "pc-b"} }), live: []string{"9"}},
		"others beyond before": {
			request: wishA(), before: func(b *book) { b.truncated = []string{""} }, after: func(b *book) { b.truncated = nil },
			rows: unchanged, live: []string{"9"},
		},
		"no right to list before":   {request: wishA(), before: func(b *book) { b.listing = answered(400, "NoPermission") }, after: func(b *book) { b.listing = nil }, rows: unchanged},
		"others beyond after":       {request: wishA(), rows: unchanged, after: func(b *book) { b.truncated = []string{""} }, live: []string{"9"}},
		"too many orders after":     {request: wishA(), rows: unchanged, after: func(b *book) { b.truncated = []string{"pconn"} }, live: []string{"9"}},
		"billing fails after":       {request: wishA(), rows: unchanged, after: func(b *book) { b.listing = answered(500, "InternalError") }},
		"another order fails after": {request: wishA(), rows: unchanged, after: func(b *book) { failsFrom(b, "8") }, live: []string{"9"}},
		"of another circuit":        {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.InstanceIDs = []string{"pc-b"} })},
		"a renewal":                 {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.OrderType = "Renew" })},
		"names nothing":             {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.InstanceIDs = nil })},
		"cancelled meanwhile":       {request: wishA(), rows: row(func(row *ordering.OrderRow) { row.PaymentStatus = "Cancelled" })},
		"beside an order passed by": {
			request: withToken(wishA(), wishA().TokenPast("1")), before: func(b *book) { b.rows["1"] = []ordering.OrderRow{rowOf("1", "Paid", ago(day))} },
			rows: unchanged, live: []string{"9", "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, api := bookOf(), &fakeAPI{}
				billing.listTakes = 500 * time.Millisecond
				if test.before != nil {
					test.before(billing)
				}
				api.send = func(ctx context.Context, try int) (ordering.Receipt, error) {
					if try == 1 {
						for _, row := range test.rows() {
							delete(billing.rows, row.OrderID)
						}
						if test.after != nil {
							test.after(billing)
						}
					}
					return lostThen(billing, nil, test.rows()...)(ctx, try)
				}
				placer := placerWith(api, billing)
				placer.Timeout = time.Minute

				placement, err := placer.Place(t.Context(), test.request)

				if err == nil {
					t.Fatalf("order %s is adopted", placement.Receipt.OrderID)
				}
				unanswered := placeError(t, err, ordering.NotAnswered)
				wantIDs(t, "live", unanswered.Look.Live, test.live...)
				if unanswered.FirstAmbiguous == nil || unanswered.Token != test.request.Token || unanswered.StopReason != ordering.OutOfTime {
					t.Errorf("got %+v", unanswered)
				}
				wantClaim(t, placer, false)
			})
		})
	}
}

// failsFrom adds an order of circuit A that billing lists last and cannot read.
func failsFrom(b *book, id string) {
	b.rows[id] = []ordering.OrderRow{rowOf(id, "Unpaid", ago(day))}
	b.failing = map[string]error{id: answered(500, "InternalError")}
}

func TestRecover_LooksOnlyAfterWhatMayHaveOrdered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		send      func(context.Context, int) (ordering.Receipt, error)
		lists     int // the look before the send included
		interrupt bool
	}{
		"refused for certain":              {always(answered(400, "Forbidden.NotAllowedInState")), 2, false},
		"not sent until the time is over":  {always(notSent(ordering.NoObstacle)), 2, false},
		"throttled until the time is over": {always(throttled()), 2, false},
		"lost until the time is over":      {always(lost()), 4, false},
		"lost, then refused":               {inTurn(lost(), answered(400, "Forbidden.NotAllowedInState")), 4, false},
		"refused for something unknown":    {always(answered(409, "Brand.NewCode")), 4, false},
		"refused for money":                {always(answered(400, "InsufficientBalance")), 4, false},
		"used with other arguments":        {always(answered(400, "IdempotentParameterMismatch")), 4, false},
		"an answer of a proxy":             {always(answered(403, "")), 4, false},
		"lost, then interrupted":           {always(lost()), 2, true},
		"throttled, then interrupted":      {always(throttled()), 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf()
				billing.listTakes = time.Millisecond // No two lists begin at the same time.
				placer := placerWith(&fakeAPI{send: test.send}, billing)
				placer.Timeout = time.Minute
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.interrupt {
					time.AfterFunc(20*time.Second, cancel)
				}
				_, err := placer.Place(ctx, wishA())
				unanswered := placeError(t, err, ordering.NotAnswered)
				if got := unanswered.StopReason == ordering.Interrupted; got != test.interrupt || test.interrupt && unanswered.Look.Err != nil {
					t.Errorf("got %+v", unanswered)
				}
				wantLists(t, billing, test.lists)
			})
		})
	}
}

func TestRecover_RefusalThatIsNotCertain_ShowsTheOrdersOfTheCircuitAndAdoptsNone(t *testing.T) {
	t.Parallel()
	mismatch := answered(400, "IdempotentParameterMismatch")
	for name, test := range map[string]struct {
		failure *ordering.Failure
		rows    func() []ordering.OrderRow // that the second look shows as well
		live    []string
	}{
		"other arguments, only cancelled orders": {mismatch, func() []ordering.OrderRow { return nil }, nil},
		"other arguments, an order of now":       {mismatch, func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"money, an order of now":                 {answered(400, "InsufficientBalance"), func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
		"something unknown, an order of now":     {answered(409, "Brand.NewCode"), func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("2", "Unpaid", time.Now())} }, []string{"2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf(rowOf("1", "Cancelled", ago(29*day)))
				billing.listTakes = time.Millisecond
				api := &fakeAPI{}
				api.send = func(context.Context, int) (ordering.Receipt, error) {
					for _, row := range test.rows() {
						billing.rows[row.OrderID] = []ordering.OrderRow{row}
					}
					return ordering.Receipt{}, test.failure
				}
				_, err := placerWith(api, billing).Place(t.Context(), wishA())
				refused := placeError(t, err, ordering.NotAnswered)
				wantIDs(t, "live", refused.Look.Live, test.live...)
				wantIDs(t, "cancelled", refused.Look.Cancelled, "1")
				if refused.Failure != test.failure || refused.FirstAmbiguous != nil {
					t.Errorf("got %+v", refused)
				}
				wantSends(t, api, 1)
			})
		})
	}
}

func TestRecover_LookAfterTheTimeout_HasItsOwnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing, api := bookOf(), &fakeAPI{}
		api.send = func(ctx context.Context, try int) (ordering.Receipt, error) {
			billing.listTakes = 20 * time.Second
			return lostThen(billing, nil, rowOf("9", "Unpaid", time.Now()))(ctx, try)
		}
		placer := placerWith(api, billing)
		placer.Timeout = time.Minute
		begun := time.Now()
		placement, err := placer.Place(t.Context(), wishA())
		if err != nil || placement.Receipt.OrderID != "9" || time.Since(begun) != 100*time.Second {
			t.Errorf("%+v, %v after %s", placement, err, time.Since(begun))
		}
	})
}

func TestRecover_WithoutBilling_EndsWithTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		placer := placerOf(&fakeAPI{send: always(lost())})
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), wishA())
		if unanswered := placeError(t, err, ordering.NotAnswered); fmt.Sprint(unanswered.Look.Err) != ordering.ErrBillingOff.Error() {
			t.Errorf("got %+v", unanswered)
		}
	})
}
