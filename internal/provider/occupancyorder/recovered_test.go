package occupancyorder_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// recordOf returns the private record of an object.
func (h *history) recordOf(object *coretest.Object) (record order.Record) {
	h.T.Helper()
	if err := json.Unmarshal([]byte(privateOf(h.T, object)["order"]), &record); err != nil {
		h.T.Fatal(err)
	}
	return record
}

// wantRecovered checks that the state has an order that Create recovered.
func (h *history) wantRecovered(object *coretest.Object) {
	h.T.Helper()
	if object == nil || object.Tainted || !object.Value.IsFullyKnown() || object.Identity == nil {
		h.T.Fatalf("no whole order is in the state: %+v", object)
	}
	if requestID := attributeOf(h.T, object.Value, "request_id"); !requestID.IsNull() {
		h.T.Errorf("request_id %s, want null: no request of this run placed the order", requestID)
	}
	if token := object.String("client_token"); token != order.DefaultToken("cn-hangzhou", circuitID) {
		h.T.Errorf("client_token %s, want the planned one", token)
	}
	if record := h.recordOf(object); record.Source != order.Adopted || record.OrderID != object.String("order_id") {
		h.T.Errorf("private record %+v, want an adopted order", record)
	}
}

// recentOrder is a history with an order of a killed run.
func recentOrder(t *testing.T) (*history, emulator.Order) {
	t.Helper()
	h := newHistory(t, emulator.Quirks{})
	return h, h.consoleOrder(emulator.OrderUnpaid, 10*time.Minute)
}

// recovered is a history with a recovered order in the state.
func recovered(t *testing.T, config coretest.Values) *history {
	t.Helper()
	h, _ := recentOrder(t)
	h.MustApply(config)
	h.wantRecovered(h.Object)
	return h
}

func TestPlan_RecentOrder_WarnsThatItIsRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := recentOrder(t)
		plan, diags := h.Plan(paid("auto_pay", false), coretest.Options{})
		if plan.Action != coretest.Create || diags.HasError() || len(diags) != 1 {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderFound)
		messagetest.WantValues(t, diags.Warnings(), "Unpaid", "USD")
		if id := attributeOf(t, plan.Planned, "order_id"); id.IsKnown() {
			t.Errorf("order_id %s is planned, and billing may change until the apply", id)
		}
		h.wantOrders(0, 0)
	})
}

func TestCreate_RecentOrder_IsRecoveredWithoutSending(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status emulator.OrderStatus
		age    time.Duration
		config coretest.Values
	}{
		"unpaid, of this moment":     {emulator.OrderUnpaid, 0, paid("auto_pay", false)},
		"unpaid for half an hour":    {emulator.OrderUnpaid, 30 * time.Minute, paid("auto_pay", false)},
		"paid, to be paid at once":   {emulator.OrderPaid, time.Minute, paid()},
		"paid, a person was to pay":  {emulator.OrderPaid, time.Minute, paid("auto_pay", false)},
		"its default token is typed": {emulator.OrderPaid, time.Minute, paid("client_token", order.DefaultToken("cn-hangzhou", circuitID))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				order := h.consoleOrder(test.status, test.age)
				diags := h.Apply(test.config)
				if diags.HasError() {
					t.Fatal(diags)
				}
				h.wantRecovered(h.Object)
				if h.Object.String("order_id") != order.ID || h.Object.String("payment_status") != string(test.status) || h.Object.String("physical_connection_status") != "Confirmed" {
					t.Errorf("order %s, %s, circuit %s", h.Object.String("order_id"), h.Object.String("payment_status"), h.Object.String("physical_connection_status"))
				}
				if !messagetest.Has(diags.Warnings(), message.OrderAdopted) {
					t.Errorf("no warning for the recovered order:\n%s", diags)
				}
				messagetest.WantValues(t, diags.Warnings(), order.ID, circuitID)
				if plan, diags := h.Plan(test.config, coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
					t.Errorf("%s:\n%s", plan.Action, diags)
				}
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestCreate_RecentOrderChangedBeforeTheApply_IsCheckedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		happen func(h *history, order emulator.Order)
		kind   message.Kind
		placed int
	}{
		"too old in the apply":       {func(*history, emulator.Order) { time.Sleep(21 * time.Minute) }, message.OrderExists, 0},
		"cancelled before the apply": {func(h *history, order emulator.Order) { _ = h.server.CancelOrder(order.ID) }, message.OrderToPay, 1},
		"another one":                {func(h *history, _ emulator.Order) { h.consoleOrder(emulator.OrderUnpaid, 0) }, message.OrdersExist, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h, order := recentOrder(t)
				config := paid("auto_pay", false)
				plan, _ := h.Plan(config, coretest.Options{})
				test.happen(h, order)
				object, diags, err := h.start(t).Apply(t.Context(), plan, config)
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantKinds(t, diags, test.kind)
				if (object == nil) != (test.placed == 0) {
					t.Errorf("state %v:\n%s", object, diags)
				}
				h.wantOrders(test.placed, test.placed)
			})
		})
	}
}

