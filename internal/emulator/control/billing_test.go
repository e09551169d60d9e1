package control_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestControl_ChangesBalanceAndOrders(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	var account struct{ Balance emulator.Money }
	apitest.MustControl(t, e, "GET", "balance", "", &account)
	if account.Balance != emulator.Unlimited {
		t.Errorf("balance %s at first", account.Balance)
	}
	apitest.MustControl(t, e, "PUT", "balance", `{"balance":"100.5"}`, &account)
	order := apitest.MustPlace(t, e, circuit, nil)
	apitest.MustControl(t, e, "POST", "orders/"+order.ID+"/pay", "", nil)
	apitest.MustControl(t, e, "POST", "balance/top-up", `{"amount":"1000"}`, &account)
	if account.Balance != 1015_50 || e.Balance() != 1015_50 {
		t.Errorf("balance %s and %s, want 1015.50", account.Balance, e.Balance())
	}

	var renewal emulator.Order
	apitest.MustControl(t, e, "POST", "circuits/cn-hangzhou/"+circuit.ID+"/renew", `{"months":3}`, &renewal)
	apitest.MustControl(t, e, "POST", "orders/"+renewal.ID+"/cancel", "", &renewal)
	if renewal.Type != emulator.OrderTypeRenew || renewal.Status != emulator.OrderCancelled || renewal.Price.Gross != 255_00 {
		t.Errorf("renewal %+v", renewal)
	}
	apitest.MustControl(t, e, "POST", "other-orders", `{"CircuitID":"i-1","Price":{"Gross":"3","Pretax":"2","Tax":"1.5"}}`, nil)
	var others []emulator.Order
	apitest.MustControl(t, e, "GET", "other-orders", "", &others)
	if len(others) != 2 || others[1].CircuitID != "i-1" || others[1].Price.Total() != 3_50 {
		t.Errorf("other orders %+v", others)
	}
	apitest.MustControl(t, e, "PUT", "balance", `{"balance":"unlimited"}`, nil)
	if e.Balance() != emulator.Unlimited {
		t.Errorf("balance %s, want no limit", e.Balance())
	}
}

func TestControl_InvalidBillingChanges_AreRefused(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.SetBalance(1)
	for request, status := range map[[3]string]int{
		{"PUT", "balance", `{}`}:                              400,
		{"PUT", "balance", `{"balance":"-1"}`}:                400,
		{"PUT", "balance", `{"balance":1}`}:                   400,
		{"POST", "balance/top-up", `{"amount":"much"}`}:       400,
		{"POST", "other-orders", `{"Circuit":"i-1"}`}:         400,
		{"POST", "orders/" + order.ID + "/pay", ""}:           409,
		{"POST", "orders/1/cancel", ""}:                       404,
		{"POST", "circuits/cn-hangzhou/pc-1/renew", `{}`}:     409,
		{"POST", "circuits/cn-hangzhou/pc-1/renew", `months`}: 400,
	} {
		if got := apitest.Control(t, e, request[0], request[1], request[2]); got.Status != status {
			t.Errorf("%q: HTTP %d %s, want %d", request, got.Status, got.Body, status)
		}
	}
	if e.Balance() != 1 || len(e.OtherOrders()) != 0 || e.Orders()[0].Status != emulator.OrderUnpaid {
		t.Errorf("balance %s, orders %+v %+v", e.Balance(), e.Orders(), e.OtherOrders())
	}
}
