package bss

import (
	"cmp"
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

const subscription = "Subscription"

// row is a sub-order in an answer of billing.
type row struct {
	order   *account.Order
	id      string
	status  account.OrderStatus
	paidAt  time.Time
	price   account.Price
	quirks  *account.Quirks
	unnamed bool // without its instance
}

// rows returns the sub-orders of an order, or none if billing does not show the order yet.
func (s service) rows(order account.Order) []row {
	quirks := s.store.Quirks()
	seen := s.store.Now().Add(-quirks.BillingLag)
	if order.CreatedAt.After(seen) {
		return nil
	}
	r := row{order: &order, status: order.StatusAt(seen), quirks: &quirks}
	if r.status == account.OrderPaid {
		r.paidAt = order.PaidAt
	}
	unpaid := r.status == account.OrderUnpaid
	rows := make([]row, cmp.Or(quirks.SubOrders, 1))
	for i := range rows {
		r.id = fmt.Sprintf("%s%04d", order.ID, i+1)
		r.price = order.Price.Share(i, len(rows))
		r.unnamed = unpaid && i >= len(rows)-quirks.UnnamedUnpaidRows
		if i >= len(rows)-quirks.CancelledRows {
			r.status, r.paidAt = account.OrderCancelled, time.Time{}
		}
		rows[i] = r
	}
	return rows
}

// matches reports whether the filters of QueryOrders select the row.
func (r row) matches(params map[string]string) bool {
	for name, value := range map[string]string{
		"OrderType":        r.order.Type,
		"PaymentStatus":    string(r.status),
		"ProductCode":      r.productCode(),
		"ProductType":      "",
		"SubscriptionType": subscription,
	} {
		if wanted, sent := params[name]; sent && wanted != value {
			return false
		}
	}
	return true
}

// summary returns a row of QueryOrders.
func (r row) summary() gateway.Object {
	// Refunds have no payment status.
	var status any = string(r.status)
	if r.order.Type == "Refund" {
		status = nil
	}
	amount := account.Money.Short
	if r.quirks.ThousandsSeparators {
		amount = account.Money.Separated
	}
	return gateway.Object{
		{"OrderId", r.order.ID},
		{"SubOrderId", r.id},
		{"RelatedOrderId", ""},
		{"OrderType", r.order.Type},
		{"PaymentStatus", status},
		{"CreateTime", gateway.FormatTime(r.order.CreatedAt)},
		{"PaymentTime", gateway.FormatTime(r.paidAt)},
		{"ProductCode", r.productCode()},
		{"ProductType", ""},
		{"CommodityCode", r.commodityCode()},
		{"SubscriptionType", subscription},
		{"Currency", currency(*r.quirks)},
		{"PaymentCurrency", currency(*r.quirks)},
		{"PretaxGrossAmount", amount(r.price.Gross)},
		{"PretaxAmount", amount(r.price.Pretax)},
		{"PretaxAmountLocal", amount(r.price.Pretax)},
		{"Tax", amount(r.price.Tax)},
		{"AfterTaxAmount", amount(r.price.Total())},
	}
}

// detail returns a row of GetOrderDetail, which contains the instances.
func (r row) detail() gateway.Object {
	instances := "[]"
	if r.order.CircuitID != "" && !r.unnamed {
		instances = fmt.Sprintf("[%q]", r.order.CircuitID)
	}
	var start, end time.Time
	if r.status == account.OrderPaid {
		start, end = r.order.UsageStart, r.order.UsageEnd
	}
	return append(r.summary(), gateway.Object{
		{"OrderSubType", ""},
		{"Operator", ""},
		{"Region", r.order.Region},
		{"InstanceIDs", instances},
		{"Quantity", "1"},
		{"Config", ""},
		{"OriginalConfig", ""},
		{"UsageStartTime", gateway.FormatTime(start)},
		{"UsageEndTime", gateway.FormatTime(end)},
	}...)
}

func (r row) productCode() string {
	return cmp.Or(r.order.ProductCode, r.quirks.ProductCode, "pconn")
}

func (r row) commodityCode() string {
	if r.order.OfOtherProduct() {
		return r.order.ProductCode
	}
	return cmp.Or(r.quirks.CommodityCode, "pconn_pre")
}
