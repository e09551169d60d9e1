package main

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type standIn struct{}

func newProvider() provider.Provider { return standIn{} }

func (standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "alicloud"
}

func (standIn) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"region": schema.StringAttribute{Optional: true}}}
}

func (standIn) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config struct {
		Region types.String `tfsdk:"region"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	endpoint, err := url.Parse(os.Getenv("ALIBABA_CLOUD_ENDPOINT_VPC"))
	if err != nil || !net.ParseIP(endpoint.Hostname()).IsLoopback() {
		resp.Diagnostics.AddError("The stand-in needs an emulator", "ALIBABA_CLOUD_ENDPOINT_VPC is not the URL of a loopback address.")
		return
	}
	resp.ResourceData = api{
		region:    cmp.Or(config.Region.ValueString(), os.Getenv("ALIBABA_CLOUD_REGION"), "cn-beijing"),
		accessKey: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"),
		secretKey: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		endpoint:  endpoint,
	}
}

func (standIn) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &circuitResource{} }}
}

func (standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }
