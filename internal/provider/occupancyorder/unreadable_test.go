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

// eachLoss runs a history with each case of unreadable billing. Billing works until the
// history calls lose; find makes it work again.
func eachLoss(t *testing.T, quirks emulator.Quirks, play func(t *testing.T, h *history, way lossOfBilling, lose, find func())) {
	t.Helper()
	for name, way := range unreadable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, quirks)
				lose := func() {
					if way.fault != nil {
						h.billingFails(*way.fault)
					}
					dark := h.server.Quirks()
					dark.BillingLag, dark.UnknownOrderCode = way.quirks.BillingLag, way.quirks.UnknownOrderCode
					h.server.SetQuirks(dark)
				}
				find := func() {
					h.server.ClearFaults()
					h.server.SetQuirks(quirks)
				}
				way.name = name
				play(t, h, way, lose, find)
			})
		})
	}
}

// eachWay runs a history with each case of unreadable billing. The history makes billing fail.
func eachWay(t *testing.T, quirks emulator.Quirks, play func(t *testing.T, h *history, way lossOfBilling)) {
	t.Helper()
	eachLoss(t, quirks, func(t *testing.T, h *history, way lossOfBilling, _, _ func()) { play(t, h, way) })
}

func TestCreate_TopUpWithUnreadableBilling_OrdersNothingAgain(t *testing.T) {
	t.Parallel()
	for whose, config := range map[string]coretest.Values{"Derived": paid(), "Chosen": paid("client_token", "my-own")} {
		t.Run(whose, func(t *testing.T) {
			t.Parallel()
			eachLoss(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history, way lossOfBilling, lose, find func()) {
				h.server.SetBalance(1)
				messagetest.WantKinds(t, h.Apply(config).Errors(), message.CancelledReturned)
				h.server.TopUp(1_000_000_00)
				h.server.Advance(time.Hour)

				// The API returns the cancelled order, and the provider cannot see that it is cancelled.
				lose()
				if way.kind == down {
					messagetest.WantKinds(t, h.Apply(config).Errors(), message.OrdersUnchecked)
					h.wantOrders(1, 1)
					return
				}
				h.MustApply(config)
				if h.Object == nil || h.Object.String("order_id") != h.server.Orders()[0].ID || h.Object.String("payment_status") != "" {
					t.Errorf("the state holds %v", h.Object)
				}
				h.wantOrders(1, 2)

				find()
				h.server.Advance(2 * time.Minute)
				diags := h.Apply(config)
				messagetest.WantValues(t, diags.Warnings(), h.server.Orders()[0].ID)
				if !messagetest.Has(diags, message.OrderCancelled) {
					t.Errorf("it is not said that the order is cancelled:\n%s", diags)
				}
				if whose == "Derived" {
					h.wantOrders(2, 4)
				} else {
					messagetest.WantKinds(t, diags.Errors(), message.CancelledReturned)
					h.wantOrders(1, 3)
				}
			})
		})
	}
}

func TestDestroy_UnreadableBilling_CancelsNothing(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, way lossOfBilling, lose, find func()) {
		h.MustApply(cancelling())
		lose()
		diags := h.Apply(nil)
		if h.server.CallCount("CancelOrder") != 0 || h.server.Orders()[0].Status != emulator.OrderUnpaid {
			t.Errorf("order %v", h.server.Orders()[0])
		}
		if way.kind == denied {
			messagetest.WantKinds(t, diags.Warnings(), message.BillingForbidden, message.CancelForbidden, message.DestroyCancels, message.OrderUnpaid)
			messagetest.WantValues(t, diags.Warnings(), "bss:CancelOrder", "import {")
			if diags.HasError() || h.Object != nil {
				t.Errorf("the state is kept:\n%s", diags)
			}
			return
		}
		messagetest.WantKinds(t, diags.Errors(), message.CancelFailed)
		if h.Object == nil {
			t.Fatal("the order has left the state")
		}
		find()
		h.MustApply(nil)
		if h.Object != nil || h.server.Orders()[0].Status != emulator.OrderCancelled {
			t.Errorf("order %v", h.server.Orders()[0])
		}
	})
}

