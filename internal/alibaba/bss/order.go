package bss

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
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
	// readTries is the maximum number of tries of a read. It is small, because every caller
	// can do without billing.
	readTries = 4
	// orderPage is the page size that the API recommends. Larger pages may time out.
	orderPage = 20
	// maxSubOrders is the maximum number of rows of one order, and of one page: it is not
	// documented whether a page counts orders or rows.
	maxSubOrders = 300
	// maxOrderPages bounds a list to 1,000 orders.
	maxOrderPages = 50
	// timeFormat is the format of times in requests, in UTC.
	timeFormat = "2006-01-02T15:04:05Z"
)

// OrderLines reads an order. It implements billing.Client: it returns all rows of the
// order or an error, because decisions about money use every row.
func (c *Client) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	call, failure := c.newCallOnOrder(actionOrderDetail, orderID)
	if failure != nil {
		return nil, failure
	}
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	var lines []billing.OrderLine
	call.Parse = func(answer rpc.Answer) string {
		rows, problem := parseOrder(answer.Body, orderID)
		lines = orderLines(rows, answer.Date)
		return problem
	}
	if failure := c.atSite(ctx, call, c.rpc.Retry); failure != nil {
		return nil, failure
	}
	return lines, nil
}

// OrdersCreated lists the orders that were created in a window. It rounds the ends of the
// window outwards to seconds. It implements billing.Client.
func (c *Client) OrdersCreated(ctx context.Context, query billing.OrderQuery) (billing.OrderList, error) {
	call := c.newCall(actionQueryOrders)
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	// Without a window, the API lists only the last hour.
	start := query.From.UTC().Truncate(time.Second).Format(timeFormat)
	end := query.To.UTC().Add(time.Second - time.Nanosecond).Truncate(time.Second).Format(timeFormat)

	var list rpc.List[orderRow]
	failure := c.atSite(ctx, call, func(ctx context.Context, call rpc.Call) (failure *apierror.Error) {
		list, failure = rpc.ReadAll(ctx, c.rpc, call, rpc.Pages[orderRow]{
			Size: orderPage, Max: maxOrderPages, Uncounted: true, Pace: query.Pace,
			Query: func(number int) map[string]string {
				return map[string]string{
					"CreateTimeStart": start, "CreateTimeEnd": end, "ProductCode": query.ProductCode,
					"PageNum": strconv.Itoa(number), "PageSize": strconv.Itoa(orderPage),
				}
			},
			Parse: parseOrders,
			Key: func(row orderRow) string {
				return row.OrderID.String() + " " + row.SubOrderID.String() + " " + row.ProductCode.String()
			},
		})
		return failure
	})
	if failure != nil {
		return billing.OrderList{}, failure
	}
	return billing.OrderList{Lines: orderLines(list.Rows, nil), Date: list.Date, Truncated: list.Truncated}, nil
}

// CancelOrder cancels an unpaid order. It implements billing.Client: ctx can stop the
// call only before it is sent. After that, only the answer or 30 seconds end it.
func (c *Client) CancelOrder(ctx context.Context, orderID string) error {
	call, failure := c.newCallOnOrder(actionCancelOrder, orderID)
	if failure != nil {
		return failure
	}
	call.Timeout, call.Uncut = rpc.AnswerTimeout, true
	call.Parse = func(answer rpc.Answer) string {
		if !answer.Succeeded {
			return "the answer does not report whether the order is cancelled"
		}
		return ""
	}
	if failure := c.atSite(ctx, call, c.rpc.Once); failure != nil {
		return failure
	}
	return nil
}

