package order_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestReconcile_LiveOrder_IsRefusedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request order.Request
		lines   func() []billing.OrderLine
		live    []string
	}{
		"of yesterday, unpaid": {ordertest.UnpaidA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day))}
		}, []string{"1"}},
		"of yesterday, paid": {ordertest.RequestA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day))}
		}, []string{"1"}},
		"of two hours ago": {ordertest.UnpaidA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(2*time.Hour))}
		}, []string{"1"}},
		"unpaid, with auto_pay": {ordertest.RequestA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Minute))}
		}, []string{"1"}},
		"two of them": {ordertest.UnpaidA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(2*time.Minute)), ordertest.LineOf("2", "Unpaid", ordertest.Ago(time.Minute))}
		}, []string{"2", "1"}},
		"and a cancelled one": {ordertest.RequestA(), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day)), ordertest.LineOf("2", "Cancelled", ordertest.Ago(time.Hour))}
		}, []string{"1"}},
		"a token of the user": {ordertest.WithToken(ordertest.UnpaidA(), "typed"), func() []billing.OrderLine {
			return []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Minute))}
		}, []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{}
				placer := ordertest.PlacerWith(api, ordertest.BillingWith(test.lines()...))

				_, err := placer.Place(t.Context(), test.request)

				refused := ordertest.PlaceError(t, err, order.OrdersExist)
				ordertest.WantIDs(t, "live", refused.Look.Live, test.live...)
				if refused.Key != ordertest.KeyA || refused.Circuit == nil || refused.Circuit.ID != ordertest.KeyA.CircuitID {
					t.Errorf("got %+v", refused)
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_ReorderTokenOfALiveOrder_OrdersAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		request := ordertest.WithToken(ordertest.UnpaidA(), ordertest.UnpaidA().ReorderToken("1"))
		placement, err := ordertest.PlacerWith(api, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day)))).Place(t.Context(), request)
		if err != nil || placement.Receipt != ordertest.Receipt || placement.ClientToken != request.ClientToken {
			t.Errorf("%+v, %v", placement, err)
		}
		ordertest.WantSends(t, api, 1)
	})
}

func TestReconcile_Look_ComesLastBeforeTheSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		billing := ordertest.BillingWith(ordertest.LineFor("9", "ecs", "i-1"))
		billing.OnList = func(int) {
			if len(api.Reads) != 1 || len(api.Sends) != 0 {
				t.Errorf("a list after %d reads and %d requests", len(api.Reads), len(api.Sends))
			}
		}
		placement, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())
		if err != nil || !placement.Look.Complete() || placement.Look.Date == nil {
			t.Errorf("%+v, %v", placement.Look, err)
		}
		ordertest.WantSends(t, api, 1)
		ordertest.WantLists(t, billing, 2)
	})
}

func TestReconcile_TooManyOrdersOfOtherProducts_SendsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith()
		billing.Truncated = []string{""}
		placement, err := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing).Place(t.Context(), ordertest.RequestA())
		if err != nil || !placement.Look.Skipped || placement.Look.Err != nil {
			t.Errorf("%+v, %v", placement.Look, err)
		}
	})
}

