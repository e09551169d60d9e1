// Command noop serves a provider that has the attributes of the order and does nothing, not
// even convert a state. It is the floor to which the benchmarks compare the real provider.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
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
	return []func() resource.Resource{func() resource.Resource { return noopOrder{} }}
}

func (noopProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// noopOrder has the name and the attributes of the order, without validators, defaults,
// plan modifiers and identity. Its methods do nothing: only Create completes the plan.
type noopOrder struct{}

func (noopOrder) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connection_occupancy_order"
}

// Schema imports nothing from the real provider: its code would cost time at each start.
func (noopOrder) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text, number, flag := schema.StringAttribute{Optional: true}, schema.Int64Attribute{Optional: true}, schema.BoolAttribute{Optional: true, Computed: true}
	either, computed := schema.StringAttribute{Optional: true, Computed: true}, schema.StringAttribute{Computed: true}
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{Required: true}, "region_id": either, "pricing_cycle": either, "instance_charge_type": either,
			"client_token": either, "max_price": text, "period": number, "auto_renew_duration": number, "auto_pay": flag, "auto_renew": flag,
			"cancel_unpaid_on_destroy": schema.BoolAttribute{Optional: true},
			"id":                       computed, "order_id": computed, "request_id": computed, "physical_connection_status": computed, "business_status": computed,
			"end_time": computed, "payment_status": computed, "pretax_amount": computed, "after_tax_amount": computed, "currency": computed,
			"create_time": computed, "payment_time": computed,
		},
		Blocks: map[string]schema.Block{
			"timeouts": schema.SingleNestedBlock{Attributes: map[string]schema.Attribute{"create": text}},
		},
	}
}

func (noopOrder) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	state, err := tftypes.Transform(req.Plan.Raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		switch {
		case value.IsKnown():
			return value, nil
		case value.Type().Is(tftypes.Bool):
			return tftypes.NewValue(tftypes.Bool, false), nil
		default: // The state of the benchmark needs IDs.
			return tftypes.NewValue(tftypes.String, fmt.Sprint("no-op ", at.LastStep())), nil
		}
	})
	if err != nil {
		resp.Diagnostics.AddError("Unable to complete the plan", err.Error())
		return
	}
	resp.State.Raw = state
}

func (noopOrder) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (noopOrder) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (noopOrder) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
