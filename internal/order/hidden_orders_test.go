package order_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestLook_WiderListThatWasCutOff_IsListedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(90*ordertest.Day)))
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		young, older := ordertest.CircuitA("Confirmed"), ordertest.CircuitA("Confirmed")
		young.CreationTime, older.CreationTime = new(ordertest.Ago(ordertest.Day)), new(ordertest.Ago(100*ordertest.Day))
		placer.Look(t.Context(), young)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		billing.ListTakes = time.Hour
		placer.Look(ctx, older) // cut off while it lists
		billing.ListTakes = 0
		look := placer.Look(t.Context(), older)
		ordertest.WantIDs(t, "live", look.Live, "1")
	})
}

func TestPlace_ListedOrderWithoutDetails_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, fake := &ordertest.FakeAPI{}, ordertest.BillingWith()
		fake.Listed = []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Minute))}
		placer := ordertest.PlacerWith(api, fake)
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), ordertest.UnpaidA())
		_ = ordertest.PlaceError(t, err, order.BillingUnread)
		ordertest.WantSends(t, api, 0)
	})
}

func TestPlace_SecondReadingDenied_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(10*time.Minute)))
		billing.OnDetail = func(_ string, n int) {
			if n == 2 {
				billing.ReadErrs = map[string]error{"1": ordertest.Answered(400, "NoPermission")}
			}
		}
		_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.UnpaidA())
		_ = ordertest.PlaceError(t, err, order.OrdersExist)
		ordertest.WantSends(t, api, 0)
	})
}

func TestPlace_DetailDeniedAfterALiveOrder_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day)), ordertest.LineFor("2", "ecs", "i-1"))
		billing.ReadErrs = map[string]error{"2": ordertest.Answered(400, "NotAuthorized")}
		_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.UnpaidA())
		_ = ordertest.PlaceError(t, err, order.OrdersExist)
		ordertest.WantSends(t, api, 0)
	})
}

func TestRecover_AfterACancelledOrder_HasTheTokenThatWasSent(t *testing.T) {
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
		if err != nil || placement.ClientToken != tokensPast("1")[1] {
			t.Errorf("token of the first send: %t, passed %q, %v", placement.ClientToken == ordertest.RequestA().ClientToken, placement.Passed, err)
		}
	})
}

func TestLook_FailureOfAnEarlierLook_IsNotShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith()
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		billing.ListErr = ordertest.Answered(500, "InternalError")
		placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
		billing.ListErr = nil
		time.Sleep(14 * time.Second)
		if look := placer.Look(t.Context(), ordertest.CircuitA("Confirmed")); !look.Complete() {
			t.Errorf("%v, %d lists", look.Err, len(billing.Queries))
		}
	})
}

func TestLook_ShortDeadlineOfOneCaller_DoesNotSpoilOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.ManyOrders(60)
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		ctx, cancel := context.WithTimeout(t.Context(), 2100*time.Millisecond)
		defer cancel()
		placer.Look(ctx, circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-1"})
		if look := placer.Look(t.Context(), circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-2"}); !look.Complete() {
			t.Errorf("the other caller: %v", look.Err)
		}
	})
}

func TestLook_RowOfAnotherType_HidesNoLiveOrder(t *testing.T) {
	t.Parallel()
	refund := ordertest.LineOf("1", "", ordertest.Ago(time.Hour))
	refund.OrderType = "Refund"
	look := ordertest.LookAt(t, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day)), refund))
	ordertest.WantIDs(t, "live", look.Live, "1")
}

func TestPlace_PermanentCause_EndsAtOnce(t *testing.T) {
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

func TestPlace_HangingBilling_EndsAfterSixMinutes(t *testing.T) {
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

func TestPlace_TakenOver_IsNotReadAThirdTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(10*time.Minute)))
		billing.OnDetail = func(_ string, n int) {
			if n == 3 {
				billing.Lines["1"][0].PaymentStatus = "Cancelled"
			}
		}
		placement, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.UnpaidA())
		if err != nil || placement.Receipt.OrderID != "1" || billing.TimesRead("1") != 2 {
			t.Errorf("%+v, %v, read %d times", placement.Receipt, err, billing.TimesRead("1"))
		}
		ordertest.WantSends(t, api, 0)
	})
}

