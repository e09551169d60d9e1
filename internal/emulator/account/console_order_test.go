package account_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestPlaceConsoleOrder_HasNoClientToken(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.SetBalance(1000_00)
	order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{
		Region: apitest.Region, CircuitID: circuit.ID, Period: 2, PricingCycle: "Month", CreatedAt: apitest.Start.Add(-apitest.Day),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := emulator.Order{
		ID: order.ID, Region: apitest.Region, CircuitID: circuit.ID, Type: emulator.OrderTypeNew, Period: 2, PricingCycle: "Month",
		InstanceChargeType: "PrePaid", CreatedAt: apitest.Start.Add(-apitest.Day), Status: emulator.OrderUnpaid,
		Price: emulator.Price{Gross: 170_00, Pretax: 170_00},
	}
	if got := apitest.JSON(t, e.Orders()); got != apitest.JSON(t, []emulator.Order{want}) || got != apitest.JSON(t, []emulator.Order{order}) {
		t.Errorf("orders %s, answered %+v, want %+v", got, order, want)
	}
	if listed := apitest.ListedOrders(t, e, nil); len(listed) != 0 {
		t.Errorf("an order of yesterday is listed in the last hour: %v", listed)
	}
	if listed := apitest.ListedOrders(t, e, apitest.Params{"CreateTimeStart": "2022-08-08T05:00:00Z"}); len(listed) != 1 || listed[0] != order.ID {
		t.Errorf("listed %v", listed)
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{
		"OrderType": "New", "PaymentStatus": "Unpaid", "ProductCode": "pconn", "CreateTime": "2022-08-08T05:00:00Z", "InstanceIDs": `["` + circuit.ID + `"]`,
	})
	// The API accepts another order, because the first has no token.
	apitest.Order(t, e, circuit, apitest.Params{"ClientToken": ""}).OrderID(t)
	apitest.ExpectOrders(t, e, 2)

	apitest.Pay(t, e, order)
	if e.Balance() != 830_00 {
		t.Errorf("balance %s", e.Balance())
	}
	e.Advance(30 * time.Second)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != emulator.StatusEnabled {
		t.Errorf("the paid circuit is %s", c.Status)
	}
}

func TestPlaceConsoleOrder_PaidAtOnce_EnablesTheCircuitAfterTheDelay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		status string
	}{
		"now": {0, emulator.StatusConfirmed}, "before the delay": {time.Minute, emulator.StatusConfirmed}, "long ago": {time.Hour, emulator.StatusEnabled},
	} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: 10 * time.Minute})
		order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{
			Region: apitest.Region, CircuitID: circuit.ID, CreatedAt: apitest.Start.Add(-test.age), Status: emulator.OrderPaid,
		})
		if err != nil || order.Status != emulator.OrderPaid || !order.PaidAt.Equal(apitest.Start.Add(-test.age)) {
			t.Errorf("%s: %+v, %v", name, order, err)
		}
		if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != test.status {
			t.Errorf("%s: the circuit is %s, want %s", name, c.Status, test.status)
		}
	}
}

func TestPlaceConsoleOrder_OldUnpaidOrder_IsCancelled(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{Region: apitest.Region, CircuitID: circuit.ID, CreatedAt: apitest.Start.Add(-8 * apitest.Day)})
	if err != nil || order.Status != emulator.OrderCancelled || !order.CancelledAt.Equal(apitest.Start.Add(-apitest.Day)) {
		t.Errorf("%+v, %v", order, err)
	}
}

func TestPlaceConsoleOrder_InvalidOrders_AreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*emulator.ConsoleOrder){
		"unknown circuit":         func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-unknown" },
		"unknown region":          func(o *emulator.ConsoleOrder) { o.Region = "cn-nowhere" },
		"unknown cycle":           func(o *emulator.ConsoleOrder) { o.PricingCycle = "Week" },
		"invalid term":            func(o *emulator.ConsoleOrder) { o.Period = 10 },
		"negative term":           func(o *emulator.ConsoleOrder) { o.Period = -1 },
		"time in the future":      func(o *emulator.ConsoleOrder) { o.CreatedAt = apitest.Start.Add(time.Second) },
		"cancelled order":         func(o *emulator.ConsoleOrder) { o.Status = emulator.OrderCancelled },
		"price above the balance": func(o *emulator.ConsoleOrder) { o.Period, o.Status = 9, emulator.OrderPaid },
		"enabled circuit":         func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-enabled" },
		"second unpaid order":     func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-ordered" },
	} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{RefuseSecondUnpaidOrder: true})
		e.AddCircuit(emulator.Circuit{ID: "pc-enabled", Status: emulator.StatusEnabled})
		apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{ID: "pc-ordered"}), nil)
		e.SetBalance(100_00)
		order := emulator.ConsoleOrder{Region: apitest.Region, CircuitID: circuit.ID}
		change(&order)
		if got, err := e.PlaceConsoleOrder(order); err == nil {
			t.Errorf("%s: placed %+v", name, got)
		}
		apitest.ExpectOrders(t, e, 1)
		if e.Balance() != 100_00 {
			t.Errorf("%s: balance %s", name, e.Balance())
		}
	}
}

func TestPlaceConsoleOrder_ControlRoute(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	var order emulator.Order
	body := `{"Region":"cn-hangzhou","CircuitID":"` + circuit.ID + `","CreatedAt":"2022-08-08T05:00:00Z","Status":"Paid"}`
	apitest.MustControl(t, e, "POST", "console-orders", body, &order)
	if order.Status != emulator.OrderPaid || !order.CreatedAt.Equal(apitest.Start.Add(-apitest.Day)) || e.Orders()[0].ID != order.ID {
		t.Errorf("order %+v", order)
	}
	if got := apitest.Control(t, e, "POST", "console-orders", `{"Region":"cn-hangzhou","CircuitID":"pc-unknown"}`); got.Status != 409 {
		t.Errorf("an unknown circuit: HTTP %d %s", got.Status, got.Body)
	}
	if got := apitest.Control(t, e, "POST", "console-orders", `{"Circuit":"pc-unknown"}`); got.Status != 400 {
		t.Errorf("a misspelled field: HTTP %d %s", got.Status, got.Body)
	}
}
