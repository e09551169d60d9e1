package apitest

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The actions of the billing API, and the host of both APIs.
const (
	QueryOrders  = "QueryOrders"
	OrderDetail  = "GetOrderDetail"
	CancelOrder  = "CancelOrder"
	QueryBalance = "QueryAccountBalance"
	HostBSS      = "vpc.test" // One listener serves both products.
)

// Day is a day.
const Day = 24 * time.Hour

// CallBilling sends a signed request to billing.
func CallBilling(t *testing.T, e *emulator.Emulator, action string, changes Params) Reply {
	t.Helper()
	all := Params{"Version": "2017-12-14"}
	maps.Copy(all, changes)
	return Call(t, e, action, all)
}

// Row is an order in an answer of billing. All its members are texts.
type Row = map[string]any

// OrderPage is the data of an answer with orders.
type OrderPage struct {
	PageNum, PageSize, TotalCount int
	OrderList                     struct{ Order []Row }
}

// Envelope is an answer of billing.
type Envelope struct {
	Code, Message, RequestId string //nolint:revive // The name of the API.
	Success                  bool
	Data                     OrderPage
}

// MustPage reads orders from billing.
func MustPage(t *testing.T, e *emulator.Emulator, action string, changes Params) OrderPage {
	t.Helper()
	got := CallBilling(t, e, action, changes)
	var body Envelope
	got.Decode(t, &body)
	if got.Status != http.StatusOK || !body.Success {
		t.Fatalf("%s: HTTP %d %s", action, got.Status, got.Body)
	}
	return body.Data
}

// Rows returns the answer of GetOrderDetail for an order.
func Rows(t *testing.T, e *emulator.Emulator, orderID string) []Row {
	t.Helper()
	return MustPage(t, e, OrderDetail, Params{"OrderId": orderID}).OrderList.Order
}

// ListedOrders returns the IDs in the answer of QueryOrders.
func ListedOrders(t *testing.T, e *emulator.Emulator, changes Params) []string {
	t.Helper()
	ids := []string{}
	for _, row := range MustPage(t, e, QueryOrders, changes).OrderList.Order {
		ids = append(ids, Text(t, row, "OrderId"))
	}
	return ids
}

// Text returns a member that must be a text.
func Text(t *testing.T, r Row, name string) string {
	t.Helper()
	value, ok := r[name].(string)
	if !ok {
		t.Errorf("%s = %v is not a text", name, r[name])
	}
	return value
}

// ExpectRow checks some members of a row.
func ExpectRow(t *testing.T, got Row, want Params) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s = %v, want %q", name, got[name], value)
		}
	}
}

// MustPlace places an order and returns it.
func MustPlace(t *testing.T, e *emulator.Emulator, circuit emulator.Circuit, changes Params) emulator.Order {
	t.Helper()
	id := Order(t, e, circuit, changes).OrderID(t)
	for _, order := range e.Orders() {
		if order.ID == id {
			return order
		}
	}
	t.Fatalf("order %s is not in the order store", id)
	return emulator.Order{}
}

// Pay pays an order.
func Pay(t *testing.T, e *emulator.Emulator, order emulator.Order) {
	t.Helper()
	if err := e.PayOrder(order.ID); err != nil {
		t.Fatal(err)
	}
}
