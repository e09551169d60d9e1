package coretest_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// call is one call of the resource and what the resource received.
type call struct {
	method  string
	prior   string // name in the prior state, "-" for none
	planned string // name in the plan, "-" for none
	kind    string // kind in the plan, "?" for unknown
	private string // private data that an earlier call wrote
}

// thing is a resource that records its calls. Some names make it fail.
type thing struct{ calls *[]call }

type thingModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
	Kind types.String `tfsdk:"kind"`
}

const (
	failsDelete = "fails its delete"
	failsCreate = "fails its create"
	halfCreated = "is created and then fails"
	vanished    = "has vanished"
	warns       = "warns in its plan"
	refused     = "is refused in its plan"
)

func (thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_thing"
}

func (thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"id":   schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
			"name": schema.StringAttribute{Required: true},
			"kind": schema.StringAttribute{Optional: true, Computed: true},
		},
		Blocks: map[string]schema.Block{"limits": schema.SingleNestedBlock{Attributes: map[string]schema.Attribute{
			"most": schema.Int64Attribute{Optional: true},
		}}},
	}
}

func (r thing) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	seen := call{method: "plan", prior: "-", planned: "-"}
	left, diags := req.Private.GetKey(ctx, "left")
	resp.Diagnostics.Append(diags...)
	seen.private = string(left)
	var name, kind types.String
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("name"), &name)...)
		seen.prior = name.ValueString()
	}
	if req.Plan.Raw.IsNull() {
		*r.calls = append(*r.calls, seen)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, "left", []byte(`"by the plan of a destroy"`))...)
		return
	}
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("kind"), &kind)...)
	seen.planned, seen.kind = name.ValueString(), kind.ValueString()
	if kind.IsUnknown() {
		seen.kind = "?"
	}
	*r.calls = append(*r.calls, seen)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "left", []byte(`"by a plan"`))...)
	switch {
	case seen.prior != "-" && seen.planned != seen.prior:
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("name"))
	case seen.planned == warns:
		resp.Diagnostics.AddWarning("A warning", "of a plan without a prior state.")
	case seen.planned == refused:
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Refused", "In the plan.")
	}
}

func (r thing) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan struct {
		thingModel
		Limits types.Object `tfsdk:"limits"`
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	*r.calls = append(*r.calls, call{method: "create", prior: "-", planned: plan.Name.ValueString()})
	if plan.Name.ValueString() == failsCreate {
		resp.Diagnostics.AddError("Not created", "There is no object.")
		return
	}
	plan.ID = types.StringValue("id of " + plan.Name.ValueString())
	if plan.Kind.IsUnknown() {
		plan.Kind = types.StringValue("plain")
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "left", []byte(`"by create"`))...)
	if plan.Name.ValueString() == halfCreated {
		resp.Diagnostics.AddError("Not complete", "There is an object.")
	}
}

func (r thing) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var name types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("name"), &name)...)
	*r.calls = append(*r.calls, call{method: "read", prior: name.ValueString(), planned: "-"})
	if name.ValueString() == vanished {
		resp.State.RemoveResource(ctx)
	}
}

func (r thing) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var name types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	*r.calls = append(*r.calls, call{method: "update", prior: name.ValueString(), planned: name.ValueString()})
	resp.State.Raw = req.Plan.Raw
}

func (r thing) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var name types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("name"), &name)...)
	left, _ := req.Private.GetKey(ctx, "left")
	*r.calls = append(*r.calls, call{method: "delete", prior: name.ValueString(), planned: "-", private: string(left)})
	if name.ValueString() == failsDelete {
		resp.Diagnostics.AddError("Not deleted", "It stays.")
	}
}

func (thing) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID == "" {
		resp.Diagnostics.AddError("No ID", "Set an ID.")
		return
	}
	resource.ImportStatePassthroughID(ctx, path.Root("name"), req, resp)
}

// things is a provider with one resource.
type things struct{ calls *[]call }

func (things) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}

func (things) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerschema.Schema{Attributes: map[string]providerschema.Attribute{"region": providerschema.StringAttribute{Optional: true}}}
}

func (things) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var region types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("region"), &region)...)
	if region.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("region"), "Missing region", "Set region.")
	}
}

func (p things) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return thing(p) }}
}

func (things) DataSources(context.Context) []func() datasource.DataSource { return nil }

// start starts the provider and returns the list of calls to its resource.
func start(t *testing.T) (*coretest.Process, *[]call) {
	t.Helper()
	calls := &[]call{}
	process, diags, err := coretest.Start(t.Context(), func() provider.Provider { return things{calls} }, "test_thing", coretest.Values{"region": "r"})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	return process, calls
}
