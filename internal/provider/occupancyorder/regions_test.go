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

// regionOf returns the region in a plan, "" if unknown.
func regionOf(t *testing.T, plan coretest.Plan) string {
	t.Helper()
	region := attributeOf(t, plan.Planned, "region_id")
	var text string
	if region.IsKnown() && !region.IsNull() {
		if err := region.As(&text); err != nil {
			t.Fatal(err)
		}
	}
	return text
}

func TestPlan_Region_DefaultsToTheProviders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: circuitID, Region: "cn-beijing"})
		h.region = "cn-beijing"
		plan, diags := h.Plan(paid(), coretest.Options{})
		if diags.HasError() || regionOf(t, plan) != "cn-beijing" {
			t.Errorf("region %q:\n%s", regionOf(t, plan), diags)
		}
		h.MustApply(paid())
		if o := h.server.Orders()[0]; o.Params["RegionId"] != "cn-beijing" || o.Params["ClientToken"] != order.DefaultToken("cn-beijing", circuitID) {
			t.Errorf("ordered with %v", o.Params)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlan_ConfiguredRegion_IsUsedInsteadOfTheProviders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.region = "cn-beijing"
		h.MustApply(paid("region_id", "cn-hangzhou"))
		if order := h.server.Orders()[0]; order.Params["RegionId"] != "cn-hangzhou" || h.Object.String("region_id") != "cn-hangzhou" {
			t.Errorf("ordered with %v", order.Params)
		}
	})
}

func TestPlan_Replacement_KeepsTheRegionOfTheRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.region = "cn-beijing"
		// Without a refresh, only the record has the region.
		plan, diags, err := h.start(t).Plan(t.Context(), h.Object, paid(), coretest.Options{Replace: true})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		if region := regionOf(t, plan); region != "cn-hangzhou" {
			t.Errorf("the plan names the circuit in %q", region)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlan_SecondResourceInAnotherRegion_FindsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		// The provider's region has another circuit with the same ID.
		h.server.AddCircuit(emulator.Circuit{ID: circuitID, Region: "cn-beijing"})
		h.region = "cn-beijing"
		process := h.start(t)
		if _, diags, err := process.Refresh(t.Context(), h.Object); err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		plan, diags, err := process.Plan(t.Context(), nil, paid(), coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
		if region := regionOf(t, plan); region != "cn-hangzhou" {
			t.Errorf("the plan names the circuit in %q", region)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlan_OrderOfAnotherCircuit_DoesNotSetTheRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second", Region: "cn-beijing"})
		h.region = "cn-beijing"
		process := h.start(t)
		if _, diags, err := process.Refresh(t.Context(), h.Object); err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		plan, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", "pc-second"), coretest.Options{})
		if err != nil || diags.HasError() || regionOf(t, plan) != "cn-beijing" {
			t.Errorf("region %q: %v\n%s", regionOf(t, plan), err, diags)
		}
	})
}
