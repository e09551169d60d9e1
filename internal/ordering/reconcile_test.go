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

func TestReconcile_LiveOrder_IsRefusedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request ordering.Wish
		rows    func() []ordering.OrderRow
		live    []string
	}{
		"of yesterday, unpaid": {unpaidA(), func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("1", "Unpaid", ago(day))} }, []string{"1"}},
		"of yesterday, paid":   {wishA(), func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("1", "Paid", ago(day))} }, []string{"1"}},
		"of two hours ago":     {unpaidA(), func() []ordering.OrderRow { return []ordering.OrderRow{rowOf("1", "Unpaid", ago(2*time.Hour))} }, []string{"1"}},
		"unpaid, with auto_pay": {wishA(), func() []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Unpaid", ago(time.Minute))}
		}, []string{"1"}},
		"two of them": {unpaidA(), func() []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Unpaid", ago(2*time.Minute)), rowOf("2", "Unpaid", ago(time.Minute))}
		}, []string{"2", "1"}},
		"beside a cancelled one": {wishA(), func() []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Paid", ago(day)), rowOf("2", "Cancelled", ago(time.Hour))}
		}, []string{"1"}},
		"a typed token": {withToken(unpaidA(), "typed"), func() []ordering.OrderRow {
			return []ordering.OrderRow{rowOf("1", "Unpaid", ago(time.Minute))}
		}, []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{}
				placer := placerWith(api, bookOf(test.rows()...))

				_, err := placer.Place(t.Context(), test.request)

				refused := placeError(t, err, ordering.OrdersExist)
				wantIDs(t, "live", refused.Look.Live, test.live...)
				if refused.Key != keyA || refused.Circuit == nil || refused.Circuit.ID != keyA.CircuitID {
					t.Errorf("got %+v", refused)
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_TheTokenPastALiveOrder_OrdersOnPurpose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		request := withToken(unpaidA(), unpaidA().TokenPast("1"))
		placement, err := placerWith(api, bookOf(rowOf("1", "Unpaid", ago(day)))).Place(t.Context(), request)
		if err != nil || placement.Receipt != receipt || placement.Token != request.Token {
			t.Errorf("%+v, %v", placement, err)
		}
		wantSends(t, api, 1)
	})
}

func TestReconcile_LookComesLastBeforeTheSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		billing := bookOf(rowFor("9", "ecs", "i-1"))
		billing.onList = func(int) {
			if len(api.reads) != 1 || len(api.sends) != 0 {
				t.Errorf("a list after %d readings and %d sends", len(api.reads), len(api.sends))
			}
		}
		placement, err := placerWith(api, billing).Place(t.Context(), wishA())
		if err != nil || !placement.Look.Complete() || placement.Look.Date == nil {
			t.Errorf("%+v, %v", placement.Look, err)
		}
		wantSends(t, api, 1)
		wantLists(t, billing, 2)
	})
}

func TestReconcile_OrdersOfOtherProductsBeyondTheBound_AreNoObstacle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		billing.truncated = []string{""}
		placement, err := placerWith(&fakeAPI{}, billing).Place(t.Context(), wishA())
		if err != nil || !placement.Look.Beyond || placement.Look.Err != nil {
			t.Errorf("%+v, %v", placement.Look, err)
		}
	})
}

func TestReconcile_WithoutBilling_SendsAtOnce(t *testing.T) {
	t.Parallel()
	denied := answered(400, "NoPermission")
	for name, test := range map[string]struct {
		spoil        func(*book)
		lists, asked int // of two orders together, the payment after each included
	}{
		"no right to list":    {func(b *book) { b.listing = denied }, 1, 2},
		"no right to details": {func(b *book) { b.failing = map[string]error{"7": denied} }, 2, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &fakeAPI{send: orderedAs}, bookOf(rowFor("7", "pconn"))
				test.spoil(billing)
				placer := placerWith(api, billing)
				begun := time.Now()
				for _, id := range []string{"pc-a", "pc-b"} {
					request := wishA()
					request.CircuitID = id
					placement, err := placer.Place(t.Context(), request)
					if err != nil || placement.Source != ordering.Placed || !errors.Is(placement.Look.Err, denied) {
						t.Errorf("%+v, %v", placement, err)
					}
				}
				wantLists(t, billing, test.lists)
				if len(billing.asked) != test.asked || time.Since(begun) != 0 {
					t.Errorf("asked for %q in %s", billing.asked, time.Since(begun))
				}
			})
		})
	}
	t.Run("billing is off", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			api := &fakeAPI{}
			placement, err := placerOf(api).Place(t.Context(), wishA())
			if err != nil || !errors.Is(placement.Look.Err, ordering.ErrBillingOff) || !errors.Is(placement.PaymentErr, ordering.ErrBillingOff) {
				t.Errorf("%+v, %v", placement, err)
			}
			wantSends(t, api, 1)
		})
	})
}

