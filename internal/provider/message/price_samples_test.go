package message_test

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func priceSamples() []diag.Diagnostics {
	price := billing.Price{Original: "2400.00", Discount: "240.00", Trade: "2160.00", Currency: "CNY"}
	cost, id := message.Cost(price, 3, "Month"), key.CircuitID
	refused := answered(400, "InvalidParameter")
	refused.Action = "GetSubscriptionPrice"
	list := []diag.Diagnostics{{
		message.PriceOfOrder(id, cost, price, types.BoolValue(true), false), message.PriceOfOrder(id, message.Cost(price, 1, "Year"), billing.Price{Trade: "1", Currency: "USD"}, types.BoolValue(false), false),
		message.PriceOfOrder(id, cost, price, types.BoolUnknown(), true), message.PriceTooHigh(id, cost, "2000", price),
		message.FoundAboveMaxPrice(found(orderID, "Unpaid"), id, "2160.00 CNY", "2000"),
	}}
	for _, err := range []error{refused, answered(403, "NoPermission"), notSent(apierror.CauseRefused), message.ErrSpecUnknown, billing.ErrBillingOff, context.DeadlineExceeded} {
		list = append(list, diag.Diagnostics{message.PriceRead(err, id), message.MaxPriceUnchecked(id, err)})
	}
	return list
}
