package message

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds about prices.
const (
	PriceUnreadable Kind = "Unable to read the price of %s"
	PlannedPrice    Kind = "Order for %s: %s"
	MorePrices      Kind = "More orders cost %s each"
	AboveMaxPrice   Kind = "The order for %s costs more than max_price"
	PriceUnchecked  Kind = "Unable to check max_price for %s"
	OrderAboveMax   Kind = "Order %s of %s costs more than max_price"
)

// ErrSpecUnknown means that the circuit has no port specification of the price list.
var ErrSpecUnknown = errors.New("the port of the circuit is none of the price list (1G, 10G, 40G, 100G)")

// ErrCircuitUnread means that the circuit could not be read.
var ErrCircuitUnread = errors.New("the circuit could not be read")

// ErrTermUnknown means that the order has no period.
var ErrTermUnknown = errors.New("period is not set")

const priceSource = "Price of Alibaba Cloud for this account (GetSubscriptionPrice)."

// Cost returns an amount with its term: 2160 CNY for 3 months.
func Cost(price billing.Price, period int64, cycle string) string {
	unit := strings.ToLower(cycle)
	if period != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%s %s for %d %s", price.Trade, price.Currency, period, unit)
}

// costOf is Cost for a request, whose period may not be set.
func costOf(price billing.Price, request order.Request) string {
	if request.Period == nil {
		return price.Trade + " " + price.Currency
	}
	return Cost(price, *request.Period, request.PricingCycle)
}

func foundAmount(price billing.Price) string {
	if price.Trade == "" {
		return "an amount that billing does not report"
	}
	return price.Trade + " " + price.Currency
}

// PriceRead returns the error for a price that a data source could not read.
func PriceRead(err error, what string) diag.Diagnostic {
	return PriceUnreadable.err(priceFailure(err, "Without a price you can still place orders."), what)
}

// priceFailure says why there is no price.
func priceFailure(err error, more string) string {
	failure, ok := errors.AsType[*apierror.Error](err)
	switch {
	case errors.Is(err, ErrSpecUnknown):
		return paragraphs("The port of the circuit is none of the price list (1G, 10G, 40G, 100G).", more)
	case errors.Is(err, ErrCircuitUnread):
		return paragraphs("The circuit could not be read, so its port is not known.", more)
	case errors.Is(err, ErrTermUnknown):
		return paragraphs("period is not set, so there is no price.", more)
	case errors.Is(err, billing.ErrBillingOff):
		return "billing = false in the provider block turns prices off. " + more
	case ok && failure.NotPermitted():
		return paragraphs(meaning(failure)+" "+more,
			stepOf("Give the credentials the RAM action bss:DescribePrice on *. Its name is not documented for this operation."), apiDetails(failure))
	case ok:
		return paragraphs(more, readFailure(err))
	default:
		return "The price could not be read in time. " + more
	}
}

// PriceOfOrder returns the warning with the price of a planned order. From the sixth order
// on, those of one price have one summary, which Terraform merges: no price is hidden.
func PriceOfOrder(id, cost string, price billing.Price, autoPay types.Bool, merged bool) diag.Diagnostic {
	when := "It is to be paid in the console."
	switch {
	case autoPay.IsUnknown():
		when = "auto_pay is not known yet, so the apply may charge it."
	case autoPay.ValueBool():
		when = "It is charged by this apply."
	}
	list := ""
	if price.Original != "" && price.Original != price.Trade {
		list = fmt.Sprintf(" The list price is %s %s.", price.Original, price.Currency)
	}
	if merged {
		return MorePrices.warning(fmt.Sprintf("Order for %s: %s%s", id, when, list), cost)
	}
	return PlannedPrice.warning(when+list+" "+priceSource, id, cost)
}

// PriceTooHigh returns the error for an order whose price is above max_price.
func PriceTooHigh(id, cost, limit string, price billing.Price) diag.Diagnostic {
	return AboveMaxPrice.errAt("max_price", paragraphs(
		fmt.Sprintf("The order costs %s, and max_price is %s %s. Nothing was ordered. %s", cost, limit, price.Currency, priceSource),
		"Next step: Choose another term, or raise max_price."), id)
}

// MaxPriceUnchecked returns the error for an order with max_price whose price cannot be
// read.
func MaxPriceUnchecked(id string, err error) diag.Diagnostic {
	return PriceUnchecked.errAt("max_price", priceFailure(err,
		"An order with max_price needs a price, so nothing was ordered. To order without this check, remove max_price."), id)
}

// FoundAboveMaxPrice returns the error for an existing order above max_price, which is not
// saved in the state.
func FoundAboveMaxPrice(found billing.Order, id, amount, limit string) diag.Diagnostic {
	return OrderAboveMax.errAt("max_price", paragraphs(
		fmt.Sprintf("The order exists already and costs %s; max_price is %s. It is not saved in the state, and nothing was ordered.%s",
			amount, limit, orderList([]billing.Order{found})),
		"Next step: Raise max_price to save the order in the state, or cancel it in the console if it is unpaid."), found.ID, id)
}