func TestReconcile_BillingThatIsDown_IsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]error{
		"server error": answered(500, "InternalError"), "throttled": throttled(), "lost": lost(), "no network": notSent(ordering.NoObstacle),
		"an answer that denies itself": answered(200, "UndefinedError"), "a proxy without its server": answered(502, ""),
	} {
		for _, what := range []string{"list", "detail"} {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					begun, api := time.Now(), &fakeAPI{}
					billing := bookOf(rowOf("1", "Cancelled", ago(time.Hour)))
					fails := func() error {
						if time.Since(begun) < 2*time.Minute {
							return down
						}
						return nil
					}
					billing.onList = func(int) {
						if what == "list" {
							billing.listing = fails()
						}
					}
					billing.onDetail = func(string, int) {
						if what == "detail" {
							billing.failing = map[string]error{"1": fails()}
						}
					}
					placement, err := placerWith(api, billing).Place(t.Context(), wishA())
					if err != nil || !placement.Look.Complete() {
						t.Fatalf("%+v, %v", placement.Look, err)
					}
					wantIDs(t, "cancelled", placement.Look.Cancelled, "1")
					wantSends(t, api, 1)
					if took := api.sentAt[0].Sub(begun); took < 2*time.Minute || took > 3*time.Minute {
						t.Errorf("sent after %s", took)
					}
				})
			})
		}
	}
}

func TestReconcile_EachLookAgain_AsksBillingItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, api, billing := time.Now(), &fakeAPI{}, bookOf()
		billing.onList = func(n int) {
			billing.listing = nil
			if n <= 3 {
				billing.listing = answered(500, "InternalError")
			}
		}
		if _, err := placerWith(api, billing).Place(t.Context(), wishA()); err != nil {
			t.Fatal(err)
		}
		wantLists(t, billing, 5)
		if took, want := api.sentAt[0].Sub(begun), (ceilings[0]+ceilings[1]+ceilings[2])/2; took != want {
			t.Errorf("sent after %s, want the backoff's %s", took, want)
		}
	})
}

func TestReconcile_WaitForBilling_IsBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil         func(*book)
		timeout, took time.Duration
	}{
		"five minutes":          {func(b *book) { b.listing = answered(500, "InternalError") }, time.Hour, 5 * time.Minute},
		"too many orders":       {func(b *book) { b.truncated = []string{"pconn"} }, time.Hour, 5 * time.Minute},
		"timeouts.create":       {func(b *book) { b.listing = answered(500, "InternalError") }, time.Minute, time.Minute},
		"timeout during a list": {func(b *book) { b.listTakes = time.Hour }, 30 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &fakeAPI{}, bookOf(rowFor("9", "ecs", "i-1"))
				test.spoil(billing)
				placer := placerWith(api, billing)
				placer.Timeout = test.timeout
				begun := time.Now()

				_, err := placer.Place(t.Context(), wishA())

				unread := placeError(t, err, ordering.BillingUnread)
				if took := time.Since(begun); unread.Cause == nil || took != test.took {
					t.Errorf("%v after %s, want %s", unread.Cause, took, test.took)
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_Interrupt_EndsAtOnceAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*book){
		"between looks":   func(b *book) { b.listing = answered(500, "InternalError") },
		"during a list":   func(b *book) { b.listTakes = time.Hour },
		"during a detail": func(b *book) { b.detailTakes = time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &fakeAPI{}, bookOf(rowFor("9", "ecs", "i-1"))
				spoil(billing)
				placer := placerWith(api, billing)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(10*time.Second, cancel)
				begun := time.Now()

				_, err := placer.Place(ctx, wishA())

				stopped := placeError(t, err, ordering.NotAnswered)
				if stopped.StopReason != ordering.Interrupted || stopped.Attempts != 0 || stopped.FirstAmbiguous != nil || time.Since(begun) != 10*time.Second {
					t.Errorf("got %+v after %s", stopped, time.Since(begun))
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, true)
			})
		})
	}
}

