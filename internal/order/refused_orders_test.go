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

func TestReconcile_OneOrderIsRefusedAndOneFails_LooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		foreign := ordertest.LineFor("9", "pconn", "pc-other")
		foreign.CreateTime = new(ordertest.Ago(time.Minute))
		billing := ordertest.BillingWith(foreign, ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour))) // 1 is live, of circuit A
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
		foreign := ordertest.LineFor("9", "pconn", "pc-other")
		foreign.CreateTime = new(ordertest.Ago(time.Minute))
		billing := ordertest.BillingWith(foreign, ordertest.LineOf("1", "Paid", ordertest.Ago(2*time.Hour)))
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

func TestLook_RefreshReadAnOrder_OneRefusalIsNoMissingRight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith(ordertest.LineFor("9", "pconn", "pc-other"), ordertest.LineFor("5", "pconn", "pc-b"))
		fake.ReadErrs = map[string]error{"9": ordertest.Answered(400, "NoPermission")}
		reader := billing.NewReader(fake)
		if _, err := reader.Lines(t.Context(), "5"); err != nil {
			t.Fatal(err)
		}
		look := reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, func(id string) bool { return id == "5" })
		if look.Denied() {
			t.Errorf("denied: %v", look.Err)
		}
	})
}

func TestLook_FilterRefusedInsideASuccess_ListsWithoutIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith()
		b := &filterRefused{FakeBilling: billing, err: ordertest.Answered(200, "InvalidParameter")}
		look := ordertest.LookAt(t, b)
		if look.Err != nil {
			t.Errorf("the unfiltered list was not asked for: %v", look.Err)
		}
	})
}

func TestPlace_TimeoutOfAProxyThenARefusal_IsNotCertain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(ordertest.Answered(408, ""), ordertest.Answered(400, "IncorrectStatus.PhysicalConnection"))}
		_, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
		if e := ordertest.PlaceError(t, err, order.NotAnswered); e.OrderedNothing() || e.FirstAmbiguous == nil {
			t.Errorf("certain %t, first ambiguous %v", e.OrderedNothing(), e.FirstAmbiguous)
		}
	})
}

func TestCertain_RefusalThatMayBeAboutAnOwnOrder_IsNot(t *testing.T) {
	t.Parallel()
	for _, f := range []*apierror.Error{
		ordertest.Answered(400, "Order.CannotPay"), ordertest.Answered(400, "OrderNotPaid"),
		{Delivery: apierror.Answered, HTTPStatus: 400, Code: "InvalidParameter", Message: "ClientToken has been used by another order"},
	} {
		if f.OrderedNothing() {
			t.Errorf("%s %q: certain, %s", f.Code, f.Message, f.Group())
		}
	}
}

func TestLook_OrderOfAnotherProductWithoutDetails_IsNotComplete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		fake.Listed = []billing.OrderLine{ordertest.LineFor("1", "expressconnect")}
		look := ordertest.LookAt(t, fake)
		if look.Complete() {
			t.Error("complete, although an order was listed and not shown")
		}
	})
}

type filterRefused struct {
	*ordertest.FakeBilling
	err error
}

func (b *filterRefused) OrdersCreated(ctx context.Context, q billing.OrderQuery) (billing.OrderList, error) {
	if q.ProductCode != "" {
		return billing.OrderList{}, b.err
	}
	return b.FakeBilling.OrdersCreated(ctx, q)
}

func TestPlace_UnpaidOrderIsInTheWay_IsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		fake.ListTakes = time.Millisecond
		api := &ordertest.FakeAPI{}
		api.Send = func(_ context.Context, _ int) (order.Receipt, error) {
			fake.Lines["9"] = []billing.OrderLine{ordertest.LineOf("9", "Unpaid", ordertest.Ago(0))}
			return order.Receipt{}, ordertest.Answered(400, "Order.InstanceHasUnpaidOrder")
		}
		_, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())
		e := ordertest.PlaceError(t, err, order.NotAnswered)
		ordertest.WantIDs(t, "live", e.Look.Live, "9")
	})
}
