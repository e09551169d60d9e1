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

// commonModel has the values that both an order and a sub-order have.
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

// orderModel has the values that billing reports for an order, without its ID.
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

// newOrderModel converts an order with at least one line, in any sequence. A value that
// billing does not report is null.
func newOrderModel(lines []billing.OrderLine) orderModel {
	lines = slices.SortedStableFunc(slices.Values(lines), func(a, b billing.OrderLine) int { return cmp.Compare(a.SubOrderID, b.SubOrderID) })
	payment := billing.PaymentStatus(lines)
	order := orderModel{commonModel: commonModel{
		PaymentStatus: shared.Text(payment),
		OrderType:     shared.Text(common(lines, func(line billing.OrderLine) string { return line.OrderType })),

		CreateTime:     shared.Instant(first(lines, func(line billing.OrderLine) *time.Time { return line.CreateTime })),
		UsageStartTime: shared.Instant(first(lines, func(line billing.OrderLine) *time.Time { return line.UsageStartTime })),
		UsageEndTime:   shared.Instant(first(lines, func(line billing.OrderLine) *time.Time { return line.UsageEndTime })),

		InstanceIDs: texts(instances(lines)),

		Currency:          shared.Text(common(lines, func(line billing.OrderLine) string { return line.Currency })),
		PaymentCurrency:   shared.Text(common(lines, func(line billing.OrderLine) string { return line.PaymentCurrency })),
		PretaxGrossAmount: total(lines, func(line billing.OrderLine) string { return line.PretaxGrossAmount }),
		PretaxAmount:      total(lines, func(line billing.OrderLine) string { return line.PretaxAmount }),
		Tax:               total(lines, func(line billing.OrderLine) string { return line.Tax }),
		AfterTaxAmount:    total(lines, func(line billing.OrderLine) string { return line.AfterTaxAmount }),
	}}
	if payment == billing.Paid {
		order.PaymentTime = shared.Instant(last(lines, func(line billing.OrderLine) *time.Time { return line.PaymentTime }))
	}
	for _, line := range lines {
		order.SubOrders = append(order.SubOrders, newSubOrderModel(line))
	}
	return order
}

func newSubOrderModel(line billing.OrderLine) subOrderModel {
	return subOrderModel{
		SubOrderID:     shared.Text(line.SubOrderID),
		RelatedOrderID: shared.Text(line.RelatedOrderID),
		OrderSubType:   shared.Text(line.OrderSubType),

		ProductCode:       shared.Text(line.ProductCode),
		ProductType:       shared.Text(line.ProductType),
		CommodityCode:     shared.Text(line.CommodityCode),
		SubscriptionType:  shared.Text(line.SubscriptionType),
		Region:            shared.Text(line.Region),
		Quantity:          shared.Text(line.Quantity),
		PretaxAmountLocal: shared.Text(line.PretaxAmountLocal),
		Operator:          shared.Text(line.Operator),

		commonModel: commonModel{
			PaymentStatus: shared.Text(line.PaymentStatus),
			OrderType:     shared.Text(line.OrderType),

			CreateTime:     shared.Instant(line.CreateTime),
			PaymentTime:    shared.Instant(line.PaymentTime),
			UsageStartTime: shared.Instant(line.UsageStartTime),
			UsageEndTime:   shared.Instant(line.UsageEndTime),

			InstanceIDs: texts(line.InstanceIDs),

			Currency:          shared.Text(line.Currency),
			PaymentCurrency:   shared.Text(line.PaymentCurrency),
			PretaxGrossAmount: shared.Text(line.PretaxGrossAmount),
			PretaxAmount:      shared.Text(line.PretaxAmount),
			Tax:               shared.Text(line.Tax),
			AfterTaxAmount:    shared.Text(line.AfterTaxAmount),
		},
	}
}

// common returns the value that all lines have, "" if they differ.
func common(lines []billing.OrderLine, of func(billing.OrderLine) string) string {
	if len(lines) == 0 {
		return ""
	}
	for _, line := range lines {
		if of(line) != of(lines[0]) {
			return ""
		}
	}
	return of(lines[0])
}

// first returns the earliest time of the lines, nil if none has one.
func first(lines []billing.OrderLine, of func(billing.OrderLine) *time.Time) *time.Time {
	return pick(lines, of, time.Time.Before)
}

// last returns the latest time of the lines, nil if none has one.
func last(lines []billing.OrderLine, of func(billing.OrderLine) *time.Time) *time.Time {
	return pick(lines, of, time.Time.After)
}

func pick(lines []billing.OrderLine, of func(billing.OrderLine) *time.Time, better func(a, b time.Time) bool) *time.Time {
	var picked *time.Time
	for _, line := range lines {
		if at := of(line); at != nil && (picked == nil || better(*at, *picked)) {
			picked = at
		}
	}
	return picked
}

// instances returns the instance IDs of the lines, sorted and without duplicates.
func instances(lines []billing.OrderLine) []string {
	ids := billing.Instances(lines)
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
