package emulator

import (
	"cmp"
	"fmt"
	"time"
)

const subscription = "Subscription"

// billingRow is a sub-order, as billing knows it.
type billingRow struct {
	order  *Order
	id     string
	status OrderStatus
	paidAt time.Time
	price  Price
	quirks *Quirks
	// unnamed says that it does not name its instance.
	unnamed bool
}

// billingRows returns the sub-orders of an order, or none if billing does not
// show the order yet.
func (e *Emulator) billingRows(order *Order) []billingRow {
	seen := e.now().Add(-e.quirks.BillingLag)
	if order.CreatedAt.After(seen) {
		return nil
	}
	row := billingRow{order: order, status: order.statusAt(seen), quirks: &e.quirks}
	if row.status == OrderPaid {
		row.paidAt = order.PaidAt
	}
	unpaid := row.status == OrderUnpaid
	count := cmp.Or(e.quirks.SubOrders, 1)
	rows := make([]billingRow, count)
	for i := range rows {
		row.id = fmt.Sprintf("%s%04d", order.ID, i+1)
		row.price = order.Price.share(i, count)
		row.unnamed = unpaid && i >= count-e.quirks.UnnamedUnpaidRows
		if i >= count-e.quirks.CancelledRows {
			row.status, row.paidAt = OrderCancelled, time.Time{}
		}
		rows[i] = row
	}
	return rows
}

// statusAt returns the status that the order had at a time.
func (o *Order) statusAt(at time.Time) OrderStatus {
	switch {
	case o.Status == OrderCancelled && !o.CancelledAt.After(at):
		return OrderCancelled
	case o.Status == OrderPaid && !o.PaidAt.After(at):
		return OrderPaid
	default:
		return OrderUnpaid
	}
}

// matches reports whether the row passes the filters of QueryOrders.
func (r billingRow) matches(params map[string]string) bool {
	for _, filter := range [...]struct{ name, value string }{
		{"OrderType", r.order.Type},
		{"PaymentStatus", string(r.status)},
		{"ProductCode", r.productCode()},
		{"ProductType", ""},
		{"SubscriptionType", subscription},
	} {
		if wanted, sent := params[filter.name]; sent && wanted != filter.value {
			return false
		}
	}
	return true
}

// summary is a row of QueryOrders.
func (r billingRow) summary() object {
	// Refunds have no payment status.
	var status any = string(r.status)
	if r.order.Type == "Refund" {
		status = nil
	}
	amount := func(m Money) string { return m.orderAmount(r.quirks.ThousandsSeparators) }
	return object{
		{"OrderId", r.order.ID},
		{"SubOrderId", r.id},
		{"RelatedOrderId", ""},
		{"OrderType", r.order.Type},
		{"PaymentStatus", status},
		{"CreateTime", timeText(r.order.CreatedAt)},
		{"PaymentTime", timeText(r.paidAt)},
		{"ProductCode", r.productCode()},
		{"ProductType", ""},
		{"CommodityCode", r.commodityCode()},
		{"SubscriptionType", subscription},
		{"Currency", r.quirks.currency()},
		{"PaymentCurrency", r.quirks.currency()},
		{"PretaxGrossAmount", amount(r.price.Gross)},
		{"PretaxAmount", amount(r.price.Pretax)},
		{"PretaxAmountLocal", amount(r.price.Pretax)},
		{"Tax", amount(r.price.Tax)},
		{"AfterTaxAmount", amount(r.price.Total())},
	}
}

// detail is a row of GetOrderDetail, which names the instances.
func (r billingRow) detail() object {
	instances := "[]"
	if r.order.CircuitID != "" && !r.unnamed {
		instances = fmt.Sprintf("[%q]", r.order.CircuitID)
	}
	var start, end time.Time
	if r.status == OrderPaid {
		start, end = r.order.UsageStart, r.order.UsageEnd
	}
	return append(r.summary(), object{
		{"OrderSubType", ""},
		{"Operator", ""},
		{"Region", r.order.Region},
		{"InstanceIDs", instances},
		{"Quantity", "1"},
		{"Config", ""},
		{"OriginalConfig", ""},
		{"UsageStartTime", timeText(start)},
		{"UsageEndTime", timeText(end)},
	}...)
}

func (r billingRow) productCode() string {
	return cmp.Or(r.order.ProductCode, r.quirks.ProductCode, "pconn")
}

func (r billingRow) commodityCode() string {
	if r.order.foreign() {
		return r.order.ProductCode
	}
	return cmp.Or(r.quirks.CommodityCode, "pconn_pre")
}
