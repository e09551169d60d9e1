package order_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// tokensAfter returns the default token of circuit A and the tokens after the orders.
func tokensAfter(orderIDs ...string) []string {
	tokens := []string{ordertest.RequestA().ClientToken}
	for _, id := range orderIDs {
		tokens = append(tokens, order.TokenAfter(tokens[len(tokens)-1], id))
	}
	return tokens
}

func tokensOf(sends []order.Request) []string {
	var tokens []string
	for _, sent := range sends {
		tokens = append(tokens, sent.ClientToken)
	}
	return tokens
}

// cancelledOrders returns n cancelled orders of circuit A. "1" is the oldest.
func cancelledOrders(n int) *ordertest.FakeBilling {
	fake := ordertest.BillingWith()
	for i := 1; i <= n; i++ {
		id := fmt.Sprint(i)
		fake.Lines[id] = []billing.OrderLine{ordertest.LineOf(id, "Cancelled", ordertest.Ago(time.Duration(n-i+1)*time.Hour))}
	}
	return fake
}

func TestChain_OrderThatTheLookShowedAsCancelled_UsesTheNextToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		shown   int
		answers []string // one for each try
		passed  []string
	}{
		"none shown":                     {0, []string{"new"}, nil},
		"shown, but another order comes": {2, []string{"new"}, nil},
		"one":                            {1, []string{"1", "new"}, []string{"1"}},
		"two in a line":                  {2, []string{"1", "2", "new"}, []string{"1", "2"}},
		"the newest first":               {2, []string{"2", "1", "new"}, []string{"2", "1"}},
		"one of three":                   {3, []string{"2", "new"}, []string{"2"}},
		"twelve in a line": {
			12, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "new"},
			[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{Send: ordertest.AnsweredWith(test.answers...)}
				placer := ordertest.PlacerWith(api, cancelledOrders(test.shown))
				var reported []string
				placer.OnPlaced = func(receipt order.Receipt, token string, attempts int) {
					reported = append(reported, fmt.Sprint(receipt.OrderID, token, attempts))
				}
				begun := time.Now()

				placement, err := placer.Place(t.Context(), ordertest.RequestA())

				tokens := tokensAfter(test.passed...)
				if err != nil || placement.Receipt.OrderID != "new" || placement.Source != order.Placed || placement.ClientToken != tokens[len(tokens)-1] {
					t.Errorf("%+v, %v", placement, err)
				}
				if !slices.Equal(placement.Passed, test.passed) || !slices.Equal(tokensOf(api.Sends), tokens) {
					t.Errorf("passed %q with tokens %q, want %q with %q", placement.Passed, tokensOf(api.Sends), test.passed, tokens)
				}
				if took := time.Since(begun); took != 0 {
					t.Errorf("the chain took %s", took)
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

func TestChain_WithoutANextToken_EndsWithOrderCancelled(t *testing.T) {
	t.Parallel()
	now := func(id, status string) *ordertest.FakeBilling {
		return ordertest.BillingWith(ordertest.LineOf(id, status, time.Now()))
	}
	for name, test := range map[string]struct {
		request order.Request
		billing func() *ordertest.FakeBilling
		answers []string
		seen    bool
		sends   int
	}{
		"an order comes back twice":                   {ordertest.RequestA(), func() *ordertest.FakeBilling { return cancelledOrders(1) }, []string{"1", "1"}, true, 2},
		"an order comes back after another":           {ordertest.RequestA(), func() *ordertest.FakeBilling { return cancelledOrders(2) }, []string{"1", "2", "1"}, true, 3},
		"a token of the user":                         {ordertest.WithToken(ordertest.RequestA(), "typed"), func() *ordertest.FakeBilling { return cancelledOrders(1) }, []string{"1", "new"}, true, 1},
		"the reorder token, set by the user":          {ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken("1")), func() *ordertest.FakeBilling { return cancelledOrders(1) }, []string{"1", "new"}, true, 1},
		"cancelled after the look":                    {ordertest.RequestA(), hiddenCancelled, []string{"1", "new"}, false, 1},
		"cancelled after the look, token of the user": {ordertest.WithToken(ordertest.RequestA(), "typed"), hiddenCancelled, []string{"1", "new"}, false, 1},
		"placed and cancelled immediately":            {ordertest.RequestA(), func() *ordertest.FakeBilling { return cancelledWhenRead("1") }, []string{"1", "new"}, false, 1},
		"after a next token, an order not shown":      {ordertest.RequestA(), func() *ordertest.FakeBilling { return withHidden(now("1", "Cancelled"), "2") }, []string{"1", "2", "new"}, false, 2},
		"shown for another circuit, now for this one": {ordertest.RequestA(), becomesA, []string{"1", "new"}, false, 1},
		"ten minutes ago, by a wrong clock":           {ordertest.RequestA(), func() *ordertest.FakeBilling { return withHidden(ordertest.BillingWith(), "1") }, []string{"1", "new"}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{Send: ordertest.AnsweredWith(test.answers...)}
				placer := ordertest.PlacerWith(api, test.billing())

				_, err := placer.Place(t.Context(), test.request)

				cancelled := ordertest.PlaceError(t, err, order.OrderCancelled)
				last := test.answers[test.sends-1]
				if cancelled.OrderID != last || cancelled.RequestID != fmt.Sprint("R", test.sends) || cancelled.Seen != test.seen {
					t.Errorf("got %+v, want order %s, seen %t", cancelled, last, test.seen)
				}
				ordertest.WantSends(t, api, test.sends)
				if cancelled.ClientToken != api.Sends[test.sends-1].ClientToken {
					t.Errorf("token %s", cancelled.ClientToken)
				}
				ordertest.WantClaim(t, placer, false)
			})
		})
	}
}

