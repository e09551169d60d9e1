package occupancyorder_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// lossKind is a kind of unreadable billing.
type lossKind int

const (
	// denied is a missing permission, or an account that billing does not serve. A new order is
	// sent, as without billing.
	denied lossKind = iota
	// down is a temporary failure of billing. Nothing is sent until billing answers.
	down
	// hidden is a billing that does not show the orders yet. It looks the same as a billing
	// without orders.
	hidden
)

// lossOfBilling is one case of unreadable billing.
type lossOfBilling struct {
	kind   lossKind
	fault  *emulator.Fault
	quirks emulator.Quirks
	name   string
}

// unreadable are the cases of unreadable billing.
var unreadable = map[string]lossOfBilling{
	"403 NoPermission":    {kind: denied, fault: &emulator.Fault{HTTPStatus: 403, Code: "NoPermission"}},
	"400 NoPermission":    {kind: denied, fault: &emulator.Fault{HTTPStatus: 400, Code: "NoPermission"}},
	"400 NotAuthorized":   {kind: denied, fault: &emulator.Fault{HTTPStatus: 400, Code: "NotAuthorized"}},
	"403 Forbidden.RAM":   {kind: denied, fault: &emulator.Fault{HTTPStatus: 403, Code: "Forbidden.RAM"}},
	"200 NoPermission":    {kind: denied, fault: &emulator.Fault{Kind: emulator.RawBody, Body: `{"Success":false,"Code":"NoPermission","Message":"You are not authorized to perform this action.","RequestId":"1"}`}},
	"NotApplicable":       {kind: denied, fault: &emulator.Fault{HTTPStatus: 400, Code: "NotApplicable"}},
	"down":                {kind: down, fault: &emulator.Fault{Kind: emulator.Reset}},
	"hanging":             {kind: down, fault: &emulator.Fault{Kind: emulator.Hang}},
	"500":                 {kind: down, fault: &emulator.Fault{HTTPStatus: 500, Code: "UndefinedError"}},
	"400 InternalError":   {kind: down, fault: &emulator.Fault{HTTPStatus: 400, Code: "InternalError"}},
	"not its own answer":  {kind: down, fault: &emulator.Fault{Kind: emulator.HTMLPage, HTTPStatus: 200}},
	"empty":               {kind: down, fault: &emulator.Fault{Kind: emulator.EmptyBody}},
	"lagging":             {kind: hidden, quirks: emulator.Quirks{BillingLag: 365 * 24 * time.Hour}},
	"unknown is an error": {kind: hidden, quirks: emulator.Quirks{BillingLag: 365 * 24 * time.Hour, UnknownOrderCode: "InvalidParameter"}},
}

// eachUnreadable runs a history with each case of unreadable billing, or with those of some
// kinds.
func eachUnreadable(t *testing.T, quirks emulator.Quirks, play func(t *testing.T, h *history), kinds ...lossKind) {
	t.Helper()
	for name, way := range unreadable {
		if len(kinds) > 0 && !slices.Contains(kinds, way.kind) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				quirks := quirks
				quirks.BillingLag, quirks.UnknownOrderCode = way.quirks.BillingLag, way.quirks.UnknownOrderCode
				h := newHistory(t, quirks)
				if way.fault != nil {
					h.billingFails(*way.fault)
				}
				play(t, h)
			})
		})
	}
}

func TestRefresh_PaidOrder_MakesNoBillingCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		if status := h.Object.String("payment_status"); status != "Paid" {
			t.Fatalf("payment_status %q, want Paid", status)
		}
		calls := h.billingCalls()
		for range 3 {
			if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
				t.Fatalf("%s:\n%s", plan.Action, diags)
			}
		}
		if more := h.billingCalls() - calls; more != 0 {
			t.Errorf("%d calls of billing for a paid order", more)
		}
	})
}

