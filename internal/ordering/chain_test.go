package ordering_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// orderedAs answers the n-th request with the order "n".
func orderedAs(_ context.Context, try int) (ordering.Receipt, error) {
	return ordering.Receipt{OrderID: fmt.Sprint(try), RequestID: fmt.Sprint("R", try)}, nil
}

// asOf reads circuit A with a date of the API.
func asOf(at func() *time.Time) func(context.Context, int) (ordering.Circuit, error) {
	return func(context.Context, int) (ordering.Circuit, error) {
		circuit := circuitA("Confirmed")
		circuit.AsOf = at()
		return circuit, nil
	}
}

func present() *time.Time { return new(time.Now()) }

func TestTheChainGoesPastOrdersThatWereCertainlyThereBefore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		date  func() *time.Time // of the API, nil where it says none
		rows  func(now time.Time) []ordering.OrderRow
		steps bool
	}{
		"cancelled long ago": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-time.Hour))}
		}, true},
		"a minute and a second": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-61*time.Second))}
		}, true},
		"just now": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-59*time.Second))}
		}, false},
		"no date of the API": {func() *time.Time { return nil }, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-time.Hour))}
		}, false},
		"no time of creation": {present, func(time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{{OrderID: "1", PaymentStatus: "Cancelled"}}
		}, false},
		"one row without its time": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-time.Hour)), {OrderID: "1", PaymentStatus: "Cancelled"}}
		}, false},
		"one row of just now": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now), rowOf("1", "Cancelled", now.Add(-time.Hour))}
		}, false},
		"one row not cancelled": {present, func(now time.Time) []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Cancelled", now.Add(-time.Hour)), rowOf("1", "Paid", now.Add(-time.Hour))}
		}, false},
		"the API's date runs ahead of billing's": {
			func() *time.Time { return new(time.Now().Add(10 * time.Minute)) },
			func(now time.Time) []ordering.OrderRow {
				row := rowOf("1", "Cancelled", now)
				row.AsOf = &now
				return []ordering.OrderRow{row}
			}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{send: orderedAs, read: asOf(test.date)}
				placer := placerOf(api)
				placer.Payments = ordering.NewPayments(&book{rows: map[string][]ordering.OrderRow{"1": test.rows(time.Now())}})
				placement, err := placer.Place(t.Context(), wishA())
				if !test.steps {
					wantSends(t, api, 1)
					return
				}
				wantSends(t, api, 2)
				next := ordering.NextToken(wishA().Token, "1")
				if err != nil || placement.Receipt.OrderID != "2" || placement.Token != next || !slices.Equal(placement.Passed, []string{"1"}) || api.sends[1].Token != next {
					t.Errorf("%+v, %v", placement, err)
				}
			})
		})
	}
}

func TestBehindTheFirstStepAYoungOrderEndsTheChain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The API's date is two minutes ahead, so that what is placed now looks old.
		api := &fakeAPI{send: orderedAs, read: asOf(func() *time.Time { return new(time.Now().Add(2 * time.Minute)) })}
		rows := map[string][]ordering.OrderRow{}
		for n := range 20 {
			rows[fmt.Sprint(n)] = []ordering.OrderRow{rowOf(fmt.Sprint(n), "Cancelled", time.Now())}
		}
		placer := placerOf(api)
		placer.Payments = ordering.NewPayments(&book{rows: rows})
		_, err := placer.Place(t.Context(), wishA())
		var cancelled *ordering.CameBackCancelled
		if !errors.As(err, &cancelled) || len(api.sends) > 2 {
			t.Errorf("%d orders by one Create, %v", len(api.sends), err)
		}
	})
}

func TestARefusalBehindCancelledOrdersNamesTheTokenThatWasSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{read: asOf(present), send: func(_ context.Context, try int) (ordering.Receipt, error) {
			if try == 1 {
				return ordering.Receipt{OrderID: "1"}, nil
			}
			return ordering.Receipt{}, lost()
		}}
		placer := placerOf(api)
		placer.Timeout = 2 * time.Minute
		placer.Payments = ordering.NewPayments(&book{
			rows:    map[string][]ordering.OrderRow{"1": {rowOf("1", "Cancelled", time.Now().Add(-time.Hour))}},
			listing: answered(500, "InternalError"),
		})
		var stepped []string
		placer.Stepped = func(orderID, token string) { stepped = append(stepped, orderID, token) }
		_, err := placer.Place(t.Context(), wishA())
		next := ordering.NextToken(wishA().Token, "1")
		unplaced := unplacedOf(t, err)
		if unplaced.Token != next || !slices.Equal(unplaced.Passed, []string{"1"}) || unplaced.LookUpFailure == nil || !slices.Equal(stepped, []string{"1", next}) {
			t.Errorf("%+v, stepped %q", unplaced, stepped)
		}
	})
}

