package emulator_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	queryOrders = "QueryOrders"
	orderDetail = "GetOrderDetail"
	cancelOrder = "CancelOrder"
	balance     = "QueryAccountBalance"
	hostBSS     = "vpc.test" // One listener serves both products.
)

const oneDay = 24 * time.Hour

// bill sends a signed request to billing.
func bill(t *testing.T, e *emulator.Emulator, action string, changes params) reply {
	t.Helper()
	all := params{"Version": "2017-12-14"}
	maps.Copy(all, changes)
	return call(t, e, action, all)
}

// row is an order in an answer of billing. All its members are texts.
type row = map[string]any

// orderPage is the data of an answer with orders.
type orderPage struct {
	PageNum, PageSize, TotalCount int
	OrderList                     struct{ Order []row }
}

// envelope is billing's answer, good or bad.
type envelope struct {
	Code, Message, RequestId string //nolint:revive // The name of the API.
	Success                  bool
	Data                     orderPage
}

// page asks billing for orders and expects success.
func page(t *testing.T, e *emulator.Emulator, action string, changes params) orderPage {
	t.Helper()
	got := bill(t, e, action, changes)
	var body envelope
	got.decode(t, &body)
	if got.status != http.StatusOK || !body.Success {
		t.Fatalf("%s: HTTP %d %s", action, got.status, got.body)
	}
	return body.Data
}

// rows asks GetOrderDetail for an order.
func rows(t *testing.T, e *emulator.Emulator, orderID string) []row {
	t.Helper()
	return page(t, e, orderDetail, params{"OrderId": orderID}).OrderList.Order
}

// queried returns the IDs of the orders that QueryOrders lists.
func queried(t *testing.T, e *emulator.Emulator, changes params) []string {
	t.Helper()
	ids := []string{}
	for _, row := range page(t, e, queryOrders, changes).OrderList.Order {
		ids = append(ids, text(t, row, "OrderId"))
	}
	return ids
}

func text(t *testing.T, r row, name string) string {
	t.Helper()
	value, ok := r[name].(string)
	if !ok {
		t.Errorf("%s = %v is no text", name, r[name])
	}
	return value
}

// expectRow checks the members that want names.
func expectRow(t *testing.T, got row, want params) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s = %v, want %q", name, got[name], value)
		}
	}
}

// placed places an order and returns it.
func placed(t *testing.T, e *emulator.Emulator, circuit emulator.Circuit, changes params) emulator.Order {
	t.Helper()
	id := call(t, e, placeOrder, orderFor(circuit, changes)).orderID(t)
	for _, order := range e.Orders() {
		if order.ID == id {
			return order
		}
	}
	t.Fatalf("order %s is not in the ledger", id)
	return emulator.Order{}
}

func pay(t *testing.T, e *emulator.Emulator, order emulator.Order) {
	t.Helper()
	if err := e.PayOrder(order.ID); err != nil {
		t.Fatal(err)
	}
}
