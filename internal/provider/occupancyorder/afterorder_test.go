package occupancyorder_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

const describeAction = "DescribePhysicalConnections"

// attributeOf returns one attribute of an object in the state, or of a plan.
func attributeOf(t *testing.T, object tftypes.Value, name string) tftypes.Value {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes[name]
}

// wantComplete checks that the state has the complete order, not tainted, with its identity
// and its record.
func (h *history) wantComplete(object *coretest.Object) {
	h.T.Helper()
	if object == nil || object.Tainted {
		h.T.Fatal("the order is not in the state, or tainted")
	}
	if !object.Value.IsFullyKnown() || object.Identity == nil || len(privateOf(h.T, object)["order"]) == 0 {
		h.T.Errorf("known %t, identity %v, private %s", object.Value.IsFullyKnown(), object.Identity, object.Private)
	}
	o := h.server.Orders()[0]
	for name, want := range map[string]string{
		"order_id": o.ID, "id": o.ID, "region_id": "cn-hangzhou", "physical_connection_id": circuitID,
		"client_token": order.DefaultToken("cn-hangzhou", circuitID), "physical_connection_status": "Confirmed",
	} {
		if got := object.String(name); got != want {
			h.T.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if object.String("request_id") == "" {
		h.T.Error("the request ID is missing")
	}
}

func TestCreate_ReadAfterTheOrder_TakesAtMostTenSeconds(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"NoAnswer":  {Kind: emulator.Hang},
		"Throttled": {Code: "Throttling.User"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
				// The plan and the plan of the apply read the circuit first.
				fault.Action, fault.Skip, fault.Times = describeAction, 2, -1
				h.server.AddFault(fault)
				begin := time.Now()
				h.MustApply(paid())
				if took := time.Since(begin).Truncate(time.Second); took > 10*time.Second {
					t.Errorf("the order was held back for %s", took)
				}
				h.wantComplete(h.Object)
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_InterruptAfterTheAnswer_ReturnsTheOrderAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		plan, diags := h.Plan(paid(), coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		h.server.AddFault(emulator.Fault{Action: describeAction, Kind: emulator.Hang, Skip: 1, Times: -1})
		process := h.start(t)
		begin := time.Now()
		time.AfterFunc(3*time.Second, func() {
			h.wantOrders(1, 1)
			_ = process.Stop(t.Context())
		})
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || len(diags) > 0 {
			t.Fatalf("%v\n%s", err, diags)
		}
		// A second Ctrl-C would lose the order.
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("the order came %s after the interrupt", took-3*time.Second)
		}
		h.wantComplete(object)
	})
}

// accepting is an API that accepts every order.
type accepting struct{}

func (accepting) DescribeCircuit(_ context.Context, query circuit.Query) (circuit.Circuit, error) {
	return circuit.Circuit{Region: query.Region, ID: query.CircuitID, Status: circuit.StatusConfirmed}, nil
}

func (accepting) SendOrder(context.Context, order.Request) (order.Receipt, error) {
	return order.Receipt{OrderID: "50187055895123", RequestID: "REQ"}, nil
}

func (accepting) Host(string) string { return "127.0.0.1" }

func TestCreate_UnwritableState_IsAWarning(t *testing.T) {
	t.Parallel()
	var planned tftypes.Value
	synctest.Test(t, func(t *testing.T) {
		plan, diags := newHistory(t, emulator.Quirks{}).Plan(paid(), coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		planned = plan.Planned
	})
	o := occupancyorder.NewResource()
	configurable, ok := o.(resource.ResourceWithConfigure)
	if !ok {
		t.Fatal("the resource takes no configuration")
	}
	session := &shared.Services{API: accepting{}, Registry: &order.RunRegistry{}}
	configurable.Configure(t.Context(), resource.ConfigureRequest{ProviderData: session}, &resource.ConfigureResponse{})
	var own resource.SchemaResponse
	o.Schema(t.Context(), resource.SchemaRequest{}, &own)

	// Neither the state nor the identity accepts the order, and there is no private state.
	state := schema.Schema{Attributes: map[string]schema.Attribute{"other": schema.StringAttribute{Computed: true}}}
	identity := identityschema.Schema{Attributes: map[string]identityschema.Attribute{"other": identityschema.StringAttribute{OptionalForImport: true}}}
	resp := resource.CreateResponse{
		State:    tfsdk.State{Schema: state, Raw: tftypes.NewValue(state.Type().TerraformType(t.Context()), nil)},
		Identity: &tfsdk.ResourceIdentity{Schema: identity, Raw: tftypes.NewValue(identity.Type().TerraformType(t.Context()), nil)},
	}
	o.Create(t.Context(), resource.CreateRequest{Plan: tfsdk.Plan{Schema: own.Schema, Raw: planned}}, &resp)

	if resp.Diagnostics.HasError() {
		t.Errorf("an error taints the order: %v", resp.Diagnostics.Errors())
	}
	if warnings := resp.Diagnostics.WarningsCount(); warnings < 3 {
		t.Errorf("%d warnings, want one each of state, identity and private state: %v", warnings, resp.Diagnostics)
	}
	if other, ok := session.Registry.RecordPlaced(circuit.Key{Region: "cn-beijing", CircuitID: circuitID}, "50187055895123"); ok || other.CircuitID != circuitID {
		t.Error("no order was placed")
	}
}

func TestCreate_AnswerWithoutRequestID_IsAPlacedOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.RawBody, After: true, Body: `{"Data":{"OrderId":"50187055895999"}}`})
		h.MustApply(paid())
		h.wantOrders(1, 1)
		if requestID := attributeOf(t, h.Object.Value, "request_id"); requestID.IsNull() || !requestID.Equal(tftypes.NewValue(tftypes.String, "")) {
			t.Errorf("request_id is %s, want an empty text: null marks an import", requestID)
		}
		h.Object.Private = nil // lost: only the state shows that the order was placed
		for _, refresh := range []bool{false, true} {
			process := h.start(t)
			object := h.Object
			if refresh {
				var err error
				if object, _, err = process.Refresh(t.Context(), h.Object); err != nil {
					t.Fatal(err)
				}
			}
			_, diags, err := process.Plan(t.Context(), object, paid("period", 4), coretest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
			messagetest.WantValues(t, diags.Errors(), "50187055895999")
		}
	})
}

