package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// environment is the environment of one test, so that tests can run in parallel.
type environment map[string]string

func (e environment) getenv(name string) string { return e[name] }

// with returns the environment with more variables.
func (e environment) with(more environment) environment {
	all := environment{}
	for _, part := range []environment{e, more} {
		for name, value := range part {
			all[name] = value
		}
	}
	return all
}

// keys is an environment with a key pair and nothing else.
var keys = environment{"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret"}

// mustResolve resolves a configuration that is complete.
func mustResolve(t *testing.T, config providerModel, env environment) (settings, credentials.Value) {
	t.Helper()
	s, diags := resolve(config, env.getenv, sources.Factory{Transport: hosts{}})
	if diags.HasError() {
		t.Fatalf("%v", diags)
	}
	credentials, err := s.credentials.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, credentials
}

// profile is a profile in the CLI's configuration file.
type profile map[string]string

func writeProfiles(t *testing.T, profiles ...profile) string {
	t.Helper()
	content, err := json.Marshal(map[string]any{"current": "", "profiles": profiles})
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, string(content))
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// named is a profile whose key identifies it.
func named(name, id string) profile {
	return profile{"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": "secret", "region_id": "cn-profile"}
}

// argument is an argument of the provider with its variables, of which the first one that is set is used.
type argument struct {
	name      string
	variables []string
	set       func(*providerModel, types.String)
	got       func(settings, credentials.Value) string
	// value returns the value of a source by its number, and what the settings show.
	value func(i int) (value, seen string)
	// config and env are the other settings that the configuration needs.
	config providerModel
	env    environment
}

func plain(prefix string) func(int) (string, string) {
	return func(i int) (string, string) {
		value := fmt.Sprint(prefix, i)
		return value, value
	}
}