func TestCreate_RecentOrderCancelledBetweenTwoReads_IsNotRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, order := recentOrder(t)
		config := paid("auto_pay", false)
		plan, _ := h.Plan(config, coretest.Options{})
		read := h.server.CallCount("GetOrderDetail")
		h.answered = func(*http.Response) {
			if h.server.CallCount("GetOrderDetail") > read { // in the plan of the apply
				_ = h.server.CancelOrder(order.ID)
			}
		}
		object, diags, err := h.start(t).Apply(t.Context(), plan, config)
		if err != nil || object != nil {
			t.Fatalf("%v, state %v", err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.OrderExists)
		messagetest.WantValues(t, diags.Errors(), order.ID)
		h.wantOrders(0, 0)
		h.answered = nil
		h.MustApply(config)
		h.wantOrders(1, 1)
	})
}

func TestRecoveredOrder_ChangedArguments_AreOnlyNotes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := recovered(t, paid("auto_pay", false))
		for _, config := range []coretest.Values{
			paid("auto_pay", false, "period", 5), paid("auto_pay", false, "pricing_cycle", "Year"),
			paid("auto_pay", false, "auto_renew", true, "auto_renew_duration", 3), paid("auto_pay", true), paid("auto_pay", false, "period", nil),
		} {
			plan, diags := h.Plan(config, coretest.Options{})
			if plan.Action != coretest.Update || diags.HasError() {
				t.Errorf("%s:\n%s", plan.Action, diags)
			}
			if !messagetest.Has(diags.Warnings(), message.OrderUnchanged) {
				t.Errorf("it is not said that the order stays:\n%s", diags)
			}
			h.MustApply(config)
			if record := h.recordOf(h.Object); record.Source != order.Adopted {
				t.Errorf("the record is %+v", record)
			}
		}
		h.wantOrders(0, 0)
	})
}

func TestRecoveredOrder_OfTheSameCircuit_IsNeverReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := recovered(t, paid("auto_pay", false))
		_, diags := h.Plan(paid("auto_pay", false), coretest.Options{Replace: true})
		messagetest.WantKinds(t, diags.Errors(), message.ReplaceRefused)
		h.Object.Tainted = true
		_, diags = h.Plan(paid("auto_pay", false), coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.OrderInState)
		h.wantOrders(0, 0)
	})
}

func TestRecoveredOrder_AnotherCircuit_IsAReplacement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := recovered(t, paid("auto_pay", false))
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second"})
		diags := h.Apply(paid("auto_pay", false, "physical_connection_id", "pc-second"))
		if diags.HasError() {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderToPay, message.PlanReplaces, message.RecordRemoved, message.OrderUnpaid)
		if h.Object.String("physical_connection_id") != "pc-second" || h.recordOf(h.Object).Source != order.Placed {
			t.Errorf("%s, %+v", h.Object.String("physical_connection_id"), h.recordOf(h.Object))
		}
		h.wantOrders(1, 1)
	})
}

