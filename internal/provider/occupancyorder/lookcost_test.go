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

// orderFleet plans and applies new orders of many circuits, ten at a time, in two processes.
// It returns the diagnostics of both.
func (h *history) orderFleet(orders int) (planned, applied coretest.Diagnostics) {
	h.T.Helper()
	config := func(i int) coretest.Values {
		return paid("physical_connection_id", fmt.Sprintf("pc-fleet%04d", i))
	}
	planning, applying := h.start(h.T), h.start(h.T)
	plans, said := make([]coretest.Plan, orders), make([][2]coretest.Diagnostics, orders)
	for i := range orders {
		h.server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-fleet%04d", i)})
	}
	atATime(orders, func(i int) {
		var err error
		if plans[i], said[i][0], err = planning.Plan(h.T.Context(), nil, config(i), coretest.Options{}); err != nil {
			h.T.Error(err)
		}
	})
	atATime(orders, func(i int) {
		var err error
		if _, said[i][1], err = applying.Apply(h.T.Context(), plans[i], config(i)); err != nil {
			h.T.Error(err)
		}
	})
	for _, diags := range said {
		planned, applied = append(planned, diags[0]...), append(applied, diags[1]...)
	}
	return planned, applied
}

func TestLook_FleetInAQuietAccount_MakesFourBillingCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const orders = 40
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		planned, applied := h.orderFleet(orders)
		if len(planned) != 0 || len(applied) != 0 {
			t.Errorf("%s%s", planned, applied)
		}
		// The read of the payment after each order is not part of the search.
		if lists, details := h.server.CallCount("QueryOrders"), h.server.CallCount("GetOrderDetail")-orders; lists+details > 4 {
			t.Errorf("%d lists and %d details", lists, details)
		}
		h.wantOrders(orders, orders)
	})
}

func TestLook_BusyAccount_IsLimited(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fleet, others int
		product       string
		calls         int // of the searches in plan and apply together
		beyond        bool
	}{
		// Two lists for each process, of at most 50 pages, and 40 details for each.
		{40, 1200, "ecs", 2*(1+50) + 2*40, true},
		{1, 1200, "ecs", 2*(1+50) + 2*40, true},
		{40, 30, "ecs", 2*(1+2) + 2*30, false},
		// Each process reads all orders for other circuits once. It does so slowly, so the list
		// is too old for the last circuits. A full page may not be the last.
		{40, 100, "pconn", 2*2*(6+6) + 2*100, false},
	} {
		t.Run(fmt.Sprint(test.fleet, " with ", test.others, test.product), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
				for i := range test.others {
					h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("x-%d", i), Region: "cn-hangzhou", ProductCode: test.product, CreatedAt: h.server.Now().Add(-time.Hour)})
				}
				begin := time.Now()
				planned, applied := h.orderFleet(test.fleet)
				if planned.HasError() || applied.HasError() {
					t.Fatal(planned, applied)
				}
				if calls := h.billingCalls() - test.fleet; calls > test.calls {
					t.Errorf("%d calls of the look, want at most %d (%d lists)", calls, test.calls, h.server.CallCount("QueryOrders"))
				}
				if test.beyond {
					messagetest.WantKinds(t, planned.Warnings(), message.SomeNotChecked)
					messagetest.WantKinds(t, applied.Warnings(), message.SomeNotChecked)
				} else if len(planned) != 0 || len(applied) != 0 {
					t.Errorf("%s%s", planned, applied)
				}
				if took := time.Since(begin); took > 3*time.Minute {
					t.Errorf("it took %s", took)
				}
				h.wantOrders(test.fleet, test.fleet)
			})
		})
	}
}

func TestLook_MoreThanAThousandOrdersForCircuits_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		for i := range 1200 {
			h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("pc-x%d", i), Region: "cn-hangzhou", ProductCode: "pconn", CreatedAt: h.server.Now().Add(-time.Hour)})
		}
		diags := h.Apply(paid("timeouts", coretest.Values{"create": "30s"}))
		messagetest.WantKinds(t, diags.Warnings(), message.OrdersUnread, message.SomeNotChecked)
		messagetest.WantKinds(t, diags.Errors(), message.OrdersUnchecked)
		messagetest.WantValues(t, diags.Errors(), "billing = false")
		h.wantOrders(0, 0)
	})
}

func TestLook_NoOpUnknownOrDestroyed_MakesNoCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		lists := h.server.CallCount("QueryOrders")
		h.Plan(paid(), coretest.Options{})
		h.Plan(paid("physical_connection_id", coretest.Unknown{}), coretest.Options{})
		h.Plan(nil, coretest.Options{})
		h.Plan(paid("period", 4), coretest.Options{})
		h.MustApply(nil)
		h.Plan(paid("physical_connection_id", coretest.Unknown{}), coretest.Options{})
		if more := h.server.CallCount("QueryOrders") - lists; more != 0 {
			t.Errorf("%d lists of orders", more)
		}
	})
}
