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

func TestCreate_Timeout_LimitsThePlacing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: orderAction, Code: "Throttling", Times: -1})
		begin := time.Now()
		diags := h.Apply(paid("timeouts", coretest.Values{"create": "5m"}))
		messagetest.WantKinds(t, diags.Errors(), message.OrderNotPlaced)
		messagetest.WantValues(t, diags.Errors(), "timeouts.create")
		if took := time.Since(begin).Round(time.Second); took != 5*time.Minute {
			t.Errorf("it took %s, want 5m", took)
		}
	})
}

func TestDestroy_Failed_KeepsTheRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object.Tainted = true
		plan, _, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, paid(), coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		kept, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || kept == nil || !diags.HasError() {
			t.Fatal(err, diags)
		}
		kept.Tainted = false
		// Without a refresh, only the record from the failed destroy prevents a second order.
		_, diags, err = h.start(t).Plan(t.Context(), kept, paid(), coretest.Options{Replace: true})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		h.wantOrders(1, 1)
	})
}

func TestRecord_LostForAPlacedOrder_IsRestored(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.Object.Private = nil
		_, diags, err := h.start(t).Plan(t.Context(), h.Object, paid("period", 4), coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		_, diags, err = h.start(t).Plan(t.Context(), h.Object, paid(), coretest.Options{Replace: true})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
	})
}

func TestRecord_LostForAnImportedOrder_IsRestoredAsImported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := imported(t)
		h.MustApply(paid())
		h.Object.Private = nil
		h.MustApply(paid("period", 5)) // only notes
		h.Object.Private = nil
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		plan, diags := h.Plan(paid("physical_connection_id", "pc-second"), coretest.Options{})
		if plan.Action != coretest.Replace || diags.HasError() {
			t.Errorf("%s, want replace:\n%s", plan.Action, diags)
		}
		h.wantOrders(0, 0)
	})
}

func TestState_HasItsIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		if h.Object.Identity == nil {
			t.Error("an order has no identity")
		}
		h.Object.Identity = nil // a state of an old Terraform without identities
		h.Plan(paid(), coretest.Options{})
		if h.Object.Identity == nil {
			t.Error("a refresh sets no identity")
		}
		if imported(t).Object.Identity == nil {
			t.Error("an import sets no identity")
		}
	})
}

func TestCreate_AutoRenewDuration_IsSentUnchanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(paid("auto_renew", true, "auto_renew_duration", 6))
		if params := h.server.Orders()[0].Params; params["AutoRenew"] != "true" || params["AutoRenewDuration"] != "6" {
			t.Errorf("parameters %v", params)
		}
	})
}

func TestPlan_AnotherRegion_IsAnotherOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.settings = coretest.Values{"billing": false} // only the ID of the circuit is compared
		h.server.AddCircuit(emulator.Circuit{ID: circuitID, Region: "cn-beijing"})
		diags := h.Apply(paid("region_id", "cn-beijing"))
		messagetest.WantKinds(t, diags.Warnings(), message.PlanReplaces, message.RecordRemoved)
		if diags.HasError() || h.Object.String("region_id") != "cn-beijing" {
			t.Errorf("region %s:\n%s", h.Object.String("region_id"), diags)
		}
		h.wantOrders(2, 2)
	})
}

func TestRefresh_CircuitInService_IsShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		if h.Object.String("physical_connection_status") != "Confirmed" || h.Object.String("end_time") != "" {
			t.Errorf("before: %s until %q", h.Object.String("physical_connection_status"), h.Object.String("end_time"))
		}
		h.server.Advance(2 * time.Hour)
		h.Plan(paid(), coretest.Options{})
		if _, err := time.Parse(time.RFC3339, h.Object.String("end_time")); err != nil || h.Object.String("physical_connection_status") != "Enabled" {
			t.Errorf("after: %s until %q", h.Object.String("physical_connection_status"), h.Object.String("end_time"))
		}
	})
}
