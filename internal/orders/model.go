package orders

import (
	"cmp"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/attribute"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// commonModel holds what an order and each of its sub-orders have.
type commonModel struct {
	PaymentStatus types.String `tfsdk:"payment_status"`
	OrderType     types.String `tfsdk:"order_type"`

	CreateTime     types.String `tfsdk:"create_time"`
	PaymentTime    types.String `tfsdk:"payment_time"`
	UsageStartTime types.String `tfsdk:"usage_start_time"`
	UsageEndTime   types.String `tfsdk:"usage_end_time"`

	InstanceIDs types.List `tfsdk:"instance_ids"`

	Currency          types.String `tfsdk:"currency"`
	PaymentCurrency   types.String `tfsdk:"payment_currency"`
	PretaxGrossAmount types.String `tfsdk:"pretax_gross_amount"`
	PretaxAmount      types.String `tfsdk:"pretax_amount"`
	Tax               types.String `tfsdk:"tax"`
	AfterTaxAmount    types.String `tfsdk:"after_tax_amount"`
}

// orderModel holds what billing says of an order, without what names it.
type orderModel struct {
	commonModel

	SubOrders []subOrderModel `tfsdk:"sub_orders"`
}

// subOrderModel is a sub-order.
type subOrderModel struct {
	SubOrderID     types.String `tfsdk:"sub_order_id"`
	RelatedOrderID types.String `tfsdk:"related_order_id"`
	OrderSubType   types.String `tfsdk:"order_sub_type"`

	ProductCode       types.String `tfsdk:"product_code"`
	ProductType       types.String `tfsdk:"product_type"`
	CommodityCode     types.String `tfsdk:"commodity_code"`
	SubscriptionType  types.String `tfsdk:"subscription_type"`
	Region            types.String `tfsdk:"region"`
	Quantity          types.String `tfsdk:"quantity"`
	PretaxAmountLocal types.String `tfsdk:"pretax_amount_local"`
	Operator          types.String `tfsdk:"operator"`

	commonModel
}

// newOrderModel converts an order of at least one row, whose order it does not rely
// on; what billing does not say is null.
func newOrderModel(rows []billing.OrderLine) orderModel {
	rows = slices.SortedStableFunc(slices.Values(rows), func(a, b billing.OrderLine) int { return cmp.Compare(a.SubOrderID, b.SubOrderID) })
	payment := billing.PaymentStatus(rows)
	order := orderModel{commonModel: commonModel{
		PaymentStatus: attribute.Text(payment),
		OrderType:     attribute.Text(shared(rows, func(row billing.OrderLine) string { return row.OrderType })),

		CreateTime:     attribute.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.CreateTime })),
		UsageStartTime: attribute.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.UsageStartTime })),
		UsageEndTime:   attribute.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.UsageEndTime })),

		InstanceIDs: texts(instances(rows)),

		Currency:          attribute.Text(shared(rows, func(row billing.OrderLine) string { return row.Currency })),
		PaymentCurrency:   attribute.Text(shared(rows, func(row billing.OrderLine) string { return row.PaymentCurrency })),
		PretaxGrossAmount: total(rows, func(row billing.OrderLine) string { return row.PretaxGrossAmount }),
		PretaxAmount:      total(rows, func(row billing.OrderLine) string { return row.PretaxAmount }),
		Tax:               total(rows, func(row billing.OrderLine) string { return row.Tax }),
		AfterTaxAmount:    total(rows, func(row billing.OrderLine) string { return row.AfterTaxAmount }),
	}}
	if payment == billing.Paid {
		order.PaymentTime = attribute.Instant(last(rows, func(row billing.OrderLine) *time.Time { return row.PaymentTime }))
	}
	for _, row := range rows {
		order.SubOrders = append(order.SubOrders, newSubOrderModel(row))
	}
	return order
}

func newSubOrderModel(row billing.OrderLine) subOrderModel {
	return subOrderModel{
		SubOrderID:     attribute.Text(row.SubOrderID),
		RelatedOrderID: attribute.Text(row.RelatedOrderID),
		OrderSubType:   attribute.Text(row.OrderSubType),

		ProductCode:       attribute.Text(row.ProductCode),
		ProductType:       attribute.Text(row.ProductType),
		CommodityCode:     attribute.Text(row.CommodityCode),
		SubscriptionType:  attribute.Text(row.SubscriptionType),
		Region:            attribute.Text(row.Region),
		Quantity:          attribute.Text(row.Quantity),
		PretaxAmountLocal: attribute.Text(row.PretaxAmountLocal),
		Operator:          attribute.Text(row.Operator),

		commonModel: commonModel{
			PaymentStatus: attribute.Text(row.PaymentStatus),
			OrderType:     attribute.Text(row.OrderType),

			CreateTime:     attribute.Instant(row.CreateTime),
			PaymentTime:    attribute.Instant(row.PaymentTime),
			UsageStartTime: attribute.Instant(row.UsageStartTime),
			UsageEndTime:   attribute.Instant(row.UsageEndTime),

			InstanceIDs: texts(row.InstanceIDs),

			Currency:          attribute.Text(row.Currency),
			PaymentCurrency:   attribute.Text(row.PaymentCurrency),
			PretaxGrossAmount: attribute.Text(row.PretaxGrossAmount),
			PretaxAmount:      attribute.Text(row.PretaxAmount),
			Tax:               attribute.Text(row.Tax),
			AfterTaxAmount:    attribute.Text(row.AfterTaxAmount),
		},
	}
}

// shared returns what all rows say alike, else "".
func shared(rows []billing.OrderLine, of func(billing.OrderLine) string) string {
	for _, row := range rows {
		if of(row) != of(rows[0]) {
			return ""
		}
	}
	return of(rows[0])
}

// first returns the earliest of the times that rows say, nil if none does.
func first(rows []billing.OrderLine, of func(billing.OrderLine) *time.Time) *time.Time {
	return pick(rows, of, time.Time.Before)
}

// last returns the latest of the times that rows say, nil if none does.
func last(rows []billing.OrderLine, of func(billing.OrderLine) *time.Time) *time.Time {
	return pick(rows, of, time.Time.After)
}

func pick(rows []billing.OrderLine, of func(billing.OrderLine) *time.Time, better func(a, b time.Time) bool) *time.Time {
	var picked *time.Time
	for _, row := range rows {
		if at := of(row); at != nil && (picked == nil || better(*at, *picked)) {
			picked = at
		}
	}
	return picked
}

// instances returns the IDs that the rows name, sorted, each once.
func instances(rows []billing.OrderLine) []string {
	ids := billing.Instances(rows)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func texts(values []string) types.List {
	elements := make([]attr.Value, 0, len(values))
	for _, value := range values {
		elements = append(elements, types.StringValue(value))
	}
	return types.ListValueMust(types.StringType, elements)
}