func TestReconcile_FiveMinutesOfWaiting_AreThoseOfTheWholeProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &fakeAPI{}, bookOf()
		billing.listing = answered(500, "InternalError")
		placer := placerWith(api, billing)
		for n, want := range []time.Duration{5 * time.Minute, 0, 0} {
			request := wishA()
			request.CircuitID = fmt.Sprint("pc-", n)
			begun := time.Now()
			_, err := placer.Place(t.Context(), request)
			_ = placeError(t, err, ordering.BillingUnread)
			if took := time.Since(begun); took != want {
				t.Errorf("order %d gave up after %s, want %s", n, took, want)
			}
		}
		wantSends(t, api, 0)
		billing.listing = nil
		time.Sleep(15*time.Second + 1)
		if _, err := placer.Place(t.Context(), wishA()); err != nil {
			t.Errorf("billing is back, but %v", err)
		}
	})
}

func TestReconcile_PermanentCause_EndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, obstacle := range []ordering.Obstacle{
		ordering.ObstacleCredentials, ordering.ObstacleTrust, ordering.ObstacleHost, ordering.ObstacleRequest, ordering.ObstacleProxy, ordering.ObstacleRefused,
	} {
		synctest.Test(t, func(t *testing.T) {
			api, billing := &fakeAPI{}, bookOf()
			billing.listing = notSent(obstacle)
			placer := placerWith(api, billing)
			begun := time.Now()
			_, err := placer.Place(t.Context(), wishA())
			unread := placeError(t, err, ordering.BillingUnread)
			if !errors.Is(unread.Cause, billing.listing) || time.Since(begun) > time.Second {
				t.Errorf("obstacle %d: %v after %s", obstacle, unread.Cause, time.Since(begun))
			}
			wantLists(t, billing, 1)
			wantSends(t, api, 0)
			wantClaim(t, placer, true)
		})
	}
}

func TestReconcile_ListOfThePlan_ServesForFifteenSeconds(t *testing.T) {
	t.Parallel()
	for age, lists := range map[time.Duration]int{15 * time.Second: 2, 15*time.Second + 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			billing := bookOf()
			placer := placerWith(&fakeAPI{}, billing)
			placer.Look(t.Context(), circuitA("Confirmed"))
			time.Sleep(age)
			if _, err := placer.Place(t.Context(), wishA()); err != nil {
				t.Error(err)
			}
			wantLists(t, billing, lists)
		})
	}
}

func TestReconcile_ListOfMoreThanAMinute_IsAskedForAgainBeforeTheSend(t *testing.T) {
	t.Parallel()
	for takes, lists := range map[time.Duration]int{46 * time.Second: 2, 47 * time.Second: 4} {
		synctest.Test(t, func(t *testing.T) {
			api, billing := &fakeAPI{}, bookOf(rowFor("9", "pconn", "pc-b"))
			placer := placerWith(api, billing)
			placer.Payments.Look(t.Context(), circuitA("Confirmed"), 0, func(string) bool { return true })
			time.Sleep(14 * time.Second)
			billing.detailTakes = takes // the list is 14 seconds old when the details begin
			billing.onDetail = func(string, int) {
				if len(billing.asked) == 1 { // somebody orders in the console meanwhile
					billing.rows["5"] = []ordering.OrderRow{rowOf("5", "Cancelled", time.Now())}
				}
			}
			placement, err := placer.Place(t.Context(), wishA())
			if err != nil || len(placement.Look.Cancelled) != (lists-2)/2 {
				t.Errorf("%s: cancelled %q, %v", takes, idsOf(placement.Look.Cancelled), err)
			}
			wantLists(t, billing, lists)
			wantSends(t, api, 1)
		})
	}
}

