package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const eightDays = 8 * 24 * time.Hour

// unpaidOrder is a history with an order that a person pays.
func unpaidOrder(t *testing.T, quirks emulator.Quirks) (*history, coretest.Values) {
	t.Helper()
	h := newHistory(t, quirks)
	config := paid("auto_pay", false)
	h.MustApply(config)
	return h, config
}

func TestRefresh_ExpiredOrder_IsOrderedAgainByTheSameApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		first := h.Object.String("order_id")
		h.server.Advance(eightDays)
		diags := h.Apply(config)
		if diags.HasError() {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled, message.OrderToPay, message.ReplacesCancelled)
		messagetest.WantValues(t, diags.Warnings(), first)
		h.wantOrders(2, 3)
		if second := h.server.Orders()[1]; h.Object.String("order_id") != second.ID || second.Status != emulator.OrderUnpaid {
			t.Errorf("order %q in the state, want %s", h.Object.String("order_id"), second.ID)
		}
	})
}

func TestRefresh_OneLineNotCancelled_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{SubOrders: 3, CancelledRows: 2})
		plan, diags := h.Plan(config, coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || h.Object.String("payment_status") != "Unpaid" {
			t.Fatalf("%s, %q:\n%s", plan.Action, h.Object.String("payment_status"), diags)
		}
		h.server.Advance(eightDays)
		if plan, _ := h.Plan(config, coretest.Options{}); plan.Action != coretest.Create || h.Object != nil {
			t.Errorf("%s, want create", plan.Action)
		}
	})
}

func TestRefresh_WithoutBilling_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		config := paid("auto_pay", false)
		h.MustApply(config)
		lose()
		h.server.Advance(eightDays)
		plan, diags := h.Plan(config, coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || h.Object == nil {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestRefresh_PaidOrder_StaysInTheState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		quirks := h.server.Quirks()
		quirks.SubOrders, quirks.CancelledRows = 1, 1
		h.server.SetQuirks(quirks)
		if plan, _ := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || h.Object == nil {
			t.Errorf("%s, want no-op", plan.Action)
		}
	})
}

func TestPlan_ExpiredOrderOfAnEnabledCircuit_NamesTheRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.server.Advance(eightDays)
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.Status = "Enabled" })
		_, diags := h.Plan(config, coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.CircuitEnabled)
		messagetest.WantValues(t, diags.Errors(), importLine, "apply -refresh-only")
		h.wantOrders(1, 1)
	})
}

func TestPlan_ReplaceOfAnExpiredOrder_IsAllowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.server.Advance(eightDays)
		plan, diags := h.Plan(config, coretest.Options{Replace: true})
		if plan.Action != coretest.Create || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

func TestRefresh_ExpiredImportedOrder_LeavesTheState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		order := h.Object.String("order_id")
		object, diags, err := h.start(t).Import(t.Context(), "cn-hangzhou/"+circuitID+"/"+order)
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		h.Object = object
		h.MustApply(config)
		h.server.Advance(eightDays)
		_, diags = h.Plan(config, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled)
		messagetest.WantValues(t, diags.Warnings(), order)
	})
}

func TestRefresh_LockedCircuitOrEndedTerm_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: -1})
		if _, diags := h.Plan(paid(), coretest.Options{}); len(diags) != 0 {
			t.Fatalf("a warning for a good order:\n%s", diags)
		}
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.BusinessStatus = "FinancialLocked" })
		_, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CircuitLocked)
		messagetest.WantValues(t, diags.Warnings(), circuitID, h.Object.String("order_id"), "FinancialLocked")

		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) {
			c.BusinessStatus, c.EndTime = "Normal", time.Now().Add(-time.Minute)
		})
		plan, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.TermEnded)
		messagetest.WantValues(t, diags.Warnings(), circuitID, "Renewal")
		if plan.Action != coretest.NoOp || len(diags.Warnings()) != 1 || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

func TestRefresh_NoBusinessStatus_DoesNotWarn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: -1})
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.BusinessStatus = "" })
		if _, diags := h.Plan(paid(), coretest.Options{}); len(diags) != 0 || h.Object.String("business_status") != "" {
			t.Errorf("business_status %q:\n%s", h.Object.String("business_status"), diags)
		}
	})
}

func TestRefresh_ExpiredOrderWithoutIdentity_LeavesTheState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.Object.Identity = nil // a state of an old Terraform without identities
		h.server.Advance(eightDays)
		plan, diags := h.Plan(config, coretest.Options{})
		if plan.Action != coretest.Create || diags.HasError() || h.Object != nil {
			t.Errorf("%s, state %v:\n%s", plan.Action, h.Object, diags)
		}
	})
}
