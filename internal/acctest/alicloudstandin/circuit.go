package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ resource.ResourceWithConfigure   = (*circuitResource)(nil)
	_ resource.ResourceWithImportState = (*circuitResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*circuitResource)(nil)
)

type circuitResource struct{ api api }

func (r *circuitResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_express_connect_physical_connection"
}

func (r *circuitResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.api, _ = req.ProviderData.(api)
}

// ModifyPlan leaves the order ID open where an update is going to order.
func (r *circuitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var before, after types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("status"), &before)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("status"), &after)...)
	if !after.Equal(before) && after.ValueString() == statusEnabled {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("order_id"), types.StringUnknown())...)
	}
}

func (r *circuitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	construction, err := plan.construction()
	if err != nil {
		resp.Diagnostics.AddError("Create", err.Error())
		return
	}
	params := plan.attributes()
	for name, value := range map[string]types.String{
		"AccessPointId": plan.AccessPointID, "PortType": plan.PortType, "Type": plan.Type,
		"RedundantPhysicalConnectionId": plan.RedundantConnection,
	} {
		if text := value.ValueString(); text != "" {
			params[name] = text
		}
	}
	var made struct{ PhysicalConnectionId string } //nolint:revive // The name of the API.
	if err := r.api.change("CreatePhysicalConnection", params, &made); err != nil {
		resp.Diagnostics.AddError("Create", err.Error())
		return
	}
	plan.ID = types.StringValue(made.PhysicalConnectionId)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), plan.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("timeouts"), plan.Timeouts)...)
	if err := r.api.wait(ctx, made.PhysicalConnectionId, statusAllocated, construction); err != nil {
		resp.Diagnostics.AddError("Create", err.Error())
		return
	}
	resp.Diagnostics.Append(r.settle(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

func (r *circuitResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	circuit, err := r.api.describe(state.ID.ValueString())
	switch {
	case err != nil:
		resp.Diagnostics.AddError("Read", err.Error())
	case circuit == nil:
		resp.State.RemoveResource(ctx)
	default:
		state.fill(circuit)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update sends what has changed. A changed period or cycle of a circuit that is in
// its state already is stored, and nothing is sent.
func (r *circuitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if params, changed := plan.changes(state); changed {
		var answer struct{}
		if err := r.api.change("ModifyPhysicalConnectionAttribute", params, &answer); err != nil {
			resp.Diagnostics.AddError("Update", err.Error())
			return
		}
	}
	wanted := plan
	resp.Diagnostics.Append(r.settle(ctx, &plan)...)
	// What the circuit has kept is seen by the next refresh; an update that plans
	// nothing for it must not answer with it.
	plan.CircuitCode, plan.Description, plan.Name = wanted.CircuitCode, wanted.Description, wanted.Name
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	}
}

// Delete sends the deletion straight away, whatever the circuit's state.
func (r *circuitResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var id string
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	var answer struct{}
	if err := r.api.change("DeletePhysicalConnection", map[string]string{"PhysicalConnectionId": id}, &answer); err != nil {
		resp.Diagnostics.AddError("Delete", err.Error())
	}
}

func (r *circuitResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), req, resp)
}

// settle leads the circuit into the state that is asked for, and reads it.
func (r *circuitResource) settle(ctx context.Context, plan *model) diag.Diagnostics {
	var diags diag.Diagnostics
	id := plan.ID.ValueString()
	circuit, err := r.api.describe(id)
	if err == nil && circuit == nil {
		err = fmt.Errorf("circuit %s is gone", id)
	}
	if target := plan.Status.ValueString(); err == nil && target != "" && target != circuit.Status {
		err = r.lead(ctx, plan, circuit.Status)
		if err == nil {
			circuit, err = r.api.describe(id)
		}
	}
	if err != nil {
		diags.AddError("Update", err.Error())
		return diags
	}
	if plan.OrderID.IsUnknown() {
		plan.OrderID = types.StringNull()
	}
	plan.fill(circuit)
	return diags
}

// lead orders if the target is Enabled, and remembers the order's ID.
func (r *circuitResource) lead(ctx context.Context, plan *model, from string) error {
	id := plan.ID.ValueString()
	switch plan.Status.ValueString() {
	case statusCanceled:
		return r.api.lead(ctx, "CancelPhysicalConnection", id, statusCanceled)
	case statusTerminated:
		return r.api.lead(ctx, "TerminatePhysicalConnection", id, statusTerminated)
	case statusConfirmed:
		return r.api.lead(ctx, "ConfirmPhysicalConnection", id, statusConfirmed)
	}
	if from == statusAllocated {
		if err := r.api.lead(ctx, "ConfirmPhysicalConnection", id, statusConfirmed); err != nil {
			return err
		}
	}
	period := ""
	if !plan.Period.IsNull() {
		period = strconv.FormatInt(plan.Period.ValueInt64(), 10)
	}
	orderID, err := r.api.order(ctx, id, period, plan.PricingCycle.ValueString())
	plan.OrderID = types.StringValue(orderID)
	return err
}
