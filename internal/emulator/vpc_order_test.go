package emulator_test

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestOrderIsEnteredWithTheTermsOfTheRequest(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	sent := params{
		"RegionId":             region,
		"PhysicalConnectionId": circuit.ID,
		"Period":               "5",
		"PricingCycle":         "Year",
		"AutoPay":              "false",
		"InstanceChargeType":   "PrePaid",
		"AutoRenew":            "true",
		"AutoRenewDuration":    "12",
		"ClientToken":          "a-token",
		"OwnerId":              "1",
	}
	got := call(t, e, placeOrder, sent)
	id := got.orderID(t)
	if want := regexp.MustCompile(`^\{"RequestId":"[^"]+","Data":\{"OrderId":"[0-9]{14,}"\}\}$`); !want.MatchString(got.body) {
		t.Errorf("answer %s", got.body)
	}
	expectOrders(t, e, 1)
	order := e.Orders()[0]
	if !maps.Equal(order.Params, sent) {
		t.Errorf("parameters %v, want %v", order.Params, sent)
	}
	order.Params["Period"] = "changed"
	if e.Orders()[0].Params["Period"] != "5" {
		t.Error("the ledger was changed from outside")
	}
	order.Params = nil
	want := emulator.Order{
		ID: id, Region: region, CircuitID: circuit.ID, Period: 5, PricingCycle: "Year", AutoRenew: true,
		AutoRenewDuration: 12, InstanceChargeType: "PrePaid", ClientToken: "a-token",
		CreatedAt: start, Status: emulator.OrderUnpaid, Type: emulator.OrderTypeNew,
		Price: emulator.Price{Gross: 60 * 85_00, Pretax: 60 * 85_00},
	}
	if got, want := printed(t, order), printed(t, want); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

func TestOmittedParametersGetTheDefaultsOfTheAPI(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{DefaultPeriod: 3})
	call(t, e, placeOrder, params{"RegionId": region, "PhysicalConnectionId": circuit.ID}).orderID(t)
	order := e.Orders()[0]
	if order.Period != 3 || order.PricingCycle != "Month" || order.AutoPay || order.AutoRenew ||
		order.AutoRenewDuration != 1 || order.InstanceChargeType != "PrePaid" || len(order.Params) != 2 {
		t.Errorf("order %+v", order)
	}
}

func TestOrderRefusesWhatTheDocumentationRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes params
		status  int
		code    string
	}{
		"no region":               {params{"RegionId": ""}, 400, "MissingRegionId"},
		"no circuit":              {params{"PhysicalConnectionId": ""}, 400, "MissingPhysicalConnectionId"},
		"unknown region":          {params{"RegionId": "xx-new-9"}, 404, "InvalidRegionId.NotFound"},
		"unknown circuit":         {params{"PhysicalConnectionId": "pc-unknown"}, 404, "InvalidPhysicalConnectionId.NotFound"},
		"circuit elsewhere":       {params{"RegionId": "cn-beijing"}, 404, "InvalidPhysicalConnectionId.NotFound"},
		"period 0":                {params{"Period": "0"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period -1":               {params{"Period": "-1"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period 9 months":         {params{"Period": "9"}, 200, ""},
		"period 10 months":        {params{"Period": "10"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period 5 years":          {params{"Period": "5", "PricingCycle": "Year"}, 200, ""},
		"period 6 years":          {params{"Period": "6", "PricingCycle": "Year"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period no number":        {params{"Period": "one"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"cycle in lower case":     {params{"PricingCycle": "month"}, 400, "InvalidPhysicalConnectionPricingCycle.Malformed"},
		"cycle unknown":           {params{"PricingCycle": "Week"}, 400, "InvalidPhysicalConnectionPricingCycle.Malformed"},
		"pay as you go":           {params{"InstanceChargeType": "PostPaid"}, 400, "InvalidPhysicalConnectionChargeType.Malformed"},
		"spelling of the answers": {params{"InstanceChargeType": "Prepaid"}, 400, "InvalidPhysicalConnectionChargeType.Malformed"},
		"AutoPay no boolean":      {params{"AutoPay": "yes"}, 400, "InvalidAutoPay"},
		"AutoPay in capitals":     {params{"AutoPay": "False"}, 200, ""},
		"AutoRenew no boolean":    {params{"AutoRenew": "1"}, 400, "InvalidAutoRenew"},
		"renewal 0":               {params{"AutoRenewDuration": "0"}, 200, ""},
		"renewal negative":        {params{"AutoRenewDuration": "-1"}, 400, "InvalidAutoRenewDuration"},
		"renewal too long":        {params{"AutoRenewDuration": "2147483648"}, 400, "InvalidAutoRenewDuration"},
		"token of 64":             {params{"ClientToken": strings.Repeat("x", 64)}, 200, ""},
		"token of 65":             {params{"ClientToken": strings.Repeat("x", 65)}, 400, "IllegalParam.ClientToken"},
		"token beyond ASCII":      {params{"ClientToken": "münze"}, 400, "IllegalParam.ClientToken"},
		"no token":                {params{"ClientToken": ""}, 200, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, circuit := newEmulator(emulator.Quirks{})
			expectCode(t, call(t, e, placeOrder, orderFor(circuit, test.changes)), test.status, test.code)
			if test.status == http.StatusOK {
				expectOrders(t, e, 1)
			} else {
				expectOrders(t, e, 0)
			}
		})
	}
}

func TestOnlyAConfirmedCircuitCanBeOrdered(t *testing.T) {
	t.Parallel()
	for _, status := range []string{
		"Initial", "Approved", "Allocating", "Allocated", "Enabled", "Rejected", "Canceled", "Allocation Failed",
		"Terminating", "Terminated",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: fixedClock})
			circuit := e.AddCircuit(emulator.Circuit{Status: status})
			expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "Forbidden.NotAllowedInState")
			expectOrders(t, e, 0)
		})
	}
}

