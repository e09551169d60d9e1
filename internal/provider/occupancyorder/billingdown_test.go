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

func TestCreate_BillingIsDown_WaitsFiveMinutesAndSendsNothing(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history) {
		plan, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrdersUnread)
		messagetest.WantValues(t, diags.Warnings(), circuitID, "billing = false")
		if diags.HasError() {
			t.Fatal(diags)
		}
		begin := time.Now()
		object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatalf("%v, state %v", err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrdersUnchecked)
		messagetest.WantValues(t, diags.Errors(), "QueryOrders", "billing = false")
		// A search may take a minute: in the plan of the apply, and the first and last in Create.
		if took := time.Since(begin); took < 5*time.Minute || took > 8*time.Minute {
			t.Errorf("it took %s", took)
		}
		h.wantOrders(0, 0)
		// Both next steps of the message work.
		h.settings = coretest.Values{"billing": false}
		h.MustApply(paid())
		h.wantOrders(1, 1)
	}, down)
}

func TestCreate_BillingComesBackWithinFiveMinutes_OrdersOnce(t *testing.T) {
	t.Parallel()
	for name, way := range unreadable {
		if way.kind != down {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
				h.billingFails(*way.fault)
				plan, _ := h.Plan(paid(), coretest.Options{})
				time.AfterFunc(3*time.Minute, h.server.ClearFaults)
				object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
				if err != nil || diags.HasError() || object == nil {
					t.Fatalf("%v, state %v:\n%s", err, object, diags)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_BillingIsDown_NamesTheOrderThatItFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		order := h.consoleOrder(emulator.OrderUnpaid, time.Minute)
		other := h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-other", Region: "cn-hangzhou", ProductCode: "pconn", CreatedAt: h.server.Now().Add(-time.Hour)})
		h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Where: map[string]string{"OrderId": other.ID}, HTTPStatus: 500, Code: "InternalError", Times: -1})
		_, diags := h.Plan(paid("auto_pay", false), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrdersUnread)
		messagetest.WantValues(t, diags.Warnings(), order.ID)
		diags = h.Apply(paid("auto_pay", false))
		messagetest.WantKinds(t, diags.Errors(), message.OrdersUnchecked)
		messagetest.WantValues(t, diags.Errors(), order.ID)
		h.wantOrders(0, 0)
	})
}

func TestCreate_TimeoutShorterThanFiveMinutes_EndsTheWaitForBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.billingFails(emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable"})
		config := paid("timeouts", coretest.Values{"create": "40s"})
		plan, _ := h.Plan(config, coretest.Options{})
		process := h.start(t)
		begin := time.Now()
		_, diags, err := process.Apply(t.Context(), plan, config)
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrdersUnchecked)
		if took := time.Since(begin); took > 2*time.Minute {
			t.Errorf("it took %s", took)
		}
		h.wantOrders(0, 0)
	})
}

func TestCreate_FleetWhileBillingIsDown_WaitsFiveMinutesInAll(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{}, func(t *testing.T, h *history) {
		const orders = 30
		config := func(i int) coretest.Values {
			return paid("physical_connection_id", fmt.Sprintf("pc-fleet%04d", i))
		}
		planning, applying := h.start(t), h.start(t)
		plans := make([]coretest.Plan, orders)
		for i := range orders {
			h.server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-fleet%04d", i)})
		}
		atATime(orders, func(i int) { plans[i], _, _ = planning.Plan(t.Context(), nil, config(i), coretest.Options{}) })
		begin := time.Now()
		atATime(orders, func(i int) {
			_, diags, err := applying.Apply(t.Context(), plans[i], config(i))
			if err != nil || !diags.HasError() {
				t.Errorf("%v\n%s", err, diags)
			}
		})
		// Ten at a time: the first ones wait, the others search once in plan and Create.
		if took := time.Since(begin); took > 12*time.Minute {
			t.Errorf("%d orders waited %s", orders, took)
		}
		h.wantOrders(0, 0)
	}, down)
}

func TestCreate_BillingPermissionMissing_OrdersWithOneWarningInARun(t *testing.T) {
	t.Parallel()
	for name, way := range unreadable {
		if way.kind != denied {
			continue
		}
		for _, actions := range [][]string{{"QueryOrders", "GetOrderDetail"}, {"QueryOrders"}, {"GetOrderDetail"}} {
			t.Run(fmt.Sprint(name, actions), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const orders = 5
					h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
					h.server.AddOtherOrder(emulator.Order{CircuitID: "pc-other", Region: "cn-hangzhou", ProductCode: "pconn"})
					for _, action := range actions {
						fault := *way.fault
						fault.Action, fault.Times = action, -1
						h.server.AddFault(fault)
					}
					planning, applying := h.start(t), h.start(t)
					notes := [2]coretest.Diagnostics{}
					plans := make([]coretest.Plan, orders)
					for i := range orders {
						id := fmt.Sprintf("pc-fleet%04d", i)
						h.server.AddCircuit(emulator.Circuit{ID: id})
						plan, diags, err := planning.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{})
						if err != nil || diags.HasError() {
							t.Fatal(err, diags)
						}
						plans[i], notes[0] = plan, append(notes[0], diags...)
					}
					for i, plan := range plans {
						_, diags, err := applying.Apply(t.Context(), plan, paid("physical_connection_id", fmt.Sprintf("pc-fleet%04d", i)))
						if err != nil || diags.HasError() {
							t.Fatal(err, diags)
						}
						notes[1] = append(notes[1], diags...)
					}
					for i, diags := range notes {
						if len(diags) != 1 {
							t.Errorf("run %d: %d notes, want 1:\n%s", i, len(diags), diags)
						}
						messagetest.WantKinds(t, diags, message.BillingForbidden)
						messagetest.WantValues(t, diags, actions[0])
					}
					for _, action := range actions[:1] {
						// A search in each run, and the payment of the first order.
						if calls := h.server.CallCount(action); calls > 3 {
							t.Errorf("%d calls of %s, which is denied, in two runs", calls, action)
						}
					}
					h.wantOrders(orders, orders)
				})
			})
		}
	}
}