// hiddenCancelled returns a cancelled order that is in no list.
func hiddenCancelled() *ordertest.FakeBilling { return withHidden(ordertest.BillingWith(), "1") }

// withHidden adds a cancelled order that is in no list.
func withHidden(fake *ordertest.FakeBilling, id string) *ordertest.FakeBilling {
	fake.Listed = []billing.OrderLine{}
	for _, lines := range fake.Lines {
		fake.Listed = append(fake.Listed, lines...)
	}
	fake.Lines[id] = []billing.OrderLine{ordertest.LineOf(id, "Cancelled", ordertest.Ago(10*time.Minute))}
	return fake
}

// cancelledWhenRead has the order only after it was sent. It is cancelled, as without money.
func cancelledWhenRead(id string) *ordertest.FakeBilling {
	fake := ordertest.BillingWith()
	fake.OnDetail = func(string, int) { fake.Lines[id] = []billing.OrderLine{ordertest.LineOf(id, "Cancelled", time.Now())} }
	return fake
}

// becomesA returns a cancelled order of circuit B that is later for circuit A.
func becomesA() *ordertest.FakeBilling {
	billing := ordertest.BillingWith(ordertest.LineOf("1", "Cancelled", ordertest.Ago(time.Hour)))
	billing.Lines["1"][0].InstanceIDs = []string{"pc-b"}
	billing.OnDetail = func(_ string, n int) {
		if n == 2 {
			billing.Lines["1"][0].InstanceIDs = []string{"pc-a"}
		}
	}
	return billing
}

func TestChain_OrderCancelledJustNow_UsesTheNextToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Without money the API cancels the order of the first apply immediately. The user
		// adds money and applies again.
		api := &ordertest.FakeAPI{Send: ordertest.AnsweredWith("1", "2")}
		placement, err := ordertest.PlacerWith(api, ordertest.BillingWith(ordertest.LineOf("1", "Cancelled", ordertest.Ago(time.Second)))).Place(t.Context(), ordertest.RequestA())
		if err != nil || placement.Receipt.OrderID != "2" {
			t.Errorf("%+v, %v", placement, err)
		}
	})
}

func TestChain_WrongClock_UsesNoNextToken(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-ordertest.Day, -10 * time.Minute, 0, 10 * time.Minute, ordertest.Day} {
		synctest.Test(t, func(t *testing.T) {
			fake := ordertest.BillingWith()
			api := &ordertest.FakeAPI{}
			api.Read = func(context.Context, int) (circuit.Circuit, error) {
				circuit := ordertest.CircuitA("Confirmed")
				circuit.AsOf = new(time.Now().Add(ahead))
				return circuit, nil
			}
			api.Send = func(_ context.Context, try int) (order.Receipt, error) {
				id := fmt.Sprint(try) // Every order is cancelled immediately.
				line := ordertest.LineOf(id, "Cancelled", time.Now())
				line.AsOf = new(time.Now().Add(ahead))
				fake.Lines[id] = []billing.OrderLine{line}
				return order.Receipt{OrderID: id}, nil
			}
			_, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
			_ = ordertest.PlaceError(t, err, order.OrderCancelled)
			ordertest.WantSends(t, api, 1)
		})
	}
}

func TestChain_EachTokenIsRetriedWithTheSameArguments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		api.Send = func(_ context.Context, try int) (order.Receipt, error) {
			return []order.Receipt{{}, {OrderID: "1"}, {}, {OrderID: "new"}}[try-1], []error{ordertest.Lost(), nil, ordertest.Lost(), nil}[try-1]
		}
		placement, err := ordertest.PlacerWith(api, cancelledOrders(1)).Place(t.Context(), ordertest.RequestA())
		tokens := tokensAfter("1")
		if want := []string{tokens[0], tokens[0], tokens[1], tokens[1]}; err != nil || !slices.Equal(tokensOf(api.Sends), want) || placement.ClientToken != tokens[1] {
			t.Errorf("tokens %q, %v", tokensOf(api.Sends), err)
		}
		if last := api.Sends[3]; last.Key() != ordertest.KeyA || *last.Period != *ordertest.RequestA().Period || last.PricingCycle != ordertest.RequestA().PricingCycle || !last.AutoPay {
			t.Errorf("sent %+v", last)
		}
	})
}

