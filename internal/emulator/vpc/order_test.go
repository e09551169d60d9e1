package vpc_test

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestOrder_HasTheTermsOfTheRequest(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	sent := apitest.Params{
		"RegionId":             apitest.Region,
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
	got := apitest.Call(t, e, apitest.PlaceOrder, sent)
	id := got.OrderID(t)
	if want := regexp.MustCompile(`^\{"RequestId":"[^"]+","Data":\{"OrderId":"[0-9]{14,}"\}\}$`); !want.MatchString(got.Body) {
		t.Errorf("answer %s", got.Body)
	}
	apitest.ExpectOrders(t, e, 1)
	order := e.Orders()[0]
	if !maps.Equal(order.Params, sent) {
		t.Errorf("parameters %v, want %v", order.Params, sent)
	}
	order.Params["Period"] = "changed"
	if e.Orders()[0].Params["Period"] != "5" {
		t.Error("the order store was changed from outside")
	}
	order.Params = nil
	want := emulator.Order{
		ID: id, Region: apitest.Region, CircuitID: circuit.ID, Period: 5, PricingCycle: "Year", AutoRenew: true,
		AutoRenewDuration: 12, InstanceChargeType: "PrePaid", ClientToken: "a-token",
		CreatedAt: apitest.Start, Status: emulator.OrderUnpaid, Type: emulator.OrderTypeNew,
		Price: emulator.Price{Gross: 60 * 85_00, Pretax: 60 * 85_00},
	}
	if got, want := apitest.JSON(t, order), apitest.JSON(t, want); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

func TestOrder_OmittedParameters_GetTheDefaultsOfTheAPI(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{DefaultPeriod: 3})
	apitest.Call(t, e, apitest.PlaceOrder, apitest.Params{"RegionId": apitest.Region, "PhysicalConnectionId": circuit.ID}).OrderID(t)
	order := e.Orders()[0]
	if order.Period != 3 || order.PricingCycle != "Month" || order.AutoPay || order.AutoRenew ||
		order.AutoRenewDuration != 1 || order.InstanceChargeType != "PrePaid" || len(order.Params) != 2 {
		t.Errorf("order %+v", order)
	}
}

func TestOrder_InvalidParameters_AreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes apitest.Params
		status  int
		code    string
	}{
		"no region":                 {apitest.Params{"RegionId": ""}, 400, "MissingRegionId"},
		"no circuit":                {apitest.Params{"PhysicalConnectionId": ""}, 400, "MissingPhysicalConnectionId"},
		"unknown region":            {apitest.Params{"RegionId": "xx-new-9"}, 404, "InvalidRegionId.NotFound"},
		"unknown circuit":           {apitest.Params{"PhysicalConnectionId": "pc-unknown"}, 404, "InvalidPhysicalConnectionId.NotFound"},
		"circuit in another region": {apitest.Params{"RegionId": "cn-beijing"}, 404, "InvalidPhysicalConnectionId.NotFound"},
		"period 0":                  {apitest.Params{"Period": "0"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period -1":                 {apitest.Params{"Period": "-1"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period 9 months":           {apitest.Params{"Period": "9"}, 200, ""},
		"period 10 months":          {apitest.Params{"Period": "10"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period 5 years":            {apitest.Params{"Period": "5", "PricingCycle": "Year"}, 200, ""},
		"period 6 years":            {apitest.Params{"Period": "6", "PricingCycle": "Year"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"period not a number":       {apitest.Params{"Period": "one"}, 400, "InvalidPhysicalConnectionPeriod.Malformed"},
		"cycle in lower case":       {apitest.Params{"PricingCycle": "month"}, 400, "InvalidPhysicalConnectionPricingCycle.Malformed"},
		"cycle unknown":             {apitest.Params{"PricingCycle": "Week"}, 400, "InvalidPhysicalConnectionPricingCycle.Malformed"},
		"pay as you go":             {apitest.Params{"InstanceChargeType": "PostPaid"}, 400, "InvalidPhysicalConnectionChargeType.Malformed"},
		"spelling of the answers":   {apitest.Params{"InstanceChargeType": "Prepaid"}, 400, "InvalidPhysicalConnectionChargeType.Malformed"},
		"AutoPay not a boolean":     {apitest.Params{"AutoPay": "yes"}, 400, "InvalidAutoPay"},
		"AutoPay in capitals":       {apitest.Params{"AutoPay": "False"}, 200, ""},
		"AutoRenew not a boolean":   {apitest.Params{"AutoRenew": "1"}, 400, "InvalidAutoRenew"},
		"renewal 0":                 {apitest.Params{"AutoRenewDuration": "0"}, 200, ""},
		"renewal negative":          {apitest.Params{"AutoRenewDuration": "-1"}, 400, "InvalidAutoRenewDuration"},
		"renewal too long":          {apitest.Params{"AutoRenewDuration": "2147483648"}, 400, "InvalidAutoRenewDuration"},
		"token of 64":               {apitest.Params{"ClientToken": strings.Repeat("x", 64)}, 200, ""},
		"token of 65":               {apitest.Params{"ClientToken": strings.Repeat("x", 65)}, 400, "IllegalParam.ClientToken"},
		"token not ASCII":           {apitest.Params{"ClientToken": "münze"}, 400, "IllegalParam.ClientToken"},
		"no token":                  {apitest.Params{"ClientToken": ""}, 200, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{})
			apitest.ExpectCode(t, apitest.Order(t, e, circuit, test.changes), test.status, test.code)
			if test.status == http.StatusOK {
				apitest.ExpectOrders(t, e, 1)
			} else {
				apitest.ExpectOrders(t, e, 0)
			}
		})
	}
}

func TestOrder_TokenNotASCII_IsTheComplaint(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	if got := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "münze"}); !strings.Contains(got.Body, "not ASCII") {
		t.Errorf("HTTP %d %s", got.Status, got.Body)
	}
}

func TestOrder_OnlyAConfirmedCircuit_CanBeOrdered(t *testing.T) {
	t.Parallel()
	for _, status := range []string{
		"Initial", "Approved", "Allocating", "Allocated", "Enabled", "Rejected", "Canceled", "Allocation Failed",
		"Terminating", "Terminated",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
			circuit := e.AddCircuit(emulator.Circuit{Status: status})
			apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Forbidden.NotAllowedInState")
			apitest.ExpectOrders(t, e, 0)
		})
	}
}

