package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// variables are the environment variables of one argument, the first one that is
// not empty counts. Names and order are the alicloud provider's.
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

	// Those of assume_role.
	roleVariables        = variables{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}
	sessionNameVariables = variables{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"}
	expirationVariables  = variables{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"}

	// Those of assume_role_with_oidc.
	oidcProviderVariables    = variables{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}
	oidcRoleVariables        = variables{"ALIBABA_CLOUD_ROLE_ARN"}
	oidcTokenVariables       = variables{"ALIBABA_CLOUD_OIDC_TOKEN"}
	oidcTokenFileVariables   = variables{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}
	oidcSessionNameVariables = variables{"ALIBABA_CLOUD_ROLE_SESSION_NAME"}
)

func (v variables) lookUp(getenv func(string) string) string {
	value, _ := v.find(getenv)
	return value
}

// find returns the value and the variable that holds it.
func (v variables) find(getenv func(string) string) (value, name string) {
	for _, name := range v {
		if value := getenv(name); value != "" {
			return value, name
		}
	}
	return "", ""
}

// doc lists the variables for a description.
func (v variables) doc() string {
	return "`" + strings.Join(v, "`, `") + "`"
}

// settings are the provider's arguments after the environment and the profile
// have filled the gaps.
type settings struct {
	region      string
	vpcEndpoint string
	bssEndpoint string
	accountType string
	credentials credentials.Source
}

// resolve fills what the configuration leaves out: environment, then profile. The
// issuers' endpoint is filled in, too.
func resolve(config providerModel, getenv func(string) string, issuers sources.Factory) (settings, diag.Diagnostics) {
	var diags diag.Diagnostics
	pick := func(value types.String, v variables) string {
		if value.ValueString() != "" {
			return value.ValueString()
		}
		return v.lookUp(getenv)
	}
	endpoints := config.Endpoints
	if endpoints == nil {
		endpoints = &endpointsModel{}
	}
	profile := pick(config.Profile, profileVariables)
	file := pick(config.SharedCredentialsFile, credentialsFileVariables)

	var s settings
	stsEndpoint := pick(endpoints.STS, stsVariables)
	if _, err := rpc.ParseEndpoint(stsEndpoint); err == nil {
		issuers.STSEndpoint = stsEndpoint // Else it is told below.
	}
	finder := credentialsFinder{config: config, getenv: getenv, issuers: issuers, profile: profile, file: file}
	s.credentials = finder.find()
	diags.Append(finder.diags...)

	s.region = pick(config.Region, regionVariables)
	if s.region == "" && profile != "" && !diags.HasError() {
		region, err := sources.ProfileRegion(file, profile)
		if err != nil {
			diags.AddAttributeError(path.Root("profile"), "Unable to read the profile", problem(err, "", nextProfile))
		}
		s.region = region
	}
	if s.region == "" && !diags.HasError() {
		diags.AddAttributeError(path.Root("region"), "Missing region",
			"No region is given, and an order must not go to one by accident. Set region to the region of the circuits, for example cn-hangzhou, or one of "+strings.Join(regionVariables, ", ")+".")
	}

	if s.region != "" && !order.RegionForm.Pattern.MatchString(s.region) {
		diags.AddAttributeError(path.Root("region"), "Invalid region",
			fmt.Sprintf("The region %s; got %q. It comes from the configuration, one of %s, or the profile.", order.RegionForm.Rule, s.region, strings.Join(regionVariables, ", ")))
	}

	s.vpcEndpoint = pick(endpoints.VPC, vpcVariables)
	s.bssEndpoint = pick(endpoints.BSSOpenAPI, bssVariables)
	s.accountType = pick(config.AccountType, accountTypeVariables)
	if s.accountType != "" && !slices.Contains(bss.AccountTypes(), s.accountType) {
		diags.AddAttributeError(path.Root("account_type"), "Invalid account type",
			fmt.Sprintf("The account type is %s; got %q. It comes from the configuration or from %s.", strings.Join(bss.AccountTypes(), " or "), s.accountType, strings.Join(accountTypeVariables, ", ")))
	}
	for _, e := range []struct {
		name     string
		value    string
		variable variables
	}{
		{"vpc", s.vpcEndpoint, vpcVariables},
		{"bssopenapi", s.bssEndpoint, bssVariables},
		{"sts", stsEndpoint, stsVariables},
	} {
		if e.value == "" {
			continue
		}
		if _, err := rpc.ParseEndpoint(e.value); err != nil {
			diags.AddAttributeError(path.Root("endpoints").AtName(e.name), "Invalid endpoint",
				fmt.Sprintf("%s\n\nThe value comes from the configuration or from one of %s.", err, strings.Join(e.variable, ", ")))
		}
	}
	if !diags.HasError() {
		diags.Append(finder.warnings...)
	}
	return s, diags
}