func TestChain_FailureOfTheNextToken_ReturnsThatToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: func(_ context.Context, try int) (order.Receipt, error) {
			if try == 1 {
				return order.Receipt{OrderID: "1"}, nil
			}
			return order.Receipt{}, ordertest.Lost()
		}}
		placer := ordertest.PlacerWith(api, cancelledOrders(1))
		placer.Timeout = 2 * time.Minute
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		failed := ordertest.PlaceError(t, err, order.NoOrderID)
		if failed.ClientToken != tokensAfter("1")[1] || failed.FirstAmbiguous == nil {
			t.Errorf("got %+v", failed)
		}
		ordertest.WantIDs(t, "cancelled", failed.Before.Cancelled, "1")
	})
}

func TestChain_WithoutALook_UsesNoNextToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.AnsweredWith("1", "new")}
		billing := cancelledOrders(1)
		billing.ListErr = ordertest.Answered(400, "NoPermission")
		_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())
		_ = ordertest.PlaceError(t, err, order.OrderCancelled)
		ordertest.WantSends(t, api, 1)
	})
}

func TestPlace_OrderOfAnotherInstance_IsAdopted(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"Cancelled", "Paid", "Unpaid"} {
		for name, instances := range map[string][]string{"a circuit": {"pc-b"}, "two of them": {"pc-b", "i-1"}} {
			t.Run(status+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := &ordertest.FakeAPI{Send: ordertest.AnsweredWith("1", "new")}
					fake := ordertest.BillingWith(ordertest.LineOf("1", status, ordertest.Ago(ordertest.Day)))
					fake.Lines["1"][0].InstanceIDs = instances
					placer := ordertest.PlacerWith(api, fake)
					placement, err := placer.Place(t.Context(), ordertest.RequestA())
					if placer.Registry.IsForOwnCircuit("1") {
						t.Error("looks of other circuits leave out the order")
					}
					if err != nil || placement.Receipt.OrderID != "1" || placement.Source != order.Adopted || placement.Payment(ordertest.KeyA.CircuitID) != "" {
						t.Errorf("%+v, %v", placement, err)
					}
					if !billing.NameOnlyOthers(placement.Lines, ordertest.KeyA.CircuitID) {
						t.Errorf("lines %+v have no other ID", placement.Lines)
					}
					ordertest.WantSends(t, api, 1)
				})
			})
		}
	}
}

func TestPlace_OrderOlderThanTheLook_IsAdopted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		line  func(date time.Time) billing.OrderLine // of the returned order; date is the date of the look
		spoil func(*ordertest.FakeBilling)
		want  order.Source
	}{
		"a day before": {func(date time.Time) billing.OrderLine {
			return ordertest.LineOf("1", "Unpaid", date.Add(-ordertest.Day))
		}, nil, order.Adopted},
		"3 seconds before": {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date.Add(-3*time.Second)) }, nil, order.Adopted},
		"2 seconds before": {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date.Add(-2*time.Second)) }, nil, order.Placed},
		"at the date":      {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date) }, nil, order.Placed},
		"after it":         {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date.Add(time.Second)) }, nil, order.Placed},
		"no CreateTime": {func(date time.Time) billing.OrderLine {
			line := ordertest.LineOf("1", "Paid", date.Add(-ordertest.Day))
			line.CreateTime = nil
			return line
		}, nil, order.Placed},
		"no date of the look": {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date.Add(-ordertest.Day)) }, func(b *ordertest.FakeBilling) { b.NoDate = true }, order.Placed},
		"no permission to list": {func(date time.Time) billing.OrderLine { return ordertest.LineOf("1", "Paid", date.Add(-ordertest.Day)) }, func(b *ordertest.FakeBilling) {
			b.ListErr = ordertest.Answered(400, "NoPermission")
		}, order.Placed},
		"without an ID": {func(date time.Time) billing.OrderLine {
			line := ordertest.LineOf("1", "Paid", date.Add(-ordertest.Day))
			line.InstanceIDs = nil
			return line
		}, nil, order.Adopted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := ordertest.BillingWith()
				fake.ListTakes = time.Second
				if test.spoil != nil {
					test.spoil(fake)
				}
				date := time.Now()
				api := &ordertest.FakeAPI{Send: func(context.Context, int) (order.Receipt, error) {
					fake.Lines["1"] = []billing.OrderLine{test.line(date)} // Billing is slow.
					return order.Receipt{OrderID: "1", RequestID: "R1"}, nil
				}}
				placement, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
				if err != nil || placement.Source != test.want || placement.Found || !placement.Sent || placement.Receipt.RequestID != "R1" {
					t.Errorf("%+v, %v, want %s", placement, err, test.want)
				}
			})
		})
	}
}

func TestChain_OrderCancelledInThisProcess_UsesTheNextToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		api := &ordertest.FakeAPI{Send: ordertest.OrderedAs}
		placer := ordertest.PlacerWith(api, fake)
		if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
			t.Fatal(err)
		}
		fake.Lines["1"] = []billing.OrderLine{ordertest.LineOf("1", "Cancelled", time.Now())}
		time.Sleep(time.Hour)
		placer.Registry.Forget(ordertest.KeyA, "1", true)
		api.Send = ordertest.AnsweredWith("1", "1", "2")
		if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
			t.Error(err)
		}
	})
}
