package ordering_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// tokensPast are the default token of circuit A and those after the orders, in turn.
func tokensPast(orderIDs ...string) []string {
	tokens := []string{wishA().Token}
	for _, id := range orderIDs {
		tokens = append(tokens, ordering.NextToken(tokens[len(tokens)-1], id))
	}
	return tokens
}

func tokensOf(sends []ordering.Wish) []string {
	var tokens []string
	for _, sent := range sends {
		tokens = append(tokens, sent.Token)
	}
	return tokens
}

// cancelledOrders are that many cancelled orders of circuit A, "1" the oldest.
func cancelledOrders(n int) *book {
	billing := bookOf()
	for i := 1; i <= n; i++ {
		id := fmt.Sprint(i)
		billing.rows[id] = []ordering.OrderRow{rowOf(id, "Cancelled", ago(time.Duration(n-i+1)*time.Hour))}
	}
	return billing
}

func TestChain_StepsPastEachOrderThatTheLookShowedAsCancelled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		shown   int
		answers []string // in turn
		passed  []string
	}{
		"none shown":                     {0, []string{"new"}, nil},
		"shown, but another order comes": {2, []string{"new"}, nil},
		"one":                            {1, []string{"1", "new"}, []string{"1"}},
		"two in a row":                   {2, []string{"1", "2", "new"}, []string{"1", "2"}},
		"the newest first":               {2, []string{"2", "1", "new"}, []string{"2", "1"}},
		"one of three":                   {3, []string{"2", "new"}, []string{"2"}},
		"twelve in a row": {
			12, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "new"},
			[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{send: answeredWith(test.answers...)}
				placer := placerWith(api, cancelledOrders(test.shown))
				var reported []string
				placer.OnPlaced = func(receipt ordering.Receipt, token string, attempts int) {
					reported = append(reported, fmt.Sprint(receipt.OrderID, token, attempts))
				}
				begun := time.Now()

				placement, err := placer.Place(t.Context(), wishA())

				tokens := tokensPast(test.passed...)
				if err != nil || placement.Receipt.OrderID != "new" || placement.Source != ordering.Placed || placement.Token != tokens[len(tokens)-1] {
					t.Errorf("%+v, %v", placement, err)
				}
				if !slices.Equal(placement.Passed, test.passed) || !slices.Equal(tokensOf(api.sends), tokens) {
					t.Errorf("passed %q with tokens %q, want %q with %q", placement.Passed, tokensOf(api.sends), test.passed, tokens)
				}
				if took := time.Since(begun); took != 0 {
					t.Errorf("the steps took %s", took)
				}
				for i, answer := range test.answers {
					if want := fmt.Sprint(answer, tokens[i], 1); i >= len(reported) || reported[i] != want {
						t.Errorf("reported %q, want %q as number %d", reported, want, i)
					}
				}
			})
		})
	}
}

func TestChain_EndsWithOrderCancelled_IfItMayNotStep(t *testing.T) {
	t.Parallel()
	now := func(id, status string) *book { return bookOf(rowOf(id, status, time.Now())) }
	for name, test := range map[string]struct {
		request ordering.Wish
		billing func() *book
		answers []string
		seen    bool
		sends   int
	}{
		"an order comes back twice":               {wishA(), func() *book { return cancelledOrders(1) }, []string{"1", "1"}, true, 2},
		"an order comes back after another":       {wishA(), func() *book { return cancelledOrders(2) }, []string{"1", "2", "1"}, true, 3},
		"a typed token":                           {withToken(wishA(), "typed"), func() *book { return cancelledOrders(1) }, []string{"1", "new"}, true, 1},
		"the token past the order, typed":         {withToken(wishA(), wishA().TokenPast("1")), func() *book { return cancelledOrders(1) }, []string{"1", "new"}, true, 1},
		"cancelled after the look":                {wishA(), hiddenCancelled, []string{"1", "new"}, false, 1},
		"cancelled after the look, token typed":   {withToken(wishA(), "typed"), hiddenCancelled, []string{"1", "new"}, false, 1},
		"placed and cancelled at once":            {wishA(), func() *book { return cancelledWhenAsked("1") }, []string{"1", "new"}, false, 1},
		"behind a step, an order not shown":       {wishA(), func() *book { return withHidden(now("1", "Cancelled"), "2") }, []string{"1", "2", "new"}, false, 2},
		"shown as another circuit's, now its":     {wishA(), turnsIntoA, []string{"1", "new"}, false, 1},
		"ten minutes ago, by a clock that is off": {wishA(), func() *book { return withHidden(bookOf(), "1") }, []string{"1", "new"}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{send: answeredWith(test.answers...)}
				placer := placerWith(api, test.billing())

				_, err := placer.Place(t.Context(), test.request)

				cancelled := placeError(t, err, ordering.OrderCancelled)
				last := test.answers[test.sends-1]
				if cancelled.OrderID != last || cancelled.RequestID != fmt.Sprint("R", test.sends) || cancelled.Seen != test.seen {
					t.Errorf("got %+v, want order %s, seen %t", cancelled, last, test.seen)
				}
				wantSends(t, api, test.sends)
				if cancelled.Token != api.sends[test.sends-1].Token || !slices.Equal(cancelled.Passed, test.answers[:test.sends-1]) {
					t.Errorf("token %s, passed %q", cancelled.Token, cancelled.Passed)
				}
				wantClaim(t, placer, false)
			})
		})
	}
}

