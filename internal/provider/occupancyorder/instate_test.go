package occupancyorder_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// The order is in the state under another address, or tainted. There is no refresh.
func TestState_DecodedBeforeOrAfterThePlan_IsTheSameError(t *testing.T) {
	t.Parallel()
	for name, billing := range map[string]bool{"billing readable": true, "billing denied": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
				if !billing {
					h.withoutBilling()
				} else {
					time.Sleep(time.Hour) // so that billing also reports it
				}
				h.forgetTokens()
				before, diags := h.startWith(t, h.Object)
				if diags.HasError() {
					t.Fatal(diags)
				}
				_, first, err := before.Plan(t.Context(), nil, paid(), coretest.Options{})
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, first.Errors(), message.OrderInState)
				messagetest.WantValues(t, first.Errors(), "-refresh=false")

				if !billing {
					server := provider.NewServer(h.client())
					after := h.startServer(t, server)
					if _, diags, err := after.Plan(t.Context(), nil, paid(), coretest.Options{}); err != nil || diags.HasError() {
						t.Fatal(err, diags)
					}
					second := decode(t, server, stateOf(t, h.Object))
					if second.Errors().String() != first.Errors().String() {
						t.Errorf("decoded before:\n%s\nand after:\n%s", first, second)
					}
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_OrderRecordedByThisProcess_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
		h.withoutBilling()
		h.forgetTokens()
		plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), nil, paid(), coretest.Options{})
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		process, _ := h.startWith(t, h.Object)
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatal(err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
		h.wantOrders(1, 1)
	})
}

// Terraform decodes the order of another address during the plan of the new one. The plan has
// the error, not both.
func TestCreate_OrderDecodedDuringThePlan_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
		h.withoutBilling()
		h.forgetTokens()
		plan, _, err := h.startUnrecorded(t).Plan(t.Context(), nil, paid(), coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		server := provider.NewServer(h.client())
		process := h.startServer(t, server)
		h.server.AddFault(emulator.Fault{Action: describeAction, Kind: emulator.Slow, Delay: 8 * time.Second})
		state := stateOf(t, h.Object)
		time.AfterFunc(4*time.Second, func() {
			if diags := decode(t, server, state); diags.HasError() {
				t.Error("the plan that goes on is not the only one with an error")
			}
		})
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatal(err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
		h.wantOrders(1, 1)
	})
}

// After a validation, a configuration is for one plan or one apply. Without one, as in
// terraform test, there may be several plans.
func TestPlan_TwoAddressesForOneCircuit_IsAnErrorInOneRun(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		validated bool
		circuits  []string
		refused   int
	}{
		"one run":                       {true, []string{circuitID, circuitID}, 1},
		"one run, three addresses":      {true, []string{circuitID, circuitID, circuitID}, 2},
		"one run, two circuits":         {true, []string{circuitID, "pc-second"}, 0},
		"terraform test plans twice":    {false, []string{circuitID, circuitID}, 0},
		"terraform test, more circuits": {false, []string{circuitID, "pc-second", circuitID, "pc-second"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
				process := h.start(t)
				if !test.validated {
					process = h.startUnvalidated(t)
				}
				var errs coretest.Diagnostics
				for _, id := range test.circuits {
					_, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{})
					if err != nil {
						t.Fatal(err)
					}
					errs = append(errs, diags.Errors()...)
				}
				if len(errs) != test.refused {
					t.Errorf("%d are refused, want %d:\n%s", len(errs), test.refused, errs)
				}
				if test.refused > 0 {
					messagetest.WantKinds(t, errs, message.TwoResources)
				}
				h.wantOrders(0, 0)
			})
		})
	}
}

// validate is the call before core configures a provider.
// The validation counts for one configuration only.
func TestPlan_ValidatedRun_AppliesWhatItPlanned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		server := provider.NewServer(h.client())
		plan, diags, err := h.startServer(t, server).Plan(t.Context(), nil, paid(), coretest.Options{})
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		object, diags, err := h.startServer(t, server).Apply(t.Context(), plan, paid())
		if err != nil || diags.HasError() || object == nil {
			t.Fatal(err, diags)
		}
		h.wantOrders(1, 1)
	})
}

// Two aliases are two processes. Both have the same order in one state.
func TestDestroy_OrderOfAnotherAlias_WarnsInThePlan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(cancelling())
		order := h.Object.String("order_id")
		_, diags := h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyCancels, message.OrderUnpaid)

		// The other alias imported or recovered the order. A recovered order is never cancelled.
		record := fmt.Sprintf(`{"region_id":"cn-hangzhou","physical_connection_id":%q,"order_id":%q,"origin":"adopted"}`, circuitID, order)
		h.Object = withPrivate(t, h.Object, "order", record)
		_, diags = h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps, message.OrderUnpaid)
		h.MustApply(nil)
		if h.server.CallCount("CancelOrder") != 0 || h.server.Orders()[0].Status != emulator.OrderUnpaid {
			t.Errorf("order %v", h.server.Orders()[0])
		}
	})
}

