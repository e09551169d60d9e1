package occupancyorder_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// placed is a history with an order in the state.
func placed(t *testing.T, quirks emulator.Quirks) *history {
	t.Helper()
	h := newHistory(t, quirks)
	h.MustApply(paid())
	h.wantOrders(1, 1)
	return h
}

func TestPlan_AfterAnApply_IsEmpty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		for _, wait := range []time.Duration{0, time.Hour} {
			h.server.Advance(wait)
			plan, diags := h.Plan(paid(), coretest.Options{})
			if plan.Action != coretest.NoOp || len(diags) > 0 {
				t.Errorf("after %s: %s, want no-op without a word:\n%s", wait, plan.Action, diags)
			}
		}
		h.wantOrders(1, 1)
	})
}

// changes are changes of the arguments of a placed order.
func changes() []struct {
	attribute     string
	before, after coretest.Values
} {
	return []struct {
		attribute     string
		before, after coretest.Values
	}{
		{"period", paid(), paid("period", 4)},
		{"period", paid("auto_pay", false), paid("auto_pay", false, "period", nil)},
		{"period", paid("auto_pay", false, "period", nil), paid("auto_pay", false)},
		{"pricing_cycle", paid(), paid("pricing_cycle", "Year")},
		{"auto_pay", paid(), paid("auto_pay", false)},
		{"auto_renew", paid(), paid("auto_renew", true)},
		{"auto_renew_duration", paid("auto_renew", true), paid("auto_renew", true, "auto_renew_duration", 2)},
		{"client_token", paid(), paid("client_token", "another")},
	}
}

// A new argument is either refused after the order, or listed here.
func TestPlan_EveryArgument_IsRefusedAfterTheOrderOrMayChange(t *testing.T) {
	t.Parallel()
	known := []string{
		"cancel_unpaid_on_destroy", "max_price", // may change
		"physical_connection_id", "region_id", // another order
		"instance_charge_type", // has one value
	}
	for _, change := range changes() {
		known = append(known, change.attribute)
	}
	var schema resource.SchemaResponse
	occupancyorder.NewResource().Schema(t.Context(), resource.SchemaRequest{}, &schema)
	for name, attribute := range schema.Schema.Attributes {
		if (attribute.IsOptional() || attribute.IsRequired()) && name != "timeouts" && !slices.Contains(known, name) {
			t.Errorf("%s: no test says what a change does", name)
		}
	}
}

func TestPlan_ChangedArgument_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	for _, test := range changes() {
		t.Run(test.attribute, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.MustApply(test.before)
				before := h.Object.Value

				diags := h.Apply(test.after)

				if errs := diags.Errors(); len(errs) != 1 || errs[0].Attribute == nil || errs[0].Attribute.String() != `AttributeName("`+test.attribute+`")` {
					t.Errorf("want one error on %s:\n%s", test.attribute, diags)
				}
				messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
				messagetest.WantValues(t, diags, h.Object.String("order_id"))
				if !h.Object.Value.Equal(before) {
					t.Error("the state has changed")
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlan_Replace_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		_, diags := h.Plan(paid(), coretest.Options{Replace: true})
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"), circuitID)
		h.wantOrders(1, 1)
	})
}

func TestPlan_ReplaceInAnotherRegion_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.region = "cn-beijing"
		_, diags := h.Plan(paid(), coretest.Options{Replace: true})
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		plan, diags := h.Plan(paid(), coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("another region of the provider plans %s, want no-op:\n%s", plan.Action, diags)
		}
	})
}

