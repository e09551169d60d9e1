package vpc

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

const actionOrder = "CreatePhysicalConnectionOccupancyOrder"

// orderKey identifies an order in the log.
type orderKey struct{ region, circuitID, token string }

// SendOrder sends the order once. It implements order.API: ctx can stop the
// call only before it is sent. After that, only the answer or 30 seconds end it.
func (c *Client) SendOrder(ctx context.Context, request order.Request) (order.Receipt, error) {
	call, failure := c.newCall(actionOrder, request.Region)
	if failure != nil {
		return order.Receipt{}, failure
	}
	call.Timeout, call.Uncut, call.Query = rpc.AnswerTimeout, true, orderQuery(request)
	call.Try = c.countSend(orderKey{call.Region, request.CircuitID, request.ClientToken})
	call.Effect = func(body []byte) string {
		if orderID := parseOrderID(body); orderID != "" {
			return "the order " + orderID
		}
		return ""
	}
	var receipt order.Receipt
	call.Parse = func(answer rpc.Answer) string {
		receipt = order.Receipt{OrderID: parseOrderID(answer.Body), RequestID: answer.RequestID}
		if receipt.OrderID == "" {
			return "the answer holds no order ID"
		}
		return ""
	}
	if failure := c.rpc.Once(ctx, call); failure != nil {
		return order.Receipt{}, failure
	}
	return receipt, nil
}

func (c *Client) countSend(key orderKey) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sends[key]++
	return c.sends[key]
}

// orderQuery returns the parameters of CreatePhysicalConnectionOccupancyOrder.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html
func orderQuery(request order.Request) map[string]string {
	query := map[string]string{
		"PhysicalConnectionId": request.CircuitID,
		"PricingCycle":         request.PricingCycle,
		"InstanceChargeType":   request.ChargeType,
		// It is always sent, because the default of the API has changed over the years.
		"AutoPay":     strconv.FormatBool(request.AutoPay),
		"ClientToken": request.ClientToken,
	}
	if request.Period != nil {
		query["Period"] = strconv.FormatInt(*request.Period, 10)
	}
	if request.AutoRenew {
		query["AutoRenew"] = "true"
		if request.AutoRenewDuration != nil {
			query["AutoRenewDuration"] = strconv.FormatInt(*request.AutoRenewDuration, 10)
		}
	}
	return query
}

// parseOrderID returns the order ID in an answer, empty if there is none. The answers of
// 2018 have lower-camel names and a number.
func parseOrderID(body []byte) string {
	var answer struct{ Data json.RawMessage }
	var data struct{ OrderID rpc.Text }
	if json.Unmarshal(body, &answer) != nil || json.Unmarshal(answer.Data, &data) != nil || !rpc.IsID(data.OrderID.String()) {
		return ""
	}
	return data.OrderID.String()
}