func arguments(t *testing.T) []argument {
	t.Helper()
	var profiles []profile
	var files []string
	for i := range 5 {
		profiles = append(profiles, named(fmt.Sprint("p", i), fmt.Sprint("id-of-p", i)))
		files = append(files, writeProfiles(t, named("p", fmt.Sprint("id-of-file", i))))
	}
	file := writeProfiles(t, profiles...)
	region := environment{"ALICLOUD_REGION": "cn-hangzhou"}
	return append([]argument{
		{
			name: "region", variables: []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"},
			set:   func(m *providerModel, v types.String) { m.Region = v },
			got:   func(s settings, _ credentials.Value) string { return s.region },
			value: plain("cn-"), env: keys,
		},
		{
			name: "access_key", variables: []string{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"},
			set:   func(m *providerModel, v types.String) { m.AccessKey = v },
			got:   func(_ settings, c credentials.Value) string { return c.AccessKeyID },
			value: plain("id-"), env: region.with(environment{"ALICLOUD_SECRET_KEY": "secret"}),
		},
		{
			name: "secret_key", variables: []string{"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"},
			set:   func(m *providerModel, v types.String) { m.SecretKey = v },
			got:   func(_ settings, c credentials.Value) string { return c.AccessKeySecret },
			value: plain("secret-"), env: region.with(environment{"ALICLOUD_ACCESS_KEY": "id"}),
		},
		{
			name: "security_token", variables: []string{"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"},
			set:   func(m *providerModel, v types.String) { m.SecurityToken = v },
			got:   func(_ settings, c credentials.Value) string { return c.SecurityToken },
			value: plain("token-"), env: region.with(keys),
		},
		{
			name: "profile", variables: []string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"},
			set:    func(m *providerModel, v types.String) { m.Profile = v },
			got:    func(_ settings, c credentials.Value) string { return c.AccessKeyID },
			value:  func(i int) (string, string) { return fmt.Sprint("p", i), fmt.Sprint("id-of-p", i) },
			config: providerModel{SharedCredentialsFile: types.StringValue(file)},
		},
		{
			name: "shared_credentials_file", variables: []string{"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"},
			set:    func(m *providerModel, v types.String) { m.SharedCredentialsFile = v },
			got:    func(_ settings, c credentials.Value) string { return c.AccessKeyID },
			value:  func(i int) (string, string) { return files[i], fmt.Sprint("id-of-file", i) },
			config: providerModel{Profile: types.StringValue("p")},
		},
		{
			name: "endpoints.vpc", variables: []string{"ALIBABA_CLOUD_ENDPOINT_VPC", "VPC_ENDPOINT"},
			set:   func(m *providerModel, v types.String) { m.Endpoints = &endpointsModel{VPC: v} },
			got:   func(s settings, _ credentials.Value) string { return s.vpcEndpoint },
			value: plain("vpc.example"), env: region.with(keys),
		},
		{
			name: "endpoints.bssopenapi", variables: []string{"ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI", "BSSOPENAPI_ENDPOINT"},
			set:   func(m *providerModel, v types.String) { m.Endpoints = &endpointsModel{BSSOpenAPI: v} },
			got:   func(s settings, _ credentials.Value) string { return s.bssEndpoint },
			value: plain("bss.example"), env: region.with(keys),
		},
		{
			name: "account_type", variables: []string{"ALIBABA_CLOUD_ACCOUNT_TYPE"},
			set:   func(m *providerModel, v types.String) { m.AccountType = v },
			got:   func(s settings, _ credentials.Value) string { return s.accountType },
			value: func(i int) (string, string) { site := bss.AccountTypes()[i]; return site, site },
			env:   region.with(keys),
		},
	}, roleArguments(t, region)...)
}

func TestResolve_InvalidAccountType_IsAnError(t *testing.T) {
	t.Parallel()
	env := environment{"ALIBABA_CLOUD_ACCOUNT_TYPE": "Lunar", "ALIBABA_CLOUD_REGION": "cn-hangzhou", "ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret"}
	_, diags := resolve(providerModel{}, env.getenv, sources.Factory{})
	wantOneError(t, diags, message.InvalidValue, path.Root("account_type"), "Lunar", "ALIBABA_CLOUD_ACCOUNT_TYPE")
}

func TestResolve_Argument_IsUsedInsteadOfItsVariables(t *testing.T) {
	t.Parallel()
	for _, argument := range arguments(t) {
		t.Run(argument.name, func(t *testing.T) {
			t.Parallel()
			// Source 0 is the configuration, source i the variable i-1.
			for first := 0; first <= len(argument.variables); first++ {
				config, env := argument.config, argument.env.with(nil)
				for source := range len(argument.variables) + 1 {
					value, _ := argument.value(source)
					if source < first {
						value = "" // like not set
					}
					if source == 0 {
						argument.set(&config, types.StringValue(value))
					} else {
						env[argument.variables[source-1]] = value
					}
				}
				_, want := argument.value(first)
				if got := argument.got(mustResolve(t, config, env)); got != want {
					t.Errorf("with the first %d sources empty: %q, want %q", first, got, want)
				}
			}
		})
	}
}

func TestResolve_NullArgument_UsesEachVariable(t *testing.T) {
	t.Parallel()
	for _, argument := range arguments(t) {
		t.Run(argument.name, func(t *testing.T) {
			t.Parallel()
			for i, variable := range argument.variables {
				env := argument.env.with(nil)
				for _, other := range argument.variables {
					delete(env, other)
				}
				value, want := argument.value(i)
				env[variable] = value
				if got := argument.got(mustResolve(t, argument.config, env)); got != want {
					t.Errorf("%s: %q, want %q", variable, got, want)
				}
			}
		})
	}
}

func TestResolve_Profile_FillsMissingSettings(t *testing.T) {
	t.Parallel()
	file := writeProfiles(t, named("ak", "id-of-profile"), profile{
		"name": "sts", "mode": "StsToken", "access_key_id": "id-of-session", "access_key_secret": "secret-of-session", "sts_token": "token-of-session",
	})
	for _, test := range []struct {
		name              string
		config            providerModel
		env               environment
		region, id, token string
	}{
		{"Everything", providerModel{}, environment{"ALIBABA_CLOUD_PROFILE": "ak"}, "cn-profile", "id-of-profile", ""},
		{"Session", providerModel{Region: types.StringValue("cn-config")}, environment{"ALIBABA_CLOUD_PROFILE": "sts"}, "cn-config", "id-of-session", "token-of-session"},
		{"RegionOfTheConfiguration", providerModel{Region: types.StringValue("cn-config")}, environment{"ALIBABA_CLOUD_PROFILE": "ak"}, "cn-config", "id-of-profile", ""},
		{"RegionOfTheEnvironment", providerModel{}, environment{"ALIBABA_CLOUD_PROFILE": "ak", "ALIBABA_CLOUD_REGION": "cn-env"}, "cn-env", "id-of-profile", ""},
		{"KeysOfTheEnvironment", providerModel{Profile: types.StringValue("sts"), Region: types.StringValue("cn-config")}, keys, "cn-config", "id", ""},
		{"KeysOfTheEnvironmentWithTheRegionOfTheProfile", providerModel{Profile: types.StringValue("ak")}, keys, "cn-profile", "id", ""},
		{"KeysOfTheConfiguration", providerModel{Profile: types.StringValue("sts"), Region: types.StringValue("cn-config"), AccessKey: types.StringValue("id-config"), SecretKey: types.StringValue("s")}, keys, "cn-config", "id-config", ""},
		{"TokenOfTheEnvironmentIsNotMixedWithTheProfile", providerModel{Profile: types.StringValue("ak")}, environment{"ALIBABA_CLOUD_SECURITY_TOKEN": "token-env"}, "cn-profile", "id-of-profile", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.config.SharedCredentialsFile = types.StringValue(file)
			s, credentials := mustResolve(t, test.config, test.env)
			if s.region != test.region || credentials.AccessKeyID != test.id || credentials.SecurityToken != test.token {
				t.Errorf("region %q, key %q, token %q", s.region, credentials.AccessKeyID, credentials.SecurityToken)
			}
		})
	}
}

