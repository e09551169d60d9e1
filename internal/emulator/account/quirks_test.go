package account_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestStateCheckFirst_EnabledCircuit_RefusesTheRepetition(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{StateCheckFirst: true, EnableDelay: -1})
	order := apitest.OrderFor(circuit, apitest.Params{"AutoPay": "true"})
	apitest.Call(t, e, apitest.PlaceOrder, order).OrderID(t)
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.PlaceOrder, order), 400, "Forbidden.NotAllowedInState")
	apitest.ExpectOrders(t, e, 1)
}

func TestIgnoreParameterMismatch_OtherParameters_ReturnTheFirstOrder(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{IgnoreParameterMismatch: true})
	first := apitest.Order(t, e, circuit, nil).OrderID(t)
	if again := apitest.Order(t, e, circuit, apitest.Params{"Period": "9"}).OrderID(t); again != first {
		t.Errorf("got order %s, want %s", again, first)
	}
	apitest.ExpectOrders(t, e, 1)
}

func TestIgnoreClientToken_PlacesAnOrderEveryTime(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{IgnoreClientToken: true})
	apitest.Order(t, e, circuit, nil).OrderID(t)
	apitest.Order(t, e, circuit, nil).OrderID(t)
	apitest.ExpectOrders(t, e, 2)
}

func TestTokenWindow_AfterItsEnd_TheTokenIsForgotten(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{TokenWindow: 24 * time.Hour})
	first := apitest.Order(t, e, circuit, nil).OrderID(t)
	e.Advance(24*time.Hour - time.Second)
	if again := apitest.Order(t, e, circuit, nil).OrderID(t); again != first {
		t.Errorf("got order %s within the window, want %s", again, first)
	}
	e.Advance(time.Second)
	if again := apitest.Order(t, e, circuit, nil).OrderID(t); again == first {
		t.Error("the token is still known after the window")
	}
	apitest.ExpectOrders(t, e, 2)
}

func TestWrongStateCode_CanBeAnyDocumentedCode(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"Forbidden.NotAllowedInState", "IncorrectStatus.PhysicalConnection", "INSTANCE.STATUS.NOT.ALLOW",
		"IAbs.InvalidStatus.ValueNotSupported",
	} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{WrongStateCode: code})
		e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), http.StatusBadRequest, code)
	}
}

func TestRequireLOA_ConfirmedCircuit_NeedsACompleteLOA(t *testing.T) {
	t.Parallel()
	for loa, status := range map[string]int{"Complete": 200, "": 200, "Completing": 400, "Available": 400} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.LOAStatus = loa })
		if got := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "a"}); got.Status != 200 {
			t.Errorf("LOA %q without the quirk: %s", loa, got.Body)
		}
		e.SetQuirks(emulator.Quirks{RequireLOA: true})
		if got := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "b"}); got.Status != status {
			t.Errorf("LOA %q: got %s, want HTTP %d", loa, got.Body, status)
		}
	}
}

func TestRefuseSecondUnpaidOrder_AcceptsOrRefuses(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "1"}).OrderID(t)
	apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "2"}).OrderID(t)
	apitest.ExpectOrders(t, e, 2)

	e.SetQuirks(emulator.Quirks{RefuseSecondUnpaidOrder: true})
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "3"}), 400, "Order.InstanceHasUnpaidOrder")
	e.Advance(7 * 24 * time.Hour)
	apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "3"}).OrderID(t)
	apitest.ExpectOrders(t, e, 3)
}

func TestNotFoundAs400_UnknownCircuit_Is400(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{NotFoundAs400: true})
	circuit.ID = "pc-unknown"
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Abs.InstanceNotExist")
}

func TestAutoPayOutcome_HasThreeFailures(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[emulator.AutoPayOutcome]emulator.OrderStatus{
		emulator.AutoPayRefused:    "",
		emulator.AutoPayLeftUnpaid: emulator.OrderUnpaid,
		emulator.AutoPayCancelled:  emulator.OrderCancelled,
	} {
		t.Run(string(outcome), func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{AutoPayOutcome: outcome})
			got := apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"})
			if want == "" {
				apitest.ExpectCode(t, got, 400, "PAY.INSUFFICIENT_BALANCE")
				apitest.ExpectOrders(t, e, 0)
			} else if got.OrderID(t); e.Orders()[0].Status != want {
				t.Errorf("order %+v", e.Orders()[0])
			}
			e.Advance(time.Hour)
			if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Confirmed" {
				t.Errorf("circuit is %s", c.Status)
			}
		})
	}
}
