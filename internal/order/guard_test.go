package order_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// guardAt limits orders to 2000, at prices that follow one another; the last one stays.
func guardAt(calls *int, prices ...string) *order.PriceGuard {
	return &order.PriceGuard{Limit: "2000", Price: func(context.Context, circuit.Circuit) (billing.Price, error) {
		*calls++
		price := prices[min(*calls, len(prices))-1]
		if price == "" {
			return billing.Price{}, errors.New("no price")
		}
		return billing.Price{Trade: price, Currency: "CNY"}, nil
	}}
}

func TestPlace_PriceGuard_DecidesBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prices []string
		kind   order.PlaceErrorKind
		sends  int
	}{
		"below": {[]string{"1999.99"}, 0, 1}, "equal": {[]string{"2000.00"}, 0, 1},
		"above": {[]string{"2000.01"}, order.PriceTooHigh, 0}, "unread": {[]string{""}, order.PriceUnread, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, calls := &ordertest.FakeAPI{}, 0
				placer := ordertest.PlacerWith(api, ordertest.BillingWith())
				placer.Guard = guardAt(&calls, test.prices...)
				placement, err := placer.Place(t.Context(), ordertest.RequestA())
				if placement.Sent != (test.sends > 0) {
					t.Errorf("sent: %t", placement.Sent)
				}
				if test.sends == 0 {
					if failed := ordertest.PlaceError(t, err, test.kind); !failed.OrderedNothing() {
						t.Error("it is not said that nothing was ordered")
					}
					ordertest.WantClaim(t, placer, true)
				} else if err != nil {
					t.Error(err)
				}
				ordertest.WantSends(t, api, test.sends)
				if calls != 1 {
					t.Errorf("%d prices were read, want 1", calls)
				}
			})
		})
	}
}

func TestPlace_PriceOlderThanAMinute_IsReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, calls, book := &ordertest.FakeAPI{}, 0, ordertest.BillingWith()
		book.ListErr = ordertest.Answered(503, "ServiceUnavailable")
		begun := time.Now()
		book.OnList = func(int) {
			if time.Since(begun) > 2*time.Minute {
				book.ListErr = nil
			}
		}
		placer := ordertest.PlacerWith(api, book)
		placer.Guard = guardAt(&calls, "100", "3000")
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if failed := ordertest.PlaceError(t, err, order.PriceTooHigh); failed.Price.Trade != "3000" {
			t.Errorf("the price is %q", failed.Price.Trade)
		}
		ordertest.WantSends(t, api, 0)
		if calls != 2 {
			t.Errorf("%d prices were read, want 2", calls)
		}
	})
}

func TestPlace_ExistingOrderAboveTheLimit_IsNotTakenOver(t *testing.T) {
	t.Parallel()
	for amount, taken := range map[string]bool{"1999": true, "2000": true, "2001": false, "": false} {
		synctest.Test(t, func(t *testing.T) {
			row := ordertest.LineOf("1", billing.Unpaid, ordertest.Ago(time.Minute))
			row.PretaxAmount, row.Currency = amount, "CNY"
			api, calls := &ordertest.FakeAPI{}, 0
			placer := ordertest.PlacerWith(api, ordertest.BillingWith(row))
			placer.Guard = guardAt(&calls, "100")
			placement, err := placer.Place(t.Context(), ordertest.UnpaidA())
			if taken {
				if err != nil || placement.Receipt.OrderID != "1" {
					t.Errorf("%q: %v, %v", amount, placement.Receipt, err)
				}
			} else if failed := ordertest.PlaceError(t, err, order.FoundTooHigh); failed.OrderID != "1" || failed.Price != (billing.Price{Trade: amount, Currency: "CNY"}) {
				t.Errorf("%q: %+v", amount, failed)
			}
			ordertest.WantSends(t, api, 0)
		})
	}
}

// After a try that may have been accepted, the order exists already or the API refuses it:
// the tries go on, so that it is not lost.
func TestPlace_PriceThatRisesBetweenTwoTries_StopsOnlyIfNoneMayBeAccepted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer *apierror.Error
		later  string // the price after a minute
		prices int
		stops  bool
	}{
		"throttled":                   {ordertest.Throttled(), "9000", 2, true},
		"throttled, within the limit": {ordertest.Throttled(), "150", 11, false},
		"lost, so it may be accepted": {ordertest.Lost(), "9000", 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin, calls := time.Now(), 0
				api := &ordertest.FakeAPI{Send: func(context.Context, int) (order.Receipt, error) {
					if time.Since(begin) < 10*time.Minute {
						return order.Receipt{}, test.answer
					}
					return order.Receipt{OrderID: "1"}, nil
				}}
				placer := ordertest.PlacerWith(api, ordertest.BillingWith())
				placer.Timeout = 20 * time.Minute
				placer.Guard = guardAt(&calls, "100", test.later)
				_, err := placer.Place(t.Context(), ordertest.RequestA())
				if !test.stops {
					if err != nil || calls > test.prices {
						t.Errorf("%v after %d prices", err, calls)
					}
					return
				}
				if failed := ordertest.PlaceError(t, err, order.PriceTooHigh); failed.Price.Trade != "9000" {
					t.Errorf("the price is %q", failed.Price.Trade)
				}
				if waited := time.Since(begin); waited > 3*time.Minute || calls != test.prices {
					t.Errorf("refused after %s and %d prices", waited, calls)
				}
			})
		})
	}
}

func TestAllowsFound_OrderWithoutLines_IsRefused(t *testing.T) {
	t.Parallel()
	guard := &order.PriceGuard{Limit: "2000"}
	if failed := ordertest.PlaceError(t, guard.AllowsFound(ordertest.KeyA, billing.Order{ID: "1"}), order.FoundTooHigh); failed.Price != (billing.Price{}) {
		t.Errorf("the price is %v", failed.Price)
	}
}

func TestSend_PriceOfTheLastMinute_IsNotReadAgain(t *testing.T) {
	t.Parallel()
	const pause = 250 * time.Millisecond // before the second try
	for age, prices := range map[time.Duration]int{time.Minute: 1, time.Minute + 1: 2} {
		synctest.Test(t, func(t *testing.T) {
			api, calls := &ordertest.FakeAPI{}, 0
			api.Send = func(_ context.Context, try int) (order.Receipt, error) {
				if try == 1 {
					time.Sleep(age - pause)
					return order.Receipt{}, ordertest.Throttled()
				}
				return ordertest.Receipt, nil
			}
			placer := ordertest.PlacerWith(api, ordertest.BillingWith())
			placer.Guard = guardAt(&calls, "100")
			if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil || calls != prices {
				t.Errorf("%s: %d prices were read, want %d: %v", age, calls, prices, err)
			}
		})
	}
}

func TestPlace_Refusal_EndsTheReadOfThePriceFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended, begun := false, time.Now()
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day))))
		placer.Guard = &order.PriceGuard{Limit: "2000", Price: func(ctx context.Context, _ circuit.Circuit) (billing.Price, error) {
			select {
			case <-ctx.Done():
			case <-time.After(time.Hour):
			}
			time.Sleep(time.Second)
			ended = true
			return billing.Price{}, ctx.Err()
		}}
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if _ = ordertest.PlaceError(t, err, order.OrdersExist); !ended || time.Since(begun) != time.Second {
			t.Errorf("the read has ended: %t, after %s", ended, time.Since(begun))
		}
		time.Sleep(2 * time.Hour)
	})
}
