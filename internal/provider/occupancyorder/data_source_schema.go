package occupancyorder

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func text(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// orderAttributes describes the fields of orderModel.
func orderAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"payment_status": text("`Paid`; `Unpaid` while a sub-order waits for payment; or `Cancelled` when all are cancelled. Null where billing does not say, as of refunds."),
		"order_type":     text("Type of the order: `New`, `Renew`, `Upgrade`, `Refund` or another one. Null if the sub-orders differ."),

		"create_time":      text("When the order was placed, RFC 3339 in UTC."),
		"payment_time":     text("When the order was paid, RFC 3339 in UTC. Null unless it is `Paid`."),
		"usage_start_time": text("Begin of the term that the order pays for, RFC 3339 in UTC. Null where billing does not say, as before the payment."),
		"usage_end_time":   text("End of the term that the order pays for, the earliest one if the sub-orders differ, RFC 3339 in UTC. A renewal is another order and does not move it, but the `end_time` of the circuit."),

		"instance_ids": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the circuits and other instances that the order names, sorted."},

		"currency":            text("Currency of the amounts: `CNY`, `USD` or `JPY`. Null if the sub-orders differ."),
		"payment_currency":    text("Currency of the payment. Null if the sub-orders differ."),
		"pretax_gross_amount": text(sumOf("List price before tax")),
		"pretax_amount":       text(sumOf("Price before tax, after discounts")),
		"tax":                 text(sumOf("Tax")),
		"after_tax_amount":    text(sumOf("Price with tax")),

		"sub_orders": schema.ListNestedAttribute{
			Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: subOrderAttributes()},
			MarkdownDescription: "The sub-orders, in the order of their IDs. The order of one circuit usually has one.",
		},
	}
}

func sumOf(what string) string {
	return what + ", the exact sum of all sub-orders, cancelled ones included, as a decimal number in a string. Null where a sub-order lacks it or the sub-orders differ in currency."
}

// subOrderAttributes describes the fields of subOrderModel.
func subOrderAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"sub_order_id":     text("ID of the sub-order."),
		"related_order_id": text("ID of the order that this one refers to, as a refund does. Null if there is none."),
		"order_sub_type":   text("Type of the sub-order: `ProductSubOrder` or `RefundSubOrder`."),

		"product_code":        text("Code of the product, as billing gives it."),
		"product_type":        text("Type of the product, as billing gives it."),
		"commodity_code":      text("Code of the commodity, as billing gives it."),
		"subscription_type":   text("`Subscription` or `PayAsYouGo`."),
		"region":              text("Region of the instances, as billing gives it."),
		"quantity":            text("Number of instances, as billing gives it."),
		"pretax_amount_local": text("Price before tax in local currency, as a decimal number in a string."),
		"operator":            text("ID of the RAM user who placed the order. Null if there was none."),
	}
	maps.Copy(attributes, map[string]schema.Attribute{
		"payment_status": text("`Unpaid`, `Paid` or `Cancelled`. Null for refunds."),
		"order_type":     text("Type of the order: `New`, `Renew`, `Upgrade`, `Refund` or another one."),

		"create_time":      text("When the sub-order was placed, RFC 3339 in UTC."),
		"payment_time":     text("When it was paid, RFC 3339 in UTC. Null before."),
		"usage_start_time": text("Begin of the term that it pays for, RFC 3339 in UTC."),
		"usage_end_time":   text("End of the term that it pays for, RFC 3339 in UTC."),

		"instance_ids": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "IDs of the instances that it names."},

		"currency":            text("Currency of the amounts."),
		"payment_currency":    text("Currency of the payment."),
		"pretax_gross_amount": text("List price before tax, as a decimal number in a string."),
		"pretax_amount":       text("Price before tax, after discounts, as a decimal number in a string."),
		"tax":                 text("Tax, as a decimal number in a string."),
		"after_tax_amount":    text("Price with tax, as a decimal number in a string."),
	})
	return attributes
}
