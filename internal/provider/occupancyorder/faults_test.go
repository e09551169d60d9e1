package occupancyorder_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// lost is a fault that places the order and loses the response.
func lost(kind emulator.FaultKind, times int) emulator.Fault {
	return emulator.Fault{Action: orderAction, Kind: kind, Times: times, After: true}
}

// wantOneToken checks that all order requests have the same token and parameters, and
// different nonces.
func (h *history) wantOneToken() {
	h.T.Helper()
	var first map[string]string
	nonces := map[string]bool{}
	for _, call := range h.server.Journal() {
		if call.Action != orderAction {
			continue
		}
		if nonces[call.Params["SignatureNonce"]] {
			h.T.Error("a nonce was used twice")
		}
		nonces[call.Params["SignatureNonce"]] = true
		if first == nil {
			first = call.Params
		}
		for _, name := range []string{"ClientToken", "RegionId", "PhysicalConnectionId", "Period", "PricingCycle", "AutoPay", "InstanceChargeType"} {
			if call.Params[name] != first[name] {
				h.T.Errorf("a try has %s %q, the first %q", name, call.Params[name], first[name])
			}
		}
	}
}

func TestCreate_LostResponses_PlaceOneOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{
		emulator.Reset, emulator.Hang, emulator.TruncatedBody, emulator.WrongContentLength, emulator.EmptyBody, emulator.HTMLPage, emulator.HugeBody,
	} {
		for _, times := range []int{1, 5} {
			t.Run(string(kind), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{})
					h.server.AddFault(lost(kind, times))
					h.MustApply(paid())
					h.wantOrders(1, times+1)
					h.wantOneToken()
					if h.Object.String("order_id") != h.server.Orders()[0].ID || h.Object.Tainted {
						t.Errorf("the state holds %q, tainted %t", h.Object.String("order_id"), h.Object.Tainted)
					}
				})
			})
		}
	}
}

func TestCreate_LostResponsesUntilTheTimeout_ApplyAgainIsSafe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.withoutBilling()
		h.server.AddFault(lost(emulator.Reset, -1))
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderMayExist)
		if h.Object != nil {
			t.Error("something is in the state")
		}
		h.server.ClearFaults()
		// The circuit becomes Enabled after the payment. Until then, the same order is sent again.
		h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.Status = "Confirmed" })
		h.server.SetQuirks(emulator.Quirks{EnableDelay: 48 * time.Hour})
		h.MustApply(paid())
		if len(h.server.Orders()) != 1 || h.Object.String("order_id") != h.server.Orders()[0].ID {
			t.Errorf("%d orders, state holds %q", len(h.server.Orders()), h.Object.String("order_id"))
		}
	})
}

func TestCreate_ChangeAfterALostResponse_IsExplained(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: 48 * time.Hour})
		h.withoutBilling()
		h.server.AddFault(lost(emulator.Reset, -1))
		h.Apply(paid())
		h.server.ClearFaults()
		h.withoutBilling()
		diags := h.Apply(paid("period", 5))
		messagetest.WantKinds(t, diags.Errors(), message.TokenUsed)
		messagetest.WantValues(t, diags.Errors(), "IdempotentParameterMismatch", importLine,
			order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), "IdempotentParameterMismatch"))
		if errs := diags.Errors(); len(errs) != 1 || len(h.server.Orders()) != 1 {
			t.Errorf("%d errors, %d orders", len(errs), len(h.server.Orders()))
		}
		h.MustApply(paid())
		if h.Object.String("order_id") != h.server.Orders()[0].ID || len(h.server.Orders()) != 1 {
			t.Errorf("the state holds %q", h.Object.String("order_id"))
		}
	})
}

func TestCreate_EnabledAfterALostResponse_OrderProbablyExists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{StateCheckFirst: true, EnableDelay: -1})
		h.withoutBilling()
		h.server.AddFault(lost(emulator.Reset, 1))
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderProbablyExists)
		messagetest.WantValues(t, diags.Errors(), importLine)
		h.wantOrders(1, 2)
		if h.Object != nil {
			t.Error("something is in the state")
		}
		messagetest.WantValues(t, messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.CircuitEnabled), importLine)
		h.wantOrders(1, 2)
	})
}

func TestCreate_OtherStateAfterALostResponse_OrderMayExist(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: 48 * time.Hour})
		h.withoutBilling()
		h.server.AddFault(lost(emulator.Reset, 1))
		h.server.AddFault(emulator.Fault{Action: orderAction, Code: "IncorrectStatus.PhysicalConnection"})
		diags := h.Apply(paid())
		messagetest.WantKinds(t, diags.Errors(), message.OrderMayExist)
		messagetest.WantValues(t, diags.Errors(), importLine)
		h.wantOrders(1, 2)
	})
}

func TestCreate_FiftyFailures_EndInTimeWithoutBursts(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"Throttling.User", "InternalError", "ServiceUnavailable", "LastTokenProcessing", "OperationFailed.LastTokenProcessing", "OperationFailed.IdempotentTokenProcessing"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: orderAction, Code: code, Times: 50})
				begin := time.Now()
				h.MustApply(paid())
				if took := time.Since(begin); took > 20*time.Minute {
					t.Errorf("it took %s", took)
				}
				h.wantOrders(1, 51)
				h.wantOneToken()
				h.wantNoBursts()
			})
		})
	}
}

// wantNoBursts checks that no ten requests are sent within ten seconds, except for the first
// tries.
func (h *history) wantNoBursts() {
	h.T.Helper()
	var times []time.Time
	for _, call := range h.server.Journal() {
		if call.Action == orderAction {
			times = append(times, call.Time)
		}
	}
	for i := 5; i+10 < len(times); i++ {
		if span := times[i+10].Sub(times[i]); span < 10*time.Second {
			h.T.Errorf("ten requests within %s", span)
		}
	}
}

