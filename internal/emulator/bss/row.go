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
	*account.Order // with the status that billing shows

	id      string
	price   account.Price
	unnamed bool // without its instance
	quirks  *account.Quirks
}

// rows returns the sub-orders of an order that billing shows at a time, or none if billing
// does not show the order yet.
func rows(order account.Order, quirks *account.Quirks, now time.Time) []row {
	seen := now.Add(-quirks.BillingLag)
	if order.CreatedAt.After(seen) {
		return nil
	}
	order = withStatus(order, order.StatusAt(seen))
	rows := make([]row, cmp.Or(quirks.SubOrders, 1))
	for i := range rows {
		rows[i] = row{
			Order:   &order,
			id:      fmt.Sprintf("%s%04d", order.ID, i+1),
			price:   order.Price.Share(i, len(rows)),
			unnamed: order.Status == account.OrderUnpaid && i >= len(rows)-quirks.UnnamedUnpaidRows,
			quirks:  quirks,
		}
		if i >= len(rows)-quirks.CancelledRows {
			cancelled := withStatus(order, account.OrderCancelled)
			rows[i].Order = &cancelled
		}
	}
	return rows
}

// withStatus returns an order with a status. Only a paid order has a payment and a term.
func withStatus(order account.Order, status account.OrderStatus) account.Order {
	order.Status = status
	if status != account.OrderPaid {
		order.PaidAt, order.UsageStart, order.UsageEnd = time.Time{}, time.Time{}, time.Time{}
	}
	return order
}

// matches reports whether the filters of QueryOrders select the row.
func (r row) matches(params map[string]string) bool {
	for _, filter := range [...]struct{ name, value string }{
		{"OrderType", r.Type},
		{"PaymentStatus", string(r.Status)},
		{paramProductCode, r.productCode()},
		{paramProductType, r.productType()},
		{paramSubscriptionType, subscription},
	} {
		if wanted, sent := params[filter.name]; sent && wanted != filter.value {
			return false
		}
	}
	return true
}

// summary returns a row of QueryOrders.
func (r row) summary() gateway.Object {
	// Refunds have no payment status.
	var status any = string(r.Status)
	if r.Type == "Refund" {
		status = nil
	}
	amount := account.Money.Short
	if r.quirks.ThousandsSeparators {
		amount = account.Money.Separated
	}
	return gateway.Object{
		{"OrderId", r.ID},
		{"SubOrderId", r.id},
		{"RelatedOrderId", ""},
		{"OrderType", r.Type},
		{"PaymentStatus", status},
		{"CreateTime", gateway.FormatTime(r.CreatedAt)},
		{"PaymentTime", gateway.FormatTime(r.PaidAt)},
		{"ProductCode", r.productCode()},
		{"ProductType", r.productType()},
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
	if r.CircuitID != "" && !r.unnamed {
		instances = fmt.Sprintf("[%q]", r.CircuitID)
	}
	return append(r.summary(), gateway.Object{
		{"OrderSubType", ""},
		{"Operator", ""},
		{"Region", r.Region},
		{"InstanceIDs", instances},
		{"Quantity", "1"},
		{"Config", ""},
		{"OriginalConfig", ""},
		{"UsageStartTime", gateway.FormatTime(r.UsageStart)},
		{"UsageEndTime", gateway.FormatTime(r.UsageEnd)},
	}...)
}

func (r row) productCode() string {
	return cmp.Or(r.ProductCode, productCode(*r.quirks))
}

// productCode returns the product code of circuits.
func productCode(quirks account.Quirks) string { return cmp.Or(quirks.ProductCode, "pconn") }

func (r row) productType() string {
	if r.OfOtherProduct() {
		return ""
	}
	return r.quirks.ProductType
}

func (r row) commodityCode() string {
	if r.OfOtherProduct() {
		return r.ProductCode
	}
	return cmp.Or(r.quirks.CommodityCode, "pconn_pre")
}
