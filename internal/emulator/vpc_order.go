package emulator

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const actionPlaceOrder = "CreatePhysicalConnectionOccupancyOrder"

// maxClientToken is in characters; see
// https://www.alibabacloud.com/help/doc-detail/36569.html.
const maxClientToken = 64

const chargePrePaid = "PrePaid"

// tokenKey names a client token: it is known per region.
type tokenKey struct{ region, token string }

// tokenRecord is what the first success with a token left behind.
type tokenRecord struct {
	orderID string
	params  map[string]string
	at      time.Time
}

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
	orderID, failure := e.replay(q, order)
	if failure != nil {
		return nil, failure
	}
	if orderID == "" {
		if orderID, failure = e.commit(order); failure != nil {
			return nil, failure
		}
	}
	q.orderID = orderID
	return e.orderAnswer(q), nil
}

// readOrder checks the parameters and fills in the API's defaults.
func (e *Emulator) readOrder(q *request) (Order, *apiError) {
	order := Order{
		Region:             q.params[paramRegion],
		CircuitID:          q.params["PhysicalConnectionId"],
		Period:             e.quirks.defaultPeriod(),
		PricingCycle:       cycleMonth,
		AutoRenewDuration:  1,
		InstanceChargeType: chargePrePaid,
		ClientToken:        q.params["ClientToken"],
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
	longest, known := map[string]int{cycleMonth: 9, cycleYear: 5}[order.PricingCycle]
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

// replay returns the order that the request's client token has already placed,
// or "" if the request is the first one with its token.
func (e *Emulator) replay(q *request, order Order) (string, *apiError) {
	if order.ClientToken == "" || e.quirks.IgnoreClientToken {
		return "", nil
	}
	key := tokenKey{order.Region, order.ClientToken}
	record, known := e.tokens[key]
	if window := e.quirks.TokenWindow; known && window > 0 && e.now().Sub(record.at) >= window {
		known = false
	}
	switch {
	case !known && e.tokensHeld[key] && !q.holdsToken:
		return "", fail("LastTokenProcessing")
	case !known:
		return "", nil
	case !e.quirks.IgnoreParameterMismatch && !maps.Equal(record.params, order.Params):
		return "", fail("IdempotentParameterMismatch")
	default:
		return record.orderID, nil
	}
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

// commit places a new order: from here on money is owed.
func (e *Emulator) commit(order Order) (string, *apiError) {
	if failure := e.checkOrderable(order); failure != nil {
		return "", failure
	}
	if e.quirks.RefuseSecondUnpaidOrder {
		for _, earlier := range e.orders {
			if earlier.Region == order.Region && earlier.CircuitID == order.CircuitID && earlier.Status == OrderUnpaid {
				return "", fail("Order.InstanceHasUnpaidOrder")
			}
		}
	}
	order.Price = e.priceOf(&e.findCircuit(order.Region, order.CircuitID).Circuit, order.months())
	outcome := AutoPayLeftUnpaid
	if order.AutoPay {
		outcome = e.autoPayOutcome(order.Price)
	}
	if outcome == AutoPayRefused {
		return "", fail("PAY.INSUFFICIENT_BALANCE")
	}
	placed := e.addOrder(order)
	if order.ClientToken != "" {
		e.tokens[tokenKey{order.Region, order.ClientToken}] = tokenRecord{placed.ID, placed.Params, placed.CreatedAt}
	}
	switch outcome {
	case AutoPaid:
		e.pay(placed)
	case AutoPayCancelled:
		placed.cancel(placed.CreatedAt)
	}
	return placed.ID, nil
}

func (e *Emulator) orderAnswer(q *request) object {
	if e.quirks.LowerCamelAnswers {
		return object{
			{"requestId", q.id},
			{"code", "200"},
			{"success", true},
			{"httpStatusCode", int64(http.StatusOK)},
			{"message", "successful"},
			{"data", object{{"orderId", bare(q.orderID)}}},
		}
	}
	return object{
		{"RequestId", q.id},
		{"Data", object{{"OrderId", q.orderID}}},
	}
}

// holdToken marks the request as the one in progress with its client token,
// until releaseToken. It does nothing if another request is.
func (e *Emulator) holdToken(q *request) {
	token := q.params["ClientToken"]
	if q.params[paramAction] != actionPlaceOrder || token == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	key := tokenKey{q.params[paramRegion], token}
	if !e.tokensHeld[key] {
		e.tokensHeld[key] = true
		q.holdsToken = true
	}
}

func (e *Emulator) releaseToken(q *request) {
	if !q.holdsToken {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.tokensHeld, tokenKey{q.params[paramRegion], q.params["ClientToken"]})
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

func validToken(token string) bool {
	if len(token) > maxClientToken {
		return false
	}
	for i := range len(token) {
		if token[i] > '~' {
			return false
		}
	}
	return true
}
