package occupancyorder_test

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestPlan_RemovedArgument_IsAChangeToItsDefault(t *testing.T) {
	t.Parallel()
	for attribute, before := range map[string]coretest.Values{
		"pricing_cycle": paid("pricing_cycle", "Year"),
		"auto_pay":      paid(),
		"auto_renew":    paid("auto_renew", true),
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.MustApply(before)
				after := maps.Clone(before)
				delete(after, attribute)
				diags := h.Apply(after)
				if errs := diags.Errors(); len(errs) != 1 || errs[0].Attribute.String() != `AttributeName("`+attribute+`")` {
					t.Errorf("want one error on %s:\n%s", attribute, diags)
				}
				messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlan_RemovedRegionOrToken_KeepsItsValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(paid("client_token", "mine", "region_id", "cn-hangzhou"))
		h.region = "cn-beijing"
		plan, diags := h.Plan(paid(), coretest.Options{})
		if plan.Action != coretest.NoOp || len(diags) > 0 {
			t.Errorf("%s, want no-op:\n%s", plan.Action, diags)
		}
	})
}

func TestPlan_InstanceChargeType_IsAnArgumentOfTheOrder(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]any{"Null": nil, "Another": "PostPaid"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
				h.Object = withValue(t, h.Object, "instance_charge_type", before)
				diags := h.Apply(paid())
				if errs := diags.Errors(); len(errs) != 1 || errs[0].Attribute.String() != `AttributeName("instance_charge_type")` {
					t.Errorf("want one error on instance_charge_type:\n%s", diags)
				}
				messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
				h.wantOrders(1, 1)
			})
		})
	}
	t.Run("Imported", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := imported(t)
			h.MustApply(paid())
			h.Object = withValue(t, h.Object, "instance_charge_type", nil)
			plan, diags := h.Plan(paid(), coretest.Options{})
			if plan.Action != coretest.Update || diags.HasError() {
				t.Errorf("%s, want update:\n%s", plan.Action, diags)
			}
			messagetest.WantKinds(t, diags.Warnings(), message.OrderNotShown, message.OrderUnchanged)
			h.MustApply(paid())
			if got := h.Object.String("instance_charge_type"); got != "PrePaid" {
				t.Errorf("the record says %q", got)
			}
			h.wantOrders(0, 0)
		})
	})
}