func TestRecoveredOrder_CancelUnpaidOnDestroy_NeverCancelsIt(t *testing.T) {
	t.Parallel()
	for name, configs := range map[string][]coretest.Values{
		"from the beginning": {cancelling()},
		"added later":        {paid("auto_pay", false), cancelling()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := recovered(t, configs[0])
				for _, config := range configs[1:] {
					h.MustApply(config)
				}
				_, diags := h.Plan(nil, coretest.Options{})
				messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps, message.OrderUnpaid)
				diags = h.Apply(nil)
				if diags.HasError() || h.Object != nil {
					t.Errorf("%s", diags)
				}
				messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps, message.OrderUnpaid)
				messagetest.WantValues(t, diags.Warnings(), shortImportID+"/"+h.server.OtherOrders()[0].ID)
				if h.server.CallCount("CancelOrder") != 0 || h.server.OtherOrders()[0].Status != emulator.OrderUnpaid {
					t.Errorf("order %v", h.server.OtherOrders()[0])
				}
			})
		})
	}
}

func TestRecoveredOrder_CountsAgainstMaxNewOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := recentOrder(t)
		config := paid("auto_pay", false)
		plan, diags := h.Plan(config, coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		h.settings = coretest.Values{"max_new_orders": 0}
		_, diags = h.Plan(config, coretest.Options{})
		messagetest.WantKinds(t, diags.Errors(), message.LimitExceeded)
		object, diags, err := h.start(t).Apply(t.Context(), plan, config)
		if err != nil || object != nil {
			t.Fatal(err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.LimitExceeded)
		messagetest.WantValues(t, diags.Errors(), "max_new_orders = 0")
		h.wantOrders(0, 0)
	})
}

func TestRecoveredOrder_LostPrivateData_IsRestoredAsRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := recovered(t, cancelling())
		h.Object.Private = nil
		if plan, diags := h.Plan(cancelling(), coretest.Options{}); plan.Action != coretest.NoOp || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.wantRecovered(h.Object)
		h.Object.Private = nil // also without a refresh
		plan, diags, err := h.start(t).Plan(t.Context(), h.Object, nil, coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.DestroyKeeps)
		if _, _, err := h.start(t).Apply(t.Context(), plan, nil); err != nil || h.server.CallCount("CancelOrder") != 0 {
			t.Errorf("%v, cancelled %d times", err, h.server.CallCount("CancelOrder"))
		}
	})
}

func TestRecoveredOrder_CancelledLater_LeavesTheState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := recovered(t, paid("auto_pay", false))
		order := h.Object.String("order_id")
		h.server.Advance(eightDays)
		plan, diags := h.Plan(paid("auto_pay", false), coretest.Options{})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderCancelled)
		messagetest.WantValues(t, diags.Warnings(), order)
		if plan.Action != coretest.Create || diags.HasError() {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
		h.MustApply(paid("auto_pay", false))
		h.wantOrders(1, 1)
	})
}

// Another run placed the order before. Billing did not show it to the search.
func TestCreate_AnswerWithAnOlderOrder_IsRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{BillingLag: 10 * time.Minute, EnableDelay: time.Hour})
		h.MustApply(paid()) // another run whose order billing does not show yet
		order := h.Object.String("order_id")
		h.Object = nil
		time.Sleep(10*time.Minute - time.Second)
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.Slow, Delay: 2 * time.Second, After: true})
		diags := h.Apply(paid())
		if diags.HasError() || h.Object.String("order_id") != order {
			t.Fatal(diags)
		}
		messagetest.WantKinds(t, diags.Warnings(), message.OrderAdopted)
		h.wantRecovered(h.Object)
		h.wantOrders(1, 2)
	})
}
