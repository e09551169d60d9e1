package account_test

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestTokenWindow_StartsWithTheFirstSuccess(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{TokenWindow: time.Hour, ShortfallOutcome: emulator.AutoPayRefused})
	paid := apitest.OrderFor(circuit, apitest.Params{"AutoPay": "true"})
	e.SetBalance(0)
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, paid), 400, "PAY.INSUFFICIENT_BALANCE")
	e.Advance(time.Hour - time.Second)
	e.SetBalance(emulator.Unlimited)
	first := apitest.Call(t, e, apitest.PlaceOrder, paid).OrderID(t)
	for range 3 { // A failure or a repetition does not move the window.
		e.Advance(20*time.Minute - time.Second)
		if again := apitest.Call(t, e, apitest.PlaceOrder, paid).OrderID(t); again != first {
			t.Errorf("at %s: order %s, want %s", e.Now(), again, first)
		}
	}
	e.Advance(3 * time.Second)
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, paid), 400, "Forbidden.NotAllowedInState")
}

func TestTokenWindow_AfterItsEnd_TheTokenOrdersWithOtherParameters(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{TokenWindow: time.Hour})
	first := apitest.Order(t, e, circuit, nil).OrderID(t)
	changed := apitest.OrderFor(circuit, apitest.Params{"Period": "2"})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, changed), 400, "IdempotentParameterMismatch")
	e.Advance(time.Hour)
	second := apitest.Call(t, e, apitest.PlaceOrder, changed).OrderID(t)
	if second == first {
		t.Error("the first order was answered")
	}
	if again := apitest.Call(t, e, apitest.PlaceOrder, changed).OrderID(t); again != second {
		t.Errorf("order %s, want the second one %s", again, second)
	}
}

func TestClientToken_BelongsToOneActionAndRegion(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	elsewhere := e.AddCircuit(emulator.Circuit{Region: "cn-beijing", ID: circuit.ID})
	first := apitest.Order(t, e, circuit, nil).OrderID(t)
	if other := apitest.Order(t, e, elsewhere, nil).OrderID(t); other == first {
		t.Error("another region answers with the same order")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, "CancelPhysicalConnection", apitest.Params{
		"RegionId": apitest.Region, "PhysicalConnectionId": circuit.ID, "ClientToken": "token-1",
	}), 200, "")
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != emulator.StatusCanceled {
		t.Errorf("the token of the order prevents another action: the circuit is %s", c.Status)
	}
}

func TestForgetTokens_TokenCanOrderAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		forget func(*testing.T, *emulator.Emulator)
		want   int // orders after both tokens are sent again
	}{
		"none": {func(*testing.T, *emulator.Emulator) {}, 2},
		"one":  {func(_ *testing.T, e *emulator.Emulator) { e.ForgetTokens("a") }, 3},
		"all":  {func(_ *testing.T, e *emulator.Emulator) { e.ForgetTokens() }, 4},
		"one with a control route": {func(t *testing.T, e *emulator.Emulator) {
			t.Helper()
			apitest.MustControl(t, e, "DELETE", "client-tokens/a", "", nil)
		}, 3},
		"all with a control route": {func(t *testing.T, e *emulator.Emulator) {
			t.Helper()
			apitest.MustControl(t, e, "DELETE", "client-tokens", "", nil)
		}, 4},
		"one that is not used": {func(_ *testing.T, e *emulator.Emulator) { e.ForgetTokens("c") }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{})
			both := func() {
				for _, token := range []string{"a", "b"} {
					apitest.Order(t, e, circuit, apitest.Params{"ClientToken": token}).OrderID(t)
				}
			}
			both()
			test.forget(t, e)
			both()
			apitest.ExpectOrders(t, e, test.want)
		})
	}
}

func TestSpendFailedTokens_FailedRequest_MakesItsTokenUnusable(t *testing.T) {
	t.Parallel()
	quirks := emulator.Quirks{SpendFailedTokens: true, ShortfallOutcome: emulator.AutoPayRefused}
	e, circuit := apitest.NewEmulator(quirks)
	e.SetBalance(0)
	order := apitest.OrderFor(circuit, apitest.Params{"AutoPay": "true"})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, order), 400, "PAY.INSUFFICIENT_BALANCE")
	e.SetBalance(emulator.Unlimited)
	changed := maps.Clone(order)
	changed["Period"] = "2"
	for _, again := range []apitest.Params{order, changed, order} {
		apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, again), 403, "IdempotentFailed")
	}
	apitest.ExpectOrders(t, e, 0)
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "next", "Period": "99"}), 400, "InvalidPhysicalConnectionPeriod.Malformed")
	apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "next"}).OrderID(t) // An invalid request does not use the token.
	e.ForgetTokens("token-1")
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t)

	quirks.SpendFailedTokens = false
	e, circuit = apitest.NewEmulator(quirks)
	e.SetBalance(0)
	order = apitest.OrderFor(circuit, apitest.Params{"AutoPay": "true"})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, order), 400, "PAY.INSUFFICIENT_BALANCE")
	e.SetBalance(emulator.Unlimited)
	apitest.Call(t, e, apitest.PlaceOrder, order).OrderID(t)
}

