package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestLimit_PlanWithTooManyOrders_IsOneError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.settings = coretest.Values{"max_new_orders": 2}
		process := h.start(t)
		var errs coretest.Diagnostics
		for _, id := range []any{"pc-one", "pc-two", "pc-three", "pc-four", coretest.Unknown{}} {
			if name, known := id.(string); known {
				h.server.AddCircuit(emulator.Circuit{ID: name})
			}
			_, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			errs = append(errs, diags.Errors()...)
		}
		messagetest.WantKinds(t, errs, message.LimitExceeded)
		messagetest.WantValues(t, errs, "max_new_orders = 2")
		if len(errs) != 1 {
			t.Errorf("%d errors, want 1:\n%s", len(errs), errs)
		}
	})
}

func TestLimit_UnknownCircuits_Count(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.settings = coretest.Values{"max_new_orders": 0}
		_, diags := h.Plan(paid("physical_connection_id", coretest.Unknown{}), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.LimitExceeded)
	})
}

func TestLimit_Apply_PlacesNoMoreOrdersThanAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		var plans []coretest.Plan
		ids := []string{"pc-one", "pc-two", "pc-three", "pc-four"}
		for _, id := range ids {
			h.server.AddCircuit(emulator.Circuit{ID: id})
			plan, _ := h.Plan(paid("physical_connection_id", id), coretest.Options{})
			plans = append(plans, plan)
		}
		h.settings = coretest.Values{"max_new_orders": 2}
		process := h.start(t)
		refused := 0
		for i, plan := range plans {
			object, diags, err := process.Apply(t.Context(), plan, paid("physical_connection_id", ids[i]))
			if err != nil {
				t.Fatal(err)
			}
			if object == nil {
				messagetest.WantKinds(t, diags.Errors(), message.LimitExceeded)
				messagetest.WantValues(t, diags.Errors(), "max_new_orders = 2")
				refused++
			}
		}
		if refused != 2 {
			t.Errorf("%d refused, want 2", refused)
		}
		h.wantOrders(2, 2)
	})
}

func TestLimit_OrdersInTheState_DoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.settings = coretest.Values{"max_new_orders": 0}
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

func TestLimit_ManyCircuits_NamesTenAndCountsTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.settings = coretest.Values{"max_new_orders": 12}
		process := h.start(t)
		var errs coretest.Diagnostics
		for i := range 13 {
			id := fmt.Sprintf("pc-%02d", i)
			h.server.AddCircuit(emulator.Circuit{ID: id})
			_, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			errs = append(errs, diags.Errors()...)
		}
		messagetest.WantKinds(t, errs, message.LimitExceeded)
		messagetest.WantValues(t, errs, "pc-00, pc-01, pc-02, pc-03, pc-04, pc-05, pc-06, pc-07, pc-08, pc-09,", "3")
		messagetest.WantNoValues(t, errs, "pc-10", "pc-11")
	})
}

func TestLimit_OrderForAnotherCircuit_Counts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		h.settings = coretest.Values{"max_new_orders": 0}
		_, diags := h.Plan(paid("physical_connection_id", "pc-second"), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.LimitExceeded)
		h.wantOrders(1, 1)
	})
}
