package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestRefresh_OrderOfAnotherProduct_IsNeverCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		other := h.server.AddOtherOrder(emulator.Order{CircuitID: "i-1", Region: "cn-hangzhou", Status: emulator.OrderUnpaid})
		h.billingFails(emulator.Fault{Kind: emulator.Reset}) // so that the provider does not notice the wrong import
		if diags := h.importAs(shortImportID + "/" + other.ID); diags.HasError() {
			t.Fatal(diags)
		}
		h.MustApply(cancelling())
		h.server.ClearFaults()
		time.Sleep(2 * time.Minute) // on fake time

		_, diags := h.Plan(cancelling(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderForOther)
		messagetest.WantValues(t, diags.Warnings(), other.ID, "i-1")
		if status := h.Object.String("payment_status"); status != "" {
			t.Errorf("payment_status %q is another order's", status)
		}
		diags = h.Apply(nil)
		messagetest.WantKinds(t, diags.Errors(), message.CancelFailed)
		messagetest.WantValues(t, diags.Errors(), other.ID)
		if h.server.CallCount("CancelOrder") != 0 || h.Object == nil {
			t.Error("it is cancelled, or left the state")
		}
		h.server.Advance(8 * 24 * time.Hour) // expired, which does not matter here
		if h.Plan(cancelling(), coretest.Options{}); h.Object == nil {
			t.Error("the end of another order has removed the object")
		}
	})
}

func TestDestroy_OrderOfTwoObjects_IsNotCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(cancelling())
		// A run was killed between the two halves of a replacement with create_before_destroy.
		process := h.start(t)
		var deposed *coretest.Object
		for range 2 {
			object, diags, err := process.Refresh(t.Context(), h.Object)
			if err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
			deposed = object
		}
		plan, _, err := process.Plan(t.Context(), deposed, nil, coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		left, diags, err := h.start(t).Apply(t.Context(), plan, nil)
		if err != nil || left != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		if h.server.CallCount("CancelOrder") != 0 {
			t.Error("the order of the other object is cancelled")
		}
	})
}

func TestCreate_ChangeAfterALostResponse_NamesTheNextToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour, BillingLag: time.Hour})
		h.MustApply(paid("auto_pay", false))
		o := h.Object.String("order_id")
		h.Object = nil // lost
		diags := h.Apply(paid("auto_pay", false, "period", 5))
		messagetest.WantKinds(t, diags.Errors(), message.TokenUsed)
		messagetest.WantValues(t, diags.Errors(), order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), "IdempotentParameterMismatch"))
		h.wantOrders(1, 2)

		h.server.Advance(8 * 24 * time.Hour)
		diags = h.Apply(paid("auto_pay", false, "period", 5))
		next := order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), o)
		messagetest.WantKinds(t, diags.Errors(), message.TokenUsed)
		messagetest.WantValues(t, diags.Errors(), o, "client_token = \""+next)
		h.MustApply(paid("auto_pay", false, "period", 5, "client_token", next))
		h.wantOrders(2, 4)
	})
}

func TestCreate_UnpaidOrderWithoutBilling_NamesTheNextToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.withoutBilling()
		diags := h.Apply(paid("auto_pay", false))
		messagetest.WantKinds(t, diags.Warnings(), message.BillingForbidden, message.OrderToPay)
		messagetest.WantValues(t, diags.Warnings(), order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), h.Object.String("order_id")))
		if len(diags) != 3 { // in addition to the one of each process
			t.Errorf("the same is said twice:\n%s", diags)
		}
	})
}

func TestCreate_InterruptDuringThePaymentRead_GivesNoBillingWarning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Kind: emulator.Hang, Times: -1})
		plan, _ := h.Plan(paid(), coretest.Options{})
		process := h.start(t)
		time.AfterFunc(2*time.Second, func() { _ = process.Stop(t.Context()) })
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || object == nil || len(diags) != 0 {
			t.Errorf("%v, %v:\n%s", err, object, diags)
		}
		h.wantOrders(1, 1)
	})
}
