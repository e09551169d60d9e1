package occupancyorder

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// ModifyPlan warns about what an apply would do, and refuses what must not happen.
func (r *orderResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	hasPrior := !req.State.Raw.IsNull()
	record, diags := readRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if hasPrior {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
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
		resp.Diagnostics.Append(diag.WithPath(path.Root("cancel_unpaid_on_destroy"), message.BillingNeeded("cancel_unpaid_on_destroy = true")))
		return
	}

	p := planned{plan: plan, state: state, record: record, changed: changedArguments(state, plan)}
	r.carryOut(ctx, order.Decide(order.PlanInput{
		HasPrior:           hasPrior,
		Record:             record,
		Target:             plan.key(),
		Refreshed:          r.services != nil && r.services.Registry.WasRefreshed(state.OrderID.ValueString()),
		ReplacementPlanned: r.services != nil && record != nil && r.services.Registry.ReplacementPlanned(record.OrderID),
		Changed:            len(p.changed) > 0,
		TokenReused:        record != nil && record.PlacedWith(plan.ClientToken.ValueString()),
	}), p, resp)
}

// planned is what a plan decides about.
type planned struct {
	plan, state model
	record      *order.Record // nil for a new order
	changed     []argument
}

// carryOut warns about the decision of a plan, or refuses it.
func (r *orderResource) carryOut(ctx context.Context, decision order.Decision, p planned, resp *resource.ModifyPlanResponse) {
	plan, state, record := p.plan, p.state, p.record
	add := func(diags ...diag.Diagnostic) { resp.Diagnostics.Append(diags...) }
	mark := func(action plannedAction) { add(writePlannedAction(ctx, resp.Private, action)...) }
	switch decision {
	case order.Place:
		mark(plannedCreate)
		add(unknownCost(plan)...)
		add(message.AfterExpiry(r.checkNew(ctx, plan, false), record)...)
	case order.PlaceElsewhere:
		mark(plannedReplacement)
		add(message.KeepOrder(r.checkNew(ctx, plan, true), *record)...)
	case order.Keep:
		mark(plannedNothing)
		if len(p.changed) > 0 {
			add(message.NotesChanged(state.described(), names(p.changed)))
			add(differences(state, plan, *record)...)
		}
	case order.ReplaceElsewhere:
		resp.RequiresReplace = append(resp.RequiresReplace, movedPaths(state, plan)...)
		r.services.Registry.RecordReplacement(state.OrderID.ValueString())
		add(message.Replacement(r.describe(state, record.Source), plan.key(), r.replacementPrice(ctx, plan)))
	case order.RefuseChange:
		for _, argument := range p.changed {
			add(message.OrderChange(state.described(), argument.change(), state.request().ReorderToken(state.OrderID.ValueString())))
		}
	case order.RefuseReplacement:
		add(message.ReplacementRefused(*record))
	case order.RefuseLateReplacement:
		add(message.ReplacementTooLate(state.described(), plan.key()))
	case order.RefuseReusedToken:
		add(message.TokenReused(*record, plan.key()))
	case order.RefuseWrongImport:
		add(message.ImportedForOther(*record, plan.key()))
	}
}

// planDestroy warns that the order continues to cost money.
func (r *orderResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	action := plannedDestroy
	if r.services != nil && r.services.Registry.IsDuplicated(state.OrderID.ValueString()) {
		action = plannedForget
	}
	resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, action)...)
	record, _, diags := recordOf(ctx, req.Private, state)
	resp.Diagnostics.Append(diags...)
	if r.services != nil && r.services.Registry.RefuseExisting(state.key()) {
		resp.Diagnostics.Append(message.AlreadyInState(state.key(), record.OrderID))
		return
	}
	resp.Diagnostics.Append(message.Destroy(r.describe(state, record.Source), r.services.MergesWarnings(state.key())))
}

// fillIn adds region and token to the plan of a new order, because the user approves them. A
// circuit with a record keeps its region, also if the provider has another one now.
func (r *orderResource) fillIn(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan *model, record *order.Record) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	region, circuitID := "", plan.PhysicalConnectionID.ValueString()
	if r.services != nil {
		// If the object is tainted, or another resource has the order, the circuit is in the
		// region of that order.
		region = cmp.Or(r.services.Registry.RegionOf(circuitID), r.services.Region)
	}
	if record != nil && record.CircuitID == circuitID {
		region = record.Region
	}
	if config.RegionID.IsNull() && region != "" {
		plan.RegionID = types.StringValue(region)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("region_id"), plan.RegionID)...)
	}
	key := plan.key()
	if config.ClientToken.IsNull() && key.Region != "" && key.CircuitID != "" {
		plan.ClientToken = types.StringValue(order.DefaultToken(key.Region, key.CircuitID))
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("client_token"), plan.ClientToken)...)
	}
}

// describe returns the facts about an order in the state that messages name.
func (r *orderResource) describe(state model, source order.Source) message.Order {
	described := state.described()
	switch {
	case source == order.Adopted:
		described.CannotCancel = "The order was recovered, and another workspace may have it"
	case r.services.BillingOff():
		described.CannotCancel = "The provider block has billing = false"
	}
	return described
}

// differences returns the warnings for an imported order whose payment or term in billing
// differs from the plan.
func differences(state, plan model, record order.Record) diag.Diagnostics {
	described := state.described()
	described.AutoPay = plan.AutoPay.ValueBool()
	return message.Differences(described, plan.Period.ValueInt64Pointer(), plan.PricingCycle.ValueString(), record)
}

// argument is an argument of an order, with its value in state and plan.
type argument struct {
	name     string
	old, new attr.Value
}

// change returns the changed argument as messages show it.
func (a argument) change() message.Change {
	change := message.Change{Name: a.name}
	if !a.old.IsNull() {
		change.Old = a.old.String()
	}
	if !a.new.IsNull() {
		change.New = a.new.String()
	}
	return change
}

func names(arguments []argument) []string {
	var names []string
	for _, a := range arguments {
		names = append(names, a.name)
	}
	return names
}

// changedArguments returns the arguments of the order that a plan changes, without those
// for the circuit. Unknown values are compared later.
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

// movedPaths returns the changed attributes that name the circuit.
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