func TestRefresh_PaymentByAPerson_IsShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		unpaid := paid("auto_pay", false)
		messagetest.WantKinds(t, h.Apply(unpaid), message.OrderToPay)
		if status := h.Object.String("payment_status"); status != "Unpaid" {
			t.Fatalf("payment_status %q, want Unpaid", status)
		}
		if err := h.server.PayOrder(h.Object.String("order_id")); err != nil {
			t.Fatal(err)
		}
		plan, diags := h.Plan(unpaid, coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || h.Object.String("payment_status") != "Paid" {
			t.Errorf("%s, payment_status %q:\n%s", plan.Action, h.Object.String("payment_status"), diags)
		}
	})
}

func TestWithoutBilling_PlanApplyAndRefresh_Work(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history) {
		diags := h.Apply(paid())
		if diags.HasError() || h.Object.String("payment_status") != "" {
			t.Fatalf("payment_status %q:\n%s", h.Object.String("payment_status"), diags)
		}
		plan, diags := h.Plan(paid(), coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || len(diags.Warnings()) > 1 {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.wantOrders(1, 1)
		h.MustApply(nil)
	}, denied, hidden)
}

func TestWithoutBilling_OrderInTheState_IsKeptAndDestroyed(t *testing.T) {
	t.Parallel()
	eachLoss(t, emulator.Quirks{}, func(t *testing.T, h *history, _ lossOfBilling, lose, _ func()) {
		h.MustApply(paid("auto_pay", false))
		lose()
		plan, diags := h.Plan(paid("auto_pay", false), coretest.Options{})
		if plan.Action != coretest.NoOp || diags.HasError() || len(diags.Warnings()) > 2 {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.MustApply(nil)
		h.wantOrders(1, 1)
	})
}

func TestWithoutBilling_ManyOrders_GiveOneWarning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.withoutBilling()
		h.MustApply(paid())
		calls := h.billingCalls()
		process := h.start(t)
		warnings := 0
		for range 20 {
			_, diags, err := process.Refresh(t.Context(), h.Object)
			if err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
			warnings += len(diags.Warnings())
		}
		if more := h.billingCalls() - calls; warnings != 1 || more != 1 {
			t.Errorf("%d warnings and %d calls for 20 orders, want 1 each", warnings, more)
		}
	})
}

func TestCreate_NoMoney_IsAnErrorWithoutState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.SetBalance(1)
		diags := h.Apply(paid())
		first := h.server.Orders()[0].ID
		messagetest.WantKinds(t, diags.Errors(), message.CancelledReturned)
		messagetest.WantValues(t, diags.Errors(), first, "Cancelled")
		if h.Object != nil {
			t.Fatal("a cancelled order is in the state")
		}
		h.wantOrders(1, 1)

		h.server.TopUp(1_000_000_00)
		h.server.Advance(2 * time.Minute)
		diags = h.Apply(paid())
		if diags.HasError() {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.ReplacesCancelled)
		messagetest.WantValues(t, diags.Warnings(), first)
		h.wantOrders(2, 3) // the API returned the cancelled order, then the next token ordered
		orders := h.server.Orders()
		if h.Object.String("order_id") != orders[1].ID || orders[1].Status != emulator.OrderPaid || h.Object.String("payment_status") != "Paid" {
			t.Errorf("order %s in the state, %v", h.Object.String("order_id"), orders[1])
		}
		if want := order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), first); orders[1].ClientToken != want {
			t.Errorf("token %s, want the next of the chain, %s", orders[1].ClientToken, want)
		}
		if h.Object.String("client_token") != order.DefaultToken("cn-hangzhou", circuitID) {
			t.Error("client_token in the state is not the planned one")
		}
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

func TestCreate_NoMoneyAgain_PlacesOneOrderInEachApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.SetBalance(1)
		for n := 1; n <= 5; n++ {
			messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.CancelledReturned)
			if got := len(h.server.Orders()); got != n {
				t.Fatalf("after %d applies %d orders", n, got)
			}
			h.server.Advance(7 * time.Minute)
		}
	})
}

