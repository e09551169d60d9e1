package occupancyorder_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestLimit_EachOrderOverTheLimit_IsAnErrorThatCounts(t *testing.T) {
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
		messagetest.WantValues(t, errs, "max_new_orders = 2", "pc-three is new order 3", "pc-four is new order 4", "new order 5")
		if len(errs) != 3 {
			t.Errorf("%d errors, want 3:\n%s", len(errs), errs)
		}
		if explained := strings.Count(errs.String(), "The provider block allows"); explained != 1 {
			t.Errorf("explained %d times:\n%s", explained, errs)
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