func TestPlace_AnswerWithAnOrderThatTheStateHoldsForAnotherCircuit_IsRefused(t *testing.T) {
	t.Parallel()
	placer := ordertest.PlacerOf(&ordertest.FakeAPI{})
	placer.Registry.RecordRefreshed(ordertest.KeyB, ordertest.Receipt.OrderID, "", true)
	_, err := placer.Place(t.Context(), ordertest.RequestA())
	if err == nil {
		t.Error("it is accepted")
	}
}

func TestPlace_ImportedOrderOfTwoCircuits_IsSeen(t *testing.T) {
	t.Parallel()
	api := &ordertest.FakeAPI{}
	line := ordertest.LineOf("1", "Paid", ordertest.Ago(ordertest.Day))
	line.InstanceIDs = []string{"pc-a", "pc-b"}
	placer := ordertest.PlacerWith(api, ordertest.BillingWith(line))
	placer.Registry.RecordRefreshed(ordertest.KeyB, "1", "", false)
	_, err := placer.Place(t.Context(), ordertest.RequestA())
	_ = ordertest.PlaceError(t, err, order.OrdersExist)
	ordertest.WantSends(t, api, 0)
}

func TestLook_OrdersWithSeveralRows_AreSortedByTheNewest(t *testing.T) {
	t.Parallel()
	look := ordertest.LookAt(t, ordertest.BillingWith(
		ordertest.LineOf("1", "Cancelled", ordertest.Ago(3*time.Hour)), ordertest.LineOf("1", "Cancelled", ordertest.Ago(time.Hour)), ordertest.LineOf("2", "Cancelled", ordertest.Ago(2*time.Hour)),
	))
	ordertest.WantIDs(t, "cancelled", look.Cancelled, "1", "2")
}

func TestCancelUnpaid_TypeInOtherLetters_IsCancelled(t *testing.T) {
	t.Parallel()
	line := ordertest.LineOf("1", "Unpaid", time.Now())
	line.OrderType = "NEW"
	got, err := billing.NewReader(ordertest.BillingWith(line)).CancelUnpaid(t.Context(), "1", ordertest.KeyA.CircuitID, true)
	if got != billing.CancelledNow {
		t.Error(got, err)
	}
}

func TestLook_OrderWithRowsOfTwoProducts_IsLikely(t *testing.T) {
	t.Parallel()
	line := ordertest.LineOf("1", "Unpaid", ordertest.Ago(ordertest.Day))
	fee := line
	fee.ProductCode, fee.CreateTime = "slb", new(ordertest.Ago(ordertest.Day-time.Second))
	fake := ordertest.BillingWith(line)
	fake.Listed = []billing.OrderLine{fee, line}
	for n := range 41 {
		other := ordertest.LineFor(string(rune('A'+n)), "ecs", "i-1")
		fake.Listed = append(fake.Listed, other)
	}
	look := ordertest.LookAt(t, fake)
	ordertest.WantIDs(t, "live", look.Live, "1")
}

func TestPlace_OrderThatWasCancelledInThisProcess_IsNotInTheWay(t *testing.T) {
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

func TestPlace_InterruptWhileTheCircuitIsRead_IsAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		api := &ordertest.FakeAPI{Read: func(context.Context, int) (circuit.Circuit, error) { return circuit.Circuit{}, ordertest.Throttled() }}
		time.AfterFunc(5*time.Second, cancel)
		_, err := ordertest.PlacerOf(api).Place(ctx, ordertest.RequestA())
		if e := ordertest.PlaceError(t, err, order.NotAnswered); e.StopReason != order.Interrupted || !e.OrderedNothing() {
			t.Errorf("%+v", e)
		}
	})
}