func TestSpendToken_Fault_MakesTheTokenUnusable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  emulator.Fault
		orders int
	}{
		"before the order": {emulator.Fault{HTTPStatus: 500, SpendToken: true}, 0},
		"after the order":  {emulator.Fault{HTTPStatus: 500, SpendToken: true, After: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{})
			e.AddFault(test.fault)
			apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 500, "InternalError")
			for range 2 {
				apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 403, "IdempotentFailed")
			}
			apitest.ExpectOrders(t, e, test.orders)
		})
	}
}

func TestTokenInProgressCode_IsReturnedWhileTheFirstRequestRuns(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"": 400, "IdempotentProcessing": 403, "Order.LatestOrderIsHanding": 400, "OperationFailed.IdempotentTokenProcessing": 400,
	} {
		synctest.Test(t, func(t *testing.T) {
			e, circuit := apitest.NewEmulator(emulator.Quirks{TokenInProgressCode: code})
			e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Kind: emulator.Slow, Delay: time.Minute})
			var first sync.WaitGroup
			first.Go(func() { apitest.Order(t, e, circuit, nil).OrderID(t) })
			synctest.Wait()
			want := code
			if code == "" {
				want = "LastTokenProcessing"
			}
			apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), status, want)
			first.Wait()
			apitest.Order(t, e, circuit, nil).OrderID(t)
			apitest.ExpectOrders(t, e, 1)
		})
	}
}

// chosen is the quirk for a code; the default code needs none.
func chosen(code, preset string) string {
	if code == preset {
		return ""
	}
	return code
}

func TestRefusals_CanHaveOtherCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"IdempotentParameterMismatch", "IdempotenceParamNotMatch", "InvalidIdempotenceParameter.Mismatch"} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{TokenMismatchCode: chosen(code, "IdempotentParameterMismatch")})
		apitest.Order(t, e, circuit, nil).OrderID(t)
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"Period": "2"}), 400, code)
	}
	for _, code := range []string{"Order.InstanceHasUnpaidOrder", "OrderStatus.UnPaid", "InvalidInstance.UnPaidOrder"} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{RefuseSecondUnpaidOrder: true, UnpaidOrderCode: chosen(code, "Order.InstanceHasUnpaidOrder")})
		apitest.Order(t, e, circuit, nil).OrderID(t)
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "next"}), 400, code)
	}
	for _, code := range []string{
		"PAY.INSUFFICIENT_BALANCE", "Pay.InsufficientBalance", "InsufficientBalance", "InsufficientAvailableQuota", "NotEnoughBalance",
		"Account.Arrearage", "ORDER.ARREARAGE", "noAvailablePaymentMethod", "PaymentMethodNotFound",
	} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{AutoPayOutcome: emulator.AutoPayRefused, ShortfallCode: chosen(code, "PAY.INSUFFICIENT_BALANCE")})
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}), http.StatusBadRequest, code)
		apitest.ExpectOrders(t, e, 0)
	}
}

func TestCodes_OfOrders_HaveTheirOwnMessage(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	for code, status := range map[string]int{
		"IdempotentProcessing": 403, "IdempotentFailed": 403, "OperationFailed.LastTokenProcessing": 400,
		"IdempotenceParamNotMatch": 400, "InvalidIdempotenceParameter.Mismatch": 400, "OrderStatus.UnPaid": 400, "InvalidInstance.UnPaidOrder": 400,
		"Pay.InsufficientBalance": 400, "InsufficientAvailableQuota": 400, "NotEnoughBalance": 400, "Account.Arrearage": 400,
		"noAvailablePaymentMethod": 400, "PaymentMethodNotFound": 400,
	} {
		e.AddFault(emulator.Fault{Code: code})
		got := apitest.Call(t, e, apitest.DescribeRegions, nil)
		apitest.ExpectCode(t, got, status, code)
		var body struct{ Message string }
		if got.Decode(t, &body); slices.Contains([]string{"", code}, body.Message) {
			t.Errorf("%s: message %q", code, body.Message)
		}
	}
}
