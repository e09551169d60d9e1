// Package billing reads orders in billing (BssOpenApi): the payment of one order, and the
// orders of a circuit.
package billing

import (
	"context"
	"time"
)

// Payment statuses of an order.
//
// Source: https://www.alibabacloud.com/help/en/user-center/developer-reference/api-bssopenapi-2017-12-14-getorderdetail
const (
	Unpaid    = "Unpaid"
	Paid      = "Paid"
	Cancelled = "Cancelled"
)

// OrderTypeNew is the type of an order that buys something new.
const OrderTypeNew = "New"

// Billing reads and cancels orders (BssOpenApi 2017-12-14). The right to do so is
// often not given to those who run Terraform, so every caller has to live without.
type Client interface {
	// OrderLines reads an order, one row for each sub-order (GetOrderDetail). It
	// returns no rows for an order that billing does not know (yet).
	OrderLines(ctx context.Context, orderID string) ([]OrderLine, error)
	// OrdersCreated lists the orders created in a window (QueryOrders), at most 50
	// pages of 20. The rows name no circuit: only OrderLines does.
	OrdersCreated(ctx context.Context, query OrderQuery) (OrderList, error)
	// CancelOrder cancels an unpaid order. Like an order request it is sent once,
	// and a Error says how far it went.
	CancelOrder(ctx context.Context, orderID string) error
}

// OrderQuery chooses orders by the time of their creation.
type OrderQuery struct {
	From, To    time.Time
	ProductCode string // empty: every product
	// Pace is called before each page; may be nil.
	Pace func(context.Context) error
}

// OrderList is a list of orders.
type OrderList struct {
	Lines []OrderLine
	// Date is when billing answered the first page, by its own clock; nil if it gave
	// no date.
	Date *time.Time
	// Truncated means that billing has more orders of the window than the list holds.
	Truncated bool
}

// OrderLine is one sub-order. Texts are empty, times nil where billing says nothing.
// Amounts are decimal numbers as text, without thousands separators.
type OrderLine struct {
	// AsOf is when billing answered, by its own clock; nil where it did not say.
	AsOf *time.Time

	OrderID, SubOrderID, RelatedOrderID string
	OrderType, OrderSubType             string // New, Renew, Upgrade, Refund, …
	PaymentStatus                       string // Unpaid, Paid, Cancelled; empty for refunds
	CreateTime, PaymentTime             *time.Time
	UsageStartTime, UsageEndTime        *time.Time
	ProductCode, ProductType            string
	CommodityCode, SubscriptionType     string
	Region                              string
	InstanceIDs                         []string
	Quantity                            string
	Currency, PaymentCurrency           string
	PretaxGrossAmount, PretaxAmount     string
	PretaxAmountLocal, Tax              string
	AfterTaxAmount                      string
	Operator                            string
}
