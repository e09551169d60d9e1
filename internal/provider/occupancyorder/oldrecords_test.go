package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// The keys of the private record are the same in every version.
func TestRecord_OfOlderVersions_IsRead(t *testing.T) {
	t.Parallel()
	token := order.DefaultToken("cn-hangzhou", circuitID)
	sent := order.TokenAfter(token, "50187050000000")
	for name, test := range map[string]struct {
		record string // after region, circuit and order ID
		want   order.Record
		moved  message.Kind // of a plan for another circuit; empty if it replaces
		edited message.Kind // of a plan for another period
	}{
		"placed": {
			fmt.Sprintf(`"client_token":%q,"origin":"placed"`, token), order.Record{ClientToken: token, Source: order.Placed}, "", message.ChangeRefused,
		},
		"placed after cancelled orders": {
			fmt.Sprintf(`"client_token":%q,"sent_token":%q,"origin":"placed"`, token, sent),
			order.Record{ClientToken: token, SentClientToken: sent, Source: order.Placed}, "", message.ChangeRefused,
		},
		"imported": {
			`"origin":"imported"`, order.Record{Source: order.Imported}, message.WrongImport, message.OrderUnchanged,
		},
		"imported, with the term": {
			`"origin":"imported","term_start":"2026-01-01T00:00:00Z","term_end":"2026-04-01T16:00:00Z"`,
			order.Record{Source: order.Imported}, message.WrongImport, message.OrderUnchanged,
		},
		"imported and confirmed": {
			`"origin":"imported","adopted":true`, order.Record{Source: order.Imported, Confirmed: true}, "", message.OrderUnchanged,
		},
		"of a version of tomorrow": {
			`"origin":"adopted","note":{"a":[1]}`, order.Record{Source: order.Adopted}, "", message.OrderUnchanged,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
				h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
				order := h.Object.String("order_id")
				h.Object = withPrivate(t, h.Object, "order", fmt.Sprintf(`{"region_id":"cn-hangzhou","physical_connection_id":%q,"order_id":%q,%s}`, circuitID, order, test.record))
				if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
					t.Fatalf("%s:\n%s", plan.Action, diags)
				}
				test.want.Region, test.want.CircuitID, test.want.OrderID = "cn-hangzhou", circuitID, order
				got := h.recordOf(h.Object)
				got.TermStart, got.TermEnd = nil, nil
				if got != test.want {
					t.Errorf("the record is %+v, want %+v", got, test.want)
				}
				_, diags := h.Plan(paid("period", 4), coretest.Options{})
				if !messagetest.Has(diags, test.edited) {
					t.Errorf("no diagnostic is of the kind %q:\n%s", test.edited, diags)
				}
				plan, diags := h.Plan(paid("physical_connection_id", "pc-second"), coretest.Options{})
				if test.moved != "" {
					messagetest.WantKinds(t, diags.Errors(), test.moved)
				}
				if replaces := plan.Action == coretest.Replace && !diags.HasError(); replaces != (test.moved == "") {
					t.Errorf("%s:\n%s", plan.Action, diags)
				}
				if name == "placed after cancelled orders" {
					_, diags := h.Plan(paid("physical_connection_id", "pc-second", "client_token", sent), coretest.Options{})
					messagetest.WantKinds(t, diags.Errors(), message.TokenOfOrder)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

// The private record is lost. The provider restores it from the state.
func TestState_WithoutAPrivateRecord_IsRestored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		values map[string]any
		want   order.Source
	}{
		"request ID and token": {nil, order.Placed},
		"empty request ID":     {map[string]any{"request_id": ""}, order.Placed},
		"token alone":          {map[string]any{"request_id": nil}, order.Adopted},
		"neither":              {map[string]any{"request_id": nil, "client_token": nil}, order.Imported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
				for attribute, value := range test.values {
					h.Object = withValue(t, h.Object, attribute, value)
				}
				h.Object.Private = nil
				h.Plan(paid(), coretest.Options{})
				if record := h.recordOf(h.Object); record.Source != test.want || record.Confirmed != (test.want == order.Imported) {
					t.Errorf("%+v, want %s", record, test.want)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}
