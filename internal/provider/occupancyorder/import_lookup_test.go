package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const shortImportID = "cn-hangzhou/" + circuitID

// importLine is the line of an import block with the short import ID.
var importLine = fmt.Sprintf("id = %q", shortImportID)

// importAs imports into an empty state.
func (h *history) importAs(id string) coretest.Diagnostics {
	h.T.Helper()
	object, diags, err := h.start(h.T).Import(h.T.Context(), id)
	if err != nil {
		h.T.Fatal(err)
	}
	h.Object = object
	return diags
}

func TestImport_CircuitOnly_FindsTheOrder(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]time.Duration{"just ordered": 0, "in service": time.Hour, "in service for long": 200 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				order := h.Object.String("order_id")
				h.server.Advance(age)
				for i := range 20 {
					h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
				}
				if diags := h.importAs(shortImportID); diags.HasError() {
					t.Fatal(diags)
				}
				if h.Object.String("order_id") != order || h.Object.String("payment_status") != "Paid" || h.Object.String("request_id") != "" {
					t.Errorf("order %q, payment %q", h.Object.String("order_id"), h.Object.String("payment_status"))
				}
				h.MustApply(paid())
				if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp {
					t.Errorf("%s:\n%s", plan.Action, diags)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestImport_CircuitOnly_FindsAnUnpaidOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := unpaidOrder(t, emulator.Quirks{})
		order := h.Object.String("order_id")
		h.server.Advance(6 * 24 * time.Hour)
		if diags := h.importAs(shortImportID); diags.HasError() || h.Object.String("order_id") != order {
			t.Fatal(diags)
		}
	})
}

func TestImport_CircuitOnlyWithoutOneOrder_IsAnError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(h *history)
		kind    message.Kind
	}{
		"none":    {func(*history) {}, message.OrderNotFound},
		"several": {func(h *history) { h.MustApply(paid("auto_pay", false)); h.addOrder() }, message.OrderNotFound},
		"expired": {func(h *history) {
			h.MustApply(paid("auto_pay", false))
			h.server.Advance(eightDays)
		}, message.OrderNotFound},
		"forbidden": {func(h *history) { h.MustApply(paid()); h.withoutBilling() }, message.OrderNotFound},
		"down": {func(h *history) {
			h.MustApply(paid())
			h.billingFails(emulator.Fault{Kind: emulator.Reset})
		}, message.OrderNotFound},
		"too many orders": {func(h *history) {
			quirks := h.server.Quirks()
			quirks.ProductCode = "unheard-of"
			h.server.SetQuirks(quirks)
			h.MustApply(paid())
			for i := range 100 {
				h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
			}
		}, message.OrderNotFound},
		"too many orders of other circuits": {func(h *history) {
			h.MustApply(paid())
			for i := range 100 {
				h.server.AddOtherOrder(emulator.Order{CircuitID: fmt.Sprintf("i-%d", i), Region: "cn-hangzhou"})
			}
		}, message.OrderNotFound},
		"no such circuit": {func(h *history) { h.server.RemoveCircuit("cn-hangzhou", circuitID) }, message.CircuitNotFound},
		"circuit unread": {func(h *history) {
			h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, HTTPStatus: 500, Code: "InternalError"})
		}, message.CircuitUnreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				test.prepare(h)
				messagetest.WantKinds(t, h.importAs(shortImportID).Errors(), test.kind)
				if h.Object != nil {
					t.Error("something is imported")
				}
			})
		})
	}
}

// addOrder adds an order of the circuit that was placed elsewhere.
func (h *history) addOrder() {
	h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", Status: emulator.OrderUnpaid})
}

func TestImport_OrderOfAnotherPurchase_IsAnError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		order emulator.Order
		kind  message.Kind
	}{
		"for another circuit": {emulator.Order{CircuitID: "pc-other", Region: "cn-hangzhou"}, message.ImportForOther},
		"cancelled":           {emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", Status: emulator.OrderCancelled}, message.ImportCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				order := h.server.AddOtherOrder(test.order)
				messagetest.WantValues(t, messagetest.WantKinds(t, h.importAs(shortImportID+"/"+order.ID).Errors(), test.kind), order.ID)
				if h.Object != nil {
					t.Error("it is imported")
				}
			})
		})
	}
}

func TestImport_DifferentTermOrPayment_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(paid())
		if diags := h.importAs(shortImportID); diags.HasError() {
			t.Fatal(diags)
		}
		_, diags := h.Plan(paid(), coretest.Options{})
		if len(diags.Warnings()) != 1 { // that the arguments are only notes
			t.Errorf("a warning for the right term:\n%s", diags)
		}
		_, diags = h.Plan(paid("period", 1, "pricing_cycle", "Year"), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderUnchanged, message.TermDiffers)

		h = newHistory(t, emulator.Quirks{})
		h.MustApply(paid("auto_pay", false))
		h.importAs(shortImportID)
		_, diags = h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderUnchanged, message.PaymentDiffers, message.OrderUnpaid)
	})
}

func TestImport_WithoutBilling_Works(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{}, func(t *testing.T, h *history) {
		if diags := h.importAs(importID); diags.HasError() || len(diags.Warnings()) > 1 {
			t.Fatal(diags)
		}
		h.MustApply(paid())
	})
}

func TestImport_AfterAFailedRead_ChecksTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		order := h.server.AddOtherOrder(emulator.Order{CircuitID: "i-1", Region: "cn-hangzhou"})
		process := h.start(t)
		h.billingFails(emulator.Fault{Kind: emulator.Reset})
		if _, diags, err := process.Import(t.Context(), importID); err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		h.server.ClearFaults()
		_, diags, err := process.Import(t.Context(), shortImportID+"/"+order.ID)
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Errors(), message.ImportForOther)
	})
}

func TestImport_HangingBilling_TakesAtMostTwentySeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.billingFails(emulator.Fault{Kind: emulator.Hang})
		begin := time.Now()
		if diags := h.importAs(importID); diags.HasError() || h.Object == nil {
			t.Fatal(diags)
		}
		if took := time.Since(begin); took > 21*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestImport_RenewalOrder_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		order := h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", Type: "Renew", Status: emulator.OrderPaid})
		diags := h.importAs(shortImportID + "/" + order.ID)
		messagetest.WantKinds(t, diags.Warnings(), message.ImportOtherType)
		if diags.HasError() || h.Object == nil {
			t.Errorf("%s", diags)
		}
	})
}