func TestCreate_LOANotComplete_OrdersWithAWarning(t *testing.T) {
	t.Parallel()
	t.Run("First", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := newHistoryOn(t, emulator.New(emulator.Options{}))
			h.server.AddCircuit(emulator.Circuit{ID: circuitID, LOAStatus: "Completing"})
			plan, diags := h.Plan(paid(), coretest.Options{})
			if plan.Action != coretest.Create || diags.HasError() {
				t.Errorf("%s:\n%s", plan.Action, diags)
			}
			messagetest.WantKinds(t, diags.Warnings(), message.CircuitUnsure)
			object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
			if err != nil || diags.HasError() {
				t.Fatalf("%v\n%s", err, diags)
			}
			h.wantOrders(1, 1)
			messagetest.WantKinds(t, diags.Warnings(), message.CircuitUnsure, message.PlacedUnsure)
			h.wantComplete(object)
		})
	})
	t.Run("InPlaceOfAnother", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := placed(t, emulator.Quirks{})
			h.server.AddCircuit(emulator.Circuit{ID: "pc-second", LOAStatus: "Available"})
			diags := h.Apply(paid("physical_connection_id", "pc-second"))
			if diags.HasError() {
				t.Fatal(diags)
			}
			messagetest.WantKinds(t, diags.Warnings(), message.CircuitUnsure, message.PlacedUnsure, message.PlanReplaces, message.RecordRemoved)
			h.wantOrders(2, 2)
		})
	})
}
