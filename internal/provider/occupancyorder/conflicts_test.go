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

func TestPlan_OrderInTheState_IsNotOrderedByAnotherResource(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T) *history{
		"Placed": func(t *testing.T) *history { t.Helper(); return placed(t, emulator.Quirks{EnableDelay: time.Hour}) },
		"Imported": func(t *testing.T) *history {
			t.Helper()
			h := imported(t)
			h.MustApply(paid())
			return h
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := start(t)
				orders := len(h.server.Orders())
				// Terraform works in parallel: the order may be refreshed before the other
				// resource is planned, or after.
				before := h.start(t)
				if _, _, err := before.Refresh(t.Context(), h.Object); err != nil {
					t.Fatal(err)
				}
				_, diags, err := before.Plan(t.Context(), nil, paid(), coretest.Options{})
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
				messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"), "-refresh=false")

				after := h.startUnrecorded(t)
				if _, diags, err = after.Plan(t.Context(), nil, paid(), coretest.Options{}); err != nil || diags.HasError() {
					t.Fatal(err, diags)
				}
				kept, diags, err := after.Refresh(t.Context(), h.Object)
				if err != nil || kept == nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
				messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
				h.wantOrders(orders, orders)
			})
		})
	}
}

func TestPlan_TaintedOrderInAnotherRegion_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.Object.Tainted = true
		h.region = "cn-beijing"
		_, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
	})
}

func TestPlan_OneTokenForTwoCircuits_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{IgnoreParameterMismatch: true})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		process := h.start(t)
		for i, config := range []coretest.Values{paid("client_token", "mine"), paid("client_token", "mine", "physical_connection_id", "pc-second")} {
			_, diags, err := process.Plan(t.Context(), nil, config, coretest.Options{})
			if err != nil || diags.HasError() != (i == 1) {
				t.Errorf("resource %d: %v\n%s", i, err, diags)
			}
			if i == 1 {
				messagetest.WantKinds(t, diags, message.TokenShared)
				messagetest.WantValues(t, diags, "client_token", circuitID)
			}
		}

		h.MustApply(paid("client_token", "mine"))
		old := h.Object.String("order_id")
		diags := h.Apply(paid("client_token", "mine", "physical_connection_id", "pc-second"))
		messagetest.WantKinds(t, diags.Errors(), message.TokenOfOrder)
		messagetest.WantValues(t, diags.Errors(), old)
		if h.Object.String("order_id") != old {
			t.Error("the old order has left the state")
		}
		h.wantOrders(1, 1)
	})
}

func TestPlan_LateReplacement_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		// ignore_changes = all hides the other circuit from the first call of a
		// -replace; the second call shows it.
		process := h.start(t)
		if _, _, err := process.Refresh(t.Context(), h.Object); err != nil {
			t.Fatal(err)
		}
		_, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", "pc-second"), coretest.Options{Vanished: h.Object.Private})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
	})
}

func TestImport_MissingRegion_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		object, diags, err := h.start(t).Import(t.Context(), "cn-hangzou/"+circuitID+"/50187055895123")
		if err != nil || object != nil {
			t.Errorf("%v, %v", err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitUnreadable)
		messagetest.WantValues(t, diags.Errors(), "InvalidRegionId.NotFound")
	})
}

func TestCreate_AnswerOfAProxy_MayBeAnOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.withoutBilling()
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.HTMLPage, HTTPStatus: 403, After: true})
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderMayExist)
		messagetest.WantValues(t, diags.Errors(), importLine)
		h.MustApply(paid())
		if len(h.server.Orders()) != 1 || h.Object.String("order_id") != h.server.Orders()[0].ID {
			t.Errorf("%d orders", len(h.server.Orders()))
		}
	})
}

func TestPlan_UnknownCost_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, diags := h.Plan(paid("period", coretest.Unknown{}, "auto_renew", coretest.Unknown{}), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CostUnknown)
		messagetest.WantValues(t, diags.Warnings(), "period, auto_renew")
	})
}

func TestPlan_ReadPermissionMissing_WarnsAndApplyFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Code: "Forbidden.RAM", Times: -1})
		_, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CircuitUnchecked)
		messagetest.WantValues(t, diags.Warnings(), "Forbidden.RAM")
		messagetest.WantValues(t, messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.CircuitUnread), "Forbidden.RAM")
		h.wantOrders(0, 0)
	})
}

func TestCreate_ThrottledReads_AreRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Code: "Throttling.User", Times: 40})
		h.MustApply(paid())
		h.wantOrders(1, 1)
	})
}
