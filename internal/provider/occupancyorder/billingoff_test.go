package occupancyorder_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// billingOff is a history with billing = false in the provider block.
func billingOff(t *testing.T, quirks emulator.Quirks) *history {
	t.Helper()
	h := newHistory(t, quirks)
	h.settings = coretest.Values{"billing": false}
	return h
}

func TestBillingOff_PlanApplyRefreshAndDestroy_MakeNoBillingCall(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]coretest.Values{"paid": paid(), "unpaid": paid("auto_pay", false), "typed token": paid("client_token", "my-own")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := billingOff(t, emulator.Quirks{EnableDelay: time.Hour})
				_, diags := h.Plan(config, coretest.Options{})
				if len(diags) != 0 {
					t.Errorf("the plan is not silent:\n%s", diags)
				}
				h.MustApply(config)
				for range 3 {
					if plan, diags := h.Plan(config, coretest.Options{}); plan.Action != coretest.NoOp || len(diags) != 0 {
						t.Errorf("%s:\n%s", plan.Action, diags)
					}
				}
				if h.Object.String("payment_status") != "" {
					t.Errorf("payment_status %q", h.Object.String("payment_status"))
				}
				if diags := h.importAs(shortImportID + "/" + h.server.Orders()[0].ID); diags.HasError() {
					t.Fatal(diags)
				}
				h.MustApply(config)
				h.MustApply(nil)
				if calls := h.billingCalls(); calls != 0 {
					t.Errorf("%d calls of billing", calls)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestBillingOff_ConsoleOrder_IsNotSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := billingOff(t, emulator.Quirks{})
		h.consoleOrder(emulator.OrderUnpaid, time.Minute)
		h.MustApply(paid())
		h.wantOrders(1, 1)
		if origin := h.recordOf(h.Object).Source; origin != order.Placed {
			t.Errorf("origin %s", origin)
		}
	})
}

func TestBillingOff_LostResponse_IsRepeatedWithOneToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := billingOff(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.AddFault(lost(emulator.Reset, 3))
		h.MustApply(paid())
		h.wantOrders(1, 4)
		h.wantOneToken()
	})
}

func TestBillingOff_FeatureThatNeedsBilling_IsAnError(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(h *history) coretest.Diagnostics{
		"cancel_unpaid_on_destroy of a new order": func(h *history) coretest.Diagnostics {
			h.Object = nil
			return h.Apply(cancelling())
		},
		"cancel_unpaid_on_destroy of an order": func(h *history) coretest.Diagnostics { return h.Apply(cancelling()) },
		"import without the order ID":          func(h *history) coretest.Diagnostics { return h.importAs(shortImportID) },
		"query": func(h *history) coretest.Diagnostics {
			_, diags := h.query(coretest.Values{}, false, 10)
			return diags
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := billingOff(t, emulator.Quirks{EnableDelay: time.Hour})
				h.MustApply(paid("auto_pay", false))
				before := len(h.server.Orders())
				messagetest.WantValues(t, ask(h).Errors(), "billing = false")
				if calls := h.billingCalls(); calls != 0 || len(h.server.Orders()) != before {
					t.Errorf("%d calls of billing, %d orders", calls, len(h.server.Orders()))
				}
			})
		})
	}
}

func TestBillingOff_StateWithCancelUnpaid_PlansAndDestroys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.MustApply(cancelling())
		calls := h.billingCalls()
		h.settings = coretest.Values{"billing": false}
		if plan, diags := h.Plan(cancelling(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.MustApply(paid("auto_pay", false, "cancel_unpaid_on_destroy", true, "timeouts", coretest.Values{"create": "5m"}))
		order := h.Object.String("order_id")
		diags := h.Apply(nil)
		if diags.HasError() || h.Object != nil {
			t.Fatalf("a destroy must not fail for it:\n%s", diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.CancelForbidden, message.DestroyKeeps, message.OrderUnpaid)
		messagetest.WantValues(t, diags.Warnings(), order, "billing = false")
		if more := h.billingCalls() - calls; more != 0 || h.server.Orders()[0].Status != emulator.OrderUnpaid {
			t.Errorf("%d calls of billing, order %v", more, h.server.Orders()[0])
		}
	})
}

func TestBillingOff_TurnedOnAgain_RefreshesThePayment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := billingOff(t, emulator.Quirks{EnableDelay: time.Hour})
		h.MustApply(paid())
		h.settings = coretest.Values{"billing": true}
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || len(diags) != 0 || h.Object.String("payment_status") != "Paid" {
			t.Errorf("%s, %q:\n%s", plan.Action, h.Object.String("payment_status"), diags)
		}
	})
}
