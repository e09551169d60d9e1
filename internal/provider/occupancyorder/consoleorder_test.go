package occupancyorder_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// consoleOrder adds an order of the circuit that a person placed in the console.
func (h *history) consoleOrder(status emulator.OrderStatus, age time.Duration) emulator.Order {
	return h.server.AddOtherOrder(emulator.Order{
		CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", Status: status, CreatedAt: h.server.Now().Add(-age),
	})
}

// forgetTokens makes the API forget all client tokens.
func (h *history) forgetTokens() {
	quirks := h.server.Quirks()
	quirks.IgnoreClientToken = true
	h.server.SetQuirks(quirks)
}

// wantRefused checks that the errors name an existing order, and that nothing was sent.
func (h *history) wantRefused(diags coretest.Diagnostics, o emulator.Order) {
	h.T.Helper()
	messagetest.WantKinds(h.T, diags.Errors(), message.OrderExists)
	messagetest.WantValues(h.T, diags.Errors(), string(o.Status), "import {", shortImportID+"/"+o.ID)
	if len(diags.Errors()) != 1 {
		h.T.Errorf("%d errors, want 1:\n%s", len(diags.Errors()), diags)
	}
}

func TestCreate_ConsoleOrder_IsAnErrorWithItsID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		order  emulator.Order
		age    time.Duration
		config coretest.Values
	}{
		"unpaid, placed yesterday":      {emulator.Order{Status: emulator.OrderUnpaid}, 24 * time.Hour, paid()},
		"unpaid, a person is to pay":    {emulator.Order{Status: emulator.OrderUnpaid}, 24 * time.Hour, paid("auto_pay", false)},
		"unpaid for 31 minutes":         {emulator.Order{Status: emulator.OrderUnpaid}, 31 * time.Minute, paid("auto_pay", false)},
		"unpaid, recent, with auto_pay": {emulator.Order{Status: emulator.OrderUnpaid}, time.Minute, paid()},
		"paid yesterday":                {emulator.Order{Status: emulator.OrderPaid}, 24 * time.Hour, paid()},
		"paid for 31 minutes":           {emulator.Order{Status: emulator.OrderPaid}, 31 * time.Minute, paid()},
		"another product code":          {emulator.Order{Status: emulator.OrderPaid, ProductCode: "pconn_intl"}, time.Hour, paid()},
		"a product of another name":     {emulator.Order{Status: emulator.OrderPaid, ProductCode: "unheard-of"}, time.Hour, paid()},
		"another term, recent": {emulator.Order{
			Status: emulator.OrderPaid, UsageStart: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), UsageEnd: time.Date(2001, 1, 1, 16, 0, 0, 0, time.UTC),
		}, time.Minute, paid()},
		"a typed token, recent": {emulator.Order{Status: emulator.OrderPaid}, time.Minute, paid("client_token", "my-own")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				planned, diags := h.Plan(test.config, coretest.Options{})
				if diags.HasError() {
					t.Fatal(diags)
				}
				order := test.order
				order.CircuitID, order.Region, order.CreatedAt = circuitID, "cn-hangzhou", h.server.Now().Add(-test.age)
				if order.ProductCode == "" {
					order.ProductCode = "pconn"
				}
				order = h.server.AddOtherOrder(order)
				_, diags = h.Plan(test.config, coretest.Options{})
				h.wantRefused(diags, order)
				messagetest.WantKinds(t, diags.Errors(), message.OrderExists)
				// The apply refuses a plan that was made before.
				object, diags, err := h.start(t).Apply(t.Context(), planned, test.config)
				if err != nil || object != nil {
					t.Fatalf("%v, state %v", err, object)
				}
				h.wantRefused(diags, order)
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestCreate_OrderOfUnknownStatus_IsAnErrorWithItsID(t *testing.T) {
	t.Parallel()
	for status, live := range map[string]bool{"Hovering": true, "": true, "canceled": false, "CANCELLED": false} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				order := h.consoleOrder(emulator.OrderUnpaid, time.Minute)
				h.rewrite("Unpaid", status)
				diags := h.Apply(paid())
				if !live {
					if diags.HasError() {
						t.Error(diags)
					}
					h.wantOrders(1, 1)
					return
				}
				order.Status = "status unknown"
				h.wantRefused(diags, order)
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestCreate_ConsoleOrderAfterThePlan_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, _ := h.Plan(paid(), coretest.Options{})
		// Core makes a plan before the apply. Its list is too old when Create runs.
		h.server.AddFault(emulator.Fault{Action: "QueryOrders", Kind: emulator.Slow, Delay: 8 * time.Second, Times: 2, After: true})
		time.AfterFunc(12*time.Second, func() { h.consoleOrder(emulator.OrderUnpaid, 0) })
		object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil {
			t.Fatal(err)
		}
		if len(h.server.OtherOrders()) != 1 {
			t.Fatal("the order in the console was never placed")
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderExists)
		if object != nil {
			t.Errorf("state %v", object)
		}
		h.wantOrders(0, 0)
	})
}

