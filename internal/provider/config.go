package provider

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// variables are the environment variables of one argument. The first one that is not empty
// is used. Names and order are those of the alicloud provider.
type variables []string

var (
	regionVariables          = variables{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"}
	accessKeyVariables       = variables{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"}
	secretKeyVariables       = variables{"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"}
	securityTokenVariables   = variables{"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"}
	profileVariables         = variables{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"}
	credentialsFileVariables = variables{"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"}
	vpcVariables             = variables{"ALIBABA_CLOUD_ENDPOINT_VPC", "VPC_ENDPOINT"}
	bssVariables             = variables{"ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI", "BSSOPENAPI_ENDPOINT"}
	accountTypeVariables     = variables{"ALIBABA_CLOUD_ACCOUNT_TYPE"}
	stsVariables             = variables{"ALIBABA_CLOUD_ENDPOINT_STS", "STS_ENDPOINT"}
	ecsRoleVariables         = variables{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"}
	credentialsURIVariables  = variables{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"}

	// Variables of assume_role.
	roleVariables        = variables{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}
	sessionNameVariables = variables{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"}
	expirationVariables  = variables{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"}

	// Variables of assume_role_with_oidc.
	oidcProviderVariables    = variables{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}
	oidcRoleVariables        = variables{"ALIBABA_CLOUD_ROLE_ARN"}
	oidcTokenVariables       = variables{"ALIBABA_CLOUD_OIDC_TOKEN"}
	oidcTokenFileVariables   = variables{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}
	oidcSessionNameVariables = variables{"ALIBABA_CLOUD_ROLE_SESSION_NAME"}
)

// find returns the value and the name of the first variable that is set.
func (v variables) find(getenv func(string) string) (value, name string) {
	for _, name := range v {
		if value := getenv(name); value != "" {
			return value, name
		}
	}
	return "", ""
}

// doc returns the variable for a description: the name that Alibaba Cloud's own tools use,
// if there is one. The guide on credentials lists all names.
func (v variables) doc() string {
	i := max(0, slices.IndexFunc(v, func(name string) bool { return strings.HasPrefix(name, "ALIBABA_CLOUD_") }))
	return "`" + v[i] + "`"
}

// orConfiguration says where a value comes from if it is not known which of them sets it.
func (v variables) orConfiguration() string {
	return "the configuration or one of the environment variables " + strings.Join(v, ", ")
}

// settings are the arguments of the provider, with the environment and the profile applied.
type settings struct {
	region      string
	vpcEndpoint string
	bssEndpoint string
	accountType string
	credentials credentials.Source
}

// resolve returns the settings. What the configuration leaves out comes from the
// environment, then from the profile. It sets the STS endpoint of the factory.
func resolve(config providerModel, getenv func(string) string, factory sources.Factory) (settings, diag.Diagnostics) {
	r := &resolver{config: config, getenv: getenv, factory: factory}
	r.profile = r.pick(config.Profile, profileVariables)
	r.file = r.pick(config.SharedCredentialsFile, credentialsFileVariables)
	endpoints := config.Endpoints
	if endpoints == nil {
		endpoints = &endpointsModel{}
	}
	stsEndpoint := r.pick(endpoints.STS, stsVariables)
	if _, err := rpc.ParseEndpoint(stsEndpoint); err == nil {
		r.factory.STSEndpoint = stsEndpoint // checkEndpoint reports the error below.
	}
	s := settings{
		credentials: r.credentials(),
		region:      r.region(),
		vpcEndpoint: r.pick(endpoints.VPC, vpcVariables),
		bssEndpoint: r.pick(endpoints.BSSOpenAPI, bssVariables),
		accountType: r.pick(config.AccountType, accountTypeVariables),
	}
	if sites := bss.AccountTypes(); s.accountType != "" && !slices.Contains(sites, s.accountType) {
		r.diags.Append(message.ValueInvalid(path.Root("account_type"), "must be "+strings.Join(sites, " or "), message.Quoted(s.accountType),
			accountTypeVariables.orConfiguration()))
	}
	r.checkEndpoint("vpc", s.vpcEndpoint, vpcVariables)
	r.checkEndpoint("bssopenapi", s.bssEndpoint, bssVariables)
	r.checkEndpoint("sts", stsEndpoint, stsVariables)
	if !r.diags.HasError() {
		r.diags.Append(r.warnings...)
	}
	return s, r.diags
}

// resolver collects the settings of one configuration.
type resolver struct {
	config        providerModel
	getenv        func(string) string
	factory       sources.Factory
	profile, file string

	diags diag.Diagnostics
	// warnings are shown only if there are no errors.
	warnings diag.Diagnostics
}

// pick returns the value of an argument, or of the first of its variables that is set.
func (r *resolver) pick(value types.String, v variables) string {
	if value.ValueString() != "" {
		return value.ValueString()
	}
	text, _ := v.find(r.getenv)
	return text
}

// region returns the default region.
func (r *resolver) region() string {
	region, at := r.pick(r.config.Region, regionVariables), path.Root("region")
	if region == "" && r.profile != "" && !r.diags.HasError() {
		var err error
		region, err = sources.ProfileRegion(r.file, r.profile)
		r.check(err, message.ProfileUnreadable, path.Root("profile"), "")
	}
	switch {
	case region == "" && !r.diags.HasError():
		r.diags.Append(message.ArgumentMissing(at, regionVariables))
	case region != "" && !shared.RegionID.MatchString(region):
		r.diags.Append(message.ValueInvalid(at, shared.RegionID.Rule, message.Quoted(region), regionVariables.orConfiguration()+", or the profile"))
	}
	return region
}

func (r *resolver) checkEndpoint(name, value string, v variables) {
	if value != "" {
		_, err := rpc.ParseEndpoint(value)
		r.check(err, message.InvalidEndpoint, path.Root("endpoints").AtName(name), v.orConfiguration())
	}
}

// check reports the error about a setting, if there is one.
func (r *resolver) check(err error, kind message.Kind, at path.Path, from string) {
	if err == nil {
		return
	}
	off := ""
	if disabled, ok := errors.AsType[*sources.DisabledError](err); ok {
		off = disabled.Variable
	}
	r.diags.Append(message.SettingUnusable(kind, at, err, from, off))
}
