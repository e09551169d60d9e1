package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// lostForGood is an order with lost responses until the circuit is Enabled. Then the API
// refuses it because of the state.
func lostForGood(h *history) {
	quirks := h.server.Quirks()
	quirks.StateCheckFirst, quirks.EnableDelay = true, -1
	h.server.SetQuirks(quirks)
	h.server.AddFault(lost(emulator.Reset, 1))
}

func TestCreate_LostResponse_IsRecoveredFromBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		lostForGood(h)
		for i := range 30 { // other orders of the account
			h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
		}
		diags := h.Apply(paid())
		if diags.HasError() {
			t.Fatal(diags)
		}
		order := h.server.Orders()[0].ID
		messagetest.WantKinds(t, diags.Warnings(), message.OrderAdopted)
		messagetest.WantValues(t, diags.Warnings(), order)
		if h.Object.String("order_id") != order || h.Object.String("payment_status") != "Paid" {
			t.Errorf("order %q, payment %q", h.Object.String("order_id"), h.Object.String("payment_status"))
		}
		h.wantOrders(1, 2)
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		// Its arguments are only notes.
		changed, diags := h.Plan(paid("period", 4), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderUnchanged)
		if changed.Action != coretest.Update || diags.HasError() {
			t.Errorf("%s:\n%s", changed.Action, diags)
		}
	})
}

func TestCreate_LostResponsesUntilTheTimeout_AreFoundInBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddFault(lost(emulator.Reset, -1))
		h.MustApply(paid())
		if len(h.server.Orders()) != 1 || h.Object.String("order_id") != h.server.Orders()[0].ID {
			t.Errorf("%d orders, %q in the state", len(h.server.Orders()), h.Object.String("order_id"))
		}
	})
}

func TestCreate_OrderThatMayBeAnotherOne_IsNotRecovered(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(h *history){
		"of another circuit": func(h *history) {
			h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-other", Region: "cn-hangzhou", ProductCode: "pconn"})
		},
		"without a name": func(h *history) {
			h.server.AddOtherOrder(emulator.Order{Region: "cn-hangzhou", ProductCode: "pconn"})
		},
		"a renewal": func(h *history) {
			h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", Type: "Renew"})
		},
		"cancelled": func(h *history) {
			h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", Status: emulator.OrderCancelled})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				prepare(h)
				// The request is lost before the API places the order. The next one is refused.
				h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.Reset})
				h.server.AddFault(emulator.Fault{Action: orderAction, Code: "IncorrectStatus.PhysicalConnection"})
				diags := h.Apply(paid())
				messagetest.WantKinds(t, diags.Errors(), message.OrderMayExist)
				messagetest.WantValues(t, diags.Errors(), "import {", "ORDER_ID")
				if h.Object != nil {
					t.Errorf("order %s is in the state", h.Object.String("order_id"))
				}
				h.wantOrders(0, 2)
			})
		})
	}
}

func TestCreate_LostResponseAndAnOlderOrder_NamesItAndRecoversNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const lag = 5 * time.Minute
		h := newHistory(t, emulator.Quirks{BillingLag: lag})
		older := h.server.AddOtherOrder(emulator.Order{
			CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", CreatedAt: h.server.Now().Add(15*time.Second - lag),
		})
		// The search is before billing shows the order. The request is lost for 30 s.
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.Hang})
		h.server.AddFault(emulator.Fault{Action: orderAction, Code: "IncorrectStatus.PhysicalConnection"})
		messagetest.WantValues(t, messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.OrderMayExist), older.ID, "import {")
		if h.Object != nil {
			t.Errorf("order %s is in the state", h.Object.String("order_id"))
		}
		h.wantOrders(0, 2)
	})
}

func TestCreate_SeveralOrders_NamesThemAndSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		first := h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn"})
		second := h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "ecs"})
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrdersExist)
		messagetest.WantValues(t, diags.Errors(), first.ID, second.ID)
		h.wantOrders(0, 0)
	})
}

func TestCreate_IncompleteSearch_RecoversNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{ProductCode: "unheard-of"})
		lostForGood(h)
		for i := range 200 {
			h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
		}
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderProbablyExists)
		if h.Object != nil {
			t.Error("an order is in the state")
		}
		if calls := h.server.CallCount("GetOrderDetail"); calls > 3*40 { // for each list
			t.Errorf("%d orders were asked for", calls)
		}
	})
}

func TestCreate_LostResponseWithoutBilling_NamesTheImport(t *testing.T) {
	t.Parallel()
	eachWay(t, emulator.Quirks{}, func(t *testing.T, h *history, way lossOfBilling) {
		h.loseAfterTheLook(way)
		lostForGood(h)
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderProbablyExists)
		messagetest.WantValues(t, diags.Errors(), "import {", "ORDER_ID")
		if h.Object != nil {
			t.Error("something is in the state")
		}
		h.wantOrders(1, 2)
		order := h.server.Orders()[0].ID
		object, diags, err := h.start(t).Import(t.Context(), "cn-hangzhou/"+circuitID+"/"+order)
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		h.Object = object
		h.MustApply(paid())
		h.wantOrders(1, 2)
	})
}

// loseAfterTheLook makes billing fail after the search of Create. If it failed before, nothing
// would be sent.
func (h *history) loseAfterTheLook(way lossOfBilling) {
	h.T.Helper()
	if way.fault == nil {
		quirks := h.server.Quirks()
		quirks.BillingLag, quirks.UnknownOrderCode = way.quirks.BillingLag, way.quirks.UnknownOrderCode
		h.server.SetQuirks(quirks)
		return
	}
	for _, action := range billingActions {
		fault := *way.fault
		fault.Action, fault.Times = action, -1
		if action == "QueryOrders" {
			fault.Skip = 4 // Two lists for the plan, two for the apply.
		}
		h.server.AddFault(fault)
	}
}

func TestCreate_Interrupt_DoesNotSearchInBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddFault(lost(emulator.Reset, -1))
		plan, _ := h.Plan(paid(), coretest.Options{})
		process := h.start(t)
		time.AfterFunc(20*time.Second, func() { _ = process.Stop(t.Context()) })
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatal(err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderMayExist)
		messagetest.WantNoValues(t, diags.Errors(), "(timeouts.create)")
		if calls := h.server.CallCount("QueryOrders"); calls != 4 {
			t.Errorf("%d lists of orders, want those of the two plans and of none after the interrupt", calls)
		}
	})
}