func TestCreate_ManyCancelledOrders_PlacesOneOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.SetBalance(1)
		for range 12 {
			h.Apply(paid())
		}
		h.server.TopUp(1_000_000_00)
		before := h.server.CallCount(orderAction)
		h.MustApply(paid())
		h.wantOrders(13, before+13)
		if last := h.server.Orders()[12]; last.Status != emulator.OrderPaid || h.Object.String("order_id") != last.ID {
			t.Errorf("order %s in the state, %+v", h.Object.String("order_id"), last)
		}
	})
}

// The search finds the cancelled order, also if it is very recent.
func TestCreate_ToppedUpJustAfterACancelledOrder_OrdersAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.SetBalance(1)
		h.Apply(paid())
		h.server.TopUp(1_000_000_00)
		h.MustApply(paid())
		h.wantOrders(2, 3)
	})
}

func TestCreate_TokenOfTheUser_IsNeverReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.SetBalance(1)
		chosen := paid("client_token", "my-own")
		h.Apply(chosen)
		h.server.TopUp(1_000_000_00)
		h.server.Advance(time.Hour)
		diags := h.Apply(chosen)
		next := order.TokenAfter("my-own", h.server.Orders()[0].ID)
		messagetest.WantKinds(t, diags.Errors(), message.CancelledReturned)
		messagetest.WantValues(t, diags.Errors(), "client_token = \""+next)
		h.wantOrders(1, 2)
		h.MustApply(paid("client_token", next))
		h.wantOrders(2, 3)
	})
}

func TestRefresh_CancelledOrderWithoutBilling_IsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.SetBalance(1)
		h.withoutBilling()
		h.MustApply(paid())
		h.MustApply(paid())
		h.wantOrders(1, 1)
		h.server.ClearFaults()
		h.server.TopUp(1_000_000_00)
		h.server.Advance(2 * time.Minute)
		h.MustApply(paid())
		h.wantOrders(2, 3)
	})
}

func TestCreate_NoMoneyWithoutBilling_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	eachUnreadable(t, emulator.Quirks{EnableDelay: time.Hour}, func(t *testing.T, h *history) {
		h.server.SetBalance(1)
		h.MustApply(paid())
		h.MustApply(paid())
		if h.Object.String("payment_status") != "" {
			t.Errorf("payment_status %q", h.Object.String("payment_status"))
		}
		h.wantOrders(1, 1)
	}, denied, hidden)
}

func TestRefresh_UnpaidOrderWithAutoPay_Warns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{ShortfallOutcome: emulator.AutoPayLeftUnpaid})
		h.server.SetBalance(1)
		diags := h.Apply(paid())
		if diags.HasError() || h.Object.String("payment_status") != "Unpaid" {
			t.Fatalf("payment_status %q:\n%s", h.Object.String("payment_status"), diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderUnpaid)
		messagetest.WantValues(t, diags.Warnings(), h.Object.String("order_id"))
	})
}

func TestCreate_BillingShowsOrdersLate_PlacesNoSecondOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{BillingLag: 10 * time.Minute, EnableDelay: time.Hour})
		h.server.SetBalance(1)
		h.MustApply(paid()) // billing does not show it as cancelled yet
		h.server.Advance(5 * time.Minute)
		h.MustApply(paid())
		h.wantOrders(1, 1)
		h.server.Advance(6 * time.Minute)
		h.server.TopUp(1_000_000_00)
		plan, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled)
		if plan.Action != coretest.Create {
			t.Errorf("%s, want create", plan.Action)
		}
		h.MustApply(paid())
		h.wantOrders(2, 3)
	})
}

func TestPlan_TokenOfTheChain_OrdersNoOtherCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
		h.server.SetBalance(1)
		h.Apply(paid())
		h.server.TopUp(1_000_000_00)
		h.server.Advance(2 * time.Minute)
		h.MustApply(paid())
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		_, diags := h.Plan(paid("physical_connection_id", "pc-second", "client_token", h.server.Orders()[1].ClientToken), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.TokenOfOrder)
		h.wantOrders(2, 3)
	})
}