func TestALostOrderIsTakenOverOnlyIfItIsCertainlyOurs(t *testing.T) {
	t.Parallel()
	typed := wishA()
	typed.Token = "typed"
	unpaid := func(now time.Time) ordering.OrderRow { return rowOf("9", "Unpaid", now) }
	for name, test := range map[string]struct {
		wish  ordering.Wish
		last  *ordering.Failure // after a lost answer; nil: lost until the time is over
		after string            // status of the circuit after a refusal
		row   func(now time.Time) ordering.OrderRow
		spoil func(*book)
		taken bool
	}{
		"lost until the time is over": {wish: wishA(), row: unpaid, taken: true},
		"refused for the state":       {wish: wishA(), last: answered(400, "Forbidden.NotAllowedInState"), after: "Confirmed", row: unpaid, taken: true},
		"paid, in service": {wish: wishA(), last: answered(400, "Forbidden.NotAllowedInState"), after: "Enabled", row: func(now time.Time) ordering.OrderRow {
			return rowOf("9", "Paid", now)
		}, taken: true},
		"an answer of a proxy":      {wish: wishA(), last: answered(403, ""), row: unpaid, taken: true},
		"unpaid, and in service":    {wish: wishA(), last: answered(400, "Forbidden.NotAllowedInState"), after: "Enabled", row: unpaid},
		"refused for money":         {wish: wishA(), last: answered(400, "InsufficientBalance"), row: unpaid},
		"refused for another order": {wish: wishA(), last: answered(400, "Order.InstanceHasUnpaidOrder"), row: unpaid},
		"refused for its arguments": {wish: wishA(), last: answered(400, "IdempotentParameterMismatch"), row: unpaid},
		"refused for the price":     {wish: wishA(), last: answered(400, "InvalidPrice.NotFound"), row: unpaid},
		"a typed token":             {wish: typed, row: unpaid},
		"older than the request": {wish: wishA(), row: func(now time.Time) ordering.OrderRow {
			return rowOf("9", "Unpaid", now.Add(-2*time.Minute))
		}},
		"another term": {wish: wishA(), row: func(now time.Time) ordering.OrderRow {
			row := rowOf("9", "Paid", now)
			row.UsageStartTime, row.UsageEndTime = &now, new(now.AddDate(5, 0, 0))
			return row
		}},
		"a renewal": {wish: wishA(), row: func(now time.Time) ordering.OrderRow {
			row := rowOf("9", "Unpaid", now)
			row.OrderType = "Renew"
			return row
		}},
		"another order could not be read": {wish: wishA(), row: unpaid, spoil: func(b *book) {
			b.rows["8"] = []ordering.OrderRow{rowOf("8", "Unpaid", time.Now())}
			b.failing = map[string]error{"8": answered(500, "InternalError")}
		}},
		"more orders than could be looked into": {wish: wishA(), row: unpaid, spoil: func(b *book) {
			for n := range 40 {
				other := rowOf(fmt.Sprint("i", n), "Paid", time.Now())
				other.ProductCode, other.InstanceIDs = "ecs", []string{"i-1"}
				b.rows[other.OrderID] = []ordering.OrderRow{other}
			}
		}},
		"two of them": {wish: wishA(), row: unpaid, spoil: func(b *book) { b.rows["8"] = []ordering.OrderRow{rowOf("8", "Unpaid", time.Now())} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{read: func(_ context.Context, try int) (ordering.Circuit, error) {
					circuit := circuitA("Confirmed")
					if try > 1 {
						circuit.Status = test.after
					}
					circuit.AsOf = present()
					return circuit, nil
				}}
				api.send = always(lost())
				if test.last != nil {
					api.send = func(_ context.Context, try int) (ordering.Receipt, error) {
						if try == 1 {
							return ordering.Receipt{}, lost()
						}
						return ordering.Receipt{}, test.last
					}
				}
				orders := &book{rows: map[string][]ordering.OrderRow{"9": {test.row(time.Now())}}}
				if test.spoil != nil {
					test.spoil(orders)
				}
				placer := placerOf(api)
				placer.Timeout = time.Minute
				placer.Payments = ordering.NewPayments(orders)
				placement, err := placer.Place(t.Context(), test.wish)
				if test.taken {
					if err != nil || placement.Receipt.OrderID != "9" || !placement.Found {
						t.Errorf("%+v, %v", placement, err)
					}
					return
				}
				if err == nil {
					t.Fatalf("order %s is taken over", placement.Receipt.OrderID)
				}
				_ = unplacedOf(t, err)
			})
		})
	}
}

