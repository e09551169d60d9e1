package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var _ resource.ResourceWithIdentity = idle{}

// idle has the name and the schemas of the order, and copies the plan to the state.
type idle struct{ order resource.Resource }

func (r idle) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	r.order.Metadata(ctx, req, resp)
}

func (r idle) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.order.Schema(ctx, req, resp)
}

func (r idle) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	if order, ok := r.order.(resource.ResourceWithIdentity); ok {
		order.IdentitySchema(ctx, req, resp)
	}
}

func (r idle) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var circuit string
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("physical_connection_id"), &circuit)...)
	state, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if !value.IsKnown() && value.Type().Is(tftypes.String) {
			return tftypes.NewValue(tftypes.String, circuit), nil // All that is computed is text.
		}
		return value, nil
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to complete the plan", err.Error())
		return
	}
	resp.State.Raw = state
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

func (r idle) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

func (r idle) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(identify(ctx, resp.State, resp.Identity)...)
}

func (r idle) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// identify copies the identity out of the state.
func identify(ctx context.Context, state tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range []string{"region_id", "physical_connection_id", "order_id"} {
		var value types.String
		diags.Append(state.GetAttribute(ctx, path.Root(name), &value)...)
		diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}