func TestReconcile_WithoutBilling_SendsImmediately(t *testing.T) {
	t.Parallel()
	denied := ordertest.Answered(400, "NoPermission")
	for name, test := range map[string]struct {
		spoil        func(*ordertest.FakeBilling)
		lists, asked int // of two orders together, the payment after each included
	}{
		"no permission to list": {func(b *ordertest.FakeBilling) { b.ListErr = denied }, 1, 2},
		"no permission to read": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"7": denied} }, 2, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &ordertest.FakeAPI{Send: ordertest.OrderedAs}, ordertest.BillingWith(ordertest.LineFor("7", "pconn"))
				test.spoil(billing)
				placer := ordertest.PlacerWith(api, billing)
				begun := time.Now()
				for _, id := range []string{"pc-a", "pc-b"} {
					request := ordertest.RequestA()
					request.CircuitID = id
					placement, err := placer.Place(t.Context(), request)
					if err != nil || placement.Source != order.Placed || !errors.Is(placement.Look.Err, denied) {
						t.Errorf("%+v, %v", placement, err)
					}
				}
				ordertest.WantLists(t, billing, test.lists)
				if len(billing.Reads) != test.asked || time.Since(begun) != 0 {
					t.Errorf("read %q in %s", billing.Reads, time.Since(begun))
				}
			})
		})
	}
	t.Run("billing is off", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			api := &ordertest.FakeAPI{}
			placement, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
			if err != nil || !errors.Is(placement.Look.Err, billing.ErrBillingOff) || !errors.Is(placement.PaymentErr, billing.ErrBillingOff) {
				t.Errorf("%+v, %v", placement, err)
			}
			ordertest.WantSends(t, api, 1)
		})
	})
}

func TestReconcile_BillingIsDown_Waits(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]error{
		"server error": ordertest.Answered(500, "InternalError"), "throttled": ordertest.Throttled(), "lost": ordertest.Lost(), "no network": ordertest.NotSent(apierror.NoPermanentCause),
		"an error in a success": ordertest.Answered(200, "UndefinedError"), "an error of a proxy": ordertest.Answered(502, ""),
	} {
		for _, what := range []string{"list", "detail"} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					begun, api := time.Now(), &ordertest.FakeAPI{}
					billing := ordertest.BillingWith(ordertest.LineOf("1", "Cancelled", ordertest.Ago(time.Hour)))
					fails := func() error {
						if time.Since(begun) < 2*time.Minute {
							return down
						}
						return nil
					}
					billing.OnList = func(int) {
						if what == "list" {
							billing.ListErr = fails()
						}
					}
					billing.OnDetail = func(string, int) {
						if what == "detail" {
							billing.ReadErrs = map[string]error{"1": fails()}
						}
					}
					placement, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())
					if err != nil || !placement.Look.Complete() {
						t.Fatalf("%+v, %v", placement.Look, err)
					}
					ordertest.WantIDs(t, "cancelled", placement.Look.Cancelled, "1")
					ordertest.WantSends(t, api, 1)
					if took := api.SentAt[0].Sub(begun); took < 2*time.Minute || took > 3*time.Minute {
						t.Errorf("sent after %s", took)
					}
				})
			})
		}
	}
}

func TestReconcile_EachLookAgain_CallsBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, api, billing := time.Now(), &ordertest.FakeAPI{}, ordertest.BillingWith()
		billing.OnList = func(n int) {
			billing.ListErr = nil
			if n <= 3 {
				billing.ListErr = ordertest.Answered(500, "InternalError")
			}
		}
		if _, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA()); err != nil {
			t.Fatal(err)
		}
		ordertest.WantLists(t, billing, 5)
		if took, want := api.SentAt[0].Sub(begun), (ordertest.Ceilings[0]+ordertest.Ceilings[1]+ordertest.Ceilings[2])/2; took != want {
			t.Errorf("sent after %s, want the backoff's %s", took, want)
		}
	})
}

