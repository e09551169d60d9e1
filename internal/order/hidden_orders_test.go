package order_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

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

func TestPlace_SecondReadDenied_SendsNothing(t *testing.T) {
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

func TestAdopt_Order_IsReadTwice(t *testing.T) {
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

func TestPlace_ImportedOrderOfTwoCircuits_SendsNothing(t *testing.T) {
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

func TestReconcile_OneOrderRefusedAndOneFails_LooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		other := ordertest.LineFor("9", "pconn", "pc-other")
		other.CreateTime = new(ordertest.Ago(time.Minute))
		billing := ordertest.BillingWith(other, ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour))) // "1" is live and for circuit A
		billing.ReadErrs = map[string]error{"9": ordertest.Answered(400, "NoPermission"), "1": ordertest.Lost()}
		billing.OnDetail = func(id string, n int) {
			if id == "1" && n > 1 {
				delete(billing.ReadErrs, "1") // billing is up again
			}
		}
		api := &ordertest.FakeAPI{}
		_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())
		if err == nil {
			t.Error("an order was placed")
		}
		ordertest.WantSends(t, api, 0)
	})
}

func TestReconcile_LookThatEndedAfterARefusal_LooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		other := ordertest.LineFor("9", "pconn", "pc-other")
		other.CreateTime = new(ordertest.Ago(time.Minute))
		billing := ordertest.BillingWith(other, ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour)))
		billing.ReadErrs = map[string]error{"9": ordertest.Answered(400, "NoPermission")}
		billing.DetailTakes = 10 * time.Second
		api := &ordertest.FakeAPI{}
		placer := ordertest.PlacerWith(api, billing)
		placer.LookForMessage(t.Context(), circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-b", Status: "Enabled"})
		billing.DetailTakes = 0
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if err == nil {
			t.Error("an order was placed")
		}
		ordertest.WantSends(t, api, 0)
	})
}

func TestReconcile_OrdersOfAnotherPayerFirst_FindsTheCircuitsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour)))
		fake.ReadErrs = map[string]error{}
		for _, id := range []string{"91", "92", "93", "94", "95"} {
			fake.Lines[id] = []billing.OrderLine{ordertest.LineFor(id, "pconn", "pc-other")}
			fake.ReadErrs[id] = ordertest.Answered(400, "NoPermission")
		}
		api := &ordertest.FakeAPI{}
		_, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
		if err == nil {
			t.Error("an order was placed")
		}
		ordertest.WantSends(t, api, 0)
	})
}
