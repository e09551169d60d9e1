package emulator

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
)

const actionPlaceOrder = "CreatePhysicalConnectionOccupancyOrder"

const chargePrePaid = "PrePaid"

// longestPeriods are the terms that can be ordered, by their cycle.
var longestPeriods = map[string]int{cycleMonth: 9, cycleYear: 5}

// placeOrder carries out CreatePhysicalConnectionOccupancyOrder.
func (e *Emulator) placeOrder(q *request) (object, *apiError) {
	order, failure := e.readOrder(q)
	if failure != nil {
		return nil, failure
	}
	if e.quirks.StateCheckFirst {
		if failure := e.checkOrderable(order); failure != nil {
			return nil, failure
		}
	}
	q.orderID, failure = e.once(q, func() (string, *apiError) { return e.commit(order) })
	if failure != nil {
		return nil, failure
	}
	return e.orderAnswer(q), nil
}

// readOrder checks the parameters and fills in the API's defaults.
func (e *Emulator) readOrder(q *request) (Order, *apiError) {
	order := Order{
		Region:             q.params[paramRegion],
		CircuitID:          q.params[paramCircuitID],
		Period:             e.quirks.defaultPeriod(),
		PricingCycle:       cycleMonth,
		AutoRenewDuration:  1,
		InstanceChargeType: chargePrePaid,
		ClientToken:        q.params[paramClientToken],
		Params:             q.business(),
	}
	if !e.knowsRegion(order.Region) {
		return order, fail("InvalidRegionId.NotFound")
	}
	if !validToken(order.ClientToken) {
		return order, fail("IllegalParam.ClientToken")
	}
	if kind, sent := q.params["InstanceChargeType"]; sent && kind != chargePrePaid {
		return order, fail("InvalidPhysicalConnectionChargeType.Malformed")
	}
	if cycle, sent := q.params["PricingCycle"]; sent {
		order.PricingCycle = cycle
	}
	longest, known := longestPeriods[order.PricingCycle]
	if !known {
		return order, fail("InvalidPhysicalConnectionPricingCycle.Malformed")
	}
	if period, sent := q.params["Period"]; sent {
		number, err := strconv.Atoi(period)
		if err != nil || number < 1 || number > longest {
			return order, fail("InvalidPhysicalConnectionPeriod.Malformed")
		}
		order.Period = number
	}
	if months, sent := q.params["AutoRenewDuration"]; sent {
		number, err := strconv.ParseInt(months, 10, 32)
		if err != nil || number < 0 {
			return order, invalid("AutoRenewDuration")
		}
		order.AutoRenewDuration = int(number)
	}
	var failure *apiError
	if order.AutoPay, failure = q.flag("AutoPay"); failure != nil {
		return order, failure
	}
	order.AutoRenew, failure = q.flag("AutoRenew")
	return order, failure
}

// checkOrderable refuses an order for a circuit that does not wait for its
// payment.
func (e *Emulator) checkOrderable(order Order) *apiError {
	record := e.findCircuit(order.Region, order.CircuitID)
	switch {
	case record == nil && e.quirks.NotFoundAs400:
		return fail("Abs.InstanceNotExist")
	case record == nil:
		return fail("InvalidPhysicalConnectionId.NotFound")
	case record.Status != StatusConfirmed,
		e.quirks.RequireLOA && record.LOAStatus != loaComplete && record.LOAStatus != "":
		return fail(e.quirks.wrongStateCode())
	default:
		return nil
	}
}

// checkNew refuses a new order for its circuit or for an order of the circuit that is
// in the way, and gives it its price.
func (e *Emulator) checkNew(order *Order) *apiError {
	if failure := e.checkOrderable(*order); failure != nil {
		return failure
	}
	if e.quirks.RefuseSecondUnpaidOrder {
		for _, earlier := range e.orders {
			if earlier.Region == order.Region && earlier.CircuitID == order.CircuitID && earlier.Status == OrderUnpaid {
				return fail(e.quirks.unpaidOrderCode())
			}
		}
	}
	order.Price = e.priceOf(&e.findCircuit(order.Region, order.CircuitID).Circuit, order.months())
	return nil
}

// commit places a new order: from here on money is owed.
func (e *Emulator) commit(order Order) (string, *apiError) {
	if failure := e.checkNew(&order); failure != nil {
		return "", failure
	}
	order.CreatedAt = e.now()
	outcome := AutoPayLeftUnpaid
	if order.AutoPay {
		outcome = e.autoPayOutcome(order.Price)
	}
	if outcome == AutoPayRefused {
		return "", fail(e.quirks.shortfallCode())
	}
	placed := e.addOrder(order)
	switch outcome {
	case AutoPaid:
		e.pay(placed, placed.CreatedAt)
	case AutoPayCancelled:
		placed.cancel(placed.CreatedAt)
	}
	return placed.ID, nil
}

func (e *Emulator) orderAnswer(q *request) object {
	id := cmp.Or(q.answeredID, q.orderID)
	if e.quirks.LowerCamelAnswers {
		return object{
			{"requestId", q.id},
			{"code", "200"},
			{"success", true},
			{"httpStatusCode", int64(http.StatusOK)},
			{"message", "successful"},
			{"data", object{{"orderId", bare(id)}}},
		}
	}
	return object{
		{"RequestId", q.id},
		{"Data", object{{"OrderId", id}}},
	}
}

// flag reads a parameter that is true or false; absent means false.
func (q *request) flag(name string) (bool, *apiError) {
	value, sent := q.params[name]
	switch {
	case !sent, strings.EqualFold(value, "false"):
		return false, nil
	case strings.EqualFold(value, "true"):
		return true, nil
	default:
		return false, invalid(name)
	}
}
