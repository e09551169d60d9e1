package renewalsetting

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

const (
	// shownPrices is how many renewals of a run each have a warning with their price.
	shownPrices = 5
	// priceTimeout limits the read of a price.
	priceTimeout = 20 * time.Second
)

// ModifyPlan fills in the defaults, and warns about what an apply or a later renewal would
// do.
func (r *settingResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.left(state))
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(r.fillIn(ctx, req, resp, &plan)...)
	if resp.Diagnostics.HasError() || r.services == nil {
		return
	}
	moved := !req.State.Raw.IsNull() && plan.key() != state.key()
	if !moved && plan.setting().Equal(state.setting()) {
		return
	}
	if r.services.BillingOff() {
		resp.Diagnostics.Append(message.BillingNeeded("A renewal setting"))
		return
	}
	if moved && plan.key().CircuitID != "" {
		resp.Diagnostics.Append(r.left(state))
	}
	if !r.services.Ready() || plan.key().Region == "" || plan.key().CircuitID == "" {
		return
	}
	if req.State.Raw.IsNull() || moved {
		resp.Diagnostics.Append(r.planNew(ctx, plan)...)
		return
	}
	resp.Diagnostics.Append(r.planRenewal(ctx, plan, renewal.Instance{EndTime: state.end(), Product: state.product()}, circuit.Circuit{})...)
}

// fillIn adds region, unit and ID to the plan, because the user approves them.
func (r *settingResource) fillIn(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan *model) diag.Diagnostics {
	var config model
	diags := req.Config.Get(ctx, &config)
	if plan.RegionID.IsUnknown() && config.RegionID.IsNull() && r.services != nil && r.services.Region != "" {
		plan.RegionID = types.StringValue(r.services.Region)
	}
	if config.RenewalPeriodUnit.IsNull() {
		plan.RenewalPeriodUnit = defaultUnit(plan.RenewalStatus)
	}
	if key := plan.key(); key.Region != "" && key.CircuitID != "" {
		plan.ID = types.StringValue(idOf(key))
	}
	for name, value := range map[string]types.String{"region_id": plan.RegionID, "renewal_period_unit": plan.RenewalPeriodUnit, "id": plan.ID} {
		diags.Append(resp.Plan.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}

// defaultUnit returns the unit of a period without renewal_period_unit.
func defaultUnit(status types.String) types.String {
	switch {
	case status.IsUnknown():
		return types.StringUnknown()
	case status.ValueString() == renewal.Auto:
		return types.StringValue(renewal.Month)
	default:
		return types.StringNull()
	}
}

// left returns the warning for a setting that leaves the state.
func (r *settingResource) left(state model) diag.Diagnostic {
	return message.DestroyRenewal(state.PhysicalConnectionID.ValueString(), state.setting(), state.EndTime.ValueString(),
		state.ResetOnDestroy.ValueBool(), r.services.BillingOff())
}

// planNew checks the circuit of a new setting. A circuit that billing lists with a term is
// in service.
func (r *settingResource) planNew(ctx context.Context, plan model) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	found, listed, err := r.services.Renewals.Get(ctx, plan.PhysicalConnectionID.ValueString(), "")
	if err != nil && r.services.Renewals.WarnOnce() {
		return diag.Diagnostics{message.RenewalsUnchecked(err)}
	}
	if listed && found.EndTime != nil {
		return r.planRenewal(ctx, plan, found, circuit.Circuit{})
	}
	c, err := r.circuit(ctx, plan.key())
	missing := (*circuit.NotFoundError)(nil)
	switch {
	case errors.As(err, &missing):
		return diag.Diagnostics{message.CircuitRead(err, circuit.Query{Region: plan.key().Region, CircuitID: plan.key().CircuitID})}
	case err != nil:
		return diag.Diagnostics{message.RenewalsUnchecked(err)}
	case c.Readiness() != circuit.InService:
		return diag.Diagnostics{message.CircuitNotInService(c, false)}
	}
	found.EndTime = c.EndTime
	return r.planRenewal(ctx, plan, found, c)
}

func (r *settingResource) circuit(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	return r.services.CachedCircuits.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
}

// planRenewal returns the warning for AutoRenewal: what is charged, and when. If the circuit
// is empty, it is read for the price.
func (r *settingResource) planRenewal(ctx context.Context, plan model, i renewal.Instance, c circuit.Circuit) diag.Diagnostics {
	setting := plan.setting()
	if setting.Status != renewal.Auto || setting.Period == 0 || setting.Unit == "" {
		return nil
	}
	merged := r.services.Registry.CountPrice(plan.key()) > shownPrices
	var price *billing.Price
	if r.services.PlanPrices && !merged {
		price = r.price(ctx, plan, i.Product.Code, c)
	}
	return diag.Diagnostics{message.PlannedRenewal(plan.PhysicalConnectionID.ValueString(), setting, i.EndTime, price, merged)}
}

// price returns the price of a renewal, nil if it is not known.
func (r *settingResource) price(ctx context.Context, plan model, productCode string, c circuit.Circuit) *billing.Price {
	ctx, cancel := context.WithTimeoutCause(ctx, priceTimeout, billing.ErrPriceSlow)
	defer cancel()
	key, setting := plan.key(), plan.setting()
	if c.ID == "" {
		c, _ = r.circuit(ctx, key) // Without a circuit there is no price.
	}
	if c.PortSpec() == "" {
		return nil
	}
	price, err := r.services.Prices.Get(ctx, billing.PriceQuery{
		Region: key.Region, Spec: c.PortSpec(), CircuitID: key.CircuitID, ProductCode: productCode,
		Period: setting.Period, PricingCycle: setting.Unit, OrderType: billing.PriceRenewal,
	}, billing.LookAge)
	if err != nil {
		return nil
	}
	return &price
}