func TestDestroy_FailedCancellation_NamesTheReason(t *testing.T) {
	t.Parallel()
	for name, way := range unreadable {
		if way.fault == nil {
			continue // CancelOrder has no delay.
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.MustApply(cancelling())
				fault := *way.fault
				fault.Action, fault.Times = "CancelOrder", -1
				h.server.AddFault(fault)
				diags := h.Apply(nil)
				refused := way.kind == denied
				if (h.Object == nil) != refused || diags.HasError() == refused || h.server.Orders()[0].Status != emulator.OrderUnpaid {
					t.Errorf("refused: %t, state %v:\n%s", refused, h.Object, diags)
				}
				h.server.ClearFaults()
				if h.Object != nil {
					h.MustApply(nil)
				}
			})
		})
	}
}

func TestImport_CircuitOnlyWithUnreadableBilling_NamesTheReason(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, way lossOfBilling, lose, _ func()) {
		h.MustApply(paid())
		lose()
		errs := h.importAs(shortImportID).Errors()
		messagetest.WantError(t, errs, "", message.OrderNotFound, shortImportID+"/ORDER_ID")
		switch {
		case way.name == "NotApplicable":
			messagetest.WantValues(t, errs, "account_type")
		case way.kind == denied:
			messagetest.WantValues(t, errs, "bss:DescribeOrderList")
		}
		if h.Object != nil {
			t.Error("something is imported")
		}
	})
}

func TestWithoutBilling_OnePermissionOfTwo_FindsNoOrder(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"QueryOrders", "GetOrderDetail"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: action, Times: -1, HTTPStatus: 400, Code: "NoPermission"})
				lostForGood(h)
				messagetest.WantValues(t, messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.OrderProbablyExists), "ORDER_ID")
				messagetest.WantValues(t, messagetest.WantKinds(t, h.importAs(shortImportID).Errors(), message.OrderNotFound), "NoPermission")
				if h.Object != nil {
					t.Error("something is in the state")
				}
				h.wantOrders(1, 2)
			})
		})
	}
}

func TestImport_CancelledOrderWithUnreadableBilling_LeavesTheStateLater(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, _ lossOfBilling, lose, find func()) {
		order := h.server.AddOtherOrder(emulator.Order{CircuitID: circuitID, Region: "cn-hangzhou", Status: emulator.OrderCancelled})
		lose()
		if diags := h.importAs(shortImportID + "/" + order.ID); diags.HasError() || h.Object == nil {
			t.Fatal(diags)
		}
		// A missing order in billing does not change the state.
		_, diags := h.Plan(paid("period", 1, "pricing_cycle", "Year"), coretest.Options{})
		if !messagetest.Has(diags, message.OrderUnchanged) || diags.HasError() || messagetest.Has(diags, message.TermDiffers) || messagetest.Has(diags, message.PaymentDiffers) || len(diags.Warnings()) > 2 {
			t.Errorf("%s", diags)
		}
		find()
		h.server.Advance(2 * time.Minute)
		_, diags = h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled)
		messagetest.WantValues(t, diags.Warnings(), order.ID)
		h.wantOrders(0, 0)
	})
}

func TestWithoutBilling_CircuitWarnings_AreShown(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{EnableDelay: -1}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		h.MustApply(paid())
		lose()
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) {
			c.BusinessStatus, c.EndTime = "FinancialLocked", time.Now().Add(-time.Minute)
		})
		plan, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.CircuitLocked, message.TermEnded)
		messagetest.WantValues(t, diags.Warnings(), "FinancialLocked")
		if plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

