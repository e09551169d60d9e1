package ordering_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestLook_WiderListThatWasCutOff_IsListedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf(rowOf("1", "Paid", ago(90*day)))
		placer := placerWith(&fakeAPI{}, billing)
		young, older := circuitA("Confirmed"), circuitA("Confirmed")
		young.CreationTime, older.CreationTime = new(ago(day)), new(ago(100*day))
		placer.Look(t.Context(), young)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		billing.listTakes = time.Hour
		placer.Look(ctx, older) // cut off while it lists
		billing.listTakes = 0
		look := placer.Look(t.Context(), older)
		wantIDs(t, "live", look.Live, "1")
	})
}

func TestPlace_ListedOrderWithoutDetails_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &fakeAPI{}, bookOf()
		billing.listed = []ordering.OrderRow{rowOf("1", "Unpaid", ago(time.Minute))}
		placer := placerWith(api, billing)
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), unpaidA())
		_ = placeError(t, err, ordering.BillingUnread)
		wantSends(t, api, 0)
	})
}

func TestPlace_SecondReadingDenied_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &fakeAPI{}, bookOf(rowOf("1", "Unpaid", ago(10*time.Minute)))
		billing.onDetail = func(_ string, n int) {
			if n == 2 {
				billing.failing = map[string]error{"1": answered(400, "NoPermission")}
			}
		}
		_, err := placerWith(api, billing).Place(t.Context(), unpaidA())
		_ = placeError(t, err, ordering.OrdersExist)
		wantSends(t, api, 0)
	})
}

func TestPlace_DetailDeniedAfterALiveOrder_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &fakeAPI{}, bookOf(rowOf("1", "Paid", ago(day)), rowFor("2", "ecs", "i-1"))
		billing.failing = map[string]error{"2": answered(400, "NotAuthorized")}
		_, err := placerWith(api, billing).Place(t.Context(), unpaidA())
		_ = placeError(t, err, ordering.OrdersExist)
		wantSends(t, api, 0)
	})
}

func TestRecover_AfterACancelledOrder_HasTheTokenThatWasSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := cancelledOrders(1)
		billing.listTakes = time.Millisecond
		api := &fakeAPI{send: func(_ context.Context, try int) (ordering.Receipt, error) {
			if try == 1 {
				return ordering.Receipt{OrderID: "1"}, nil
			}
			billing.rows["9"] = []ordering.OrderRow{rowOf("9", "Unpaid", time.Now())}
			return ordering.Receipt{}, lost()
		}}
		placer := placerWith(api, billing)
		placer.Timeout = time.Minute
		placement, err := placer.Place(t.Context(), wishA())
		if err != nil || placement.Token != tokensPast("1")[1] {
			t.Errorf("token of the first send: %t, passed %q, %v", placement.Token == wishA().Token, placement.Passed, err)
		}
	})
}

func TestLook_FailureOfAnEarlierLook_IsNotShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		placer := placerWith(&fakeAPI{}, billing)
		billing.listing = answered(500, "InternalError")
		placer.Look(t.Context(), circuitA("Confirmed"))
		billing.listing = nil
		time.Sleep(14 * time.Second)
		if look := placer.Look(t.Context(), circuitA("Confirmed")); !look.Complete() {
			t.Errorf("%v, %d lists", look.Err, len(billing.queries))
		}
	})
}

func TestLook_ShortDeadlineOfOneCaller_DoesNotSpoilOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := manyOrders(60)
		placer := placerWith(&fakeAPI{}, billing)
		ctx, cancel := context.WithTimeout(t.Context(), 2100*time.Millisecond)
		defer cancel()
		placer.Look(ctx, ordering.Circuit{Region: keyA.Region, ID: "pc-1"})
		if look := placer.Look(t.Context(), ordering.Circuit{Region: keyA.Region, ID: "pc-2"}); !look.Complete() {
			t.Errorf("the other caller: %v", look.Err)
		}
	})
}

func TestLook_RowOfAnotherType_HidesNoLiveOrder(t *testing.T) {
	t.Parallel()
	refund := rowOf("1", "", ago(time.Hour))
	refund.OrderType = "Refund"
	look := lookAt(t, bookOf(rowOf("1", "Unpaid", ago(day)), refund))
	wantIDs(t, "live", look.Live, "1")
}

func TestPlace_PermanentCause_EndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), bookOf()
		var failedAt time.Time
		billing.onList = func(int) {
			billing.listing = answered(500, "InternalError")
			if time.Since(begun) > time.Minute {
				billing.listing, failedAt = notSent(ordering.ObstacleHost), time.Now()
			}
		}
		_, err := placerWith(&fakeAPI{}, billing).Place(t.Context(), wishA())
		if took := time.Since(failedAt); took > 0 {
			t.Errorf("%s after the permanent cause: %v", took, err)
		}
	})
}

