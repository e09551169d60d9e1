package occupancyorder

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// checkLimit refuses a plan with more orders than the provider's configuration allows.
func (r *orderResource) checkLimit(plan model) diag.Diagnostics {
	if r.services == nil {
		return nil
	}
	key := plan.key()
	if over := r.services.Registry.CountPlanned(key); over != nil {
		return diag.Diagnostics{message.TooManyOrders(over, key.CircuitID)}
	}
	return nil
}

// checkNew checks a new order. The limit counts only orders that nothing else refuses. If final
// is true, the order replaces another one: Terraform drops the warnings of that plan, and the
// record of the old order is gone when Create runs.
func (r *orderResource) checkNew(ctx context.Context, plan model, final bool) diag.Diagnostics {
	key := plan.key()
	if r.services == nil || key.Region == "" || key.CircuitID == "" {
		return r.checkLimit(plan)
	}
	if conflict := r.services.Registry.RecordPlan(key, plan.ClientToken.ValueString()); conflict != (order.PlanConflict{}) {
		return diag.Diagnostics{message.PlanConflict(conflict, key, plan.ClientToken.ValueString())}
	}
	diags := r.checkCircuit(ctx, plan, final)
	if orderID := r.services.Registry.FinishPlan(key, diags.HasError()); orderID != "" {
		return diag.Diagnostics{message.AlreadyInState(key, orderID)}
	}
	if !diags.HasError() {
		diags.Append(r.checkLimit(plan)...)
	}
	return diags
}

// checkCircuit checks the circuit of a new order, and the orders that billing reports for it.
func (r *orderResource) checkCircuit(ctx context.Context, plan model, final bool) diag.Diagnostics {
	if !r.services.Ready() {
		return nil
	}
	key := plan.key()
	c, err := r.readNew(ctx, key)
	if err != nil {
		diags := diag.Diagnostics{message.CircuitForPlan(err, key, final)}
		if diags.HasError() {
			return diags
		}
		c = circuit.Circuit{Region: key.Region, ID: key.CircuitID}
		return append(diags, r.lookFor(ctx, c, plan, final)...)
	}
	if c.Readiness() == circuit.InService {
		if _, unsure := r.services.Registry.AwaitExisting(ctx, key); unsure {
			return diag.Diagnostics{message.EnabledAmongMany(key)}
		}
	}
	diags := message.CircuitForOrder(c, r.services.Placer().LookForMessage(ctx, c), final)
	if diags.HasError() {
		return diags
	}
	return append(diags, r.lookFor(ctx, c, plan, final)...)
}

// readNew reads the circuit of a new order. The first plan of a circuit shares the list of
// its region with the plans of the last seconds. An apply begins no list for it, because new
// lists of a large region would use up the quota. Create uses only a read that began after the
// plan of its own order.
func (r *orderResource) readNew(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	asked := time.Now()
	query := circuit.Query{Region: key.Region, CircuitID: key.CircuitID, NotBefore: asked.Add(-order.CircuitAge)}
	first := r.services.Registry.BeginRead(key)
	if !first || r.services.Registry.Applying() && !r.services.CachedCircuits.HasList(query) {
		c, err := r.find(ctx, key)
		if err == nil {
			r.services.Registry.CacheCircuit(c, asked)
		}
		return c, err
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	c, begun, err := r.services.CachedCircuits.ReadCircuit(ctx, query)
	if err == nil && !begun.Before(asked) {
		r.services.Registry.CacheCircuit(c, begun)
	}
	return c, err
}

// lookFor searches existing orders of the circuit of a new order.
func (r *orderResource) lookFor(ctx context.Context, c circuit.Circuit, plan model, final bool) diag.Diagnostics {
	ctx, cancel := context.WithCancel(ctx)
	priced := r.beginPrice(ctx, c, plan, final)
	defer func() {
		cancel()
		if priced != nil {
			priced()
		}
	}()
	var diags diag.Diagnostics
	look := r.services.Placer().Look(ctx, c)
	switch {
	case !look.Denied() || len(look.Live) > 0:
		request, unsure := plan.request(), false
		if request.Judge(look) == order.VerdictRefuse {
			_, unsure = r.services.Registry.AwaitExisting(ctx, request.Key())
		}
		diags = message.LookForPlan(look, request, final, unsure)
	case shouldWarn(look.Err) && r.services.BillingReader.WarnOnce():
		diags.Append(message.BillingUnread(look.Err))
	}
	if diags.HasError() {
		return diags
	}
	return append(diags, r.planPrice(c, look, plan, final, priced)...)
}

// unknownCost returns the warning for an order whose cost the plan does not show.
func unknownCost(plan model) diag.Diagnostics {
	unknown := func(arguments ...argument) []string {
		return names(slices.DeleteFunc(arguments, func(a argument) bool { return !a.new.IsUnknown() }))
	}
	term := unknown(argument{name: "period", new: plan.Period}, argument{name: "pricing_cycle", new: plan.PricingCycle})
	payment := unknown(argument{name: "auto_pay", new: plan.AutoPay}, argument{name: "auto_renew", new: plan.AutoRenew})
	switch id := plan.PhysicalConnectionID.ValueString(); {
	case len(term)+len(payment) > 0:
		return diag.Diagnostics{message.UnknownCost(id, term, payment)}
	case plan.Period.IsNull():
		return diag.Diagnostics{message.NoTerm(id)}
	}
	return nil
}