func TestOrder_SameToken_ReturnsTheFirstOrder(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	order := apitest.OrderFor(circuit, apitest.Params{"AutoPay": "true"})
	first := apitest.Call(t, e, apitest.PlaceOrder, order).OrderID(t)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != emulator.StatusEnabled {
		t.Fatalf("circuit is %s", c.Status)
	}
	if again := apitest.Call(t, e, apitest.PlaceOrder, order).OrderID(t); again != first {
		t.Errorf("replay returned %s, want %s", again, first)
	}
	e.Advance(10 * 365 * 24 * time.Hour)
	if again := apitest.Call(t, e, apitest.PlaceOrder, order).OrderID(t); again != first {
		t.Errorf("late replay returned %s, want %s", again, first)
	}
	apitest.ExpectOrders(t, e, 1)
}

func TestOrder_Token_IsCaseSensitiveAndBelongsToOneRegion(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	elsewhere := e.AddCircuit(emulator.Circuit{Region: "cn-beijing"})
	ids := map[string]bool{
		apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "a"}).OrderID(t):   true,
		apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "A"}).OrderID(t):   true,
		apitest.Order(t, e, elsewhere, apitest.Params{"ClientToken": "a"}).OrderID(t): true,
	}
	if len(ids) != 3 {
		t.Errorf("orders %v, want three", apitest.SortedKeys(ids))
	}
}

func TestOrder_WithoutToken_PlacesAnOrderEveryTime(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	for range 2 {
		apitest.Order(t, e, circuit, apitest.Params{"ClientToken": ""}).OrderID(t)
	}
	apitest.ExpectOrders(t, e, 2)
}

func TestOrder_SameTokenOtherParameters_IsAMismatch(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.Order(t, e, circuit, nil).OrderID(t)
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"Period": "2"}), 400, "IdempotentParameterMismatch")
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"AutoRenew": "true"}), 400, "IdempotentParameterMismatch")
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"PricingCycle": ""}), 400, "IdempotentParameterMismatch")
	apitest.ExpectOrders(t, e, 1)
}

func TestOrder_RefusedRequest_DoesNotUseItsToken(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Forbidden.NotAllowedInState")
	e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Confirmed" })
	apitest.Order(t, e, circuit, apitest.Params{"Period": "2"}).OrderID(t)
	apitest.ExpectOrders(t, e, 1)
}