func TestTheSearchCoversTheWholeRunByTheAPIsClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ahead := 3 * time.Hour // the local clock is that wrong
		api := &fakeAPI{send: always(lost()), read: asOf(func() *time.Time { return new(time.Now().Add(ahead)) })}
		orders := &book{}
		placer := placerOf(api)
		placer.Timeout = 30 * time.Minute
		placer.Payments = ordering.NewPayments(orders)
		begun := time.Now().Add(ahead)
		_, err := placer.Place(t.Context(), wishA())
		_ = unplacedOf(t, err)
		if len(orders.windows) != 1 || !orders.windows[0][0].Equal(begun.Add(-5*time.Minute)) || !orders.windows[0][1].Equal(begun.Add(35*time.Minute)) {
			t.Errorf("windows %v, begun %s", orders.windows, begun)
		}
	})
}

func TestWithoutADoubtBillingIsNotSearched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		orders := &book{}
		placer := placerOf(&fakeAPI{send: always(answered(400, "InvalidPrice.NotFound"))})
		placer.Payments = ordering.NewPayments(orders)
		_, err := placer.Place(t.Context(), wishA())
		_ = unplacedOf(t, err)
		if len(orders.windows) != 0 {
			t.Errorf("windows %v", orders.windows)
		}
	})
}

// longCancelled holds the orders "1" to "20", all cancelled an hour ago.
func longCancelled() *book {
	orders := &book{rows: map[string][]ordering.OrderRow{}}
	for n := 1; n <= 20; n++ {
		id := fmt.Sprint(n)
		orders.rows[id] = []ordering.OrderRow{rowOf(id, "Cancelled", time.Now().Add(-time.Hour))}
	}
	return orders
}

func TestTheChainEndsAtTheNinthOrderAndSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: orderedAs, read: asOf(present)}
		placer := placerOf(api)
		placer.Payments = ordering.NewPayments(longCancelled())
		var noted []string
		placer.Noted = func(receipt ordering.Receipt, token string, sends int) {
			noted = append(noted, fmt.Sprintf("%s %t %d", receipt.OrderID, token == api.sends[len(api.sends)-1].Token, sends))
		}
		_, err := placer.Place(t.Context(), wishA())
		var cancelled *ordering.CameBackCancelled
		if !errors.As(err, &cancelled) {
			t.Fatal(err)
		}
		want := ordering.CameBackCancelled{OrderID: "9", RequestID: "R9", Token: api.sends[8].Token, Replayed: true}
		wantSends(t, api, 9)
		if *cancelled != want {
			t.Errorf("%+v, want %+v", *cancelled, want)
		}
		if len(noted) != 9 || noted[8] != "9 true 9" {
			t.Errorf("noted %q", noted)
		}
	})
}

func TestWhetherTheNextApplyStepsByItselfIsTold(t *testing.T) {
	t.Parallel()
	typed := wishA()
	typed.Token = "typed"
	for name, test := range map[string]struct {
		wish              ordering.Wish
		row               func() ordering.OrderRow
		replayed, stepped bool
	}{
		"placed just now": {wishA(), func() ordering.OrderRow { return rowOf("1", "Cancelled", time.Now()) }, false, true},
		"no time of its creation": {wishA(), func() ordering.OrderRow {
			return ordering.OrderRow{OrderID: "1", PaymentStatus: "Cancelled"}
		}, false, false},
		"a typed token":                  {typed, func() ordering.OrderRow { return rowOf("1", "Cancelled", time.Now().Add(-time.Hour)) }, true, false},
		"a typed token, placed just now": {typed, func() ordering.OrderRow { return rowOf("1", "Cancelled", time.Now()) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{send: orderedAs, read: asOf(present)}
				placer := placerOf(api)
				placer.Payments = ordering.NewPayments(&book{rows: map[string][]ordering.OrderRow{"1": {test.row()}}})
				_, err := placer.Place(t.Context(), test.wish)
				var cancelled *ordering.CameBackCancelled
				if !errors.As(err, &cancelled) || cancelled.Replayed != test.replayed || cancelled.Stepped != test.stepped || cancelled.Token != test.wish.Token {
					t.Errorf("%+v, %v", cancelled, err)
				}
				wantSends(t, api, 1)
			})
		})
	}
}