// The state of an order is lost, or its record was destroyed. After that, the API forgets the
// client token.
func TestCreate_OwnOrderWithoutItsState_IsNeverPlacedTwice(t *testing.T) {
	t.Parallel()
	unpaid := paid("auto_pay", false)
	for name, test := range map[string]struct {
		config    coretest.Values
		destroyed bool
		age       time.Duration
		adopted   bool
	}{
		"unpaid, two hours old":                {config: unpaid, age: 2 * time.Hour},
		"unpaid, a few minutes old":            {config: unpaid, age: 5 * time.Minute, adopted: true},
		"unpaid, of right now":                 {config: unpaid, adopted: true},
		"paid, the circuit is slow":            {config: paid(), age: 2 * time.Hour},
		"paid, a few minutes old":              {config: paid(), age: 5 * time.Minute, adopted: true},
		"unpaid, record destroyed, two hours":  {config: unpaid, destroyed: true, age: 2 * time.Hour},
		"unpaid, record destroyed, minutes":    {config: unpaid, destroyed: true, age: 5 * time.Minute, adopted: true},
		"paid, record destroyed, two days old": {config: paid(), destroyed: true, age: 48 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{EnableDelay: 10 * 24 * time.Hour})
				h.MustApply(test.config)
				order := h.server.Orders()[0]
				if test.destroyed {
					h.MustApply(nil)
				}
				h.Object = nil
				h.forgetTokens()
				time.Sleep(test.age) // on fake time
				diags := h.Apply(test.config)
				if test.adopted {
					if diags.HasError() {
						t.Fatal(diags)
					}
					h.wantRecovered(h.Object)
				} else {
					h.wantRefused(diags, order)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

var (
	printedImport = regexp.MustCompile(`id = "([^"]+)"`)
	printedToken  = regexp.MustCompile(`client_token = "([^"]+)"`)
)

// printed returns the lines to copy in the errors.
func printed(t *testing.T, diags coretest.Diagnostics, what *regexp.Regexp) string {
	t.Helper()
	found := what.FindStringSubmatch(diags.Errors().String())
	if found == nil {
		t.Fatalf("nothing to paste in:\n%s", diags)
	}
	return found[1]
}

func TestCreate_ConsoleOrder_IsImportedAsTheErrorSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		order := h.consoleOrder(emulator.OrderUnpaid, 24*time.Hour)
		id := printed(t, h.Apply(paid("auto_pay", false)), printedImport)
		if diags := h.importAs(id); diags.HasError() {
			t.Fatal(diags)
		}
		h.MustApply(paid("auto_pay", false))
		if plan, diags := h.Plan(paid("auto_pay", false), coretest.Options{}); plan.Action != coretest.NoOp || h.Object.String("order_id") != order.ID {
			t.Errorf("%s, order %s:\n%s", plan.Action, h.Object.String("order_id"), diags)
		}
		h.wantOrders(0, 0)
	})
}

