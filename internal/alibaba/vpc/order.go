package vpc

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

const actionOrder = "CreatePhysicalConnectionOccupancyOrder"

// orderQuery returns the parameters of CreatePhysicalConnectionOccupancyOrder.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html
func orderQuery(wish order.Request) map[string]string {
	query := map[string]string{
		"PhysicalConnectionId": wish.CircuitID,
		"PricingCycle":         wish.PricingCycle,
		"InstanceChargeType":   wish.ChargeType,
		// The API's own default has changed over the years, so it is never left to it.
		"AutoPay":     strconv.FormatBool(wish.AutoPay),
		"ClientToken": wish.ClientToken,
	}
	if wish.Period != nil {
		query["Period"] = strconv.FormatInt(*wish.Period, 10)
	}
	if wish.AutoRenew {
		query["AutoRenew"] = "true"
		if wish.AutoRenewDuration != nil {
			query["AutoRenewDuration"] = strconv.FormatInt(*wish.AutoRenewDuration, 10)
		}
	}
	return query
}

// SendOrder sends the order once. It implements ordering.OrderSender: a ctx that
// has ended, or ends while the call waits for its turn, stops it before the send;
// once sending, only the answer or answerTimeout ends it.
func (c *Client) SendOrder(ctx context.Context, wish order.Request) (order.Receipt, error) {
	call, failure := c.newCall(actionOrder, wish.Region)
	if failure != nil {
		return order.Receipt{}, failure
	}
	call.Timeout, call.Uncut, call.Query = rpc.AnswerTimeout, true, orderQuery(wish)

	var receipt order.Receipt
	call.Parse = func(received rpc.Answer) string {
		receipt = order.Receipt{OrderID: parseOrderID(received.Body), RequestID: received.RequestID}
		if receipt.OrderID == "" {
			return "the answer holds no order ID"
		}
		return ""
	}

	call.Effect = func(body []byte) string {
		if orderID := parseOrderID(body); orderID != "" {
			return "the order " + orderID
		}
		return ""
	}

	try := c.sends.next(orderKey{call.Region, wish.CircuitID, wish.ClientToken})
	if failure := c.rpc.Attempt(ctx, call, try); failure != nil {
		return order.Receipt{}, failure
	}
	return receipt, nil
}

// parseOrderID returns the order ID of an accepted order, in today's shape or in
// the lower-camel one of 2018, in which it is a number. It returns "" for what
// cannot be an order ID.
func parseOrderID(body []byte) string {
	var accepted struct {
		Data json.RawMessage `json:"Data"`
	}
	var data struct {
		OrderID rpc.Text `json:"OrderId"`
	}
	if json.Unmarshal(body, &accepted) != nil || json.Unmarshal(accepted.Data, &data) != nil {
		return ""
	}
	if orderID := data.OrderID.String(); rpc.IsID(orderID) {
		return orderID
	}
	return ""
}

// tally counts the tries of each order for the log: who decides to send again is
// the caller. The zero value is ready to use.
type tally struct {
	mu    sync.Mutex
	tries map[orderKey]int
}

type orderKey struct{ region, circuitID, token string }

// next returns the number of the try that begins.
func (t *tally) next(key orderKey) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries == nil {
		t.tries = map[orderKey]int{}
	}
	t.tries[key]++
	return t.tries[key]
}
