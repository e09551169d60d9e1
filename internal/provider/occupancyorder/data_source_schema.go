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
	attributes := commonAttributes("order", ", of all sub-orders",
		" Null if the sub-orders differ.")
	attributes["payment_status"] = text("`Paid`; `Unpaid` if a sub-order is unpaid; `Cancelled` if all are cancelled. " +
		"Null if billing does not report it, for example for refunds.")
	attributes["payment_time"] = text("When the order was paid, RFC 3339 in UTC. Null unless it is `Paid`.")
	attributes["usage_end_time"] = text("End of the term of the order, RFC 3339 in UTC; the earliest if the sub-orders differ. " +
		"A renewal is another order. It changes only the `end_time` of the circuit.")
	attributes["sub_orders"] = schema.ListNestedAttribute{
		Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: subOrderAttributes()},
		MarkdownDescription: "The sub-orders, sorted by ID. The order of one circuit usually has one.",
	}
	return attributes
}

// subOrderAttributes describes the fields of subOrderModel.
func subOrderAttributes() map[string]schema.Attribute {
	attributes := commonAttributes("sub-order", "", "")
	maps.Copy(attributes, map[string]schema.Attribute{
		"sub_order_id":     text("ID of the sub-order."),
		"related_order_id": text("ID of another order that this one belongs to, for example of a refund. Null if there is none."),
		"order_sub_type":   text("Type of the sub-order: `ProductSubOrder` or `RefundSubOrder`."),

		"product_code":        text("Code of the product."),
		"product_type":        text("Type of the product."),
		"commodity_code":      text("Code of the commodity."),
		"subscription_type":   text("`Subscription` or `PayAsYouGo`."),
		"region":              text("Region of the instances."),
		"quantity":            text("Number of instances."),
		"pretax_amount_local": text("Price before tax in local currency, as a decimal number in a string."),
		"operator":            text("ID of the RAM user who placed the order. Null if there was none."),
	})
	return attributes
}

// commonAttributes describes the fields of commonModel. sum and differ are added to the
// descriptions of amounts and of texts.
func commonAttributes(of, sum, differ string) map[string]schema.Attribute {
	amount := func(what string) schema.Attribute { return text(what + sum + ", as a decimal number in a string.") }
	return map[string]schema.Attribute{
		"payment_status": text("`Unpaid`, `Paid` or `Cancelled`. Null for refunds."),
		"order_type":     text("Type of the order: `New`, `Renew`, `Upgrade`, `Refund` or another one." + differ),

		"create_time":      text("When the " + of + " was placed, RFC 3339 in UTC."),
		"payment_time":     text("When the " + of + " was paid, RFC 3339 in UTC. Null before that."),
		"usage_start_time": text("Start of the term of the " + of + ", RFC 3339 in UTC. Null if billing does not report it, for example before the payment."),
		"usage_end_time":   text("End of the term of the " + of + ", RFC 3339 in UTC."),

		"instance_ids": schema.ListAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "IDs of the circuits and other instances that the " + of + " is for.",
		},

		"currency":            text("Currency of the amounts: `CNY`, `USD` or `JPY`." + differ),
		"payment_currency":    text("Currency of the payment." + differ),
		"pretax_gross_amount": amount("List price before tax"),
		"pretax_amount":       amount("Price before tax, after discounts"),
		"tax":                 amount("Tax"),
		"after_tax_amount":    amount("Price with tax"),
	}
}