func TestOrder_Unpaid_ChangesNothingUntilItIsPaid(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	id := apitest.Order(t, e, circuit, nil).OrderID(t)
	e.Advance(time.Hour)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Confirmed" || c.ChargeType != "" {
		t.Errorf("circuit is %s, charged %q", c.Status, c.ChargeType)
	}
	if err := e.PayOrder(id); err != nil {
		t.Fatal(err)
	}
	order := e.Orders()[0]
	if order.Status != emulator.OrderPaid || !order.PaidAt.Equal(apitest.Start.Add(time.Hour)) {
		t.Errorf("order %+v", order)
	}
	e.Advance(30 * time.Second)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Enabled" {
		t.Errorf("circuit is %s", c.Status)
	}
	if err := e.PayOrder(id); err == nil {
		t.Error("an order was paid twice")
	}
	if err := e.PayOrder("1"); err == nil {
		t.Error("an unknown order was paid")
	}
}

func TestOrder_Unpaid_IsCancelledAfterSevenDays(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	id := apitest.Order(t, e, circuit, nil).OrderID(t)
	e.Advance(7*24*time.Hour - time.Second)
	if status := e.Orders()[0].Status; status != emulator.OrderUnpaid {
		t.Errorf("order is %s a second before", status)
	}
	e.Advance(time.Second)
	if status := e.Orders()[0].Status; status != emulator.OrderCancelled {
		t.Errorf("order is %s after seven days", status)
	}
	if err := e.PayOrder(id); err == nil {
		t.Error("an expired order was paid")
	}
	if again := apitest.Order(t, e, circuit, nil).OrderID(t); again != id {
		t.Errorf("replay returned %s, want the expired order %s", again, id)
	}
}

func TestOrder_Paid_IsNotCancelled(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t)
	e.Advance(30 * 24 * time.Hour)
	if status := e.Orders()[0].Status; status != emulator.OrderPaid {
		t.Errorf("order is %s", status)
	}
}

func TestOrder_Paid_EnablesTheCircuit(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: time.Minute})
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t)
	e.Advance(59 * time.Second)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Confirmed" || !c.EnabledTime.IsZero() || !c.EndTime.IsZero() {
		t.Errorf("too early: %s, enabled %s, end %s", c.Status, c.EnabledTime, c.EndTime)
	}
	e.Advance(24 * time.Hour)
	c, _ := e.Circuit(apitest.Region, circuit.ID)
	if c.Status != "Enabled" || c.ChargeType != "Prepaid" {
		t.Errorf("circuit is %s, charged %q", c.Status, c.ChargeType)
	}
	// Documented example: from 2022-08-09 13:00 to 2022-09-10 00:00, in UTC+8.
	if want := apitest.Start.Add(time.Minute); !c.EnabledTime.Equal(want) {
		t.Errorf("enabled at %s, want %s", c.EnabledTime, want)
	}
	if want := time.Date(2022, 9, 9, 16, 0, 0, 0, time.UTC); !c.EndTime.Equal(want) {
		t.Errorf("ends at %s, want %s", c.EndTime, want)
	}
}

func TestOrder_Term_IsCountedInThePricingCycle(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true", "Period": "2", "PricingCycle": "Year"}).OrderID(t)
	c, _ := e.Circuit(apitest.Region, circuit.ID)
	if want := time.Date(2024, 8, 9, 16, 0, 0, 0, time.UTC); !c.EndTime.Equal(want) {
		t.Errorf("ends at %s, want %s", c.EndTime, want)
	}
}

func TestOrder_SecondPayment_DoesNotExtendTheTerm(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	second := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "second", "Period": "9"}).OrderID(t)
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t)
	before, _ := e.Circuit(apitest.Region, circuit.ID)
	if err := e.PayOrder(second); err != nil {
		t.Fatal(err)
	}
	if orders := e.Orders(); orders[0].Status != emulator.OrderPaid || orders[1].Status != emulator.OrderPaid {
		t.Errorf("orders %+v", orders)
	}
	if after, _ := e.Circuit(apitest.Region, circuit.ID); !after.EndTime.Equal(before.EndTime) {
		t.Errorf("ends at %s instead of %s", after.EndTime, before.EndTime)
	}
}

func TestOrder_TerminatedCircuit_IsNotEnabled(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t)
	e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Canceled" })
	e.Advance(time.Hour)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Canceled" {
		t.Errorf("circuit is %s", c.Status)
	}
}

func TestLowerCamelAnswers_ContainANumber(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{LowerCamelAnswers: true})
	got := apitest.Order(t, e, circuit, nil)
	if want := `"data":{"orderId":` + e.Orders()[0].ID + `}`; !strings.Contains(got.Body, want) {
		t.Errorf("%s does not contain %s", got.Body, want)
	}
	if strings.Contains(got.Body, "OrderId") || !strings.Contains(got.Body, `"requestId":"`) {
		t.Errorf("%s is not in lower camel case", got.Body)
	}
}
