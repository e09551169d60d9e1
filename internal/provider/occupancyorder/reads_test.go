package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestPlan_SecondPlanOfAReplacement_DoesNotReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		process := h.start(t)
		if _, diags, err := process.Plan(t.Context(), nil, paid(), coretest.Options{}); err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		reads := h.server.CallCount(describeAction)
		h.server.Advance(2 * time.Hour) // the circuit is in service now
		kept, diags, err := process.Refresh(t.Context(), h.Object)
		if err != nil || kept == nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
		if more := h.server.CallCount(describeAction) - reads; more != 0 || len(diags) != 1 {
			t.Errorf("%d readings, want none after the conflict:\n%s", more, diags)
		}
		if !kept.Value.Equal(h.Object.Value) {
			t.Errorf("the state has changed: %s", kept.Value)
		}
	})
}

func TestPlan_HangingService_TakesAtMostOneMinute(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"Hangs":     {Kind: emulator.Hang},
		"Throttles": {Code: "Throttling.User"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
				h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
				fault.Action, fault.Times = describeAction, -1
				h.server.AddFault(fault)
				for step, run := range map[string]func(*coretest.Process) (coretest.Diagnostics, error){
					"plan": func(process *coretest.Process) (coretest.Diagnostics, error) {
						plan, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", "pc-second"), coretest.Options{})
						if plan.Action != coretest.Create {
							t.Errorf("%s is planned, want create", plan.Action)
						}
						return diags, err
					},
					"refresh": func(process *coretest.Process) (coretest.Diagnostics, error) {
						kept, diags, err := process.Refresh(t.Context(), h.Object)
						if kept.String("order_id") != h.Object.String("order_id") {
							t.Error("the order has left the state")
						}
						return diags, err
					},
				} {
					process := h.start(t)
					begin := time.Now()
					diags, err := run(process)
					took := time.Since(begin)
					if err != nil || diags.HasError() {
						t.Errorf("%s: %v\n%s", step, err, diags)
					}
					if took > time.Minute {
						t.Errorf("the %s took %s", step, took)
					}
				}
			})
		})
	}
}

func TestCreate_OldReadOfThePlan_IsNotUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, diags := h.Plan(paid(), coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		// The plan of the apply reads a state that is six seconds old. In that time another user
		// puts the circuit into service.
		h.server.AddFault(emulator.Fault{Action: describeAction, Kind: emulator.Slow, After: true, Delay: 6 * time.Second})
		time.AfterFunc(3*time.Second, func() {
			h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.Status = circuit.StatusEnabled })
		})
		object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatalf("%v, %v", err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
		h.wantOrders(0, 0)
	})
}

func TestCreate_RecentReadOfThePlan_IsUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, diags := h.Plan(paid(), coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		before := h.server.CallCount(describeAction)
		if _, diags, err := h.start(t).Apply(t.Context(), plan, paid()); err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		// Once in the plan of the apply, and once after the order.
		if reads := h.server.CallCount(describeAction) - before; reads != 2 {
			t.Errorf("%d readings, want 2", reads)
		}
	})
}