func TestState_OfAnyForm_CausesNoPanic(t *testing.T) {
	t.Parallel()
	whole := map[string]any{"region_id": "cn-hangzhou", "physical_connection_id": circuitID, "order_id": "1", "client_token": nil}
	recorded, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		typeName string
		state    *tfprotov6.RawState
		held     bool
	}{
		"whole":            {occupancyorder.TypeName, &tfprotov6.RawState{JSON: recorded}, true},
		"another type":     {"expressconnect_other", &tfprotov6.RawState{JSON: recorded}, false},
		"no state":         {occupancyorder.TypeName, nil, false},
		"empty":            {occupancyorder.TypeName, &tfprotov6.RawState{}, false},
		"broken":           {occupancyorder.TypeName, &tfprotov6.RawState{JSON: recorded[:20]}, false},
		"null":             {occupancyorder.TypeName, &tfprotov6.RawState{JSON: []byte(`null`)}, false},
		"list":             {occupancyorder.TypeName, &tfprotov6.RawState{JSON: []byte(`[]`)}, false},
		"number":           {occupancyorder.TypeName, &tfprotov6.RawState{JSON: []byte(`7`)}, false},
		"numbers within":   {occupancyorder.TypeName, &tfprotov6.RawState{JSON: fmt.Appendf(nil, `{"region_id":1,"physical_connection_id":%q,"order_id":2}`, circuitID)}, false},
		"nulls within":     {occupancyorder.TypeName, &tfprotov6.RawState{JSON: []byte(`{"region_id":null,"physical_connection_id":null,"order_id":null}`)}, false},
		"not an order yet": {occupancyorder.TypeName, &tfprotov6.RawState{JSON: fmt.Appendf(nil, `{"region_id":"cn-hangzhou","physical_connection_id":%q,"order_id":""}`, circuitID)}, false},
		"flatmap":          {occupancyorder.TypeName, &tfprotov6.RawState{Flatmap: map[string]string{"order_id": "1", "physical_connection_id": circuitID, "region_id": "cn-hangzhou"}}, false},
		"unknown field":    {occupancyorder.TypeName, &tfprotov6.RawState{JSON: append(recorded[:len(recorded)-1:len(recorded)-1], `,"of_tomorrow":{"a":[1]}}`...)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				server := provider.NewServer(h.client())
				req := &tfprotov6.UpgradeResourceStateRequest{TypeName: test.typeName, RawState: test.state}
				_, _ = server.UpgradeResourceState(t.Context(), req) // before the configuration
				process := h.startServer(t, server)
				_, _ = server.UpgradeResourceState(t.Context(), req)
				_, diags, err := process.Plan(t.Context(), nil, paid(), coretest.Options{})
				if err != nil || diags.HasError() != test.held {
					t.Errorf("held %t, want %t: %v\n%s", diags.HasError(), test.held, err, diags)
				}
			})
		})
	}
}

// The recorded state does not count as a refresh.
func TestState_Decoded_IsNotARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		process, diags := h.startWith(t, h.Object, h.Object)
		if diags.HasError() {
			t.Fatal(diags)
		}
		_, diags, err := process.Plan(t.Context(), h.Object, paid("physical_connection_id", "pc-second"), coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.LateReplacement)
		h.wantOrders(1, 1)
	})
}

// With destroy = false in a lifecycle block, core plans a tainted order as create and forget,
// and does not call Delete.
func TestPlan_TaintedOrderWithDestroyFalse_IsAnError(t *testing.T) {
	t.Parallel()
	for name, billing := range map[string]bool{"billing readable": true, "billing denied": false} {
		for _, config := range []coretest.Values{paid(), paid("auto_pay", false)} {
			t.Run(fmt.Sprint(name, config["auto_pay"]), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{EnableDelay: 30 * 24 * time.Hour})
					h.MustApply(config)
					h.Object.Tainted = true
					if !billing {
						h.withoutBilling()
					}
					h.forgetTokens()
					time.Sleep(time.Hour)
					process, _ := h.startWith(t, h.Object)
					_, diags, err := process.Plan(t.Context(), h.Object, config, coretest.Options{KeepOnDestroy: true})
					if err != nil {
						t.Fatal(err)
					}
					messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
					messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
					// The apply refuses a plan that was made before the record.
					if !billing {
						plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, config, coretest.Options{KeepOnDestroy: true})
						if err != nil || diags.HasError() {
							t.Fatal(err, diags)
						}
						process, _ := h.startWith(t, h.Object)
						_, diags, err = process.Apply(t.Context(), plan, config)
						if err != nil {
							t.Fatal(err)
						}
						messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
						messagetest.WantValues(t, diags.Errors(), h.Object.String("order_id"))
					}
					h.wantOrders(1, 1)
				})
			})
		}
	}
}
