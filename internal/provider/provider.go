// Package provider is the provider itself: its arguments, its credentials and its server.
package provider

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/physicalconnection"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/price"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Address is the provider's address in the registry.
const Address = "registry.terraform.io/expressconnect/expressconnect"

var _ provider.ProviderWithListResources = (*expressConnect)(nil)

type expressConnect struct {
	version   string
	transport http.RoundTripper
	services  atomic.Pointer[shared.Services]
}

// New returns the provider in a version, which is "dev" if it is not released.
func New(version string) func() provider.Provider { return NewWithTransport(version, nil) }

// NewWithTransport returns a provider that sends its requests through the transport; nil
// means the network. Tests with a fake clock use their own transport.
func NewWithTransport(version string, transport http.RoundTripper) func() provider.Provider {
	return func() provider.Provider { return &expressConnect{version: version, transport: transport} }
}

type providerModel struct {
	Region                types.String    `tfsdk:"region"`
	AccessKey             types.String    `tfsdk:"access_key"`
	SecretKey             types.String    `tfsdk:"secret_key"`
	SecurityToken         types.String    `tfsdk:"security_token"`
	Profile               types.String    `tfsdk:"profile"`
	SharedCredentialsFile types.String    `tfsdk:"shared_credentials_file"`
	CredentialsURI        types.String    `tfsdk:"credentials_uri"`
	ECSRoleName           types.String    `tfsdk:"ecs_role_name"`
	AccountType           types.String    `tfsdk:"account_type"`
	MaxNewOrders          shared.Whole    `tfsdk:"max_new_orders"`
	Billing               types.Bool      `tfsdk:"billing"`
	PlanPrices            types.Bool      `tfsdk:"plan_prices"`
	Endpoints             *endpointsModel `tfsdk:"endpoints"`

	AssumeRole         *assumeRoleModel         `tfsdk:"assume_role"`
	AssumeRoleWithOIDC *assumeRoleWithOIDCModel `tfsdk:"assume_role_with_oidc"`
}

type endpointsModel struct {
	VPC        types.String `tfsdk:"vpc"`
	BSSOpenAPI types.String `tfsdk:"bssopenapi"`
	STS        types.String `tfsdk:"sts"`
}

func (p *expressConnect) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "expressconnect"
	resp.Version = p.version
}

func (p *expressConnect) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Places the occupancy orders of Alibaba Cloud Express Connect circuits. Each order is placed exactly once.",
		Attributes: map[string]schema.Attribute{
			"region":         optional("Default region, for example `cn-hangzhou`. Default: "+regionVariables.doc()+", then the profile's region.", shared.RegionID),
			"access_key":     secret("Access key ID. Default: " + accessKeyVariables.doc() + "."),
			"secret_key":     secret("Access key secret. Default: " + secretKeyVariables.doc() + "."),
			"security_token": secret("Token of session credentials (STS). Default, with an access key from the environment: " + securityTokenVariables.doc() + "."),
			"profile":        optional("Profile of the Alibaba Cloud CLI. Default: " + profileVariables.doc() + "."),
			"shared_credentials_file": optional("File with the profiles. Default: " + credentialsFileVariables.doc() +
				", then `~/.aliyun/config.json`."),
			"credentials_uri": optional("URL that returns session credentials. Default: " + credentialsURIVariables.doc() + "."),
			"ecs_role_name":   optional("RAM role of the ECS instance. Default: " + ecsRoleVariables.doc() + "."),
			"account_type": optional("Site for billing: `Domestic` (China) or `International`. Default: "+accountTypeVariables.doc()+
				", then both are tried.", stringvalidator.OneOf(bss.AccountTypes()...)),
			"billing": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether the provider may call billing. Default: `true`.",
			},
			"plan_prices": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether plans show prices. Default: `true`.",
			},
			"max_new_orders": schema.Int64Attribute{
				CustomType:          shared.WholeNumber{},
				Optional:            true,
				MarkdownDescription: "Largest number of new orders in one plan. `0` allows none. Default: no limit.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
		},
		Blocks: map[string]schema.Block{
			"assume_role":           assumeRoleBlock(),
			"assume_role_with_oidc": assumeRoleWithOIDCBlock(),
			"endpoints": schema.SingleNestedBlock{
				MarkdownDescription: "Other hosts for the API: `host[:port]`, or a URL without a path.",
				Attributes: map[string]schema.Attribute{
					"vpc":        optional("Circuits and orders. Default: "+vpcVariables.doc()+".", endpointValidator{}),
					"bssopenapi": optional("Billing. Default: "+bssVariables.doc()+".", endpointValidator{}),
					"sts":        optional("Sessions of roles. Default: "+stsVariables.doc()+".", endpointValidator{}),
				},
			},
		},
	}
}

