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

func TestImport_OrderThatBillingDoesNotShow_WarnsInEveryPlan(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]string{"Enabled": "Enabled", "Confirmed": "Confirmed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.Status = status })
				messagetest.WantKinds(t, h.importAs(importID).Warnings(), message.OrderNotShown)
				h.MustApply(paid())
				for range 3 {
					plan, diags := h.Plan(paid(), coretest.Options{})
					if plan.Action != coretest.NoOp || len(diags) != 1 || diags.HasError() {
						t.Errorf("%s:\n%s", plan.Action, diags)
					}
					messagetest.WantKinds(t, diags.Warnings(), message.OrderNotShown)
					messagetest.WantValues(t, diags.Warnings(), circuitID)
					time.Sleep(24 * time.Hour)
				}
				// If the order leaves the state, the warning ends.
				h.MustApply(nil)
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestImport_OrderThatBillingShowsLater_WarnsUntilThen(t *testing.T) {
	t.Parallel()
	for _, status := range []emulator.OrderStatus{emulator.OrderPaid, emulator.OrderUnpaid} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{BillingLag: 10 * time.Minute})
				order := h.consoleOrder(status, 0)
				messagetest.WantKinds(t, h.importAs(shortImportID+"/"+order.ID).Warnings(), message.OrderNotShown)
				h.MustApply(paid("auto_pay", false))
				time.Sleep(11 * time.Minute)
				for range 2 {
					if _, diags := h.Plan(paid("auto_pay", false), coretest.Options{}); len(diags) != 0 != (status == emulator.OrderUnpaid) || h.Object.String("payment_status") != string(status) {
						t.Errorf("payment_status %q:\n%s", h.Object.String("payment_status"), diags)
					}
				}
			})
		})
	}
}

func TestImport_UnreadableBilling_DoesNotReportAMissingOrder(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{}, func(t *testing.T, h *history) {
		diags := h.importAs(importID)
		h.MustApply(paid())
		_, more := h.Plan(paid(), coretest.Options{})
		if messagetest.Has(append(diags, more...), message.OrderNotShown) {
			t.Errorf("%s%s", diags, more)
		}
	}, denied, down)
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.settings = coretest.Values{"billing": false}
		if diags := h.importAs(importID); len(diags) != 0 {
			t.Errorf("%s", diags)
		}
	})
}

func TestPlan_PlacedOrderNotShown_DoesNotWarn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{BillingLag: time.Hour})
		h.MustApply(paid())
		if _, diags := h.Plan(paid(), coretest.Options{}); len(diags) != 0 {
			t.Errorf("%s", diags)
		}
	})
}

func TestImport_WrongTerm_NamesTheRightOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		placed, configured coretest.Values
		right              string
	}{
		"a year as months":      {paid("period", 1, "pricing_cycle", "Year"), paid("period", 9), `period = 1, pricing_cycle = "Year"`},
		"months as a year":      {paid("period", 3), paid("period", 1, "pricing_cycle", "Year"), `period = 3, pricing_cycle = "Month"`},
		"other months":          {paid("period", 7), paid("period", 6), `period = 7, pricing_cycle = "Month"`},
		"other years":           {paid("period", 5, "pricing_cycle", "Year"), paid("period", 4, "pricing_cycle", "Year"), `period = 5, pricing_cycle = "Year"`},
		"the unit alone":        {paid("period", 2, "pricing_cycle", "Year"), paid("period", 2), `period = 2, pricing_cycle = "Year"`},
		"the right one":         {paid("period", 4), paid("period", 4), ""},
		"the right one, a year": {paid("period", 1, "pricing_cycle", "Year"), paid("period", 1, "pricing_cycle", "Year"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.MustApply(test.placed)
				if diags := h.importAs(shortImportID); diags.HasError() {
					t.Fatal(diags)
				}
				_, diags := h.Plan(test.configured, coretest.Options{})
				messagetest.WantValues(t, diags.Warnings(), test.right)
				if differs := messagetest.Has(diags, message.TermDiffers); differs != (test.right != "") {
					t.Errorf("%s", diags)
				}
			})
		})
	}
}
