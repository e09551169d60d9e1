package occupancyorder_test

import (
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestImport_OrderNotShown_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		diags := h.importAs(importID)
		if diags.HasError() || h.Object == nil {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderNotShown)

		h = placed(t, emulator.Quirks{})
		if diags := h.importAs(shortImportID + "/" + h.Object.String("order_id")); len(diags) != 0 {
			t.Errorf("a warning for an order that billing shows:\n%s", diags)
		}
		h = newHistory(t, emulator.Quirks{})
		h.withoutBilling()
		if diags := h.importAs(importID); messagetest.Has(diags, message.OrderNotShown) {
			t.Errorf("an order that cannot be read is reported as missing:\n%s", diags)
		}
	})
}

func TestRefresh_ExpiredOrder_NamesTheTokenForOtherArguments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.server.Advance(eightDays)
		_, diags := h.Plan(config, coretest.Options{})
		fresh := order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), h.server.Orders()[0].ID)
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled)
		messagetest.WantValues(t, diags.Warnings(), "client_token = \""+fresh+"\"")
		h.MustApply(paid("period", 5, "client_token", fresh))
		h.wantOrders(2, 2)
	})
}

func TestRefresh_AutoPayNotPaid_WarnsEachTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{AutoPayOutcome: emulator.AutoPayLeftUnpaid})
		h.MustApply(paid())
		for range 2 {
			plan, diags := h.Plan(paid(), coretest.Options{})
			messagetest.WantKinds(t, diags.Warnings(), message.OrderUnpaid)
			if plan.Action != coretest.NoOp {
				t.Errorf("it plans %s", plan.Action)
			}
		}
		h.mustPay()
		if _, diags := h.Plan(paid(), coretest.Options{}); len(diags) != 0 {
			t.Errorf("once it is paid:\n%s", diags)
		}
		// An order that a person pays is not forgotten either.
		h, config := unpaidOrder(t, emulator.Quirks{})
		_, diags := h.Plan(config, coretest.Options{})
		messagetest.WantKinds(t, diags, message.OrderUnpaid)
	})
}

func TestPlan_NoTerm_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, diags := h.Plan(coretest.Values{"physical_connection_id": circuitID}, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.TermNotSet)
		if _, diags := h.Plan(coretest.Values{"physical_connection_id": circuitID, "period": 1}, coretest.Options{}); len(diags) != 0 {
			t.Errorf("a warning for a term that is set:\n%s", diags)
		}
	})
}

func TestPlan_UnknownArguments_NamesTheUnknownCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, diags := h.Plan(paid("period", coretest.Unknown{}, "auto_pay", false), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CostUnknown)
		_, diags = h.Plan(paid("auto_pay", coretest.Unknown{}), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CostUnknown)
	})
}

func TestValidate_MonthsThatAreYears_NamesTheYears(t *testing.T) {
	t.Parallel()
	h := newHistory(t, emulator.Quirks{})
	for period, want := range map[int]string{12: `period = 1, pricing_cycle = "Year"`, 36: `period = 3, pricing_cycle = "Year"`, 10: "", 72: ""} {
		diags, err := h.start(t).Validate(t.Context(), paid("period", period))
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.InvalidPeriod)
		messagetest.WantValues(t, diags.Errors(), want)
		if want == "" {
			messagetest.WantNoValues(t, diags, "period = ")
		}
	}
}