// optional returns an optional argument.
func optional(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: validators}
}

// secret returns an optional argument that Terraform does not show.
func secret(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: description, Validators: validators}
}

// Configure makes the services that resources and data sources share, without a network
// call. If a value is unknown, the services have no API, and a plan makes no checks.
func (p *expressConnect) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	services := &shared.Services{Registry: &order.RunRegistry{}}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = services, services, services
	p.services.Store(services)
	if !req.Config.Raw.IsFullyKnown() {
		return
	}
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	userAgent := fmt.Sprintf("Terraform/%s terraform-provider-expressconnect/%s", req.TerraformVersion, p.version)
	settings, diags := resolve(config, os.Getenv, sources.Factory{Transport: p.transport, UserAgent: userAgent})
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	client, err := alibaba.New(alibaba.Config{
		Region:      settings.region,
		VPCEndpoint: settings.vpcEndpoint,
		BSSEndpoint: settings.bssEndpoint,
		AccountType: settings.accountType,
		Credentials: settings.credentials,
		Transport:   p.transport,
		UserAgent:   userAgent,
	})
	if err != nil {
		resp.Diagnostics.Append(message.NotConfigurable(err))
		return
	}
	services.API = orderAPI{client, vpc.NewBatchedCircuits(client)}
	services.Circuits, services.CachedCircuits = client, vpc.NewCachedCircuits(client)
	services.Renewals = renewal.NewReader(nil)
	if config.Billing.IsNull() || config.Billing.ValueBool() {
		services.Renewals = renewal.NewReader(client)
		services.Billing, services.BillingReader, services.Prices = client, billing.NewReader(client), billing.NewPrices(client)
	}
	services.PlanPrices = services.Prices != nil && (config.PlanPrices.IsNull() || config.PlanPrices.ValueBool())
	services.Region = settings.region
	if !config.MaxNewOrders.IsNull() {
		services.Registry.Limit(int(config.MaxNewOrders.ValueInt64()))
	}
}

// orderAPI sends orders, and reads circuits for decisions.
type orderAPI struct {
	*alibaba.Client

	circuits circuit.Reader
}

// DescribeCircuit reads a circuit in a request that other decisions may share.
func (a orderAPI) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	return a.circuits.DescribeCircuit(ctx, query)
}

func (p *expressConnect) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{occupancyorder.NewResource, renewalsetting.NewResource}
}

func (p *expressConnect) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{occupancyorder.NewList, renewalsetting.NewList}
}

func (p *expressConnect) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		physicalconnection.NewPhysicalConnection, physicalconnection.NewPhysicalConnections, occupancyorder.NewDataSource, price.NewDataSource,
	}
}

// endpointValidator checks an endpoint with the parser of the client.
type endpointValidator struct{}

func (endpointValidator) Description(context.Context) string {
	return "must be host[:port] or a URL without a path"
}

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if value := req.ConfigValue.ValueString(); value != "" {
		if _, err := rpc.ParseEndpoint(value); err != nil {
			resp.Diagnostics.Append(message.SettingUnusable(message.InvalidEndpoint, req.Path, err, "", ""))
		}
	}
}