func TestCreate_CircuitNeverEnabled_LeavesACompleteState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{EnableDelay: 1000 * time.Hour})
		begin := time.Now()
		h.MustApply(paid())
		if took := time.Since(begin); took > time.Second {
			t.Errorf("Create waited %s for the circuit", took)
		}
		if h.Object.String("physical_connection_status") != "Confirmed" || h.Object.String("order_id") == "" {
			t.Errorf("state: %s, order %q", h.Object.String("physical_connection_status"), h.Object.String("order_id"))
		}
		if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || len(diags) > 0 {
			t.Errorf("next plan: %s\n%s", plan.Action, diags)
		}
	})
}

func TestCreate_FailedReadAfterTheOrder_IsNoError(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{emulator.Reset, emulator.Hang, emulator.AnswerError, emulator.RawBody} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				// The plan and the plan of the apply read the circuit. The third read is the one
				// after the order.
				h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Skip: 2, Times: -1, Kind: kind, Body: "?"})
				begin := time.Now()
				h.MustApply(paid())
				if took := time.Since(begin); took > 15*time.Second {
					t.Errorf("the order was held back for %s", took)
				}
				if h.Object.String("order_id") == "" || h.Object.String("physical_connection_status") != "Confirmed" {
					t.Errorf("state: order %q, %q", h.Object.String("order_id"), h.Object.String("physical_connection_status"))
				}
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestCreate_LowerCamelOrMissingOrderID_PlacesOneOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{LowerCamelAnswers: true})
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.RawBody, After: true, Body: `{"RequestId":"X","Data":{"OrderId":""}}`})
		h.MustApply(paid())
		h.wantOrders(1, 2)
		if h.Object.String("order_id") != h.server.Orders()[0].ID {
			t.Errorf("the state holds %q", h.Object.String("order_id"))
		}
	})
}

func TestCreate_InterruptDuringTheRequest_SavesTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.Slow, Delay: 20 * time.Second})
		plan, diags := h.Plan(paid(), coretest.Options{})
		if diags.HasError() {
			t.Fatal(diags)
		}
		process := h.start(t)
		time.AfterFunc(10*time.Second, func() { _ = process.Stop(t.Context()) })
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || diags.HasError() || object == nil || object.Tainted {
			t.Fatalf("%v\n%s", err, diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestCreate_InterruptBetweenTries_SendsNothingMore(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]message.Kind{"Throttling": message.OrderNotPlaced, "InternalError": message.OrderMayExist} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: orderAction, Code: code, Times: -1})
				plan, _ := h.Plan(paid(), coretest.Options{})
				process := h.start(t)
				var sent atomic.Int64
				time.AfterFunc(2*time.Minute, func() {
					_ = process.Stop(t.Context())
					sent.Store(int64(h.server.CallCount(orderAction)))
				})
				object, diags, err := process.Apply(t.Context(), plan, paid())
				if err != nil || object != nil {
					t.Fatalf("%v, %v", err, object)
				}
				messagetest.WantKinds(t, diags.Errors(), kind)
				messagetest.WantNoValues(t, diags.Errors(), "(timeouts.create)")
				synctest.Wait()
				h.wantOrders(0, int(sent.Load()))
			})
		})
	}
}

func TestCreate_Quota_IsNeverExceeded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		process := h.start(t)
		for range 700 {
			if _, _, err := process.Import(t.Context(), importID); err != nil {
				t.Fatal(err)
			}
		}
		var times []time.Time
		for _, call := range h.server.Journal() {
			if call.Action == "DescribePhysicalConnections" {
				times = append(times, call.Time)
			}
		}
		slices.SortFunc(times, time.Time.Compare)
		for i := 0; i+300 < len(times); i++ {
			if window := times[i+300].Sub(times[i]); window < time.Minute {
				t.Fatalf("301 calls within %s", window)
			}
		}
	})
}

func TestCreate_RefusedConnection_IsNotAmbiguous(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, _ := h.Plan(paid(), coretest.Options{})
		process := h.start(t)
		h.down.Store(-1)
		object, diags, err := process.Apply(t.Context(), plan, paid())
		if err != nil || object != nil {
			t.Fatalf("%v, %v", err, object)
		}
		messagetest.WantKinds(t, diags.Errors(), message.CircuitUnread)
		h.down.Store(0)
		h.MustApply(paid())
		h.wantOrders(1, 1)
	})
}

func TestCreate_RefusedConnections_AreRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		plan, _ := h.Plan(paid(), coretest.Options{})
		h.down.Store(5)
		object, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || diags.HasError() || object.String("order_id") == "" {
			t.Fatalf("%v\n%s", err, diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestCreate_MismatchAfterACancelledOrder_NamesTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{BillingLag: 3 * time.Hour, EnableDelay: 48 * time.Hour})
		h.MustApply(paid("auto_pay", false))
		first := h.Object.String("order_id")
		if err := h.server.CancelOrder(first); err != nil {
			t.Fatal(err)
		}
		h.server.Advance(24 * time.Hour)
		h.Object = nil // lost
		token := order.TokenAfter(order.DefaultToken("cn-hangzhou", circuitID), first)
		h.MustApply(paid("client_token", token))
		h.Object = nil // lost, and billing does not list the second order yet
		errs := h.Apply(paid("auto_pay", false)).Errors()
		messagetest.WantKinds(t, errs, message.TokenUsed)
		messagetest.WantValues(t, errs, token)
		h.wantOrders(2, 4)
	})
}