func TestReplayReturnsTheFirstOrder(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{EnableDelay: -1})
	order := orderFor(circuit, params{"AutoPay": "true"})
	first := call(t, e, placeOrder, order).orderID(t)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != emulator.StatusEnabled {
		t.Fatalf("circuit is %s", c.Status)
	}
	if again := call(t, e, placeOrder, order).orderID(t); again != first {
		t.Errorf("replay returned %s, want %s", again, first)
	}
	e.Advance(10 * 365 * 24 * time.Hour)
	if again := call(t, e, placeOrder, order).orderID(t); again != first {
		t.Errorf("late replay returned %s, want %s", again, first)
	}
	expectOrders(t, e, 1)
}

func TestTokenIsCaseSensitiveAndBelongsToOneRegion(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	elsewhere := e.AddCircuit(emulator.Circuit{Region: "cn-beijing"})
	ids := map[string]bool{
		call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "a"})).orderID(t):   true,
		call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "A"})).orderID(t):   true,
		call(t, e, placeOrder, orderFor(elsewhere, params{"ClientToken": "a"})).orderID(t): true,
	}
	if len(ids) != 3 {
		t.Errorf("orders %v, want three", sortedKeys(ids))
	}
}

func TestRequestsWithoutTokenPlaceOrdersAnew(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	for range 2 {
		call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": ""})).orderID(t)
	}
	expectOrders(t, e, 2)
}

func TestSameTokenWithOtherParametersIsAMismatch(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"Period": "2"})), 400, "IdempotentParameterMismatch")
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"AutoRenew": "true"})), 400, "IdempotentParameterMismatch")
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"PricingCycle": ""})), 400, "IdempotentParameterMismatch")
	expectOrders(t, e, 1)
}

func TestRefusedRequestDoesNotUseUpItsToken(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "Forbidden.NotAllowedInState")
	e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Confirmed" })
	call(t, e, placeOrder, orderFor(circuit, params{"Period": "2"})).orderID(t)
	expectOrders(t, e, 1)
}

