package bss

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// The operations on orders.
//
// Sources: https://www.alibabacloud.com/help/en/user-center/developer-reference/api-bssopenapi-2017-12-14-getorderdetail,
// https://www.alibabacloud.com/help/doc-detail/89079.htm
// and https://www.alibabacloud.com/help/en/user-center/developer-reference/api-cancelorder
const (
	actionOrderDetail = "GetOrderDetail"
	actionQueryOrders = "QueryOrders"
	actionCancelOrder = "CancelOrder"
)

const (
	// billingTries bounds the tries of a read of billing, which is never worth a
	// long wait: whoever asks can do without.
	billingTries = 4
	// orderPage is the page size that the API advises; larger pages may time out.
	orderPage = 20
	// maxSubOrders bounds the rows of one order, and of one page: whether a page counts
	// orders or rows is not documented.
	maxSubOrders = 300
	// maxOrderPages bounds a list of orders. It stands for 1,000 orders.
	maxOrderPages = 50
)

// billingTime is the form of times in questions, in UTC.
const billingTime = "2006-01-02T15:04:05Z"

// OrderLines reads an order. It implements ordering.Billing: all rows of the order,
// or a failure, for money is decided on what every row says.
func (c *Client) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	call, failure := c.newCallOnOrder(actionOrderDetail, orderID)
	if failure != nil {
		return nil, failure
	}
	call.Timeout, call.Tries = rpc.ReadTimeout, billingTries
	var (
		rows []orderRow
		asOf *time.Time
	)
	call.Parse = func(received rpc.Answer) (complaint string) {
		rows, complaint = parseOrder(received.Body, orderID)
		asOf = received.Date
		return complaint
	}
	if failure := c.atSite(ctx, call, c.rpc.Retry); failure != nil {
		return nil, failure
	}
	made := orderRows(rows)
	for i := range made {
		made[i].AsOf = asOf
	}
	return made, nil
}

// OrdersCreated lists the orders created in a window, whose ends are rounded outwards
// to seconds. It implements ordering.Billing.
func (c *Client) OrdersCreated(ctx context.Context, query billing.OrderQuery) (billing.OrderList, error) {
	located := c.newBillingCall(actionQueryOrders)
	located.Timeout, located.Tries = rpc.ReadTimeout, billingTries
	// Without a window the API would list the last hour alone.
	start := query.From.UTC().Truncate(time.Second).Format(billingTime)
	end := query.To.UTC().Add(time.Second - time.Nanosecond).Truncate(time.Second).Format(billingTime)

	var read rpc.List[orderRow]
	failure := c.atSite(ctx, located, func(ctx context.Context, located rpc.Call) (failure *apierror.Error) {
		read, failure = rpc.ReadAll(ctx, c.rpc, located, rpc.Pages[orderRow]{
			Size: orderPage, Max: maxOrderPages, Uncounted: true, Pace: query.Pace,
			Query: func(number int) map[string]string {
				return map[string]string{
					"CreateTimeStart": start, "CreateTimeEnd": end, "ProductCode": query.ProductCode,
					"PageNum": strconv.Itoa(number), "PageSize": strconv.Itoa(orderPage),
				}
			},
			Parse: func(body []byte) ([]orderRow, *int64, string) { return parseOrders(body, maxSubOrders) },
			Key: func(row orderRow) string {
				return row.OrderID.String() + " " + row.SubOrderID.String() + " " + row.ProductCode.String()
			},
		})
		return failure
	})
	if failure != nil {
		return billing.OrderList{}, failure
	}
	return billing.OrderList{Lines: orderRows(read.Rows), Date: read.Date, Truncated: read.Truncated}, nil
}

// CancelOrder cancels an unpaid order. It implements ordering.Billing: a ctx that
// has ended, or ends while the call waits for its turn, stops it before the send;
// once sending, only the answer or answerTimeout ends it.
func (c *Client) CancelOrder(ctx context.Context, orderID string) error {
	call, failure := c.newCallOnOrder(actionCancelOrder, orderID)
	if failure != nil {
		return failure
	}
	call.Timeout, call.Uncut = rpc.AnswerTimeout, true
	call.Parse = func(received rpc.Answer) string {
		if !received.Succeeded {
			return "the answer does not say whether the order is cancelled"
		}
		return ""
	}
	if failure := c.atSite(ctx, call, c.once); failure != nil {
		return failure
	}
	return nil
}

// once tries a call one time only.
func (c *Client) once(ctx context.Context, call rpc.Call) *apierror.Error {
	return c.rpc.Attempt(ctx, call, 1)
}

// parseOrder reads the rows of an order; none if billing does not know it.
func parseOrder(body []byte, orderID string) (rows []orderRow, complaint string) {
	rows, total, complaint := parseOrders(body, maxSubOrders)
	if complaint != "" {
		return nil, complaint
	}
	for _, row := range rows {
		if row.OrderID.String() != orderID {
			return nil, "the answer holds another order than the one that was asked for"
		}
	}
	if total != nil && *total > int64(len(rows)) {
		return nil, "the answer holds fewer rows of the order than it counts"
	}
	return rows, ""
}

// parseOrders reads a page of a list of orders, which has at most so many rows.
func parseOrders(body []byte, most int) (rows []orderRow, total *int64, complaint string) {
	var listing struct {
		Data struct {
			TotalCount rpc.Text
			List       struct {
				Rows rpc.Array[orderRow] `json:"Order"`
			} `json:"OrderList"`
		}
	}
	listing.Data.List.Rows.Max = most
	if err := json.Unmarshal(body, &listing); err != nil {
		return nil, nil, rpc.PageError("orders", err)
	}
	rows, total, complaint = rpc.PageRows("orders", listing.Data.List.Rows, listing.Data.TotalCount)
	for _, row := range rows {
		if !rpc.IsID(row.OrderID.String()) {
			return nil, nil, "an order is listed without its ID"
		}
	}
	return rows, total, complaint
}