func TestCreate_TokenOfTheError_AllowsASecondOrderNextToThatOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: 30 * 24 * time.Hour})
		first := h.consoleOrder(emulator.OrderPaid, 24*time.Hour)
		token := printed(t, h.Apply(paid()), printedToken)
		for _, other := range []string{
			"my-own", order.DefaultToken("cn-hangzhou", circuitID), order.TokenAfter(token, first.ID),
			order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), "1"),
		} {
			h.wantRefused(h.Apply(paid("client_token", other)), first)
		}
		h.wantOrders(0, 0)
		diags := h.Apply(paid("client_token", token))
		if diags.HasError() {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.SecondOrder)
		messagetest.WantValues(t, diags.Warnings(), first.ID)
		h.wantOrders(1, 1)
		if sent := h.server.Orders()[0].ClientToken; sent != token || h.Object.String("client_token") != token {
			t.Errorf("sent %s, in the state %s, want %s", sent, h.Object.String("client_token"), token)
		}
		// The token does not allow a third order.
		second := h.server.Orders()[0]
		h.Object = nil
		time.Sleep(time.Hour)
		messagetest.WantValues(t, messagetest.WantKinds(t, h.Apply(paid("client_token", token)).Errors(), message.OrdersExist), first.ID, second.ID, "import {", "billing = false")
		h.wantOrders(1, 1)
	})
}

func TestCreate_SeveralConsoleOrders_AreAllNamed(t *testing.T) {
	t.Parallel()
	for name, ages := range map[string][]time.Duration{
		"old": {72 * time.Hour, 48 * time.Hour, 24 * time.Hour}, "recent": {2 * time.Minute, time.Minute}, "one of each": {48 * time.Hour, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				var newest emulator.Order
				for _, age := range ages {
					newest = h.consoleOrder(emulator.OrderUnpaid, age)
				}
				errs := h.Apply(paid("auto_pay", false)).Errors()
				for _, order := range h.server.OtherOrders() {
					messagetest.WantKinds(t, errs, message.OrdersExist)
					messagetest.WantValues(t, errs, order.ID)
				}
				messagetest.WantKinds(t, errs, message.OrdersExist)
				if id := printed(t, errs, printedImport); !strings.HasSuffix(id, newest.ID) {
					t.Errorf("the block imports %s, want the newest, %s", id, newest.ID)
				}
				// A token allows a second order next to one of them only.
				errs = h.Apply(paid("auto_pay", false, "client_token", printed(t, errs, printedToken))).Errors()
				if !errs.HasError() {
					t.Error("several orders are passed by")
				}
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestCreate_OldPaidOrderOfAnOldCircuit_IsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		threeYearsAgo := h.server.Now().AddDate(-3, 0, 0)
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.CreationTime = threeYearsAgo })
		order := h.consoleOrder(emulator.OrderPaid, 2*365*24*time.Hour)
		h.wantRefused(h.Apply(paid()), order)
		h.wantOrders(0, 0)
	})
}

func TestCreate_OrdersOfOtherCircuits_DoNotBlock(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]emulator.Order{
		"of another circuit":   {CircuitID: "pc-other"},
		"a renewal":            {CircuitID: circuitID, Type: "Renew"},
		"an upgrade":           {CircuitID: circuitID, Type: "Upgrade"},
		"the installation fee": {CircuitID: circuitID, ProductCode: "pconn_setup"},
		"cancelled":            {CircuitID: circuitID, Status: emulator.OrderCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				order.Region = "cn-hangzhou"
				if order.ProductCode == "" {
					order.ProductCode = "pconn"
				}
				h.server.AddOtherOrder(order)
				if diags := h.Apply(paid()); len(diags) != 0 {
					t.Errorf("%s", diags)
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_OrderWithoutInstances_WarnsAndOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddOtherOrder(emulator.Order{Region: "cn-hangzhou", ProductCode: "pconn", Status: emulator.OrderUnpaid, CreatedAt: h.server.Now().Add(-time.Hour)})
		_, diags := h.Plan(paid(), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.UnnamedOrders)
		messagetest.WantValues(t, diags.Warnings(), circuitID)
		diags = h.Apply(paid())
		messagetest.WantKinds(t, diags.Warnings(), message.UnnamedOrders)
		if diags.HasError() {
			t.Fatal(diags)
		}
		h.wantOrders(1, 1)
	})
}
