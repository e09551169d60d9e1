package emulator_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestCancelledOrderStaysInTheLedgerAndIsReplayed(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	order := placed(t, e, circuit, nil)
	e.Advance(time.Hour)
	got := bill(t, e, cancelOrder, params{"OrderId": order.ID})
	var body struct {
		envelope
		Data struct{ HostId string } //nolint:revive // The name of the API.
	}
	got.decode(t, &body)
	if got.status != 200 || body.Code != "Success" || body.Message != "Successful!" || !body.Success || body.Data.HostId != "cn" {
		t.Errorf("got HTTP %d %s", got.status, got.body)
	}
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Cancelled"})
	if again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); again != order.ID {
		t.Errorf("the token gives order %s, want %s", again, order.ID)
	}
	if err := e.PayOrder(order.ID); err == nil {
		t.Error("a cancelled order is paid")
	}
	orders := e.Orders()
	if len(orders) != 1 || orders[0].Status != emulator.OrderCancelled || !orders[0].CancelledAt.Equal(start.Add(time.Hour)) {
		t.Errorf("orders %+v", orders)
	}
}

func TestOnlyAnUnpaidOrderIsCancelled(t *testing.T) {
	t.Parallel()
	quirks := emulator.Quirks{CancelPaidCode: "Paid", CancelCancelledCode: "Cancelled", CancelUnknownCode: "Unknown"}
	e, circuit := newEmulator(emulator.Quirks{})
	paid := placed(t, e, circuit, params{"AutoPay": "true"})
	cancelled := placed(t, e, e.AddCircuit(emulator.Circuit{}), params{"ClientToken": "2"})
	if err := e.CancelOrder(cancelled.ID); err != nil {
		t.Fatal(err)
	}
	before := printed(t, e.Orders())
	for id, code := range map[string]string{paid.ID: "Paid", cancelled.ID: "Cancelled", "1": "Unknown"} {
		e.SetQuirks(emulator.Quirks{})
		expectCode(t, bill(t, e, cancelOrder, params{"OrderId": id}), 400, "InvalidParameter")
		e.SetQuirks(quirks)
		expectCode(t, bill(t, e, cancelOrder, params{"OrderId": id}), 400, code)
		if err := e.CancelOrder(id); err == nil {
			t.Errorf("order %s is cancelled in the console", id)
		}
	}
	e.SetQuirks(emulator.Quirks{CancelCancelledCode: "Success"})
	expectCode(t, bill(t, e, cancelOrder, params{"OrderId": cancelled.ID}), 200, "Success")
	if after := printed(t, e.Orders()); after != before {
		t.Errorf("orders changed from %s to %s", before, after)
	}
}
