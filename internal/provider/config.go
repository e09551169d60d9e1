package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
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
)

func (v variables) lookUp(getenv func(string) string) string {
	for _, name := range v {
		if value := getenv(name); value != "" {
			return value
		}
	}
	return ""
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
	credentials alibaba.CredentialsSource
}

// resolve fills what the configuration leaves out: environment, then profile.
func resolve(config providerModel, getenv func(string) string) (settings, diag.Diagnostics) {
	var diags diag.Diagnostics
	pick := func(value types.String, v variables) string {
		if value.ValueString() != "" {
			return value.ValueString()
		}
		return v.lookUp(getenv)
	}
	profile := pick(config.Profile, profileVariables)
	file := pick(config.SharedCredentialsFile, credentialsFileVariables)

	var s settings
	var credDiags diag.Diagnostics
	s.credentials, credDiags = resolveCredentials(config, getenv, profile, file)
	diags.Append(credDiags...)

	s.region = pick(config.Region, regionVariables)
	if s.region == "" && profile != "" && !diags.HasError() {
		region, err := alibaba.ProfileRegion(file, profile)
		if err != nil {
			diags.AddAttributeError(path.Root("profile"), "Unable to read the profile", err.Error())
		}
		s.region = region
	}
	if s.region == "" && !diags.HasError() {
		diags.AddAttributeError(path.Root("region"), "Missing region",
			"No region is given, and an order must not go to one by accident. Set region to the region of the circuits, for example cn-hangzhou, or one of "+strings.Join(regionVariables, ", ")+".")
	}

	if s.region != "" && !ordering.RegionForm.Pattern.MatchString(s.region) {
		diags.AddAttributeError(path.Root("region"), "Invalid region",
			fmt.Sprintf("The region %s; got %q. It comes from the configuration, one of %s, or the profile.", ordering.RegionForm.Rule, s.region, strings.Join(regionVariables, ", ")))
	}

	endpoints := config.Endpoints
	if endpoints == nil {
		endpoints = &endpointsModel{}
	}
	s.vpcEndpoint = pick(endpoints.VPC, vpcVariables)
	s.bssEndpoint = pick(endpoints.BSSOpenAPI, bssVariables)
	s.accountType = pick(config.AccountType, accountTypeVariables)
	if s.accountType != "" && !slices.Contains(alibaba.AccountTypes(), s.accountType) {
		diags.AddAttributeError(path.Root("account_type"), "Invalid account type",
			fmt.Sprintf("The account type is %s; got %q. It comes from the configuration or from %s.", strings.Join(alibaba.AccountTypes(), " or "), s.accountType, strings.Join(accountTypeVariables, ", ")))
	}
	for _, e := range []struct {
		name     string
		value    string
		variable variables
	}{
		{"vpc", s.vpcEndpoint, vpcVariables},
		{"bssopenapi", s.bssEndpoint, bssVariables},
		{"sts", pick(endpoints.STS, stsVariables), stsVariables},
	} {
		if e.value == "" {
			continue
		}
		if _, err := alibaba.ParseEndpoint(e.value); err != nil {
			diags.AddAttributeError(path.Root("endpoints").AtName(e.name), "Invalid endpoint",
				fmt.Sprintf("%s\n\nThe value comes from the configuration or from one of %s.", err, strings.Join(e.variable, ", ")))
		}
	}
	return s, diags
}

// resolveCredentials takes the key pair from arguments and environment, else from
// the profile. A security token belongs to its key pair: one of the environment is
// not mixed with a key of the configuration.
func resolveCredentials(config providerModel, getenv func(string) string, profile, file string) (alibaba.CredentialsSource, diag.Diagnostics) {
	var diags diag.Diagnostics
	accessKey, secretKey := config.AccessKey.ValueString(), config.SecretKey.ValueString()
	token := config.SecurityToken.ValueString()
	if accessKey == "" {
		accessKey = accessKeyVariables.lookUp(getenv)
		if token == "" {
			token = securityTokenVariables.lookUp(getenv)
		}
	}
	if secretKey == "" {
		secretKey = secretKeyVariables.lookUp(getenv)
	}
	switch {
	case accessKey != "" && secretKey != "":
		return alibaba.StaticCredentials(accessKey, secretKey, token), diags
	case accessKey != "":
		diags.AddAttributeError(path.Root("secret_key"), "Missing secret key",
			"An access key is given without its secret. Set secret_key or one of "+strings.Join(secretKeyVariables, ", ")+".")
	case secretKey != "":
		diags.AddAttributeError(path.Root("access_key"), "Missing access key",
			"A secret key is given without its access key. Set access_key or one of "+strings.Join(accessKeyVariables, ", ")+".")
	case profile != "":
		source, err := alibaba.ProfileCredentials(file, profile)
		if err != nil {
			diags.AddAttributeError(path.Root("profile"), "Unable to read the profile", err.Error())
		}
		return source, diags
	default:
		diags.AddAttributeError(path.Root("access_key"), "Missing credentials",
			"Set access_key and secret_key, or "+accessKeyVariables[1]+" and "+secretKeyVariables[1]+", or the name of a profile of the Alibaba Cloud CLI (profile, or "+profileVariables[1]+").")
	}
	return nil, diags
}