func TestPlace_HangingBilling_EndsAfterSixMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), bookOf()
		billing.listTakes = time.Hour
		_, err := placerWith(&fakeAPI{}, billing).Place(t.Context(), wishA())
		if took := time.Since(begun); took > 6*time.Minute+time.Second {
			t.Errorf("%s, %v", took, err)
		}
	})
}

func TestPlace_TakenOver_IsNotReadAThirdTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &fakeAPI{}, bookOf(rowOf("1", "Unpaid", ago(10*time.Minute)))
		billing.onDetail = func(_ string, n int) {
			if n == 3 {
				billing.rows["1"][0].PaymentStatus = "Cancelled"
			}
		}
		placement, err := placerWith(api, billing).Place(t.Context(), unpaidA())
		if err != nil || placement.Receipt.OrderID != "1" || billing.timesAsked("1") != 2 {
			t.Errorf("%+v, %v, read %d times", placement.Receipt, err, billing.timesAsked("1"))
		}
		wantSends(t, api, 0)
	})
}

func TestPlace_AnswerWithAnOrderThatTheStateHoldsForAnotherCircuit_IsRefused(t *testing.T) {
	t.Parallel()
	placer := placerOf(&fakeAPI{})
	placer.Ledger.HoldRefreshed(keyB, receipt.OrderID, "", true)
	_, err := placer.Place(t.Context(), wishA())
	if err == nil {
		t.Error("it is accepted")
	}
}

func TestPlace_ImportedOrderOfTwoCircuits_IsSeen(t *testing.T) {
	t.Parallel()
	api := &fakeAPI{}
	row := rowOf("1", "Paid", ago(day))
	row.InstanceIDs = []string{"pc-a", "pc-b"}
	placer := placerWith(api, bookOf(row))
	placer.Ledger.HoldRefreshed(keyB, "1", "", false)
	_, err := placer.Place(t.Context(), wishA())
	_ = placeError(t, err, ordering.OrdersExist)
	wantSends(t, api, 0)
}

func TestLook_OrdersWithSeveralRows_AreSortedByTheNewest(t *testing.T) {
	t.Parallel()
	look := lookAt(t, bookOf(
		rowOf("1", "Cancelled", ago(3*time.Hour)), rowOf("1", "Cancelled", ago(time.Hour)), rowOf("2", "Cancelled", ago(2*time.Hour)),
	))
	wantIDs(t, "cancelled", look.Cancelled, "1", "2")
}

func TestCancelUnpaid_TypeInOtherLetters_IsCancelled(t *testing.T) {
	t.Parallel()
	row := rowOf("1", "Unpaid", time.Now())
	row.OrderType = "NEW"
	got, err := ordering.NewPayments(bookOf(row)).CancelUnpaid(t.Context(), placedA)
	if got != ordering.CancelledNow {
		t.Error(got, err)
	}
}

func TestLook_OrderWithRowsOfTwoProducts_IsLikely(t *testing.T) {
	t.Parallel()
	row := rowOf("1", "Unpaid", ago(day))
	fee := row
	fee.ProductCode, fee.CreateTime = "slb", new(ago(day-time.Second))
	billing := bookOf(row)
	billing.listed = []ordering.OrderRow{fee, row}
	for n := range 41 {
		other := rowFor(string(rune('A'+n)), "ecs", "i-1")
		billing.listed = append(billing.listed, other)
	}
	look := lookAt(t, billing)
	wantIDs(t, "live", look.Live, "1")
}

func TestPlace_OrderThatWasCancelledInThisProcess_IsNotInTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		api := &fakeAPI{send: orderedAs}
		placer := placerWith(api, billing)
		if _, err := placer.Place(t.Context(), wishA()); err != nil {
			t.Fatal(err)
		}
		billing.rows["1"] = []ordering.OrderRow{rowOf("1", "Cancelled", time.Now())}
		time.Sleep(time.Hour)
		placer.Ledger.Forget(keyA, "1", true)
		api.send = answeredWith("1", "1", "2")
		if _, err := placer.Place(t.Context(), wishA()); err != nil {
			t.Error(err)
		}
	})
}

func TestPlace_InterruptWhileTheCircuitIsRead_IsAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		api := &fakeAPI{read: func(context.Context, int) (ordering.Circuit, error) { return ordering.Circuit{}, throttled() }}
		time.AfterFunc(5*time.Second, cancel)
		_, err := placerOf(api).Place(ctx, wishA())
		if e := placeError(t, err, ordering.NotAnswered); e.StopReason != ordering.Interrupted || !e.Certain() {
			t.Errorf("%+v", e)
		}
	})
}