func TestPlan_TaintedOrder_IsAnErrorAndKept(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]time.Duration{"CircuitEnabled": -1, "CircuitStillPayable": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: delay})
				before := h.Object.String("order_id")
				h.Object.Tainted = true

				_, diags := h.Plan(paid(), coretest.Options{})
				messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
				messagetest.WantValues(t, diags.Errors(), before)
				// Without a refresh, the recorded state shows the order. If a plan does not have
				// the record, the apply refuses to remove the order.
				process, diags := h.startWith(t, h.Object)
				if diags.HasError() {
					t.Fatal(diags)
				}
				_, diags, err := process.Plan(t.Context(), h.Object, paid(), coretest.Options{})
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
				messagetest.WantValues(t, diags.Errors(), before)
				plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, paid(), coretest.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if name == "CircuitEnabled" {
					messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
				} else {
					if diags.HasError() {
						t.Fatal(diags)
					}
					h.Object, diags, err = h.start(t).Apply(t.Context(), plan, paid())
					if err != nil {
						t.Fatal(err)
					}
					messagetest.WantKinds(t, diags.Errors(), message.TaintRefused)
				}
				if h.Object == nil || h.Object.String("order_id") != before {
					t.Fatal("the order has left the state")
				}
				h.wantOrders(1, 1)

				h.Object.Tainted = false
				if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp {
					t.Errorf("after untaint: %s, want no-op:\n%s", plan.Action, diags)
				}
				_, diags = h.Plan(paid(), coretest.Options{Replace: true})
				messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
				messagetest.WantKinds(t, h.Apply(paid("period", 5)).Errors(), message.ChangeRefused)
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlan_AnotherCircuit_ReplacesWithAWarning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		old := h.Object.String("order_id")
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})

		diags := h.Apply(paid("physical_connection_id", "pc-second"))

		if diags.HasError() {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.PlanReplaces, message.RecordRemoved)
		messagetest.WantValues(t, diags.Warnings(), old)
		if h.Object.String("physical_connection_id") != "pc-second" || h.Object.String("order_id") == old {
			t.Errorf("state: %s with order %s", h.Object.String("physical_connection_id"), h.Object.String("order_id"))
		}
		h.wantOrders(2, 2)
	})
}

func TestPlan_CircuitThatCannotBeOrdered_KeepsTheOldOrder(t *testing.T) {
	t.Parallel()
	for name, circuit := range map[string]emulator.Circuit{
		"NotPayableYet": {ID: "pc-second", Status: circuit.StatusAllocated},
		"AlreadyInUse":  {ID: "pc-second", Status: circuit.StatusEnabled},
		"Final":         {ID: "pc-second", Status: circuit.StatusCanceled},
		"Missing":       {ID: "pc-third"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				old := h.Object.String("order_id")
				h.server.AddCircuit(circuit)
				diags := h.Apply(paid("physical_connection_id", "pc-second"))
				if !diags.HasError() {
					t.Fatalf("no error:\n%s", diags)
				}
				if h.Object.String("order_id") != old {
					t.Error("the old order has left the state")
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlan_UnknownCircuit_IsAnUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		plan, diags := h.Plan(paid("physical_connection_id", coretest.Unknown{}), coretest.Options{})
		if plan.Action != coretest.Update || diags.HasError() {
			t.Fatalf("%s, want update:\n%s", plan.Action, diags)
		}

		same, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || diags.HasError() || !same.Value.Equal(h.Object.Value) {
			t.Errorf("the same circuit: %v\n%s", err, diags)
		}
		other, diags, err := h.start(t).Apply(t.Context(), plan, paid("physical_connection_id", "pc-second"))
		if err != nil || !other.Value.Equal(h.Object.Value) || other.Tainted {
			t.Errorf("another circuit: %v, tainted %t", err, other.Tainted)
		}
		messagetest.WantKinds(t, diags.Errors(), message.LateReplacement)
		h.wantOrders(1, 1)
	})
}

func TestDestroy_WarnsAndSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		order := h.Object.String("order_id")
		_, planned := h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, planned.Warnings(), message.DestroyKeeps)
		messagetest.WantValues(t, planned.Warnings(), order, circuitID)
		diags := h.Apply(nil)
		if diags.HasError() || h.Object != nil {
			t.Fatalf("the record is still there:\n%s", diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps)
		messagetest.WantValues(t, diags.Warnings(), order, "cn-hangzhou/"+circuitID+"/"+order)
		h.wantOrders(1, 1)
	})
}

