package account

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// OrderStatus is the payment status of an order, as the billing API returns it.
type OrderStatus string

// The states of an order.
const (
	OrderUnpaid    OrderStatus = "Unpaid"
	OrderPaid      OrderStatus = "Paid"
	OrderCancelled OrderStatus = "Cancelled"
)

// The types of orders that the emulator creates.
const (
	OrderTypeNew   = "New"
	OrderTypeRenew = "Renew"
)

// The values that an order has if its request leaves them out.
const (
	CycleMonth = "Month"
	cycleYear  = "Year"
	// ChargePrePaid is the only charge type of an order.
	ChargePrePaid = "PrePaid"
)

// The largest values of an order. They are larger than those of the API, and no sum of them
// overflows.
const (
	maxPeriod = 1200
	maxPrice  = Money(1_000_000_000_000_00)
)

// unpaidLife is how long an unpaid order can be paid; see
// https://help.aliyun.com/en/user-center/support/order-manual-q-a.
const unpaidLife = 7 * 24 * time.Hour

// Order is an order in the order store. Its terms contain the API's defaults
// for what the request left out.
type Order struct {
	ID        string
	Region    string
	CircuitID string
	// Type is OrderTypeNew or OrderTypeRenew. AddOtherOrder accepts any type.
	Type string
	// ProductCode is empty for the fee of a circuit. Quirks.ProductCode is the code of that fee.
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

	// Params are the parameters of the operation as the emulator received them,
	// without those that every request has, such as Action and Timestamp.
	Params map[string]string
}

// OfOtherProduct reports whether AddOtherOrder added the order.
func (o *Order) OfOtherProduct() bool { return o.ProductCode != "" }

// StatusAt returns the status that the order had at a time.
func (o *Order) StatusAt(at time.Time) OrderStatus {
	switch {
	case o.Status == OrderCancelled && !o.CancelledAt.After(at):
		return OrderCancelled
	case o.Status == OrderPaid && !o.PaidAt.After(at):
		return OrderPaid
	default:
		return OrderUnpaid
	}
}

// check returns an error for values that no order has.
func (o *Order) check() error {
	if valid := []OrderStatus{OrderUnpaid, OrderPaid, OrderCancelled}; !slices.Contains(valid, o.Status) {
		return fmt.Errorf("order %q has the unknown status %q, want one of %q", o.ID, o.Status, valid)
	}
	if o.Period < 0 || o.Period > maxPeriod {
		return fmt.Errorf("order %q has the period %d, want 0 to %d", o.ID, o.Period, maxPeriod)
	}
	for _, amount := range []Money{o.Price.Gross, o.Price.Pretax, o.Price.Tax} {
		if amount < 0 || amount > maxPrice {
			return fmt.Errorf("order %q has the price %s, want 0 to %s", o.ID, amount, maxPrice)
		}
	}
	return nil
}

func (o *Order) clone() Order {
	order := *o
	order.Params = maps.Clone(o.Params)
	return order
}

// expire cancels an order that was not paid in time.
func (o *Order) expire(now time.Time) {
	if end := o.CreatedAt.Add(unpaidLife); o.Status == OrderUnpaid && !now.Before(end) {
		o.cancel(end)
	}
}

func (o *Order) cancel(at time.Time) {
	o.Status = OrderCancelled
	o.CancelledAt = at
}

func (o *Order) months() int {
	if o.PricingCycle == cycleYear {
		return 12 * o.Period
	}
	return o.Period
}

// renewalOf returns the renewal setting of a circuit after the order was paid.
func (o *Order) renewalOf(current Renewal) Renewal {
	if o.AutoRenew {
		current.Status, current.Period, current.Unit = AutoRenewal, max(o.AutoRenewDuration, 1), unitMonth
	}
	return current
}

// LongestPeriod returns the longest term of a pricing cycle, or 0 for an unknown cycle.
func LongestPeriod(cycle string) int {
	return map[string]int{CycleMonth: 9, cycleYear: 5}[cycle]
}

// utc8 is the time zone of terms.
var utc8 = time.FixedZone("UTC+8", 8*60*60)

// lastDay is the last day on which a term can end. JSON has no later year.
var lastDay = time.Date(9999, 12, 31, 0, 0, 0, 0, utc8)

// endOfTerm returns the end of a term. Terms are counted in UTC+8 and end at midnight
// after the last day: one month from 2022-08-09 13:00 ends at 2022-09-10 00:00.
func endOfTerm(start time.Time, months int) time.Time {
	return monthsLater(start, months).AddDate(0, 0, 1).UTC()
}

// endOfRenewal returns the end of a renewed term. It begins when the earlier term ends,
// at midnight in UTC+8.
func endOfRenewal(end time.Time, months int) time.Time {
	return monthsLater(end, months).UTC()
}

// monthsLater returns the start of the same day some months later, in UTC+8.
// If that month is shorter, it returns the start of its last day.
func monthsLater(start time.Time, months int) time.Time {
	year, month, day := start.In(utc8).Date()
	month += time.Month(months)
	daysOfMonth := time.Date(year, month+1, 0, 0, 0, 0, 0, utc8).Day()
	later := time.Date(year, month, min(day, daysOfMonth), 0, 0, 0, 0, utc8)
	if later.After(lastDay) {
		return lastDay
	}
	return later
}