func TestReconcile_WaitForBilling_HasALimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil         func(*ordertest.FakeBilling)
		timeout, took time.Duration
	}{
		"five minutes":          {func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(500, "InternalError") }, time.Hour, 5 * time.Minute},
		"too many orders":       {func(b *ordertest.FakeBilling) { b.Truncated = []string{"pconn"} }, time.Hour, 5 * time.Minute},
		"timeouts.create":       {func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(500, "InternalError") }, time.Minute, time.Minute},
		"timeout during a list": {func(b *ordertest.FakeBilling) { b.ListTakes = time.Hour }, 30 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineFor("9", "ecs", "i-1"))
				test.spoil(billing)
				placer := ordertest.PlacerWith(api, billing)
				placer.Timeout = test.timeout
				begun := time.Now()

				_, err := placer.Place(t.Context(), ordertest.RequestA())

				unread := ordertest.PlaceError(t, err, order.BillingUnread)
				if took := time.Since(begun); unread.Cause == nil || took != test.took {
					t.Errorf("%v after %s, want %s", unread.Cause, took, test.took)
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_Interrupt_EndsImmediatelyAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*ordertest.FakeBilling){
		"between looks":   func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(500, "InternalError") },
		"during a list":   func(b *ordertest.FakeBilling) { b.ListTakes = time.Hour },
		"during a detail": func(b *ordertest.FakeBilling) { b.DetailTakes = time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineFor("9", "ecs", "i-1"))
				spoil(billing)
				placer := ordertest.PlacerWith(api, billing)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(10*time.Second, cancel)
				begun := time.Now()

				_, err := placer.Place(ctx, ordertest.RequestA())

				stopped := ordertest.PlaceError(t, err, order.NoOrderID)
				if stopped.StopReason != order.Interrupted || stopped.Attempts != 0 || stopped.FirstAmbiguous != nil || time.Since(begun) != 10*time.Second {
					t.Errorf("got %+v after %s", stopped, time.Since(begun))
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_FiveMinutesOfWaiting_AreForTheWholeProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith()
		billing.ListErr = ordertest.Answered(500, "InternalError")
		placer := ordertest.PlacerWith(api, billing)
		for n, want := range []time.Duration{5 * time.Minute, 0, 0} {
			request := ordertest.RequestA()
			request.CircuitID = fmt.Sprint("pc-", n)
			begun := time.Now()
			_, err := placer.Place(t.Context(), request)
			_ = ordertest.PlaceError(t, err, order.BillingUnread)
			if took := time.Since(begun); took != want {
				t.Errorf("order %d gave up after %s, want %s", n, took, want)
			}
		}
		ordertest.WantSends(t, api, 0)
		billing.ListErr = nil
		time.Sleep(15*time.Second + 1)
		if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
			t.Errorf("billing is back, but %v", err)
		}
	})
}

func TestReconcile_PermanentCause_EndsImmediately(t *testing.T) {
	t.Parallel()
	for _, cause := range []apierror.PermanentCause{
		apierror.CauseCredentials, apierror.CauseTrust, apierror.CauseHost, apierror.CauseRequest, apierror.CauseProxy, apierror.CauseRefused,
	} {
		synctest.Test(t, func(t *testing.T) {
			api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith()
			billing.ListErr = ordertest.NotSent(cause)
			placer := ordertest.PlacerWith(api, billing)
			begun := time.Now()
			_, err := placer.Place(t.Context(), ordertest.RequestA())
			unread := ordertest.PlaceError(t, err, order.BillingUnread)
			if !errors.Is(unread.Cause, billing.ListErr) || time.Since(begun) > time.Second {
				t.Errorf("cause %d: %v after %s", cause, unread.Cause, time.Since(begun))
			}
			ordertest.WantLists(t, billing, 1)
			ordertest.WantSends(t, api, 0)
			ordertest.WantClaim(t, placer, true)
		})
	}
}

func TestReconcile_ListOfThePlan_IsUsedForFifteenSeconds(t *testing.T) {
	t.Parallel()
	for age, lists := range map[time.Duration]int{15 * time.Second: 2, 15*time.Second + 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			billing := ordertest.BillingWith()
			placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
			placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
			time.Sleep(age)
			if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
				t.Error(err)
			}
			ordertest.WantLists(t, billing, lists)
		})
	}
}