// hiddenCancelled has a cancelled order that no list shows.
func hiddenCancelled() *book { return withHidden(bookOf(), "1") }

// withHidden adds a cancelled order that no list shows.
func withHidden(billing *book, id string) *book {
	billing.listed = []ordering.OrderRow{}
	for _, rows := range billing.rows {
		billing.listed = append(billing.listed, rows...)
	}
	billing.rows[id] = []ordering.OrderRow{rowOf(id, "Cancelled", ago(10*time.Minute))}
	return billing
}

// cancelledWhenAsked shows an order only after it was sent: cancelled, as without money.
func cancelledWhenAsked(id string) *book {
	billing := bookOf()
	billing.onDetail = func(string, int) { billing.rows[id] = []ordering.OrderRow{rowOf(id, "Cancelled", time.Now())} }
	return billing
}

// turnsIntoA shows a cancelled order of circuit B that later names circuit A.
func turnsIntoA() *book {
	billing := bookOf(rowOf("1", "Cancelled", ago(time.Hour)))
	billing.rows["1"][0].InstanceIDs = []string{"pc-b"}
	billing.onDetail = func(_ string, n int) {
		if n == 2 {
			billing.rows["1"][0].InstanceIDs = []string{"pc-a"}
		}
	}
	return billing
}

func TestChain_CancelledOrderOfThisMoment_IsSteppedPastAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Without money the first apply places an order that is cancelled at once; the user
		// tops up and applies again.
		api := &fakeAPI{send: answeredWith("1", "2")}
		placement, err := placerWith(api, bookOf(rowOf("1", "Cancelled", ago(time.Second)))).Place(t.Context(), wishA())
		if err != nil || placement.Receipt.OrderID != "2" {
			t.Errorf("%+v, %v", placement, err)
		}
	})
}

func TestChain_NoClockMakesAStep(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-day, -10 * time.Minute, 0, 10 * time.Minute, day} {
		synctest.Test(t, func(t *testing.T) {
			billing := bookOf()
			api := &fakeAPI{}
			api.read = func(context.Context, int) (ordering.Circuit, error) {
				circuit := circuitA("Confirmed")
				circuit.AsOf = new(time.Now().Add(ahead))
				return circuit, nil
			}
			api.send = func(_ context.Context, try int) (ordering.Receipt, error) {
				id := fmt.Sprint(try) // Every order is cancelled at once.
				row := rowOf(id, "Cancelled", time.Now())
				row.AsOf = new(time.Now().Add(ahead))
				billing.rows[id] = []ordering.OrderRow{row}
				return ordering.Receipt{OrderID: id}, nil
			}
			_, err := placerWith(api, billing).Place(t.Context(), wishA())
			_ = placeError(t, err, ordering.OrderCancelled)
			wantSends(t, api, 1)
		})
	}
}

func TestChain_EachTokenIsRetriedWithTheSameArguments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.send = func(_ context.Context, try int) (ordering.Receipt, error) {
			return []ordering.Receipt{{}, {OrderID: "1"}, {}, {OrderID: "new"}}[try-1], []error{lost(), nil, lost(), nil}[try-1]
		}
		placement, err := placerWith(api, cancelledOrders(1)).Place(t.Context(), wishA())
		tokens := tokensPast("1")
		if want := []string{tokens[0], tokens[0], tokens[1], tokens[1]}; err != nil || !slices.Equal(tokensOf(api.sends), want) || placement.Token != tokens[1] {
			t.Errorf("tokens %q, %v", tokensOf(api.sends), err)
		}
		if last := api.sends[3]; last.Key() != keyA || *last.Period != *wishA().Period || last.Cycle != wishA().Cycle || !last.AutoPay {
			t.Errorf("sent %+v", last)
		}
	})
}

