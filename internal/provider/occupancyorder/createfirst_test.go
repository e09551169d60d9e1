package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// createFirst is create_before_destroy. Terraform also applies it to an order if a dependent
// resource uses it.
var createFirst = coretest.Options{CreateBeforeDestroy: true}

func TestCreateBeforeDestroy_TaintedOrder_IsNotOrderedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
		before := h.Object.String("order_id")
		h.Object.Tainted = true
		_, diags := h.Plan(paid(), createFirst)
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), before)
		h.wantOrders(1, 1)

		// Without a refresh, only the recorded state shows the order.
		process, diags := h.startWith(t, h.Object)
		if diags.HasError() {
			t.Fatal(diags)
		}
		_, diags, err := process.Plan(t.Context(), h.Object, paid(), createFirst)
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), before)
		h.wantOrders(1, 1)
	})
}

func TestCreateBeforeDestroy_TaintedOrderWithoutARecord_IsNotOrderedAgain(t *testing.T) {
	t.Parallel()
	for name, readable := range map[string]bool{"billing shows it": true, "only the token is left": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
				before := h.Object.String("order_id")
				h.Object.Tainted = true
				if !readable {
					h.withoutBilling()
				}
				plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, paid(), createFirst)
				if err != nil || diags.HasError() {
					t.Fatal(err, diags)
				}
				object, diags, err := h.startUnrecorded(t).Apply(t.Context(), plan, paid())
				if err != nil || diags.HasError() {
					t.Fatalf("%v\n%s", err, diags)
				}
				if object.Deposed != nil || object.String("order_id") != before {
					t.Errorf("order %s, deposed %v", object.String("order_id"), object.Deposed)
				}
				if readable {
					h.wantOrders(1, 1)
					h.wantRecovered(object)
				} else {
					h.wantOrders(1, 2)
					h.wantOneToken()
					h.wantComplete(object)
				}
				h.server.ClearFaults()
				h.Object = object
				if plan, diags := h.Plan(paid(), createFirst); plan.Action != coretest.NoOp || diags.HasError() {
					t.Errorf("next plan: %s\n%s", plan.Action, diags)
				}
			})
		})
	}
}

func TestCreateBeforeDestroy_TaintedOrderInService_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object.Tainted = true
		plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, paid(), createFirst)
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		h.server.Advance(2 * time.Hour) // between plan and apply
		kept, diags, err := h.startUnrecorded(t).Apply(t.Context(), plan, paid())
		if err != nil || kept != h.Object || kept.Deposed != nil {
			t.Fatalf("%v, %v", err, kept)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
		h.wantOrders(1, 1)
	})
}

func TestCreateBeforeDestroy_AnotherCircuit_IsOrderedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		old := h.Object.String("order_id")
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		config := paid("physical_connection_id", "pc-second")
		plan, diags := h.Plan(config, createFirst)
		if plan.Action != coretest.Replace || diags.HasError() {
			t.Fatalf("%s:\n%s", plan.Action, diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.PlanReplaces)
		messagetest.WantValues(t, diags.Warnings(), old)
		object, diags, err := h.start(t).Apply(t.Context(), plan, config)
		if err != nil || diags.HasError() || object.Tainted || object.Deposed != nil {
			t.Fatalf("%v, %+v\n%s", err, object, diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps)
		h.wantOrders(2, 2)
		if object.String("physical_connection_id") != "pc-second" || object.String("order_id") != h.server.Orders()[1].ID {
			t.Errorf("state: %s with order %s", object.String("physical_connection_id"), object.String("order_id"))
		}
		h.Object = object
		if plan, diags := h.Plan(config, createFirst); plan.Action != coretest.NoOp || len(diags) > 0 {
			t.Errorf("next plan: %s\n%s", plan.Action, diags)
		}
	})
}

func TestCreateBeforeDestroy_RefusedCircuit_KeepsTheOldOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		h.server.AddFault(emulator.Fault{Action: orderAction, Code: "Forbidden.RAM"})
		config := paid("physical_connection_id", "pc-second")
		plan, diags := h.Plan(config, createFirst)
		if diags.HasError() {
			t.Fatal(diags)
		}
		kept, diags, err := h.start(t).Apply(t.Context(), plan, config)
		if err != nil || kept != h.Object || !diags.HasError() {
			t.Fatalf("%v, %+v\n%s", err, kept, diags)
		}
		h.Object = kept
		if plan, diags := h.Plan(paid(), createFirst); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("back to the old circuit: %s\n%s", plan.Action, diags)
		}
		h.wantOrders(1, 2)
	})
}

func TestCreateBeforeDestroy_SameUnpaidOrder_IsNotCancelled(t *testing.T) {
	t.Parallel()
	// The provider finds the order in billing, or the API returns it for its client token.
	for name, billing := range map[string]bool{"from billing": true, "by its token": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.MustApply(cancelling())
				order := h.Object.String("order_id")
				h.Object.Tainted = true
				requests := 1
				if !billing { // The permission for the list is missing, but not the one for the order.
					h.server.AddFault(emulator.Fault{Action: "QueryOrders", Code: "NoPermission", Times: -1})
					requests = 2
				}
				plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, cancelling(), createFirst)
				if err != nil || diags.HasError() {
					t.Fatal(err, diags)
				}
				object, diags, err := h.startUnrecorded(t).Apply(t.Context(), plan, cancelling())
				if err != nil || diags.HasError() || object.String("order_id") != order || object.Deposed != nil {
					t.Fatalf("%v, %+v\n%s", err, object, diags)
				}
				if h.server.CallCount("CancelOrder") != 0 || h.server.Orders()[0].Status != emulator.OrderUnpaid {
					t.Errorf("the order that the state holds is cancelled: %v", h.server.Orders()[0])
				}
				h.wantOrders(1, requests)
			})
		})
	}
}
