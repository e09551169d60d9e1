package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestStateCheckFirstRefusesAReplayOnAnEnabledCircuit(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{StateCheckFirst: true, EnableDelay: -1})
	order := orderFor(circuit, params{"AutoPay": "true"})
	call(t, e, placeOrder, order).orderID(t)
	expectCode(t, call(t, e, placeOrder, order), 400, "Forbidden.NotAllowedInState")
	expectOrders(t, e, 1)
}

func TestIgnoreParameterMismatchReplaysWhateverIsAsked(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{IgnoreParameterMismatch: true})
	first := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	if again := call(t, e, placeOrder, orderFor(circuit, params{"Period": "9"})).orderID(t); again != first {
		t.Errorf("got order %s, want %s", again, first)
	}
	expectOrders(t, e, 1)
}

func TestIgnoreClientTokenPlacesAnOrderEveryTime(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{IgnoreClientToken: true})
	call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	expectOrders(t, e, 2)
}

func TestTokenIsForgottenAfterItsWindow(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{TokenWindow: 24 * time.Hour})
	first := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	e.Advance(24*time.Hour - time.Second)
	if again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); again != first {
		t.Errorf("got order %s within the window, want %s", again, first)
	}
	e.Advance(time.Second)
	if again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); again == first {
		t.Error("the token is still known after the window")
	}
	expectOrders(t, e, 2)
}

func TestWrongStateCodeCanBeAnyOfTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"Forbidden.NotAllowedInState", "IncorrectStatus.PhysicalConnection", "INSTANCE.STATUS.NOT.ALLOW",
		"IAbs.InvalidStatus.ValueNotSupported",
	} {
		e, circuit := newEmulator(emulator.Quirks{WrongStateCode: code})
		e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
		expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), http.StatusBadRequest, code)
	}
}

func TestRequireLOANeedsMoreThanAConfirmedCircuit(t *testing.T) {
	t.Parallel()
	for loa, status := range map[string]int{"Complete": 200, "": 200, "Completing": 400, "Available": 400} {
		e, circuit := newEmulator(emulator.Quirks{})
		e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.LOAStatus = loa })
		if got := call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "a"})); got.status != 200 {
			t.Errorf("LOA %q without the quirk: %s", loa, got.body)
		}
		e.SetQuirks(emulator.Quirks{RequireLOA: true})
		if got := call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "b"})); got.status != status {
			t.Errorf("LOA %q: got %s, want HTTP %d", loa, got.body, status)
		}
	}
}

func TestSecondUnpaidOrderIsAcceptedOrRefused(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "1"})).orderID(t)
	call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "2"})).orderID(t)
	expectOrders(t, e, 2)

	e.SetQuirks(emulator.Quirks{RefuseSecondUnpaidOrder: true})
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "3"})), 400, "Order.InstanceHasUnpaidOrder")
	e.Advance(7 * 24 * time.Hour)
	call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "3"})).orderID(t)
	expectOrders(t, e, 3)
}

func TestUnknownCircuitCanBeA400(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{NotFoundAs400: true})
	circuit.ID = "pc-unknown"
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "Abs.InstanceNotExist")
}

func TestAutoPayWithoutFundsCanEndInThreeWays(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[emulator.AutoPayOutcome]emulator.OrderStatus{
		emulator.AutoPayRefused:    "",
		emulator.AutoPayLeftUnpaid: emulator.OrderUnpaid,
		emulator.AutoPayCancelled:  emulator.OrderCancelled,
	} {
		t.Run(string(outcome), func(t *testing.T) {
			t.Parallel()
			e, circuit := newEmulator(emulator.Quirks{AutoPayOutcome: outcome})
			got := call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true"}))
			if want == "" {
				expectCode(t, got, 400, "PAY.INSUFFICIENT_BALANCE")
				expectOrders(t, e, 0)
			} else if got.orderID(t); e.Orders()[0].Status != want {
				t.Errorf("order %+v", e.Orders()[0])
			}
			e.Advance(time.Hour)
			if c, _ := e.Circuit(region, circuit.ID); c.Status != "Confirmed" {
				t.Errorf("circuit is %s", c.Status)
			}
		})
	}
}

func TestLowerCamelAnswersCarryANumber(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{LowerCamelAnswers: true})
	got := call(t, e, placeOrder, orderFor(circuit, nil))
	if want := `"data":{"orderId":` + e.Orders()[0].ID + `}`; !strings.Contains(got.body, want) {
		t.Errorf("%s does not contain %s", got.body, want)
	}
	if strings.Contains(got.body, "OrderId") || !strings.Contains(got.body, `"requestId":"`) {
		t.Errorf("%s is not in lower camel case", got.body)
	}
}

func TestEmptyFieldsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	describe := func() string { return call(t, e, describeCircuits, params{"RegionId": region}).body }
	if body := describe(); !strings.Contains(body, `"EndTime":""`) || !strings.Contains(body, `"VlanId":""`) {
		t.Errorf("empty fields are missing in %s", body)
	}
	e.SetQuirks(emulator.Quirks{OmitEmptyFields: true})
	if body := describe(); strings.Contains(body, `""`) || !strings.Contains(body, `"Status":"Confirmed"`) {
		t.Errorf("empty fields in %s", body)
	}
}