// parseOrder reads the rows of an order. There are none if billing does not know it.
func parseOrder(body []byte, orderID string) (rows []orderRow, problem string) {
	rows, total, problem := parseOrders(body)
	if problem != "" {
		return nil, problem
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

// parseOrders reads a page of orders.
func parseOrders(body []byte) (rows []orderRow, total *int64, problem string) {
	var list struct {
		Data struct {
			TotalCount rpc.Text
			List       struct {
				Rows rpc.Array[orderRow] `json:"Order"`
			} `json:"OrderList"`
		}
	}
	list.Data.List.Rows.Max = maxSubOrders
	rows, total, problem = rpc.Rows(body, "orders", &list, &list.Data.List.Rows, &list.Data.TotalCount)
	for _, row := range rows {
		if !rpc.IsID(row.OrderID.String()) {
			return nil, nil, "an order is listed without its ID"
		}
	}
	return rows, total, problem
}

// orderRow is a sub-order of GetOrderDetail or QueryOrders. QueryOrders leaves out the
// fields of the instance. JSON matches the names without regard to upper and lower case.
type orderRow struct {
	OrderID, SubOrderID, RelatedOrderID rpc.Text
	OrderType, OrderSubType             rpc.Text
	PaymentStatus                       rpc.Text
	CreateTime, PaymentTime             rpc.Text
	UsageStartTime, UsageEndTime        rpc.Text
	ProductCode, ProductType            rpc.Text
	CommodityCode, SubscriptionType     rpc.Text
	Region                              rpc.Text
	InstanceIDs                         instanceIDs
	Quantity                            rpc.Text
	Currency, PaymentCurrency           rpc.Text
	PretaxGrossAmount, PretaxAmount     rpc.Text
	PretaxAmountLocal, Tax              rpc.Text
	AfterTaxAmount                      rpc.Text
	Operator                            rpc.Text
}

// orderLines converts rows. The time is that of the answer; nil if unknown.
func orderLines(rows []orderRow, asOf *time.Time) []billing.OrderLine {
	var lines []billing.OrderLine
	for _, row := range rows {
		line := row.line()
		line.AsOf = asOf
		lines = append(lines, line)
	}
	return lines
}

func (row orderRow) line() billing.OrderLine {
	return billing.OrderLine{
		OrderID:           row.OrderID.String(),
		SubOrderID:        row.SubOrderID.String(),
		RelatedOrderID:    row.RelatedOrderID.String(),
		OrderType:         row.OrderType.String(),
		OrderSubType:      row.OrderSubType.String(),
		PaymentStatus:     row.PaymentStatus.String(),
		CreateTime:        row.CreateTime.Time(),
		PaymentTime:       row.PaymentTime.Time(),
		UsageStartTime:    row.UsageStartTime.Time(),
		UsageEndTime:      row.UsageEndTime.Time(),
		ProductCode:       row.ProductCode.String(),
		ProductType:       row.ProductType.String(),
		CommodityCode:     row.CommodityCode.String(),
		SubscriptionType:  row.SubscriptionType.String(),
		Region:            row.Region.String(),
		InstanceIDs:       row.InstanceIDs,
		Quantity:          row.Quantity.String(),
		Currency:          row.Currency.String(),
		PaymentCurrency:   row.PaymentCurrency.String(),
		PretaxGrossAmount: amount(row.PretaxGrossAmount),
		PretaxAmount:      amount(row.PretaxAmount),
		PretaxAmountLocal: amount(row.PretaxAmountLocal),
		Tax:               amount(row.Tax),
		AfterTaxAmount:    amount(row.AfterTaxAmount),
		Operator:          row.Operator.String(),
	}
}

// instanceIDs reads a JSON array inside a text, as documented, and also an array, a list
// with other separators, and objects.
type instanceIDs []string

var instanceID = lazyregexp.New(`[A-Za-z0-9][A-Za-z0-9_.-]*`)

// UnmarshalJSON implements json.Unmarshaler. It refuses a list that is too long, because
// the part that is cut off may contain the ID that matters.
func (ids *instanceIDs) UnmarshalJSON(data []byte) error {
	plain := ""
	if json.Unmarshal(data, &plain) != nil { // null becomes an empty text.
		plain = string(data)
	}
	found := instanceID().FindAllString(plain, rpc.MaxValues+1)
	if len(data) > rpc.MaxText || len(found) > rpc.MaxValues {
		return rpc.ErrTooLong
	}
	*ids = slices.DeleteFunc(found, func(id string) bool { return id == "null" })
	return nil
}

// maxAmount is the maximum length of an amount.
const maxAmount = 40

var decimal = lazyregexp.New(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)

var currency = lazyregexp.New(`^[A-Z]{3}$`)

// amount returns a decimal number without thousands separators, digit by digit, because a
// floating-point number would change the amount. It returns "" for other texts.
func amount(t rpc.Text) string {
	if len(t) > maxAmount || !decimal().MatchString(t.String()) {
		return ""
	}
	return strings.ReplaceAll(t.String(), ",", "")
}
