package emulator_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestPlaceConsoleOrder_IsAnOrderWithoutAClientToken(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	e.SetBalance(1000_00)
	order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{
		Region: region, CircuitID: circuit.ID, Period: 2, PricingCycle: "Month", CreatedAt: start.Add(-oneDay),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := emulator.Order{
		ID: order.ID, Region: region, CircuitID: circuit.ID, Type: emulator.OrderTypeNew, Period: 2, PricingCycle: "Month",
		InstanceChargeType: "PrePaid", CreatedAt: start.Add(-oneDay), Status: emulator.OrderUnpaid,
		Price: emulator.Price{Gross: 170_00, Pretax: 170_00},
	}
	if got := printed(t, e.Orders()); got != printed(t, []emulator.Order{want}) || got != printed(t, []emulator.Order{order}) {
		t.Errorf("orders %s, answered %+v, want %+v", got, order, want)
	}
	if listed := queried(t, e, nil); len(listed) != 0 {
		t.Errorf("an order of yesterday is listed in the last hour: %v", listed)
	}
	if listed := queried(t, e, params{"CreateTimeStart": "2022-08-08T05:00:00Z"}); len(listed) != 1 || listed[0] != order.ID {
		t.Errorf("listed %v", listed)
	}
	expectRow(t, rows(t, e, order.ID)[0], params{
		"OrderType": "New", "PaymentStatus": "Unpaid", "ProductCode": "pconn", "CreateTime": "2022-08-08T05:00:00Z", "InstanceIDs": `["` + circuit.ID + `"]`,
	})
	// No token stands between it and an order of the API.
	call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": ""})).orderID(t)
	expectOrders(t, e, 2)

	pay(t, e, order)
	if e.Balance() != 830_00 {
		t.Errorf("balance %s", e.Balance())
	}
	e.Advance(30 * time.Second)
	if c, _ := e.Circuit(region, circuit.ID); c.Status != emulator.StatusEnabled {
		t.Errorf("the paid circuit is %s", c.Status)
	}
}

func TestPlaceConsoleOrder_PaidAtOnceEnablesTheCircuitAfterTheDelay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		status string
	}{
		"now": {0, emulator.StatusConfirmed}, "before the delay": {time.Minute, emulator.StatusConfirmed}, "long ago": {time.Hour, emulator.StatusEnabled},
	} {
		e, circuit := newEmulator(emulator.Quirks{EnableDelay: 10 * time.Minute})
		order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{Region: region, CircuitID: circuit.ID, CreatedAt: start.Add(-test.age), Status: emulator.OrderPaid})
		if err != nil || order.Status != emulator.OrderPaid || !order.PaidAt.Equal(start.Add(-test.age)) {
			t.Errorf("%s: %+v, %v", name, order, err)
		}
		if c, _ := e.Circuit(region, circuit.ID); c.Status != test.status {
			t.Errorf("%s: the circuit is %s, want %s", name, c.Status, test.status)
		}
	}
}

func TestPlaceConsoleOrder_AnUnpaidOrderOfLongAgoHasLapsed(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	order, err := e.PlaceConsoleOrder(emulator.ConsoleOrder{Region: region, CircuitID: circuit.ID, CreatedAt: start.Add(-8 * oneDay)})
	if err != nil || order.Status != emulator.OrderCancelled || !order.CancelledAt.Equal(start.Add(-oneDay)) {
		t.Errorf("%+v, %v", order, err)
	}
}

func TestPlaceConsoleOrder_RefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*emulator.ConsoleOrder){
		"unknown circuit":            func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-unknown" },
		"unknown region":             func(o *emulator.ConsoleOrder) { o.Region = "cn-nowhere" },
		"cycle that does not exist":  func(o *emulator.ConsoleOrder) { o.PricingCycle = "Week" },
		"term that is not offered":   func(o *emulator.ConsoleOrder) { o.Period = 10 },
		"term below none":            func(o *emulator.ConsoleOrder) { o.Period = -1 },
		"time to come":               func(o *emulator.ConsoleOrder) { o.CreatedAt = start.Add(time.Second) },
		"order that is cancelled":    func(o *emulator.ConsoleOrder) { o.Status = emulator.OrderCancelled },
		"price beyond the balance":   func(o *emulator.ConsoleOrder) { o.Period, o.Status = 9, emulator.OrderPaid },
		"circuit that is in service": func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-enabled" },
		"second unpaid order":        func(o *emulator.ConsoleOrder) { o.CircuitID = "pc-ordered" },
	} {
		e, circuit := newEmulator(emulator.Quirks{RefuseSecondUnpaidOrder: true})
		e.AddCircuit(emulator.Circuit{ID: "pc-enabled", Status: emulator.StatusEnabled})
		placed(t, e, e.AddCircuit(emulator.Circuit{ID: "pc-ordered"}), nil)
		e.SetBalance(100_00)
		order := emulator.ConsoleOrder{Region: region, CircuitID: circuit.ID}
		change(&order)
		if got, err := e.PlaceConsoleOrder(order); err == nil {
			t.Errorf("%s: placed %+v", name, got)
		}
		expectOrders(t, e, 1)
		if e.Balance() != 100_00 {
			t.Errorf("%s: balance %s", name, e.Balance())
		}
	}
}

func TestConsoleOrders_ArePlacedByControl(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{EnableDelay: -1})
	var order emulator.Order
	controlled(t, e, "POST", "console-orders", `{"Region":"cn-hangzhou","CircuitID":"`+circuit.ID+`","CreatedAt":"2022-08-08T05:00:00Z","Status":"Paid"}`, &order)
	if order.Status != emulator.OrderPaid || !order.CreatedAt.Equal(start.Add(-oneDay)) || e.Orders()[0].ID != order.ID {
		t.Errorf("order %+v", order)
	}
	if got := control(t, e, "POST", "console-orders", `{"Region":"cn-hangzhou","CircuitID":"pc-unknown"}`); got.status != 409 {
		t.Errorf("an unknown circuit: HTTP %d %s", got.status, got.body)
	}
	if got := control(t, e, "POST", "console-orders", `{"Circuit":"pc-unknown"}`); got.status != 400 {
		t.Errorf("a misspelled field: HTTP %d %s", got.status, got.body)
	}
}