// dated is a billing that dates its answers.
type dated struct{ *book }

func (d dated) OrderRows(ctx context.Context, orderID string) ([]ordering.OrderRow, error) {
	rows, err := d.book.OrderRows(ctx, orderID)
	for i := range rows {
		rows[i].AsOf = present()
	}
	return rows, err
}

func TestAnOrderWhoseAnswerCameLateIsNotTakenForAnOldOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The API's date is ten minutes ahead of billing's, and the first request, which
		// has ordered, is answered only by a try of five minutes later.
		placed := time.Now()
		api := &fakeAPI{read: asOf(func() *time.Time { return new(time.Now().Add(10 * time.Minute)) })}
		api.send = func(ctx context.Context, try int) (ordering.Receipt, error) {
			if time.Since(placed) < 5*time.Minute {
				return ordering.Receipt{}, lost()
			}
			return orderedAs(ctx, try)
		}
		placer := placerOf(api)
		orders := &book{rows: map[string][]ordering.OrderRow{}}
		for n := range 200 {
			orders.rows[fmt.Sprint(n)] = []ordering.OrderRow{rowOf(fmt.Sprint(n), "Cancelled", placed)}
		}
		placer.Payments = ordering.NewPayments(dated{orders})
		placement, err := placer.Place(t.Context(), wishA())
		var cancelled *ordering.CameBackCancelled
		if !errors.As(err, &cancelled) || cancelled.Replayed || len(placement.Passed) != 0 {
			t.Errorf("%+v, %v", placement, err)
		}
	})
}

// hangingRows is a billing that does not answer until it is cut off.
type hangingRows struct{ ordering.Billing }

func (hangingRows) OrderRows(ctx context.Context, _ string) ([]ordering.OrderRow, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestAHangingBillingHoldsTheOrderBackForTenSecondsAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		placer := placerOf(&fakeAPI{})
		placer.Payments = ordering.NewPayments(hangingRows{})
		begun := time.Now()
		placement, err := placer.Place(t.Context(), wishA())
		if err != nil || placement.Receipt != receipt || placement.Payment != "" || placement.PaymentFailure == nil || time.Since(begun) != 10*time.Second {
			t.Errorf("%+v, %v after %s", placement, err, time.Since(begun))
		}
	})
}

func TestAMismatchIsLookedUpForAMonthWithWhatIsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		orders := &book{rows: map[string][]ordering.OrderRow{
			"1": {rowOf("1", "Cancelled", time.Now().Add(-29*24*time.Hour))},
			"2": {rowOf("2", "Unpaid", time.Now().Add(-28*24*time.Hour))},
		}}
		placer := placerOf(&fakeAPI{send: always(answered(400, "IdempotentParameterMismatch")), read: asOf(present)})
		placer.Payments = ordering.NewPayments(orders)
		_, err := placer.Place(t.Context(), wishA())
		unplaced := unplacedOf(t, err)
		if !slices.Equal(unplaced.Candidates, []string{"2"}) || !slices.Equal(unplaced.Cancelled, []string{"1"}) {
			t.Errorf("candidates %v, cancelled %v", unplaced.Candidates, unplaced.Cancelled)
		}
		now := time.Now()
		if window := orders.windows[0]; !window[1].Equal(now.Add(5*time.Minute)) || !window[0].Equal(window[1].Add(-30*24*time.Hour)) {
			t.Errorf("window %v", window)
		}
	})
}

func TestAnInterruptedOrderIsNotLookedUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		orders := &book{}
		placer := placerOf(&fakeAPI{read: asOf(present), send: func(context.Context, int) (ordering.Receipt, error) {
			cancel()
			return ordering.Receipt{}, lost()
		}})
		placer.Payments = ordering.NewPayments(orders)
		_, err := placer.Place(ctx, wishA())
		if unplaced := unplacedOf(t, err); unplaced.Ending != ordering.Interrupted || len(orders.windows) != 0 {
			t.Errorf("%+v, windows %v", unplaced, orders.windows)
		}
	})
}
