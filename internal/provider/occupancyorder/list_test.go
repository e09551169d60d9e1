package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// query lists orders as terraform query does.
func (h *history) query(config coretest.Values, withValues bool, limit int64) ([]coretest.Listed, coretest.Diagnostics) {
	h.T.Helper()
	found, diags, err := h.start(h.T).List(h.T.Context(), config, withValues, limit)
	if err != nil {
		h.T.Fatal(err)
	}
	return found, diags
}

// identityText returns an attribute of the identity.
func identityText(t *testing.T, listed coretest.Listed, name string) string {
	t.Helper()
	objectType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"region_id": tftypes.String, "physical_connection_id": tftypes.String, "order_id": tftypes.String,
	}}
	value, err := listed.Object.Identity.IdentityData.Unmarshal(objectType)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := attributes[name].As(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestQuery_OrderInNoState_IsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		order := h.Object.String("order_id")
		h.Object = nil // the state is lost
		for i := range 30 {
			h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
		}
		found, diags := h.query(coretest.Values{}, true, 100)
		if len(found) != 1 || len(diags) != 0 {
			t.Fatalf("%d found, want 1\n%s", len(found), diags)
		}
		one := found[0]
		if want := fmt.Sprintf("Order %s for circuit %s, Paid", order, circuitID); one.DisplayName != want {
			t.Errorf("it is shown as %q, want %q", one.DisplayName, want)
		}
		if got := one.Object.String("order_id") + " " + one.Object.String("physical_connection_id") + " " + one.Object.String("region_id") + " " + one.Object.String("payment_status"); got != order+" "+circuitID+" cn-hangzhou Paid" {
			t.Errorf("its values are %s", got)
		}
		// An order that a query finds can be imported.
		id := identityText(t, one, "region_id") + "/" + identityText(t, one, "physical_connection_id") + "/" + identityText(t, one, "order_id")
		if diags := h.importAs(id); diags.HasError() || h.Object.String("order_id") != order {
			t.Fatal(diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestQuery_CancelledOldOrOtherRegion_IsNotListed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-beijing", Region: "cn-beijing"})
		h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-beijing", Region: "cn-beijing", ProductCode: "pconn"})
		time.Sleep(eightDays) // The order expires.
		h.Object = nil
		if found, diags := h.query(coretest.Values{}, false, 100); len(found) != 0 || len(diags) != 0 {
			t.Errorf("%d found:\n%s", len(found), diags)
		}
		h.MustApply(config)
		if found, _ := h.query(coretest.Values{}, false, 100); len(found) != 1 {
			t.Errorf("%d found, want the order that waits", len(found))
		}
		h.mustPay()
		time.Sleep(40 * 24 * time.Hour)
		if found, _ := h.query(coretest.Values{}, false, 100); len(found) != 0 {
			t.Errorf("%d found, want none of the last 30 days", len(found))
		}
		if found, _ := h.query(coretest.Values{"created_within_days": 41}, false, 100); len(found) != 1 {
			t.Errorf("%d found, want the one of 40 days ago", len(found))
		}
	})
}

// mustPay pays the order in the state in the console.
func (h *history) mustPay() {
	h.T.Helper()
	if err := h.server.PayOrder(h.Object.String("order_id")); err != nil {
		h.T.Fatal(err)
	}
}

func TestQuery_Limit_EndsTheReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		for range 5 {
			h.addOrder()
		}
		found, diags := h.query(coretest.Values{"region_id": "cn-hangzhou"}, false, 2)
		if len(found) != 2 || len(diags) != 0 {
			t.Errorf("%d found, want 2\n%s", len(found), diags)
		}
		if calls := h.server.CallCount("GetOrderDetail"); calls != 2 {
			t.Errorf("%d orders asked for, want 2", calls)
		}
	})
}

func TestQuery_NoCircuits_MakesNoBillingCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.RemoveCircuit("cn-hangzhou", circuitID)
		if found, diags := h.query(coretest.Values{}, false, 100); len(found) != 0 || len(diags) != 0 || h.billingCalls() != 0 {
			t.Errorf("%d found, %d calls:\n%s", len(found), h.billingCalls(), diags)
		}
	})
}

func TestQuery_IncompleteList_IsAnError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(h *history)
		value   string
	}{
		"forbidden": {(*history).withoutBilling, "bss:DescribeOrderList"},
		"down":      {func(h *history) { h.billingFails(emulator.Fault{Kind: emulator.Reset}) }, "QueryOrders"},
		"circuits unread": {func(h *history) {
			h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, HTTPStatus: 403, Code: "Forbidden.RAM"})
		}, "vpc:DescribePhysicalConnections"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				test.prepare(h)
				found, diags := h.query(coretest.Values{}, true, 100)
				if len(found) != 0 {
					t.Errorf("%d found", len(found))
				}
				messagetest.WantError(t, diags, "", message.OrdersUnlisted, "cn-hangzhou", test.value)
			})
		})
	}
}

func TestQuery_InvalidConfiguration_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		for name, config := range map[string]coretest.Values{"region": {"region_id": "no region"}, "days": {"created_within_days": 0}} {
			if _, diags := h.query(config, false, 100); !diags.HasError() || h.server.CallCount("DescribePhysicalConnections") != 0 {
				t.Errorf("a wrong %s is taken", name)
			}
		}
	})
}
