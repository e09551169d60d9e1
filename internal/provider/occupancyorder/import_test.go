package occupancyorder_test

import (
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const importID = "cn-hangzhou/" + circuitID + "/50187055895123"

// imported is a history with an imported order before its first apply.
func imported(t *testing.T) *history {
	t.Helper()
	h := newHistory(t, emulator.Quirks{})
	object, diags, err := h.start(t).Import(t.Context(), importID)
	if err != nil || diags.HasError() {
		t.Fatal(err, diags)
	}
	h.Object = object
	return h
}

func TestImport_FullConfiguration_PlansNoOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := imported(t)
		full := paid("region_id", "cn-hangzhou", "pricing_cycle", "Year", "auto_renew", true, "auto_renew_duration", 12, "client_token", "mine")

		plan, diags := h.Plan(full, coretest.Options{})
		if plan.Action != coretest.Update || diags.HasError() {
			t.Fatalf("%s, want update:\n%s", plan.Action, diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderNotShown, message.OrderUnchanged)
		messagetest.WantValues(t, diags.Warnings(), "50187055895123")
		h.MustApply(full)
		if plan, diags := h.Plan(full, coretest.Options{}); plan.Action != coretest.NoOp {
			t.Errorf("after one apply: %s, want no-op:\n%s", plan.Action, diags)
		}
		if h.Object.String("order_id") != "50187055895123" || h.Object.String("request_id") != "" {
			t.Errorf("order %s, request %s", h.Object.String("order_id"), h.Object.String("request_id"))
		}
		h.wantOrders(0, 0)
	})
}

func TestImport_ChangedArguments_AreOnlyNotes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := imported(t)
		h.MustApply(paid())
		h.MustApply(paid("period", 5))
		h.MustApply(paid("period", nil, "auto_pay", false))
		h.wantOrders(0, 0)
	})
}

func TestImport_OtherCircuitInTheConfiguration_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := imported(t)
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		for name, config := range map[string]coretest.Values{
			"AnotherCircuit": paid("physical_connection_id", "pc-second"),
			"AnotherRegion":  paid("region_id", "cn-beijing"),
		} {
			_, diags := h.Plan(config, coretest.Options{})
			if !diags.HasError() {
				t.Errorf("%s is planned", name)
			}
			messagetest.WantKinds(t, diags, message.OrderNotShown, message.WrongImport)
			messagetest.WantValues(t, diags, circuitID)
		}
		_, diags := h.Plan(paid(), coretest.Options{Replace: true})
		// The next token depends on the circuit's default token, although the import has none.
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		h.wantOrders(0, 0)
	})
}

func TestImport_ConfirmedOrder_CanMoveToAnotherCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := imported(t)
		h.MustApply(paid())
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		plan, diags := h.Plan(paid("physical_connection_id", "pc-second"), coretest.Options{})
		if plan.Action != coretest.Replace || diags.HasError() {
			t.Errorf("%s, want replace:\n%s", plan.Action, diags)
		}
	})
}

func TestImport_InvalidID_IsAnErrorWithTheForm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		for _, id := range []string{
			"50187055895123", circuitID + "/50187055895123", "cn-hangzhou/" + circuitID + "/", "cn-hangzhou/" + circuitID + "/not-digits",
			"cn-hangzhou/eip-1/50187055895123", importID + "/more", "/" + circuitID + "/1",
		} {
			object, diags, err := h.start(t).Import(t.Context(), id)
			if err != nil || object != nil || !diags.HasError() {
				t.Errorf("%q is imported: %v", id, err)
			}
			messagetest.WantKinds(t, diags, message.WrongImportID)
			messagetest.WantValues(t, diags, "<region_id>/<physical_connection_id>/<order_id>", id)
		}
	})
}

func TestImport_MissingCircuit_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, diags, err := h.start(t).Import(t.Context(), "cn-hangzhou/pc-nowhere/50187055895123")
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitNotFound)
	})
}

func TestImport_Outage_Works(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable"})
		object, diags, err := h.start(t).Import(t.Context(), importID)
		if err != nil || diags.HasError() || object.String("order_id") != "50187055895123" {
			t.Errorf("%v\n%s", err, diags)
		}
	})
}
