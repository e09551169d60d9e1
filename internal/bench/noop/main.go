// Command noop serves a provider that has the schema of the order and does nothing. The
// benchmarks compare the real provider to it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// address is the address of the real provider, so that both use the same configuration.
const address = "registry.terraform.io/expressconnect/expressconnect"

func main() {
	newProvider := func() provider.Provider { return noopProvider{} }
	if err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{Address: address}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type noopProvider struct{}

func (noopProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "expressconnect"
}

func (noopProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (noopProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (noopProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource {
		order, _ := occupancyorder.NewResource().(resource.ResourceWithIdentity)
		return noopOrder{order}
	}}
}

func (noopProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// noopOrder has the name and the schemas of the order, and copies the plan to the state.
type noopOrder struct{ resource.ResourceWithIdentity }

func (noopOrder) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var circuit string
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("physical_connection_id"), &circuit)...)
	state, err := tftypes.Transform(req.Plan.Raw, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if !value.IsKnown() && value.Type().Is(tftypes.String) {
			return tftypes.NewValue(tftypes.String, circuit), nil // All computed attributes are strings.
		}
		return value, nil
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to complete the plan", err.Error())
		return
	}
	resp.State.Raw = state
	resp.Diagnostics.Append(setIdentity(ctx, resp.State, resp.Identity)...)
}

func (noopOrder) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(setIdentity(ctx, resp.State, resp.Identity)...)
}

func (noopOrder) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(setIdentity(ctx, resp.State, resp.Identity)...)
}

func (noopOrder) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// setIdentity copies the identity from the state.
func setIdentity(ctx context.Context, state tfsdk.State, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range []string{"region_id", "physical_connection_id", "order_id"} {
		var value types.String
		diags.Append(state.GetAttribute(ctx, path.Root(name), &value)...)
		diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}