func TestResolve_SecurityToken_BelongsToItsKey(t *testing.T) {
	t.Parallel()
	session := keys.with(environment{"ALIBABA_CLOUD_SECURITY_TOKEN": "token-env", "ALIBABA_CLOUD_REGION": "cn-hangzhou"})
	for _, test := range []struct {
		name      string
		config    providerModel
		id, token string
	}{
		{"BothOfTheEnvironment", providerModel{}, "id", "token-env"},
		{"KeyOfTheConfiguration", providerModel{AccessKey: types.StringValue("id-config"), SecretKey: types.StringValue("s")}, "id-config", ""},
		{"BothOfTheConfiguration", providerModel{AccessKey: types.StringValue("id-config"), SecretKey: types.StringValue("s"), SecurityToken: types.StringValue("token-config")}, "id-config", "token-config"},
		{"TokenOfTheConfiguration", providerModel{SecurityToken: types.StringValue("token-config")}, "id", "token-config"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, credentials := mustResolve(t, test.config, session)
			if credentials.AccessKeyID != test.id || credentials.SecurityToken != test.token {
				t.Errorf("key %q with token %q, want %q with %q", credentials.AccessKeyID, credentials.SecurityToken, test.id, test.token)
			}
		})
	}
}

func TestResolve_MissingOrWrongSetting_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	region := providerModel{Region: types.StringValue("cn-hangzhou")}
	with := func(change func(*providerModel)) providerModel {
		config := region
		change(&config)
		return config
	}
	file := writeProfiles(t, profile{"name": "no-region", "mode": "AK", "access_key_id": "id", "access_key_secret": "s"})
	for _, test := range []struct {
		name   string
		config providerModel
		env    environment
		kind   message.Kind
		want   path.Path
		values []string
	}{
		{"Region", providerModel{}, keys, message.MissingArgument, path.Root("region"), []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "cn-hangzhou"}},
		{"RegionEmpty", providerModel{Region: types.StringValue("")}, keys.with(environment{"ALIBABA_CLOUD_REGION": ""}), message.MissingArgument, path.Root("region"), []string{"ALIBABA_CLOUD_REGION"}},
		{"RegionOfTheProfile", providerModel{Profile: types.StringValue("no-region"), SharedCredentialsFile: types.StringValue(file)}, nil, message.MissingArgument, path.Root("region"), []string{"ALIBABA_CLOUD_REGION"}},
		{"RegionOfTheEnvironmentThatIsNone", providerModel{}, keys.with(environment{"ALIBABA_CLOUD_REGION": "cn hangzhou"}), message.InvalidValue, path.Root("region"), []string{"cn hangzhou", "ALIBABA_CLOUD_REGION"}},
		{"RegionInCapitals", providerModel{}, keys.with(environment{"ALICLOUD_REGION": "CN-HANGZHOU"}), message.InvalidValue, path.Root("region"), []string{"CN-HANGZHOU"}},
		{"Credentials", region, nil, message.MissingCredentials, path.Root("access_key"), []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "profile", "ALIBABA_CLOUD_PROFILE"}},
		{"CredentialsEmpty", region, environment{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}, message.MissingCredentials, path.Root("access_key"), nil},
		{"TokenAlone", region, environment{"ALIBABA_CLOUD_SECURITY_TOKEN": "token"}, message.MissingCredentials, path.Root("access_key"), nil},
		{"SecretOfAnAccessKey", with(func(m *providerModel) { m.AccessKey = types.StringValue("id") }), nil, message.MissingArgument, path.Root("secret_key"), []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET"}},
		{"SecretOfAVariable", region, environment{"ALICLOUD_ACCESS_KEY": "id"}, message.MissingArgument, path.Root("secret_key"), []string{"ALICLOUD_SECRET_KEY"}},
		{"AccessKeyOfASecret", with(func(m *providerModel) { m.SecretKey = types.StringValue("s") }), nil, message.MissingArgument, path.Root("access_key"), []string{"ALIBABA_CLOUD_ACCESS_KEY_ID"}},
		{"AccessKeyOfAVariable", region, environment{"ALIBABACLOUD_ACCESS_KEY_SECRET": "s"}, message.MissingArgument, path.Root("access_key"), []string{"ALICLOUD_ACCESS_KEY"}},
		// If half of a pair is missing, the provider does not use the account of the profile.
		{"HalfAPairAndAProfile", with(func(m *providerModel) {
			m.AccessKey, m.Profile, m.SharedCredentialsFile = types.StringValue("id"), types.StringValue("no-region"), types.StringValue(file)
		}), nil, message.MissingArgument, path.Root("secret_key"), nil},
		{"Profile", with(func(m *providerModel) {
			m.Profile, m.SharedCredentialsFile = types.StringValue("absent"), types.StringValue(file)
		}), nil, message.ProfileUnreadable, path.Root("profile"), []string{"absent", file}},
		{"ProfileFile", with(func(m *providerModel) {
			m.Profile, m.SharedCredentialsFile = types.StringValue("p"), types.StringValue(file+".absent")
		}), nil, message.ProfileUnreadable, path.Root("profile"), []string{file + ".absent"}},
		{"ProfileForTheRegionOnly", providerModel{Profile: types.StringValue("absent"), SharedCredentialsFile: types.StringValue(file)}, keys, message.ProfileUnreadable, path.Root("profile"), []string{"absent"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, diags := resolve(test.config, test.env.getenv, sources.Factory{})
			wantOneError(t, diags, test.kind, test.want, test.values...)
		})
	}
}

