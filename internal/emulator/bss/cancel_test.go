package bss_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestCancelOrder_OrderStaysAndIsReturnedForItsToken(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.Advance(time.Hour)
	got := apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": order.ID})
	var body struct {
		apitest.Envelope
		Data struct{ HostId string } //nolint:revive // The name of the API.
	}
	got.Decode(t, &body)
	if got.Status != 200 || body.Code != "Success" || body.Message != "Successful!" || !body.Success || body.Data.HostId != "cn" {
		t.Errorf("got HTTP %d %s", got.Status, got.Body)
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Cancelled"})
	if again := apitest.Order(t, e, circuit, nil).OrderID(t); again != order.ID {
		t.Errorf("the token gives order %s, want %s", again, order.ID)
	}
	if err := e.PayOrder(order.ID); err == nil {
		t.Error("a cancelled order is paid")
	}
	orders := e.Orders()
	if len(orders) != 1 || orders[0].Status != emulator.OrderCancelled || !orders[0].CancelledAt.Equal(apitest.Start.Add(time.Hour)) {
		t.Errorf("orders %+v", orders)
	}
}

func TestCancelOrder_OnlyUnpaidOrders(t *testing.T) {
	t.Parallel()
	quirks := emulator.Quirks{CancelPaidCode: "Paid", CancelCancelledCode: "Cancelled", CancelUnknownCode: "Unknown"}
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	paid := apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	cancelled := apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "2"})
	if err := e.CancelOrder(cancelled.ID); err != nil {
		t.Fatal(err)
	}
	before := apitest.JSON(t, e.Orders())
	for id, code := range map[string]string{paid.ID: "Paid", cancelled.ID: "Cancelled", "1": "Unknown"} {
		e.SetQuirks(emulator.Quirks{})
		apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": id}), 400, "InvalidParameter")
		e.SetQuirks(quirks)
		apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": id}), 400, code)
		if err := e.CancelOrder(id); err == nil {
			t.Errorf("order %s is cancelled in the console", id)
		}
	}
	e.SetQuirks(emulator.Quirks{CancelCancelledCode: "Success"})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": cancelled.ID}), 200, "Success")
	if after := apitest.JSON(t, e.Orders()); after != before {
		t.Errorf("orders changed from %s to %s", before, after)
	}
}
