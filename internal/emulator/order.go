package emulator

import (
	"fmt"
	"maps"
	"strconv"
	"time"
)

// The states of an order.
const (
	OrderUnpaid    OrderStatus = "Unpaid"
	OrderPaid      OrderStatus = "Paid"
	OrderCancelled OrderStatus = "Cancelled"
)

// OrderStatus is the payment status of an order, in the words of the billing
// API.
type OrderStatus string

// unpaidLife is how long an unpaid order can be paid; see
// https://help.aliyun.com/en/user-center/support/order-manual-q-a.
const unpaidLife = 7 * 24 * time.Hour

const firstOrderID = 50187050000001

const (
	cycleMonth = "Month"
	cycleYear  = "Year"
)

// Order is an entry of the ledger. The terms are those that the order was
// placed on, with the API's defaults where the request left them out.
type Order struct {
	ID        string
	Region    string
	CircuitID string

	Period             int
	PricingCycle       string
	AutoPay            bool
	AutoRenew          bool
	AutoRenewDuration  int // months
	InstanceChargeType string
	ClientToken        string

	CreatedAt time.Time
	Status    OrderStatus
	PaidAt    time.Time `json:",omitzero"`

	// Params are the parameters of the operation exactly as they were received:
	// without those that every request carries, such as Action and Timestamp.
	Params map[string]string
}

func (o *Order) clone() Order {
	order := *o
	order.Params = maps.Clone(o.Params)
	return order
}

func (o *Order) lapse(now time.Time) {
	if o.Status == OrderUnpaid && !now.Before(o.CreatedAt.Add(unpaidLife)) {
		o.Status = OrderCancelled
	}
}

func (o *Order) months() int {
	if o.PricingCycle == cycleYear {
		return 12 * o.Period
	}
	return o.Period
}

// Orders returns the ledger as it is now, in the order of placing.
func (e *Emulator) Orders() []Order {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	orders := make([]Order, 0, len(e.orders))
	for _, order := range e.orders {
		orders = append(orders, order.clone())
	}
	return orders
}

// PayOrder pays an unpaid order, as a person does it in the console. It fails
// for an order that does not exist, is paid, or has lapsed.
func (e *Emulator) PayOrder(orderID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	for _, order := range e.orders {
		if order.ID != orderID {
			continue
		}
		if order.Status != OrderUnpaid {
			return fmt.Errorf("order %s is %s", orderID, order.Status)
		}
		e.pay(order)
		return nil
	}
	return &unknownOrderError{orderID: orderID}
}

type unknownOrderError struct{ orderID string }

func (e *unknownOrderError) Error() string { return "no order " + e.orderID }

// addOrder puts an order into the ledger and gives it ID, time and status.
func (e *Emulator) addOrder(order Order) *Order {
	order.ID = strconv.Itoa(firstOrderID + len(e.orders))
	order.CreatedAt = e.now()
	order.Status = OrderUnpaid
	e.orders = append(e.orders, &order)
	return &order
}

// pay books the payment whatever has become of the circuit meanwhile: a second
// paid order for one circuit is money spent twice, and the ledger shows it.
func (e *Emulator) pay(order *Order) {
	order.Status = OrderPaid
	order.PaidAt = e.now()
	if record := e.findCircuit(order.Region, order.CircuitID); record != nil {
		record.pay(order.PaidAt, e.quirks.enableDelay(), order.months())
	}
}

// endOfTerm returns the end of a term that begins at start. Terms are counted
// in UTC+8 and end at midnight after the day of expiry: from 2022-08-09 13:00
// one month lasts until 2022-09-10 00:00.
func endOfTerm(start time.Time, months int) time.Time {
	zone := time.FixedZone("UTC+8", 8*60*60)
	year, month, day := start.In(zone).Date()
	month += time.Month(months)
	// A month without that day ends on its last one.
	lastDay := time.Date(year, month+1, 0, 0, 0, 0, 0, zone).Day()
	return time.Date(year, month, min(day, lastDay)+1, 0, 0, 0, 0, zone).UTC()
}