// wantOneError checks that there is one error, of the kind and on the attribute, with the
// values.
func wantOneError(t *testing.T, diags diag.Diagnostics, kind message.Kind, want path.Path, values ...string) {
	t.Helper()
	if len(diags) != 1 || diags.ErrorsCount() != 1 {
		t.Fatalf("%d diagnostics, want one error: %v", len(diags), diags)
	}
	if on, ok := diags[0].(diag.DiagnosticWithPath); !ok || !on.Path().Equal(want) {
		t.Errorf("the error is not on %s: %v", want, diags[0])
	}
	if !kind.Matches(diags[0].Summary()) {
		t.Errorf("the error %q is not of the kind %q", diags[0].Summary(), kind)
	}
	for _, value := range values {
		if !strings.Contains(diags[0].Detail(), value) {
			t.Errorf("%q is missing in %q", value, diags[0].Detail())
		}
	}
}

func TestResolve_Endpoint_IsAHostOrAnHTTPSURL(t *testing.T) {
	t.Parallel()
	env := keys.with(environment{"ALIBABA_CLOUD_REGION": "cn-hangzhou"})
	variables := map[string]string{"vpc": "ALIBABA_CLOUD_ENDPOINT_VPC", "bssopenapi": "ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI", "sts": "ALIBABA_CLOUD_ENDPOINT_STS"}
	others := map[string]string{"vpc": "VPC_ENDPOINT", "bssopenapi": "BSSOPENAPI_ENDPOINT", "sts": "STS_ENDPOINT"}
	set := map[string]func(string) *endpointsModel{
		"vpc":        func(v string) *endpointsModel { return &endpointsModel{VPC: types.StringValue(v)} },
		"bssopenapi": func(v string) *endpointsModel { return &endpointsModel{BSSOpenAPI: types.StringValue(v)} },
		"sts":        func(v string) *endpointsModel { return &endpointsModel{STS: types.StringValue(v)} },
	}
	for name := range set {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for value, valid := range map[string]bool{
				"vpc.aliyuncs.com": true, "vpc.aliyuncs.com:8443": true, "https://vpc.aliyuncs.com": true, "https://vpc.aliyuncs.com/": true,
				"127.0.0.1:8080": true, "http://127.0.0.1:8080": true, "http://localhost": true, "http://[::1]:80": true, "": true,
				"http://vpc.aliyuncs.com": false, "ftp://vpc.aliyuncs.com": false, "https://vpc.aliyuncs.com/path": false, "https://user@vpc.aliyuncs.com": false,
				"vpc.aliyuncs.com:0": false, "vpc.aliyuncs.com:port": false, "two words": false, "https://": false, "?": false,
			} {
				for source, resolved := range map[string]func() diag.Diagnostics{
					"configuration": func() diag.Diagnostics {
						_, diags := resolve(providerModel{Endpoints: set[name](value)}, env.getenv, sources.Factory{})
						return diags
					},
					variables[name]: func() diag.Diagnostics {
						_, diags := resolve(providerModel{}, env.with(environment{variables[name]: value}).getenv, sources.Factory{})
						return diags
					},
					others[name]: func() diag.Diagnostics {
						_, diags := resolve(providerModel{}, env.with(environment{others[name]: value}).getenv, sources.Factory{})
						return diags
					},
				} {
					diags := resolved()
					switch {
					case valid && len(diags) > 0:
						t.Errorf("%s %q: %v", source, value, diags)
					case !valid:
						wantOneError(t, diags, message.InvalidEndpoint, path.Root("endpoints").AtName(name), variables[name])
					}
				}
			}
		})
	}
}