func TestPlan_ChangedTimeouts_SendsNoOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.MustApply(paid("timeouts", coretest.Values{"create": "5m"}))
		plan, diags := h.Plan(paid("timeouts", coretest.Values{"create": "5m"}), coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s, want no-op:\n%s", plan.Action, diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlan_NewOrder_NamesWhatTheCircuitNeeds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		circuit emulator.Circuit
		isError bool
		kind    message.Kind
		value   string
	}{
		{"Enabled", emulator.Circuit{Status: circuit.StatusEnabled}, true, message.CircuitEnabled, "import {"},
		{"Allocated", emulator.Circuit{Status: circuit.StatusAllocated, LOAStatus: "Available"}, false, message.CircuitNotPayable, "LOA Available"},
		{"Initial", emulator.Circuit{Status: circuit.StatusInitial}, false, message.CircuitNotPayable, "Initial"},
		{"Canceled", emulator.Circuit{Status: circuit.StatusCanceled}, true, message.CircuitUnpayable, ""},
		{"AllocationFailed", emulator.Circuit{Status: circuit.StatusAllocationFailed}, true, message.CircuitUnpayable, ""},
		{"IncompleteLOA", emulator.Circuit{Status: circuit.StatusConfirmed, LOAStatus: "Completing"}, false, message.CircuitUnsure, "LOA Completing"},
		{"StatusOfTomorrow", emulator.Circuit{Status: "Floating"}, false, message.CircuitUnsure, "Floating"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) {
					c.Status, c.LOAStatus = test.circuit.Status, test.circuit.LOAStatus
				})
				_, diags := h.Plan(paid(), coretest.Options{})
				if diags.HasError() != test.isError || len(diags) != 1 {
					t.Errorf("error %t, want %t, in one diagnostic:\n%s", diags.HasError(), test.isError, diags)
				}
				messagetest.WantKinds(t, diags, test.kind)
				messagetest.WantValues(t, diags, circuitID, test.value)
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestPlan_MissingCircuit_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, diags := h.Plan(paid("physical_connection_id", "pc-nowhere"), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.CircuitNotFound)
		messagetest.WantValues(t, diags.Errors(), "127.0.0.1")
		h.wantOrders(0, 0)
	})
}

func TestPlan_UnreadableCircuit_IsAWarning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable"})
		begin := time.Now()
		plan, diags := h.Plan(paid(), coretest.Options{})
		if plan.Action != coretest.Create || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.CircuitUnchecked)
		messagetest.WantValues(t, diags.Warnings(), "ServiceUnavailable")
		if waited := time.Since(begin); waited > time.Minute {
			t.Errorf("the plan took %s", waited)
		}
	})
}

func TestRefresh_MissingCircuit_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Gone", "Down", "Unreadable"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				before := h.Object.Value
				switch name {
				case "Gone":
					h.server.RemoveCircuit("cn-hangzhou", circuitID)
				case "Down":
					h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Kind: emulator.AnswerError, HTTPStatus: 500, Code: "InternalError"})
				case "Unreadable":
					h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Kind: emulator.RawBody, HTTPStatus: 200, Body: `{"RequestId":"X"}`})
				}
				plan, diags := h.Plan(paid(), coretest.Options{})
				if plan.Action != coretest.NoOp || diags.HasError() || len(diags.Warnings()) != 1 {
					t.Errorf("%s, want no-op with one warning:\n%s", plan.Action, diags)
				}
				if h.Object == nil || !h.Object.Value.Equal(before) {
					t.Error("the state has changed")
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_TwoResourcesForOneCircuit_PlaceOneOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, _ := h.Plan(paid(), coretest.Options{})
		process := h.start(t)
		for i, want := range []bool{false, true} {
			_, diags, err := process.Apply(t.Context(), plan, paid())
			if err != nil || diags.HasError() != want {
				t.Errorf("resource %d: error %t, want %t: %v\n%s", i, diags.HasError(), want, err, diags)
			}
			if want {
				messagetest.WantKinds(t, diags, message.CircuitClaimed)
				messagetest.WantValues(t, diags, h.server.Orders()[0].ID)
			}
		}
		h.wantOrders(1, 1)
	})
}

// In terraform test (since 1.12), one process serves the plans and applies of all runs.
func TestProcess_ServesPlansAndAppliesOfSeveralRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.settings = coretest.Values{"max_new_orders": 1}
		process := h.startUnvalidated(t)
		var plan coretest.Plan
		for _, period := range []int{5, 3} { // two runs that only plan, with other variables
			var diags coretest.Diagnostics
			var err error
			if plan, diags, err = process.Plan(t.Context(), nil, paid("period", period), coretest.Options{}); err != nil || diags.HasError() {
				t.Fatalf("a plan of %d months: %v\n%s", period, err, diags)
			}
		}
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || diags.HasError() {
			t.Fatalf("the apply: %v\n%s", err, diags)
		}
		object, diags, err = process.Refresh(t.Context(), object)
		if err != nil || diags.HasError() {
			t.Fatalf("the refresh of the next run: %v\n%s", err, diags)
		}
		if plan, diags, err = process.Plan(t.Context(), object, paid(), coretest.Options{}); err != nil || diags.HasError() || plan.Action != coretest.NoOp {
			t.Errorf("the next run plans %s: %v\n%s", plan.Action, err, diags)
		}
		h.wantOrders(1, 1)
	})
}
