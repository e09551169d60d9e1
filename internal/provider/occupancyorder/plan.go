package occupancyorder

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// ModifyPlan says before any money moves what an apply would do, and refuses what
// must not happen.
func (r *orderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	hasPrior := !req.State.Raw.IsNull()
	if hasPrior {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	record, diags := readRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if hasPrior && record == nil {
		restored := state.restoredRecord()
		record = &restored
	}
	if !hasPrior {
		r.fillIn(ctx, req, resp, &plan, record)
	}

	if r.services.BillingOff() && plan.CancelUnpaidOnDestroy.ValueBool() && !state.CancelUnpaidOnDestroy.ValueBool() {
		resp.Diagnostics.Append(diag.WithPath(path.Root("cancel_unpaid_on_destroy"), shared.BillingOff("cancel_unpaid_on_destroy = true")))
		return
	}

	changed := changedArguments(state, plan)
	switch order.Decide(order.PlanInput{
		HasPrior:           hasPrior,
		Record:             record,
		Target:             order.Target(plan.key()),
		Refreshed:          r.services != nil && r.services.Registry.WasRefreshed(state.OrderID.ValueString()),
		ReplacementPlanned: r.services != nil && record != nil && r.services.Registry.ReplacementPlanned(record.OrderID),
		Changed:            len(changed) > 0,
		TokenReused:        record != nil && record.PlacedWith(plan.ClientToken.ValueString()),
	}) {
	case order.Place:
		resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, markCreate)...)
		resp.Diagnostics.Append(unknownMoney(plan)...)
		resp.Diagnostics.Append(r.brake(plan)...)
		resp.Diagnostics.Append(afterLapse(r.checkNew(ctx, plan, false), record)...)
	case order.PlaceElsewhere:
		resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, markMoved)...)
		resp.Diagnostics.Append(r.brake(plan)...)
		resp.Diagnostics.Append(withWayBack(r.checkNew(ctx, plan, true), *record)...)
	case order.Keep:
		resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, markNone)...)
		if len(changed) > 0 {
			resp.Diagnostics.Append(importedChanged(state, changed))
			resp.Diagnostics.Append(contradictions(state, plan, *record)...)
		}
	case order.ReplaceElsewhere:
		resp.RequiresReplace = append(resp.RequiresReplace, movedPaths(state, plan)...)
		r.services.Registry.RecordReplacement(state.OrderID.ValueString())
		resp.Diagnostics.Append(movedWarning(state, plan, doesNotCancel(record.Source, r.services)))
	case order.RefuseChange:
		for _, argument := range changed {
			resp.Diagnostics.Append(changeRefused(state, argument))
		}
	case order.RefuseReplacement:
		resp.Diagnostics.Append(replacementRefused(*record))
	case order.RefuseLateReplacement:
		resp.Diagnostics.Append(lateMoveRefused(state, plan))
	case order.RefuseReusedToken:
		resp.Diagnostics.Append(reusedTokenRefused(*record, plan))
	case order.RefuseWrongImport:
		resp.Diagnostics.Append(wrongImportRefused(*record, plan))
	}
}

// planDestroy warns: what leaves the state goes on costing money.
func (r *orderResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	made := markDestroy
	if r.services != nil && r.services.Registry.IsDuplicated(state.OrderID.ValueString()) {
		made = plannedForget
	}
	resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, made)...)
	record, _, diags := recordOf(ctx, req.Private, state)
	resp.Diagnostics.Append(diags...)
	if r.services != nil && r.services.Registry.Planned(state.key()) {
		resp.Diagnostics.Append(heldOrder(state.key(), record.OrderID))
		return
	}
	resp.Diagnostics.Append(destroyWarning(state, doesNotCancel(record.Source, r.services)))
}

// fillIn completes the plan of a new order: region and token are part of what the
// user approves, so they are known as soon as the circuit is. The circuit of an
// order that is on record keeps its region, whatever the provider's is by now.
func (r *orderResource) fillIn(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan *model, record *order.Record) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case !config.RegionID.IsNull():
	case record != nil && record.CircuitID == plan.PhysicalConnectionID.ValueString():
		plan.RegionID = types.StringValue(record.Region)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("region_id"), plan.RegionID)...)
	case r.services != nil && r.services.Registry.RegionOf(plan.PhysicalConnectionID.ValueString()) != "":
		// The object is tainted, or another resource has the order: say so rather
		// than look for the circuit in a region that the provider has by now.
		plan.RegionID = types.StringValue(r.services.Registry.RegionOf(plan.PhysicalConnectionID.ValueString()))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("region_id"), plan.RegionID)...)
	case r.services.Ready():
		plan.RegionID = types.StringValue(r.services.Region)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("region_id"), plan.RegionID)...)
	}
	key := plan.key()
	if config.ClientToken.IsNull() && key.Region != "" && key.CircuitID != "" {
		plan.ClientToken = types.StringValue(order.DefaultToken(key.Region, key.CircuitID))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("client_token"), plan.ClientToken)...)
	}
}

