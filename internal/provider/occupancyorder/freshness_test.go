package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// three are circuits. A plan of the first two lists the region, with the third.
var three = []string{"pc-one", "pc-two", "pc-three"}

func orderOf(circuitID string) coretest.Values { return paid("physical_connection_id", circuitID) }

// planOf plans the order of a circuit.
func planOf(t *testing.T, process *coretest.Process, circuitID string) (coretest.Plan, coretest.Diagnostics) {
	t.Helper()
	plan, diags, err := process.Plan(t.Context(), nil, orderOf(circuitID), coretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan, diags
}

// onThree runs a test with the three circuits.
func onThree(t *testing.T, do func(t *testing.T, h *history, putIntoService func(circuitID string))) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		for _, id := range three {
			h.server.AddCircuit(emulator.Circuit{ID: id})
		}
		do(t, h, func(circuitID string) {
			h.server.ChangeCircuit(acctest.Region, circuitID, func(c *emulator.Circuit) { c.Status = circuit.StatusEnabled })
		})
	})
}

func TestCreate_ListFromBeforeThePlanOfItsOrder_IsNotUsed(t *testing.T) {
	t.Parallel()
	onThree(t, func(t *testing.T, h *history, putIntoService func(string)) {
		planning, applying := h.start(t), h.start(t)
		plans := map[string]coretest.Plan{}
		for _, id := range three {
			plans[id], _ = planOf(t, planning, id)
		}
		atATime(2, func(i int) {
			if _, diags, err := applying.Apply(t.Context(), plans[three[i]], orderOf(three[i])); err != nil || diags.HasError() {
				t.Error(err, diags)
			}
		})
		putIntoService("pc-three")
		_, diags, err := applying.Apply(t.Context(), plans["pc-three"], orderOf("pc-three"))
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
		h.wantOrders(2, 2)
	})
}

// One process may serve a plan and its apply. The plan in the apply cannot read the circuit.
func TestCreate_ReadingOfAnEarlierPlanInTheProcess_IsNotUsed(t *testing.T) {
	t.Parallel()
	onThree(t, func(t *testing.T, h *history, putIntoService func(string)) {
		process := h.startUnvalidated(t)
		plan, _ := planOf(t, process, "pc-one")
		time.Sleep(time.Second)
		putIntoService("pc-one")
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", HTTPStatus: 403, Code: "Forbidden.RAM", Times: 1})
		_, diags, err := process.Apply(t.Context(), plan, orderOf("pc-one"))
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
		h.wantOrders(0, 0)
	})
}

func TestPlan_ListOlderThanFiveSeconds_IsNotUsed(t *testing.T) {
	t.Parallel()
	onThree(t, func(t *testing.T, h *history, putIntoService func(string)) {
		process := h.start(t)
		atATime(2, func(i int) { planOf(t, process, three[i]) })
		putIntoService("pc-three")
		time.Sleep(5*time.Second + time.Millisecond)
		_, diags := planOf(t, process, "pc-three")
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
	})
}

func TestPlan_SecondPlanOfACircuit_ReadsItAnew(t *testing.T) {
	t.Parallel()
	onThree(t, func(t *testing.T, h *history, putIntoService func(string)) {
		process := h.startUnrecorded(t)
		atATime(2, func(i int) { planOf(t, process, three[i]) })
		putIntoService("pc-two")
		_, diags := planOf(t, process, "pc-two")
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
	})
}
