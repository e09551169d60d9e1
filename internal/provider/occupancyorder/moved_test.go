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

// If another circuit is ordered, the old record is gone when Create runs, and core drops the
// warnings of its plan.
func TestPlan_MoveToACircuitWithAnOrder_IsAnErrorThatKeepsTheOldOrder(t *testing.T) {
	t.Parallel()
	addTo := func(ages ...time.Duration) func(h *history) []string {
		return func(h *history) (ids []string) {
			for _, age := range ages {
				ids = append(ids, h.server.AddOtherOrder(emulator.Order{
					CircuitID: "pc-second", Region: "cn-hangzhou", ProductCode: "pconn", CreatedAt: h.server.Now().Add(-age),
				}).ID)
			}
			return ids
		}
	}
	for name, prepare := range map[string]func(h *history) []string{
		"of this moment": addTo(0),
		"recent":         addTo(10 * time.Minute),
		"old":            addTo(24 * time.Hour),
		"several":        addTo(10*time.Minute, 24*time.Hour),
		"billing down": func(h *history) []string {
			h.billingFails(emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable"})
			return []string{"ServiceUnavailable"}
		},
		"an order that cannot be read": func(h *history) []string {
			other := h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-third", Region: "cn-hangzhou", ProductCode: "pconn"})
			h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Where: map[string]string{"OrderId": other.ID}, Kind: emulator.Reset, Times: -1})
			return nil
		},
	} {
		for leg, options := range map[string]coretest.Options{"destroy first": {}, "create first": createFirst} {
			t.Run(name+", "+leg, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := placed(t, emulator.Quirks{})
					old := h.Object.String("order_id")
					h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
					values := prepare(h)
					_, diags := h.Plan(paid("physical_connection_id", "pc-second"), options)
					messagetest.WantValues(t, diags.Errors(), append(values, old, circuitID)...)
					if h.Object.String("order_id") != old {
						t.Error("the old order has left the state")
					}
					h.wantOrders(1, 1)
					h.server.ClearFaults()
					if plan, diags := h.Plan(paid(), options); plan.Action != coretest.NoOp || diags.HasError() {
						t.Errorf("back to the old circuit: %s\n%s", plan.Action, diags)
					}
				})
			})
		}
	}
}

// Somebody orders the other circuit in the console between plan and apply. The old record is
// gone then, and core shows the warnings of Create.
func TestCreate_MoveWhoseCircuitIsOrderedMeanwhile_NeverOrdersTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age   time.Duration
		kinds []message.Kind
	}{
		"recent": {time.Minute, []message.Kind{message.RecordRemoved, message.OrderFound, message.OrderAdopted}},
		"old":    {time.Hour, []message.Kind{message.RecordRemoved, message.OrderExists}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
				config := paid("physical_connection_id", "pc-second")
				plan, diags := h.Plan(config, coretest.Options{})
				if diags.HasError() {
					t.Fatal(diags)
				}
				order := h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-second", Region: "cn-hangzhou", ProductCode: "pconn", CreatedAt: h.server.Now().Add(-test.age)})
				_, diags, err := h.start(t).Apply(t.Context(), plan, config)
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags, test.kinds...)
				messagetest.WantValues(t, diags, order.ID, "import {")
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlan_MoveWithoutBillingPermission_IsAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		h.withoutBilling()
		h.MustApply(paid("physical_connection_id", "pc-second"))
		if h.Object.String("physical_connection_id") != "pc-second" || h.recordOf(h.Object).Source != order.Placed {
			t.Errorf("%s", h.Object.String("physical_connection_id"))
		}
		h.wantOrders(2, 2)
	})
}