// brake refuses a plan with more orders than the provider's configuration allows.
func (r *orderResource) brake(plan model) diag.Diagnostics {
	if r.services == nil {
		return nil
	}
	key := plan.key()
	if reached := r.services.Registry.CountPlanned(key); reached != nil {
		return diag.Diagnostics{tooManyOrders(reached, key.CircuitID)}
	}
	return nil
}

// checkNew checks the circuit of a new order. Strictly is for an order that takes
// the place of another one: Terraform drops the warnings of that call, and when
// Create then failed, the old record would be gone already.
func (r *orderResource) checkNew(ctx context.Context, plan model, strictly bool) diag.Diagnostics {
	key := plan.key()
	if r.services == nil || key.Region == "" || key.CircuitID == "" {
		return nil
	}
	if conflict := r.services.Registry.RecordPlan(key, plan.ClientToken.ValueString()); conflict.Any() {
		return diag.Diagnostics{planConflict(conflict, key, plan)}
	}
	if !r.services.Ready() {
		return nil
	}
	begun := time.Now()
	c, err := r.find(ctx, key)
	if err != nil {
		diags := diag.Diagnostics{circuitUnread(err, key, strictly)}
		if diags.HasError() {
			return diags
		}
		c = circuit.Circuit{Region: key.Region, ID: key.CircuitID}
		return append(diags, r.lookFor(ctx, c, plan, strictly)...)
	}
	r.services.Registry.CacheCircuit(c, begun)
	diags := circuitFindings(c, r.services.Placer().LookForMessage(ctx, c), strictly)
	if diags.HasError() {
		return diags
	}
	return append(diags, r.lookFor(ctx, c, plan, strictly)...)
}

// lookFor looks for orders of the circuit of a new order.
func (r *orderResource) lookFor(ctx context.Context, circuit circuit.Circuit, plan model, strictly bool) diag.Diagnostics {
	look := r.services.Placer().Look(ctx, circuit)
	if look.Denied() && len(look.Live) == 0 {
		if shouldWarn(look.Err) && r.services.BillingReader.WarnOnce() {
			return diag.Diagnostics{paymentUnread(look.Err)}
		}
		return nil
	}
	return lookFindings(look, plan.wish(), strictly)
}

// argument is an argument of an order, with its value in state and plan.
type argument struct {
	name     string
	old, new attr.Value
}

// changedArguments returns the arguments of the order that a plan changes. Those
// that name the circuit are judged on their own; a value that is not known yet is
// judged when it is.
func changedArguments(state, plan model) []argument {
	var changed []argument
	for _, a := range []argument{
		{"period", state.Period, plan.Period},
		{"pricing_cycle", state.PricingCycle, plan.PricingCycle},
		{"auto_pay", state.AutoPay, plan.AutoPay},
		{"auto_renew", state.AutoRenew, plan.AutoRenew},
		{"auto_renew_duration", state.AutoRenewDuration, plan.AutoRenewDuration},
		{"instance_charge_type", state.InstanceChargeType, plan.InstanceChargeType},
		{"client_token", state.ClientToken, plan.ClientToken},
	} {
		if !a.new.IsUnknown() && !a.new.Equal(a.old) {
			changed = append(changed, a)
		}
	}
	return changed
}

// movedPaths returns the attributes by which the plan names another circuit.
func movedPaths(state, plan model) path.Paths {
	var moved path.Paths
	if !plan.PhysicalConnectionID.IsUnknown() && !plan.PhysicalConnectionID.Equal(state.PhysicalConnectionID) {
		moved = append(moved, path.Root("physical_connection_id"))
	}
	if !plan.RegionID.IsUnknown() && !plan.RegionID.Equal(state.RegionID) {
		moved = append(moved, path.Root("region_id"))
	}
	return moved
}