func TestResolve_EndpointOfTheConfiguration_HidesAnInvalidVariable(t *testing.T) {
	t.Parallel()
	config := providerModel{Endpoints: &endpointsModel{VPC: types.StringValue("vpc.aliyuncs.com")}}
	env := keys.with(environment{"ALIBABA_CLOUD_REGION": "cn-hangzhou", "ALIBABA_CLOUD_ENDPOINT_VPC": "two words"})
	if s, _ := mustResolve(t, config, env); s.vpcEndpoint != "vpc.aliyuncs.com" {
		t.Errorf("endpoint %q", s.vpcEndpoint)
	}
}

func TestCredentialsGuide_ListsEveryVariable(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "credentials-reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	for argument, v := range map[string]variables{
		"region": regionVariables, "access_key": accessKeyVariables, "secret_key": secretKeyVariables, "security_token": securityTokenVariables,
		"profile": profileVariables, "shared_credentials_file": credentialsFileVariables, "credentials_uri": credentialsURIVariables,
		"ecs_role_name": ecsRoleVariables, "account_type": accountTypeVariables,
		"endpoints.vpc": vpcVariables, "endpoints.bssopenapi": bssVariables, "endpoints.sts": stsVariables,
		"assume_role.role_arn": roleVariables, "assume_role.session_name": sessionNameVariables, "assume_role.session_expiration": expirationVariables,
		"assume_role_with_oidc.oidc_provider_arn": oidcProviderVariables, "assume_role_with_oidc.role_arn": oidcRoleVariables,
		"assume_role_with_oidc.oidc_token": oidcTokenVariables, "assume_role_with_oidc.oidc_token_file": oidcTokenFileVariables,
		"assume_role_with_oidc.role_session_name": oidcSessionNameVariables,
	} {
		if row := "| `" + argument + "` | `" + strings.Join(v, "`, `") + "`"; !strings.Contains(string(page), row) {
			t.Errorf("the guide has no row %s", row)
		}
	}
}
