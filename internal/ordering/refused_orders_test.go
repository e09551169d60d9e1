package ordering_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestReconcile_OneOrderIsRefusedAndOneFails_LooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		foreign := rowFor("9", "pconn", "pc-other")
		foreign.CreateTime = new(ago(time.Minute))
		billing := bookOf(foreign, rowOf("1", "Paid", ago(2*time.Hour))) // 1 is live, of circuit A
		billing.failing = map[string]error{"9": answered(400, "NoPermission"), "1": lost()}
		billing.onDetail = func(id string, n int) {
			if id == "1" && n > 1 {
				delete(billing.failing, "1") // billing is up again
			}
		}
		api := &fakeAPI{}
		_, err := placerWith(api, billing).Place(t.Context(), wishA())
		if err == nil {
			t.Error("an order was placed")
		}
		wantSends(t, api, 0)
	})
}

func TestReconcile_LookThatEndedAfterARefusal_LooksAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		foreign := rowFor("9", "pconn", "pc-other")
		foreign.CreateTime = new(ago(time.Minute))
		billing := bookOf(foreign, rowOf("1", "Paid", ago(2*time.Hour)))
		billing.failing = map[string]error{"9": answered(400, "NoPermission")}
		billing.detailTakes = 10 * time.Second
		api := &fakeAPI{}
		placer := placerWith(api, billing)
		placer.LookForMessage(t.Context(), ordering.Circuit{Region: keyA.Region, ID: "pc-b", Status: "Enabled"})
		billing.detailTakes = 0
		_, err := placer.Place(t.Context(), wishA())
		if err == nil {
			t.Error("an order was placed")
		}
		wantSends(t, api, 0)
	})
}

func TestReconcile_OrdersOfAnotherPayerFirst_FindsTheCircuitsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf(rowOf("1", "Paid", ago(2*time.Hour)))
		billing.failing = map[string]error{}
		for _, id := range []string{"91", "92", "93", "94", "95"} {
			billing.rows[id] = []ordering.OrderRow{rowFor(id, "pconn", "pc-other")}
			billing.failing[id] = answered(400, "NoPermission")
		}
		api := &fakeAPI{}
		_, err := placerWith(api, billing).Place(t.Context(), wishA())
		if err == nil {
			t.Error("an order was placed")
		}
		wantSends(t, api, 0)
	})
}

func TestLook_RefreshReadAnOrder_OneRefusalIsNoMissingRight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf(rowFor("9", "pconn", "pc-other"), rowFor("5", "pconn", "pc-b"))
		billing.failing = map[string]error{"9": answered(400, "NoPermission")}
		payments := ordering.NewPayments(billing)
		if _, err := payments.Rows(t.Context(), "5"); err != nil {
			t.Fatal(err)
		}
		look := payments.Look(t.Context(), circuitA("Confirmed"), 0, func(id string) bool { return id == "5" })
		if look.Denied() {
			t.Errorf("denied: %v", look.Err)
		}
	})
}

func TestLook_FilterRefusedInsideASuccess_ListsWithoutIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		b := &filterRefused{book: billing, err: answered(200, "InvalidParameter")}
		look := lookAt(t, b)
		if look.Err != nil {
			t.Errorf("the unfiltered list was not asked for: %v", look.Err)
		}
	})
}

func TestPlace_TimeoutOfAProxyThenARefusal_IsNotCertain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: inTurn(answered(408, ""), answered(400, "IncorrectStatus.PhysicalConnection"))}
		_, err := placerOf(api).Place(t.Context(), wishA())
		if e := placeError(t, err, ordering.NotAnswered); e.Certain() || e.FirstAmbiguous == nil {
			t.Errorf("certain %t, first ambiguous %v", e.Certain(), e.FirstAmbiguous)
		}
	})
}

func TestCertain_RefusalThatMayBeAboutAnOwnOrder_IsNot(t *testing.T) {
	t.Parallel()
	for _, f := range []*ordering.Failure{
		answered(400, "Order.CannotPay"), answered(400, "OrderNotPaid"),
		{Delivery: ordering.Answered, HTTPStatus: 400, Code: "InvalidParameter", Message: "ClientToken has been used by another order"},
	} {
		if f.Certain() {
			t.Errorf("%s %q: certain, %s", f.Code, f.Message, f.Group())
		}
	}
}

func TestLook_OrderOfAnotherProductWithoutDetails_IsNotComplete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		billing.listed = []ordering.OrderRow{rowFor("1", "expressconnect")}
		look := lookAt(t, billing)
		if look.Complete() {
			t.Error("complete, although an order was listed and not shown")
		}
	})
}

type filterRefused struct {
	*book
	err error
}

func (b *filterRefused) OrdersCreated(ctx context.Context, q ordering.OrderQuery) (ordering.OrderListing, error) {
	if q.ProductCode != "" {
		return ordering.OrderListing{}, b.err
	}
	return b.book.OrdersCreated(ctx, q)
}

func TestPlace_UnpaidOrderIsInTheWay_IsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		billing.listTakes = time.Millisecond
		api := &fakeAPI{}
		api.send = func(_ context.Context, _ int) (ordering.Receipt, error) {
			billing.rows["9"] = []ordering.OrderRow{rowOf("9", "Unpaid", ago(0))}
			return ordering.Receipt{}, answered(400, "Order.InstanceHasUnpaidOrder")
		}
		_, err := placerWith(api, billing).Place(t.Context(), wishA())
		e := placeError(t, err, ordering.NotAnswered)
		wantIDs(t, "live", e.Look.Live, "9")
	})
}