func TestWithoutBilling_PaidOrder_Works(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		h.MustApply(paid("cancel_unpaid_on_destroy", true))
		lose()
		calls := h.billingCalls()
		plan, diags := h.Plan(paid("cancel_unpaid_on_destroy", true), coretest.Options{})
		if plan.Action != coretest.NoOp || len(diags) != 0 || h.Object.String("payment_status") != "Paid" {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.MustApply(nil)
		if more := h.billingCalls() - calls; more != 0 || h.server.Orders()[0].Status != emulator.OrderPaid {
			t.Errorf("%d calls of billing, order %v", more, h.server.Orders()[0])
		}
	})
}

func TestWithoutBilling_UnpaidOrder_IsNotOrderedAgain(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		config := paid("auto_pay", false)
		h.MustApply(config)
		lose()
		h.server.Advance(eightDays) // expired, but the provider cannot see it
		plan, diags := h.Plan(config, coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || len(diags.Warnings()) > 2 || !messagetest.Has(diags, message.OrderUnpaid) || h.Object.String("payment_status") != "Unpaid" {
			t.Errorf("%s, payment %q:\n%s", plan.Action, h.Object.String("payment_status"), diags)
		}
		_, diags = h.Plan(config, coretest.Options{Replace: true})
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		_, diags = h.Plan(paid("auto_pay", false, "period", 5), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.ChangeRefused)
		_, diags = h.Plan(nil, coretest.Options{})
		if !messagetest.Has(diags.Warnings(), message.DestroyKeeps) {
			t.Errorf("it is not said that the order stays:\n%s", diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestWithoutBilling_ParameterMismatch_IsExplained(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history, way lossOfBilling, lose, _ func()) {
		h.MustApply(paid("auto_pay", false))
		h.Object = nil // lost
		lose()
		errs := h.Apply(paid("auto_pay", false, "period", 5)).Errors()
		if way.kind == down {
			messagetest.WantKinds(t, errs, message.OrdersUnchecked)
			h.wantOrders(1, 1)
			return
		}
		messagetest.WantKinds(t, errs, message.TokenUsed)
		messagetest.WantValues(t, errs, shortImportID, "/ORDER_ID", "client_token = ")
		h.wantOrders(1, 2)
	})
}

func TestWithoutBilling_Warning_IsShownOnce(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		h.MustApply(paid("auto_pay", false))
		lose()
		process := h.start(t)
		warnings := 0
		for range 4 {
			_, diags, err := process.Refresh(t.Context(), h.Object)
			if err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
			if messagetest.Has(diags, message.BillingForbidden) {
				warnings++
			}
		}
		if warnings > 1 {
			t.Errorf("%d warnings in one process", warnings)
		}
	})
}

func TestWithoutBilling_OrderInService_WarnsOnlyIfUnpaid(t *testing.T) {
	t.Parallel()
	for status, autoPay := range map[string]bool{"": true, "Unpaid": false} {
		t.Run("payment_status "+status, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				if autoPay {
					h.withoutBilling()
				}
				h.MustApply(paid("auto_pay", autoPay))
				h.withoutBilling()
				_ = h.server.PayOrder(h.Object.String("order_id"))
				h.server.Advance(time.Hour)
				_, diags := h.Plan(paid("auto_pay", autoPay), coretest.Options{})
				if h.Object.String("physical_connection_status") != "Enabled" || h.Object.String("payment_status") != status || diags.HasError() {
					t.Fatalf("%s, payment_status %q\n%s", h.Object.String("physical_connection_status"), h.Object.String("payment_status"), diags)
				}
				if warned := len(diags) > 0; warned == autoPay {
					t.Errorf("payment_status %q, warned: %t\n%s", status, warned, diags)
				}
			})
		})
	}
}

func TestRefresh_HangingBilling_TakesAtMostTwentySeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.withoutBilling()
		h.MustApply(paid())
		h.server.ClearFaults()
		h.billingFails(emulator.Fault{Kind: emulator.Hang})
		process, begin := h.start(t), time.Now()
		for range 3 { // the provider does not read the others
			if _, diags, err := process.Refresh(t.Context(), h.Object); err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
		}
		if took := time.Since(begin); took < 20*time.Second || took > 21*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