func TestReconcile_ListOlderThanAMinute_IsReadAgain(t *testing.T) {
	t.Parallel()
	for takes, lists := range map[time.Duration]int{46 * time.Second: 2, 47 * time.Second: 4} {
		synctest.Test(t, func(t *testing.T) {
			api, fake := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineFor("9", "pconn", "pc-b"))
			placer := ordertest.PlacerWith(api, fake)
			placer.Billing.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, func(string) bool { return true })
			time.Sleep(14 * time.Second)
			fake.DetailTakes = takes // the list is 14 seconds old when the details begin
			fake.OnDetail = func(string, int) {
				if len(fake.Reads) == 1 { // the user orders in the console at the same time
					fake.Lines["5"] = []billing.OrderLine{ordertest.LineOf("5", "Cancelled", time.Now())}
				}
			}
			placement, err := placer.Place(t.Context(), ordertest.RequestA())
			if err != nil || len(placement.Look.Cancelled) != (lists-2)/2 {
				t.Errorf("%s: cancelled %q, %v", takes, ordertest.IDsOf(placement.Look.Cancelled), err)
			}
			ordertest.WantLists(t, fake, lists)
			ordertest.WantSends(t, api, 1)
		})
	}
}

func TestAdopt_SendsNothingAndKeepsTheToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request order.Request
		status  string
	}{"unpaid": {ordertest.UnpaidA(), "Unpaid"}, "paid": {ordertest.RequestA(), "Paid"}, "paid, without auto_pay": {ordertest.UnpaidA(), "Paid"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{}
				placer := ordertest.PlacerWith(api, ordertest.BillingWith(ordertest.LineOf("1", test.status, ordertest.Ago(10*time.Minute)), ordertest.LineOf("2", "Cancelled", ordertest.Ago(time.Hour))))
				placer.OnPlaced = func(order.Receipt, string, int) { t.Error("an order is reported as placed") }
				placer.Registry.Limit(1)

				placement, err := placer.Place(t.Context(), test.request)

				if err != nil || placement.Receipt != (order.Receipt{OrderID: "1"}) || placement.Source != order.Adopted || !placement.Found || placement.Sent {
					t.Fatalf("%+v, %v", placement, err)
				}
				if placement.ClientToken != test.request.ClientToken || len(placement.Passed) != 0 || placement.Payment(ordertest.KeyA.CircuitID) != test.status {
					t.Errorf("%+v", placement)
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, false)
				if !placer.Registry.WasPlaced("1") {
					t.Error("the order is not recorded as placed")
				}
				other := ordertest.RequestA()
				other.CircuitID = ordertest.KeyB.CircuitID
				_, err = placer.Place(t.Context(), other)
				if ordertest.PlaceError(t, err, order.LimitExceeded).OverLimit == nil {
					t.Errorf("an adopted order does not count against the limit: %v", err)
				}
			})
		})
	}
}

func TestAdopt_SecondRead_Decides(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		second func(b *ordertest.FakeBilling) // before the second read of order "1"
		kind   order.PlaceErrorKind
		taken  bool
	}{
		"unchanged": {func(*ordertest.FakeBilling) {}, 0, true},
		"now paid":  {func(b *ordertest.FakeBilling) { b.Lines["1"][0].PaymentStatus = "Paid" }, 0, true},
		"fails once": {func(b *ordertest.FakeBilling) {
			b.ReadErrs = map[string]error{"1": ordertest.Answered(500, "InternalError")}
		}, 0, true},
		"now cancelled":         {func(b *ordertest.FakeBilling) { b.Lines["1"][0].PaymentStatus = "Cancelled" }, order.OrdersExist, false},
		"gone":                  {func(b *ordertest.FakeBilling) { b.Lines["1"] = nil }, order.OrdersExist, false},
		"of another circuit":    {func(b *ordertest.FakeBilling) { b.Lines["1"][0].InstanceIDs = []string{"pc-b"} }, order.OrdersExist, false},
		"now without an ID":     {func(b *ordertest.FakeBilling) { b.Lines["1"][0].InstanceIDs = nil }, order.OrdersExist, false},
		"shared":                {func(b *ordertest.FakeBilling) { b.Lines["1"][0].InstanceIDs = []string{"pc-a", "pc-b"} }, order.OrdersExist, false},
		"of unknown status":     {func(b *ordertest.FakeBilling) { b.Lines["1"][0].PaymentStatus = "Processing" }, order.OrdersExist, false},
		"now too old":           {func(b *ordertest.FakeBilling) { b.Lines["1"][0].CreateTime = new(ordertest.Ago(31 * time.Minute)) }, order.OrdersExist, false},
		"without a date":        {func(b *ordertest.FakeBilling) { b.NoDate = true }, order.OrdersExist, false},
		"now with another term": {func(b *ordertest.FakeBilling) { lastsAYear(&b.Lines["1"][0]) }, order.OrdersExist, false},
		"of another type":       {func(b *ordertest.FakeBilling) { b.Lines["1"][0].OrderType = "Renew" }, order.OrdersExist, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(10*time.Minute)))
				billing.OnDetail = func(_ string, n int) {
					switch n {
					case 2:
						test.second(billing)
					case 3:
						billing.ReadErrs = nil
					}
				}
				placer := ordertest.PlacerWith(api, billing)

				placement, err := placer.Place(t.Context(), ordertest.UnpaidA())

				ordertest.WantSends(t, api, 0)
				if test.taken {
					if err != nil || placement.Receipt.OrderID != "1" || placement.Source != order.Adopted {
						t.Errorf("%+v, %v", placement, err)
					}
					return
				}
				refused := ordertest.PlaceError(t, err, test.kind)
				ordertest.WantIDs(t, "live", refused.Look.Live, "1")
				ordertest.WantClaim(t, placer, true)
			})
		})
	}
}

