package emulator

import (
	"maps"
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
	// Type is OrderTypeNew, OrderTypeRenew, or another type for an order of
	// AddOtherOrder.
	Type string
	// ProductCode is empty for the fee of a circuit, whose product
	// Quirks.ProductCode names.
	ProductCode string

	Period             int
	PricingCycle       string
	AutoPay            bool
	AutoRenew          bool
	AutoRenewDuration  int // months
	InstanceChargeType string
	ClientToken        string

	CreatedAt   time.Time
	Status      OrderStatus
	PaidAt      time.Time `json:",omitzero"`
	CancelledAt time.Time `json:",omitzero"`

	Price Price
	// UsageStart and UsageEnd are the term that was paid for.
	UsageStart time.Time `json:",omitzero"`
	UsageEnd   time.Time `json:",omitzero"`

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
	if end := o.CreatedAt.Add(unpaidLife); o.Status == OrderUnpaid && !now.Before(end) {
		o.cancel(end)
	}
}

func (o *Order) cancel(at time.Time) {
	o.Status = OrderCancelled
	o.CancelledAt = at
}

// foreign tells an order of AddOtherOrder.
func (o *Order) foreign() bool { return o.ProductCode != "" }

func (o *Order) months() int {
	if o.PricingCycle == cycleYear {
		return 12 * o.Period
	}
	return o.Period
}

// endOfTerm returns the end of a term that begins at start. Terms are counted
// in UTC+8 and end at midnight after the day of expiry: from 2022-08-09 13:00
// one month lasts until 2022-09-10 00:00.
func endOfTerm(start time.Time, months int) time.Time {
	return monthsLater(start, months).AddDate(0, 0, 1).UTC()
}

// endOfRenewal returns the end of a renewed term, which begins at midnight in
// UTC+8, where the term before ended.
func endOfRenewal(end time.Time, months int) time.Time {
	return monthsLater(end, months).UTC()
}

// monthsLater returns the midnight in UTC+8 that begins the same day some months
// later, or the last day of a month that is too short.
func monthsLater(start time.Time, months int) time.Time {
	zone := time.FixedZone("UTC+8", 8*60*60)
	year, month, day := start.In(zone).Date()
	month += time.Month(months)
	lastDay := time.Date(year, month+1, 0, 0, 0, 0, 0, zone).Day()
	return time.Date(year, month, min(day, lastDay), 0, 0, 0, 0, zone)
}
