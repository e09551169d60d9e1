// Package billing reads orders in billing (BssOpenApi): the payment of one order, and all
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

// OrderTypeNew is the type of orders that buy something new.
const OrderTypeNew = "New"

// Client reads and cancels orders (BssOpenApi 2017-12-14). Users often have no permissions
// for billing, so the callers must work without it.
type Client interface {
	// OrderLines reads an order, with one line for each sub-order (GetOrderDetail). It
	// returns no lines if billing does not report the order (yet).
	OrderLines(ctx context.Context, orderID string) ([]OrderLine, error)
	// OrdersCreated lists the orders of a period (QueryOrders), at most 50 pages of 20. The
	// lines have no circuit IDs; only OrderLines returns them.
	OrdersCreated(ctx context.Context, query OrderQuery) (OrderList, error)
	// CancelOrder sends one request to cancel an unpaid order. It returns an
	// *apierror.Error, whose Delivery is how far the request went.
	CancelOrder(ctx context.Context, orderID string) error
}

// OrderQuery selects orders by the time of their creation.
type OrderQuery struct {
	From, To    time.Time
	ProductCode string // empty for all products
	// Pace is called before each page. It may be nil.
	Pace func(context.Context) error
}

// OrderList is a list of orders.
type OrderList struct {
	Lines []OrderLine
	// Date is when billing answered the first page, by the clock of billing. It is nil if
	// the answer has no date.
	Date *time.Time
	// Truncated reports whether billing has more orders of the period than the list.
	Truncated bool
}

// OrderLine is one sub-order. Strings are empty and times nil if billing does not report
// them. Amounts are decimal numbers as text, without thousands separators.
type OrderLine struct {
	// AsOf is when billing answered, by the clock of billing. It is nil without a date.
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
