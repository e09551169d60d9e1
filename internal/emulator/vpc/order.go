package vpc

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// placeOrder serves CreatePhysicalConnectionOccupancyOrder.
func (s service) placeOrder(q *gateway.Request) (gateway.Object, error) {
	order, attempt, err := s.readOrder(q)
	if err != nil {
		return nil, err
	}
	q.OrderID, err = s.store.PlaceOrder(attempt, order)
	if err != nil {
		return nil, err
	}
	id := cmp.Or(q.AnsweredID, q.OrderID)
	if s.store.Quirks().LowerCamelAnswers {
		return gateway.Object{
			{"requestId", q.ID},
			{"code", "200"},
			{"success", true},
			{"httpStatusCode", http.StatusOK},
			{"message", "successful"},
			{"data", gateway.Object{{"orderId", gateway.Bare(id)}}},
		}, nil
	}
	return gateway.Object{
		{"RequestId", q.ID},
		{"Data", gateway.Object{{"OrderId", id}}},
	}, nil
}

// readOrder checks the parameters and sets the API's defaults.
func (s service) readOrder(q *gateway.Request) (order account.Order, attempt account.Attempt, err error) {
	if !s.store.KnowsRegion(q.Region()) {
		return order, attempt, gateway.NewError("InvalidRegionId.NotFound")
	}
	if attempt, err = q.Attempt(); err != nil {
		return order, attempt, err
	}
	order = account.Order{
		Region:             q.Region(),
		CircuitID:          q.Params[paramCircuitID],
		Period:             s.store.Quirks().PeriodOrDefault(),
		PricingCycle:       account.CycleMonth,
		AutoRenewDuration:  1,
		InstanceChargeType: account.ChargePrePaid,
		ClientToken:        attempt.Token,
		Params:             attempt.Params,
	}
	if kind, sent := q.Params["InstanceChargeType"]; sent && kind != account.ChargePrePaid {
		return order, attempt, gateway.NewError("InvalidPhysicalConnectionChargeType.Malformed")
	}
	if cycle, sent := q.Params["PricingCycle"]; sent {
		order.PricingCycle = cycle
	}
	longest := account.LongestPeriod(order.PricingCycle)
	if longest == 0 {
		return order, attempt, gateway.NewError("InvalidPhysicalConnectionPricingCycle.Malformed")
	}
	if period, sent := q.Params["Period"]; sent {
		if order.Period, err = strconv.Atoi(period); err != nil || order.Period < 1 || order.Period > longest {
			return order, attempt, gateway.NewError("InvalidPhysicalConnectionPeriod.Malformed")
		}
	}
	if months, sent := q.Params["AutoRenewDuration"]; sent {
		number, err := strconv.ParseInt(months, 10, 32)
		if err != nil || number < 0 {
			return order, attempt, gateway.Invalid("AutoRenewDuration")
		}
		order.AutoRenewDuration = int(number)
	}
	if order.AutoPay, err = q.Flag("AutoPay"); err == nil {
		order.AutoRenew, err = q.Flag("AutoRenew")
	}
	return order, attempt, err
}
