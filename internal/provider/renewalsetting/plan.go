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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// priceTimeout limits the read of a price.
const priceTimeout = 20 * time.Second

// ModifyPlan fills in the defaults, and warns about what an apply or a later renewal would
// do.
func (r *settingResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.keepsAll(ctx, req, resp) {
		return
	}
	var plan, state model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(r.planDestroy(ctx, state, resp.Private)...)
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(r.fillIn(ctx, req, resp, &plan)...)
	unsure, diags := isUnsure(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if unsure && !req.State.Raw.IsNull() { // Force an update.
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("end_time"), types.StringUnknown())...)
	}
	if resp.Diagnostics.HasError() || r.services == nil {
		return
	}
	if !plan.RenewalPeriod.IsUnknown() && !plan.RenewalPeriodUnit.IsUnknown() {
		resp.Diagnostics.Append(r.checkOthers(plan.PhysicalConnectionID.ValueString(), plan.setting())...)
	}
	if resp.Plan.Raw.Equal(req.State.Raw) || resp.Diagnostics.HasError() {
		return
	}
	if r.services.BillingOff() {
		resp.Diagnostics.Append(message.RenewalNeedsBilling())
		return
	}
	isNew := req.State.Raw.IsNull()
	if moved := plan.key() != state.key(); !isNew && moved && plan.key().CircuitID != "" {
		resp.Diagnostics.Append(r.planDestroy(ctx, state, resp.Private)...)
		isNew = true
	}
	switch {
	case !r.services.Ready() || plan.key().Region == "" || plan.key().CircuitID == "":
	case isNew:
		resp.Diagnostics.Append(r.planNew(ctx, plan)...)
	case !plan.setting().Equal(state.setting()):
		resp.Diagnostics.Append(r.planRenewal(ctx, plan, state.instance(), nil)...)
	}
}

// keepsAll reports whether a plan changes nothing. Then it converts nothing, and only checks
// for other resources of the circuit.
func (r *settingResource) keepsAll(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	unsure, diags := isUnsure(ctx, req.Private)
	if unsure || diags.HasError() || req.Plan.Raw.IsNull() || !req.Plan.Raw.Equal(req.State.Raw) {
		return false
	}
	plan, config := shared.RawOf(req.Plan.Raw), shared.RawOf(req.Config.Raw)
	if unit := defaultUnit(types.StringValue(plan.Text("renewal_status"))); config.IsNull("renewal_period_unit") && unit.ValueString() != plan.Text("renewal_period_unit") {
		return false
	}
	if r.services != nil {
		resp.Diagnostics.Append(r.checkOthers(plan.Text("physical_connection_id"), settingIn(plan))...)
	}
	return true
}

// checkOthers returns the diagnostics for other resources of this run with the circuit. A
// process of terraform test plans the same resource several times.
func (r *settingResource) checkOthers(circuitID string, wanted renewal.Setting) diag.Diagnostics {
	if r.services.Renewals == nil || circuitID == "" || wanted.Status == "" {
		return nil
	}
	other, reset := r.services.Renewals.RecordPlan(circuitID, wanted)
	switch {
	case !r.services.Registry.IsSingleRun():
		return nil
	case other != nil:
		return diag.Diagnostics{message.TwoSettings(circuitID, wanted, *other)}
	case reset:
		return diag.Diagnostics{message.OtherResets(circuitID)}
	}
	return nil
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

// planDestroy returns the warning for a setting that leaves the state. It resets nothing if
// another resource of this run sets the renewal.
func (r *settingResource) planDestroy(ctx context.Context, state model, private privateWriter) diag.Diagnostics {
	reset, managed := state.ResetOnDestroy.ValueBool(), false
	if r.services != nil && r.services.Renewals != nil {
		managed = r.services.Renewals.RecordRemoval(state.PhysicalConnectionID.ValueString(), reset)
	}
	diags := markKept(ctx, private, managed)
	if managed {
		return diags
	}
	return append(diags, message.DestroyRenewal(state.instance(), reset, r.services.BillingOff(), r.services.MergesWarnings(state.key())))
}

// planNew checks the circuit of a new setting.
func (r *settingResource) planNew(ctx context.Context, plan model) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	found, _, err := r.services.Renewals.Get(ctx, plan.PhysicalConnectionID.ValueString(), "")
	if err != nil && r.services.Renewals.WarnOnce() {
		return diag.Diagnostics{message.RenewalsUnchecked(err)}
	}
	c, err := r.circuit(ctx, plan.key())
	missing := (*circuit.NotFoundError)(nil)
	switch {
	case errors.As(err, &missing):
		return diag.Diagnostics{message.CircuitRead(err, circuit.Query{Region: plan.key().Region, CircuitID: plan.key().CircuitID})}
	case err != nil:
		return diag.Diagnostics{message.RenewalsUnchecked(err)}
	case c.Readiness() != circuit.InService:
		return diag.Diagnostics{message.CircuitNotInService(c, false, r.services.Registry.Planned(plan.key()))}
	}
	if found.EndTime == nil {
		found.EndTime = c.EndTime
	}
	return r.planRenewal(ctx, plan, found, &c)
}

func (r *settingResource) circuit(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	return r.services.CachedCircuits.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
}

// planRenewal returns the warning for AutoRenewal: what is charged, and when. The circuit
// is nil if it was not read.
func (r *settingResource) planRenewal(ctx context.Context, plan model, i renewal.Instance, c *circuit.Circuit) diag.Diagnostics {
	setting := plan.setting()
	if setting.Status != renewal.Auto || setting.Period == 0 || setting.Unit == "" {
		return nil
	}
	if c == nil {
		read, err := r.circuit(ctx, plan.key())
		if err == nil {
			c = &read
		}
	}
	planned := message.Renewal{
		CircuitID: plan.PhysicalConnectionID.ValueString(), Setting: setting, End: i.EndTime, Now: time.Now(),
		Suspended: c != nil && c.IsLocked(), Merged: r.services.MergesWarnings(plan.key()),
	}
	if r.services.PlanPrices && !planned.Merged && c != nil {
		planned.Price = r.price(ctx, plan, i.Product.Code, *c)
	}
	return diag.Diagnostics{message.PlannedRenewal(planned)}
}

// price returns the price of a renewal, nil if it is not known.
func (r *settingResource) price(ctx context.Context, plan model, productCode string, c circuit.Circuit) *billing.Price {
	ctx, cancel := context.WithTimeoutCause(ctx, priceTimeout, billing.ErrPriceSlow)
	defer cancel()
	key, setting := plan.key(), plan.setting()
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
