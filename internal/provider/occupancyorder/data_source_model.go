package occupancyorder

import (
	"cmp"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
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
		PaymentStatus: shared.Text(payment),
		OrderType:     shared.Text(common(rows, func(row billing.OrderLine) string { return row.OrderType })),

		CreateTime:     shared.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.CreateTime })),
		UsageStartTime: shared.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.UsageStartTime })),
		UsageEndTime:   shared.Instant(first(rows, func(row billing.OrderLine) *time.Time { return row.UsageEndTime })),

		InstanceIDs: texts(instances(rows)),

		Currency:          shared.Text(common(rows, func(row billing.OrderLine) string { return row.Currency })),
		PaymentCurrency:   shared.Text(common(rows, func(row billing.OrderLine) string { return row.PaymentCurrency })),
		PretaxGrossAmount: total(rows, func(row billing.OrderLine) string { return row.PretaxGrossAmount }),
		PretaxAmount:      total(rows, func(row billing.OrderLine) string { return row.PretaxAmount }),
		Tax:               total(rows, func(row billing.OrderLine) string { return row.Tax }),
		AfterTaxAmount:    total(rows, func(row billing.OrderLine) string { return row.AfterTaxAmount }),
	}}
	if payment == billing.Paid {
		order.PaymentTime = shared.Instant(last(rows, func(row billing.OrderLine) *time.Time { return row.PaymentTime }))
	}
	for _, row := range rows {
		order.SubOrders = append(order.SubOrders, newSubOrderModel(row))
	}
	return order
}

func newSubOrderModel(row billing.OrderLine) subOrderModel {
	return subOrderModel{
		SubOrderID:     shared.Text(row.SubOrderID),
		RelatedOrderID: shared.Text(row.RelatedOrderID),
		OrderSubType:   shared.Text(row.OrderSubType),

		ProductCode:       shared.Text(row.ProductCode),
		ProductType:       shared.Text(row.ProductType),
		CommodityCode:     shared.Text(row.CommodityCode),
		SubscriptionType:  shared.Text(row.SubscriptionType),
		Region:            shared.Text(row.Region),
		Quantity:          shared.Text(row.Quantity),
		PretaxAmountLocal: shared.Text(row.PretaxAmountLocal),
		Operator:          shared.Text(row.Operator),

		commonModel: commonModel{
			PaymentStatus: shared.Text(row.PaymentStatus),
			OrderType:     shared.Text(row.OrderType),

			CreateTime:     shared.Instant(row.CreateTime),
			PaymentTime:    shared.Instant(row.PaymentTime),
			UsageStartTime: shared.Instant(row.UsageStartTime),
			UsageEndTime:   shared.Instant(row.UsageEndTime),

			InstanceIDs: texts(row.InstanceIDs),

			Currency:          shared.Text(row.Currency),
			PaymentCurrency:   shared.Text(row.PaymentCurrency),
			PretaxGrossAmount: shared.Text(row.PretaxGrossAmount),
			PretaxAmount:      shared.Text(row.PretaxAmount),
			Tax:               shared.Text(row.Tax),
			AfterTaxAmount:    shared.Text(row.AfterTaxAmount),
		},
	}
}

// shared returns what all rows say alike, else "".
func common(rows []billing.OrderLine, of func(billing.OrderLine) string) string {
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
