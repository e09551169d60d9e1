// Package provider is Terraform's face of the provider itself.
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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/physicalconnection"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/price"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// Address is the provider's address in the registry.
const Address = "registry.terraform.io/expressconnect/expressconnect"

var _ provider.ProviderWithListResources = (*expressConnect)(nil)

type expressConnect struct {
	version   string
	transport http.RoundTripper
	services  atomic.Pointer[shared.Services]
}

// New returns the provider in a version, "dev" for one that is not released.
func New(version string) func() provider.Provider { return NewWithTransport(version, nil) }

// NewWithTransport returns a provider whose requests go through the transport; nil
// stands for the network. Tests that fake the time bring their own.
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
	endpoint := func(of, variable string) schema.Attribute {
		return schema.StringAttribute{
			Optional: true,
			MarkdownDescription: of + ". Given as `host[:port]` or as a URL without a path. Always HTTPS, except for a loopback address, which is asked over plain HTTP unless it is given as `https://…`. " +
				"Default: " + variable + ", then the public endpoint.",
			Validators: []validator.String{endpointValidator{}},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Places the occupancy orders of Alibaba Cloud Express Connect circuits, exactly once. Arguments that it shares with the `alicloud` provider have the same names and read the same environment variables; an empty variable counts as unset. Configuring the provider makes no network call.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Default region of orders and circuits, for example `cn-hangzhou`. Default: " + regionVariables.doc() + ", then the profile's region. There is no other default: an order must not go to a region by accident.",
				Validators:          []validator.String{shared.Matches(order.RegionForm)},
			},
			"access_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Access key ID. Default: " + accessKeyVariables.doc() + ", then [other credentials](#credentials).",
			},
			"secret_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Access key secret. Default: " + secretKeyVariables.doc() + ".",
			},
			"security_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Security token of session credentials (STS). Default, if the access key comes from the environment too: " + securityTokenVariables.doc() + ".",
			},
			"profile": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Profile of the Alibaba Cloud CLI to take credentials and region from, where neither arguments nor environment give them, if its [mode works](#profiles-of-the-cli). Default: " + profileVariables.doc() + "; without any, the CLI's file is not read.",
			},
			"shared_credentials_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The CLI's configuration file (JSON) with the profile. Default: " + credentialsFileVariables.doc() + ", then `~/.aliyun/config.json`.",
			},
			"credentials_uri": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Address of a helper, such as a sidecar, that serves session credentials as JSON (`AccessKeyId`, `AccessKeySecret`, `SecurityToken`, `Expiration`); used if there is neither an access key nor a profile. Always HTTPS, except for a loopback address. Default: " + credentialsURIVariables.doc() + ".",
			},
			"ecs_role_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "RAM role of the ECS instance on which Terraform runs, whose credentials its metadata service issues; used if there is neither an access key, nor a profile, nor a credentials URI. Default: " + ecsRoleVariables.doc() + ".",
			},
			"account_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Site of the account, where billing is asked: `Domestic` (China) or `International`. Default: " + accountTypeVariables.doc() + "; without any, the domestic site is asked first, and the other one if that does not know the account. It has no bearing on circuits and orders themselves.",
				Validators:          []validator.String{stringvalidator.OneOf(bss.AccountTypes()...)},
			},
			"billing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the provider may ask billing (BssOpenApi). Default: `true`. With `false` it makes no such call and shows no note about it. It then sees no order from the console, none of a run that was killed, and no payment, and does not notice a cancelled order. " +
					"`cancel_unpaid_on_destroy = true`, the order data source, `terraform query` and an import without the order ID are errors then.",
			},
			"max_new_orders": schema.Int64Attribute{
				CustomType:          shared.WholeNumber{},
				Optional:            true,
				MarkdownDescription: "The most orders that one plan may place, as a brake on mistakes: a plan with more is refused, and so is an apply. `0` places none. Counted for each provider configuration (alias) on its own. Default: no limit.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
		},
		Blocks: map[string]schema.Block{
			"assume_role":           assumeRoleBlock(),
			"assume_role_with_oidc": assumeRoleWithOIDCBlock(),
			"endpoints": schema.SingleNestedBlock{
				MarkdownDescription: "Hosts to ask instead of the public ones.",
				Attributes: map[string]schema.Attribute{
					"vpc":        endpoint("Endpoint of the VPC API, which serves circuits and their orders", vpcVariables.doc()),
					"bssopenapi": endpoint("Endpoint of the billing API (BssOpenApi), which is asked for payments", bssVariables.doc()),
					"sts":        endpoint("Endpoint of the Security Token Service (STS), which issues the sessions of roles, also of those in a profile", stsVariables.doc()),
				},
			},
		},
	}
}

// Configure makes the session that resources and data sources share. It makes no
// network call. While a value is unknown the session has no API, and plans go on
// without checks.
func (p *expressConnect) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	session := &shared.Services{Registry: &order.RunRegistry{}}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = session, session, session
	p.services.Store(session)
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
		resp.Diagnostics.AddError("Unable to configure the provider", err.Error())
		return
	}
	session.API, session.Circuits, session.CachedCircuits = client, client, vpc.NewCachedCircuits(client)
	if config.Billing.IsNull() || config.Billing.ValueBool() {
		session.Billing, session.BillingReader, session.Prices = client, billing.NewReader(client), billing.NewPrices(client)
	}
	session.Region = settings.region
	if !config.MaxNewOrders.IsNull() {
		session.Registry.Limit(int(config.MaxNewOrders.ValueInt64()))
	}
}

func (p *expressConnect) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{occupancyorder.NewResource}
}

func (p *expressConnect) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{occupancyorder.NewList}
}

func (p *expressConnect) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{physicalconnection.NewPhysicalConnection, physicalconnection.NewPhysicalConnections, occupancyorder.NewDataSource, price.NewDataSource}
}

// endpointValidator checks an endpoint as the client reads it.
type endpointValidator struct{}

func (endpointValidator) Description(context.Context) string {
	return "must be host[:port] or a URL without a path"
}

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.ValueString() == "" {
		return
	}
	if _, err := rpc.ParseEndpoint(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid endpoint", problem(err, "", nextEndpoint))
	}
}