func TestUnpaidOrderChangesNothingUntilItIsPaid(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	id := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	e.Advance(time.Hour)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != "Confirmed" || c.ChargeType != "" {
		t.Errorf("circuit is %s, charged %q", c.Status, c.ChargeType)
	}
	if err := e.PayOrder(id); err != nil {
		t.Fatal(err)
	}
	order := e.Orders()[0]
	if order.Status != emulator.OrderPaid || !order.PaidAt.Equal(start.Add(time.Hour)) {
		t.Errorf("order %+v", order)
	}
	e.Advance(30 * time.Second)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != "Enabled" {
		t.Errorf("circuit is %s", c.Status)
	}
	if err := e.PayOrder(id); err == nil {
		t.Error("an order was paid twice")
	}
	if err := e.PayOrder("1"); err == nil {
		t.Error("an unknown order was paid")
	}
}

func TestUnpaidOrderLapsesAfterSevenDays(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	id := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	e.Advance(7*24*time.Hour - time.Second)
	if status := e.Orders()[0].Status; status != emulator.OrderUnpaid {
		t.Errorf("order is %s a second before", status)
	}
	e.Advance(time.Second)
	if status := e.Orders()[0].Status; status != emulator.OrderCancelled {
		t.Errorf("order is %s after seven days", status)
	}
	if err := e.PayOrder(id); err == nil {
		t.Error("a lapsed order was paid")
	}
	if again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); again != id {
		t.Errorf("replay returned %s, want the lapsed order %s", again, id)
	}
}

func TestPaidOrderDoesNotLapse(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true"})).orderID(t)
	e.Advance(30 * 24 * time.Hour)
	if status := e.Orders()[0].Status; status != emulator.OrderPaid {
		t.Errorf("order is %s", status)
	}
}

func TestPaidCircuitTurnsEnabledByItself(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{EnableDelay: time.Minute})
	call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true"})).orderID(t)
	e.Advance(59 * time.Second)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != "Confirmed" || !c.EnabledTime.IsZero() || !c.EndTime.IsZero() {
		t.Errorf("too early: %s, enabled %s, end %s", c.Status, c.EnabledTime, c.EndTime)
	}
	e.Advance(24 * time.Hour)
	c, _ := e.Circuit(region, circuit.ID)
	if c.Status != "Enabled" || c.ChargeType != "Prepaid" {
		t.Errorf("circuit is %s, charged %q", c.Status, c.ChargeType)
	}
	// Documented example: from 2022-08-09 13:00 to 2022-09-10 00:00, in UTC+8.
	if want := start.Add(time.Minute); !c.EnabledTime.Equal(want) {
		t.Errorf("enabled at %s, want %s", c.EnabledTime, want)
	}
	if want := time.Date(2022, 9, 9, 16, 0, 0, 0, time.UTC); !c.EndTime.Equal(want) {
		t.Errorf("ends at %s, want %s", c.EndTime, want)
	}
}

func TestTermIsCountedInTheCycleOfTheOrder(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{EnableDelay: -1})
	call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true", "Period": "2", "PricingCycle": "Year"})).orderID(t)
	c, _ := e.Circuit(region, circuit.ID)
	if want := time.Date(2024, 8, 9, 16, 0, 0, 0, time.UTC); !c.EndTime.Equal(want) {
		t.Errorf("ends at %s, want %s", c.EndTime, want)
	}
}

func TestSecondPaymentIsBookedButDoesNotProlongTheTerm(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{EnableDelay: -1})
	second := call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "second", "Period": "9"})).orderID(t)
	call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true"})).orderID(t)
	before, _ := e.Circuit(region, circuit.ID)
	if err := e.PayOrder(second); err != nil {
		t.Fatal(err)
	}
	if orders := e.Orders(); orders[0].Status != emulator.OrderPaid || orders[1].Status != emulator.OrderPaid {
		t.Errorf("orders %+v", orders)
	}
	if after, _ := e.Circuit(region, circuit.ID); !after.EndTime.Equal(before.EndTime) {
		t.Errorf("ends at %s instead of %s", after.EndTime, before.EndTime)
	}
}

func TestCircuitThatIsTerminatedMeanwhileIsNotEnabled(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	call(t, e, placeOrder, orderFor(circuit, params{"AutoPay": "true"})).orderID(t)
	e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Canceled" })
	e.Advance(time.Hour)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != "Canceled" {
		t.Errorf("circuit is %s", c.Status)
	}
}