func TestTakeOver_SendsNothingAndKeepsTheToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request ordering.Wish
		status  string
	}{"unpaid": {unpaidA(), "Unpaid"}, "paid": {wishA(), "Paid"}, "paid, and to be paid later": {unpaidA(), "Paid"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{}
				placer := placerWith(api, bookOf(rowOf("1", test.status, ago(10*time.Minute)), rowOf("2", "Cancelled", ago(time.Hour))))
				placer.OnPlaced = func(ordering.Receipt, string, int) { t.Error("an order is reported as placed") }
				placer.Ledger.Limit(1)

				placement, err := placer.Place(t.Context(), test.request)

				if err != nil || placement.Receipt != (ordering.Receipt{OrderID: "1"}) || placement.Source != ordering.Adopted || !placement.Found || placement.Sent {
					t.Fatalf("%+v, %v", placement, err)
				}
				if placement.Token != test.request.Token || len(placement.Passed) != 0 || placement.Payment(keyA.CircuitID) != test.status {
					t.Errorf("%+v", placement)
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, false)
				if !placer.Ledger.PlacedHere("1") {
					t.Error("the order is not known as one of this process, which is never cancelled")
				}
				other := wishA()
				other.CircuitID = keyB.CircuitID
				_, err = placer.Place(t.Context(), other)
				if reached := (*ordering.LimitReached)(nil); !errors.As(err, &reached) {
					t.Errorf("an order that was taken over does not count against the limit: %v", err)
				}
			})
		})
	}
}

func TestTakeOver_SecondReading_Decides(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		second func(b *book) // before the second reading of order "1"
		kind   ordering.PlaceErrorKind
		taken  bool
	}{
		"unchanged":                {func(*book) {}, 0, true},
		"paid meanwhile":           {func(b *book) { b.rows["1"][0].PaymentStatus = "Paid" }, 0, true},
		"fails once":               {func(b *book) { b.failing = map[string]error{"1": answered(500, "InternalError")} }, 0, true},
		"cancelled meanwhile":      {func(b *book) { b.rows["1"][0].PaymentStatus = "Cancelled" }, ordering.OrdersExist, false},
		"gone":                     {func(b *book) { b.rows["1"] = nil }, ordering.OrdersExist, false},
		"of another circuit":       {func(b *book) { b.rows["1"][0].InstanceIDs = []string{"pc-b"} }, ordering.OrdersExist, false},
		"names nothing any more":   {func(b *book) { b.rows["1"][0].InstanceIDs = nil }, ordering.OrdersExist, false},
		"shared":                   {func(b *book) { b.rows["1"][0].InstanceIDs = []string{"pc-a", "pc-b"} }, ordering.OrdersExist, false},
		"of unknown status":        {func(b *book) { b.rows["1"][0].PaymentStatus = "Processing" }, ordering.OrdersExist, false},
		"too old by now":           {func(b *book) { b.rows["1"][0].CreateTime = new(ago(31 * time.Minute)) }, ordering.OrdersExist, false},
		"without a date":           {func(b *book) { b.dateless = true }, ordering.OrdersExist, false},
		"of another term by now":   {func(b *book) { lastsAYear(&b.rows["1"][0]) }, ordering.OrdersExist, false},
		"of a type that is no New": {func(b *book) { b.rows["1"][0].OrderType = "Renew" }, ordering.OrdersExist, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, billing := &fakeAPI{}, bookOf(rowOf("1", "Unpaid", ago(10*time.Minute)))
				billing.onDetail = func(_ string, n int) {
					switch n {
					case 2:
						test.second(billing)
					case 3:
						billing.failing = nil
					}
				}
				placer := placerWith(api, billing)

				placement, err := placer.Place(t.Context(), unpaidA())

				wantSends(t, api, 0)
				if test.taken {
					if err != nil || placement.Receipt.OrderID != "1" || placement.Source != ordering.Adopted {
						t.Errorf("%+v, %v", placement, err)
					}
					return
				}
				refused := placeError(t, err, test.kind)
				wantIDs(t, "live", refused.Look.Live, "1")
				wantClaim(t, placer, true)
			})
		})
	}
}

func lastsAYear(row *ordering.OrderRow) {
	row.UsageStartTime, row.UsageEndTime = new(time.Now()), new(time.Now().AddDate(1, 0, 0))
}

func TestTakeOver_OrderThatTurnsTooOldBeforeTheSecondReading_IsRefused(t *testing.T) {
	t.Parallel()
	for takes, taken := range map[time.Duration]bool{time.Second: true, 2 * time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			api := &fakeAPI{}
			billing := bookOf(rowOf("1", "Unpaid", ago(30*time.Minute-2*time.Second)))
			billing.detailTakes = takes // two readings
			_, err := placerWith(api, billing).Place(t.Context(), unpaidA())
			if (err == nil) != taken {
				t.Errorf("%s for a reading: %v", takes, err)
			}
			wantSends(t, api, 0)
			if want := []string{"1", "1"}; !slices.Equal(billing.asked[:2], want) {
				t.Errorf("asked for %q", billing.asked)
			}
		})
	}
}
