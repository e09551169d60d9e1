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

// cancelling is the configuration of an unpaid order that a destroy cancels.
func cancelling() coretest.Values {
	return paid("auto_pay", false, "cancel_unpaid_on_destroy", true)
}

func TestDestroy_Default_CancelsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		// The value of the last apply counts, not the current configuration.
		if plan, diags := h.Plan(cancelling(), coretest.Options{}); plan.Action != coretest.Update || diags.HasError() {
			t.Fatalf("%s:\n%s", plan.Action, diags)
		}
		_, diags := h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps, message.OrderUnpaid)
		h.MustApply(nil)
		if h.server.CallCount("CancelOrder") != 0 || h.server.Orders()[0].Status != emulator.OrderUnpaid {
			t.Errorf("order %v", h.server.Orders()[0])
		}
		_ = config
	})
}

func TestDestroy_CancelUnpaid_CancelsAnUnpaidOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := unpaidOrder(t, emulator.Quirks{})
		h.MustApply(cancelling())
		_, diags := h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyCancels, message.OrderUnpaid)
		diags = h.Apply(nil)
		messagetest.WantKinds(t, diags.Warnings(), message.CancelledNow, message.DestroyCancels, message.OrderUnpaid)
		if diags.HasError() || h.Object != nil || h.server.Orders()[0].Status != emulator.OrderCancelled || h.server.CallCount("CancelOrder") != 1 {
			t.Errorf("%v:\n%s", h.server.Orders()[0], diags)
		}
	})
}

func TestDestroy_CancelUnpaid_ChecksTheOrderAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		happen func(h *history) // between plan and apply
		kept   bool             // whether the order stays in the state
		status emulator.OrderStatus
		kind   message.Kind
	}{
		"paid": {
			happen: func(h *history) { _ = h.server.PayOrder(h.Object.String("order_id")) },
			status: emulator.OrderPaid, kind: message.PaidNotCancelled,
		},
		"cancelled by somebody": {
			happen: func(h *history) { _ = h.server.CancelOrder(h.Object.String("order_id")) },
			status: emulator.OrderCancelled, kind: message.CancelledBefore,
		},
		"no right to read": {
			happen: func(h *history) { h.withoutBilling() },
			status: emulator.OrderUnpaid, kind: message.CancelForbidden,
		},
		"no right to cancel": {
			happen: func(h *history) {
				h.server.AddFault(emulator.Fault{Action: "CancelOrder", Times: -1, HTTPStatus: 400, Code: "NotAuthorized"})
			},
			status: emulator.OrderUnpaid, kind: message.CancelForbidden,
		},
		"billing down": {
			happen: func(h *history) { h.billingFails(emulator.Fault{Kind: emulator.Reset}) },
			kept:   true, status: emulator.OrderUnpaid, kind: message.CancelFailed,
		},
		"billing lags": {
			happen: func(h *history) {
				quirks := h.server.Quirks()
				quirks.BillingLag = 24 * time.Hour
				h.server.SetQuirks(quirks)
			},
			kept: true, status: emulator.OrderUnpaid, kind: message.CancelFailed,
		},
		"the answer is lost once": {
			happen: func(h *history) {
				h.server.AddFault(emulator.Fault{Action: "CancelOrder", Kind: emulator.Reset, After: true})
			},
			status: emulator.OrderCancelled, kind: message.CancelledNow,
		},
		"the request is lost once": {
			happen: func(h *history) {
				h.server.AddFault(emulator.Fault{Action: "CancelOrder", Kind: emulator.Reset})
			},
			status: emulator.OrderCancelled, kind: message.CancelledNow,
		},
		"refused for ever": {
			happen: func(h *history) {
				h.server.AddFault(emulator.Fault{Action: "CancelOrder", Times: -1, HTTPStatus: 400, Code: "InvalidParameter"})
			},
			kept: true, status: emulator.OrderUnpaid, kind: message.CancelFailed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h, _ := unpaidOrder(t, emulator.Quirks{})
				h.MustApply(cancelling())
				plan, _ := h.Plan(nil, coretest.Options{})
				test.happen(h)
				object, diags, err := h.start(t).Apply(t.Context(), plan, nil)
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags, test.kind)
				if (object != nil) != test.kept || diags.HasError() != test.kept {
					t.Errorf("state kept: %t, want %t\n%s", object != nil, test.kept, diags)
				}
				if status := h.server.Orders()[0].Status; status != test.status {
					t.Errorf("the order is %s, want %s", status, test.status)
				}
				if test.kept { // it is safe to repeat
					h.server.ClearFaults()
					h.server.SetQuirks(emulator.Quirks{})
					h.Object = object
					h.MustApply(nil)
					if h.server.Orders()[0].Status != emulator.OrderCancelled {
						t.Error("the order is not cancelled")
					}
				}
			})
		})
	}
}

func TestDestroy_PaidOrder_IsNeverCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(paid("cancel_unpaid_on_destroy", true))
		calls := h.billingCalls()
		_, diags := h.Plan(nil, coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps)
		h.MustApply(nil)
		if h.server.Orders()[0].Status != emulator.OrderPaid || h.billingCalls() != calls {
			t.Errorf("order %v", h.server.Orders()[0])
		}
	})
}

func TestDestroy_UnconfiguredProvider_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.MustApply(cancelling())
		h.settings = coretest.Values{"region": coretest.Unknown{}}
		messagetest.WantKinds(t, h.Apply(nil).Errors(), message.CancelFailed)
		if h.Object == nil {
			t.Error("the order has left the state")
		}
		h.settings = nil
		h.MustApply(nil)
		if h.server.Orders()[0].Status != emulator.OrderCancelled {
			t.Errorf("order %v", h.server.Orders()[0])
		}
	})
}