func TestChain_FailureBehindAStep_NamesTheTokenThatWasSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: func(_ context.Context, try int) (ordering.Receipt, error) {
			if try == 1 {
				return ordering.Receipt{OrderID: "1"}, nil
			}
			return ordering.Receipt{}, lost()
		}}
		placer := placerWith(api, cancelledOrders(1))
		placer.Timeout = 2 * time.Minute
		_, err := placer.Place(t.Context(), wishA())
		unanswered := placeError(t, err, ordering.NotAnswered)
		if unanswered.Token != tokensPast("1")[1] || !slices.Equal(unanswered.Passed, []string{"1"}) || unanswered.FirstAmbiguous == nil {
			t.Errorf("got %+v", unanswered)
		}
		wantIDs(t, "cancelled", unanswered.Before.Cancelled, "1")
	})
}

func TestChain_WithoutALook_NothingIsSteppedPast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: answeredWith("1", "new")}
		billing := cancelledOrders(1)
		billing.listing = answered(400, "NoPermission")
		_, err := placerWith(api, billing).Place(t.Context(), wishA())
		_ = placeError(t, err, ordering.OrderCancelled)
		wantSends(t, api, 1)
	})
}

func TestPlace_AnswerThatNamesAnotherInstance_IsPlacedAndProvesNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"Cancelled", "Paid", "Unpaid"} {
		for name, instances := range map[string][]string{"a circuit": {"pc-b"}, "two of them": {"pc-b", "i-1"}} {
			t.Run(status+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := &fakeAPI{send: answeredWith("1", "new")}
					billing := bookOf(rowOf("1", status, ago(day)))
					billing.rows["1"][0].InstanceIDs = instances
					placement, err := placerWith(api, billing).Place(t.Context(), wishA())
					if err != nil || placement.Receipt.OrderID != "1" || placement.Source != ordering.Adopted || placement.Payment(keyA.CircuitID) != "" {
						t.Errorf("%+v, %v", placement, err)
					}
					if !ordering.ForSomethingElse(placement.Rows, keyA.CircuitID) {
						t.Errorf("rows %+v do not name the other", placement.Rows)
					}
					wantSends(t, api, 1)
				})
			})
		}
	}
}

func TestPlace_OrderThatIsOlderThanTheLook_IsAdopted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		row   func(date time.Time) ordering.OrderRow // of the answered order; date is that of the look
		spoil func(*book)
		want  ordering.Origin
	}{
		"a day before":     {func(date time.Time) ordering.OrderRow { return rowOf("1", "Unpaid", date.Add(-day)) }, nil, ordering.Adopted},
		"3 seconds before": {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date.Add(-3*time.Second)) }, nil, ordering.Adopted},
		"2 seconds before": {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date.Add(-2*time.Second)) }, nil, ordering.Placed},
		"at the date":      {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date) }, nil, ordering.Placed},
		"after it":         {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date.Add(time.Second)) }, nil, ordering.Placed},
		"no CreateTime": {func(date time.Time) ordering.OrderRow {
			row := rowOf("1", "Paid", date.Add(-day))
			row.CreateTime = nil
			return row
		}, nil, ordering.Placed},
		"no date of the look": {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date.Add(-day)) }, func(b *book) { b.dateless = true }, ordering.Placed},
		"no right to list": {func(date time.Time) ordering.OrderRow { return rowOf("1", "Paid", date.Add(-day)) }, func(b *book) {
			b.listing = answered(400, "NoPermission")
		}, ordering.Placed},
		"names nothing": {func(date time.Time) ordering.OrderRow {
			row := rowOf("1", "Paid", date.Add(-day))
			row.InstanceIDs = nil
			return row
		}, nil, ordering.Adopted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf()
				billing.listTakes = time.Second
				if test.spoil != nil {
					test.spoil(billing)
				}
				date := time.Now()
				api := &fakeAPI{send: func(context.Context, int) (ordering.Receipt, error) {
					billing.rows["1"] = []ordering.OrderRow{test.row(date)} // Billing lagged behind.
					return ordering.Receipt{OrderID: "1", RequestID: "R1"}, nil
				}}
				placement, err := placerWith(api, billing).Place(t.Context(), wishA())
				if err != nil || placement.Source != test.want || placement.Found || !placement.Sent || placement.Receipt.RequestID != "R1" {
					t.Errorf("%+v, %v, want %s", placement, err, test.want)
				}
			})
		})
	}
}