func lastsAYear(line *billing.OrderLine) {
	line.UsageStartTime, line.UsageEndTime = new(time.Now()), new(time.Now().AddDate(1, 0, 0))
}

func TestAdopt_OrderTooOldAtTheSecondRead_IsRefused(t *testing.T) {
	t.Parallel()
	for takes, taken := range map[time.Duration]bool{time.Second: true, 2 * time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			api := &ordertest.FakeAPI{}
			billing := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(30*time.Minute-2*time.Second)))
			billing.DetailTakes = takes // two reads
			_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.UnpaidA())
			if (err == nil) != taken {
				t.Errorf("%s for a read: %v", takes, err)
			}
			ordertest.WantSends(t, api, 0)
			if want := []string{"1", "1"}; !slices.Equal(billing.Reads[:2], want) {
				t.Errorf("read %q", billing.Reads)
			}
		})
	}
}

func TestReconcile_PermanentCauseWhileWaiting_EndsImmediately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), ordertest.BillingWith()
		var failedAt time.Time
		billing.OnList = func(int) {
			billing.ListErr = ordertest.Answered(500, "InternalError")
			if time.Since(begun) > time.Minute {
				billing.ListErr, failedAt = ordertest.NotSent(apierror.CauseHost), time.Now()
			}
		}
		_, err := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing).Place(t.Context(), ordertest.RequestA())
		if took := time.Since(failedAt); took > 0 {
			t.Errorf("%s after the permanent cause: %v", took, err)
		}
	})
}

func TestReconcile_BillingHangs_EndsAfterSixMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), ordertest.BillingWith()
		billing.ListTakes = time.Hour
		_, err := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing).Place(t.Context(), ordertest.RequestA())
		if took := time.Since(begun); took > 6*time.Minute+time.Second {
			t.Errorf("%s, %v", took, err)
		}
	})
}

func TestReconcile_TimeoutDuringALongLook_EndsOutOfTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, fake := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineFor("9", "pconn", "pc-b"))
		placer := ordertest.PlacerWith(api, fake)
		placer.Billing.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, func(string) bool { return true })
		time.Sleep(14 * time.Second)
		placer.Timeout = 50 * time.Second
		fake.OnDetail = func(string, int) { time.Sleep(placer.Timeout + 1) } // The list is then too old.
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if failed := ordertest.PlaceError(t, err, order.NoOrderID); failed.StopReason != order.OutOfTime || !failed.OrderedNothing() {
			t.Errorf("%+v", failed)
		}
		ordertest.WantSends(t, api, 0)
	})
}
