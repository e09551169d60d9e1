package occupancyorder

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// priceAnswer is the price of a planned order.
type priceAnswer struct {
	price billing.Price
	err   error
}

// beginPrice begins to read the price of a new order, during the look. It returns a function
// that waits for the answer, nil if the plan needs no price.
func (r *orderResource) beginPrice(ctx context.Context, c circuit.Circuit, plan model, final bool) (wait func() priceAnswer) {
	limit := plan.MaxPrice.ValueString()
	if limit == "" && (final || !r.services.PlanPrices) || plan.Period.IsUnknown() || plan.PricingCycle.IsUnknown() {
		return nil // The apply knows more.
	}
	var reading sync.WaitGroup
	var answer priceAnswer
	reading.Go(func() { answer.price, answer.err = r.price(ctx, c, plan, billing.LookAge) })
	return func() priceAnswer {
		reading.Wait()
		return answer
	}
}

// planPrice returns the price of a new order, or the error that max_price does not allow
// it. An existing order that Create adopts has a price already.
func (r *orderResource) planPrice(c circuit.Circuit, look billing.Look, plan model, final bool, priced func() priceAnswer) diag.Diagnostics {
	if request := plan.request(); !look.Denied() && request.Judge(look) == order.VerdictAdopt {
		return foundAboveMax(look.Live[0], plan)
	}
	id, limit := c.ID, plan.MaxPrice.ValueString()
	if limit != "" && r.services.BillingOff() {
		return diag.Diagnostics{message.MaxPriceUnchecked(id, billing.ErrBillingOff)}
	}
	if priced == nil {
		return nil
	}
	answer := priced()
	price := answer.price
	cost := message.Cost(price, plan.Period.ValueInt64(), plan.PricingCycle.ValueString())
	switch {
	case answer.err != nil && limit != "":
		return diag.Diagnostics{message.MaxPriceUnchecked(id, answer.err)}
	case answer.err != nil:
		return nil // A price is never needed without max_price.
	case limit != "" && price.Exceeds(limit):
		return diag.Diagnostics{message.PriceTooHigh(id, cost, limit, price)}
	case final || !r.services.PlanPrices:
		return nil
	default:
		merged := r.services.MergesWarnings(c.Key())
		return diag.Diagnostics{message.PriceOfOrder(id, cost, price, plan.AutoPay, merged)}
	}
}

func foundAboveMax(found billing.Order, plan model) diag.Diagnostics {
	guard := plan.guard()
	if guard == nil {
		return nil
	}
	if err := guard.AllowsFound(plan.key(), found); err != nil {
		failed := &order.PlaceError{}
		errors.As(err, &failed)
		return message.PlaceFailed(failed, plan.request())
	}
	return nil
}

// price reads the price of an order for the circuit, which may be at most age old.
func (r *orderResource) price(ctx context.Context, c circuit.Circuit, plan model, age time.Duration) (billing.Price, error) {
	switch {
	case r.services.BillingOff():
		return billing.Price{}, billing.ErrBillingOff
	case plan.Period.IsNull():
		return billing.Price{}, message.ErrTermUnknown
	case c.Status == "":
		return billing.Price{}, message.ErrCircuitUnread
	case c.PortSpec() == "":
		return billing.Price{}, message.ErrSpecUnknown
	}
	ctx, cancel := context.WithTimeoutCause(ctx, paymentTimeout, billing.ErrPriceSlow)
	defer cancel()
	return r.services.Prices.Get(ctx, billing.PriceQuery{
		Region: c.Region, Spec: c.PortSpec(), Period: plan.Period.ValueInt64(), PricingCycle: plan.PricingCycle.ValueString(), OrderType: billing.PriceNewOrder,
	}, age)
}

// replacementPrice returns the price of an order that replaces another one, empty if it is
// not known. Terraform drops the warnings of the plan of that order.
func (r *orderResource) replacementPrice(ctx context.Context, plan model) string {
	key := plan.key()
	if !r.services.Ready() || !r.services.PlanPrices || r.services.BillingOff() || key.Region == "" || key.CircuitID == "" ||
		plan.Period.IsUnknown() || plan.PricingCycle.IsUnknown() {
		return ""
	}
	c, err := r.find(ctx, key)
	if err != nil {
		return ""
	}
	price, err := r.price(ctx, c, plan, billing.LookAge)
	if err != nil {
		return ""
	}
	return message.Cost(price, plan.Period.ValueInt64(), plan.PricingCycle.ValueString())
}

// guardFor returns the guard of an order with max_price, nil without it.
func (r *orderResource) guardFor(plan model) *order.PriceGuard {
	guard := plan.guard()
	if guard != nil {
		guard.Price = func(ctx context.Context, c circuit.Circuit) (billing.Price, error) { return r.price(ctx, c, plan, 0) }
	}
	return guard
}

// guard returns the guard of an order with max_price without its price, nil without it.
func (m *model) guard() *order.PriceGuard {
	if limit := m.MaxPrice.ValueString(); limit != "" {
		return &order.PriceGuard{Limit: limit}
	}
	return nil
}
