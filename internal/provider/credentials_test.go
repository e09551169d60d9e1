package provider

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// hosts is a fake of all hosts that issue credentials. The key ID in its answer contains the
// request.
type hosts struct{}

func (hosts) RoundTrip(request *http.Request) (*http.Response, error) {
	asked := request.URL.Query()
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		for name, value := range form {
			asked[name] = value
		}
	}
	asked.Set("Host", request.URL.Host)
	asked.Set("Path", request.URL.Path)
	expiration := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	keys := fmt.Sprintf(`{"AccessKeyId":%q,"AccessKeySecret":"secret","SecurityToken":"token","Expiration":%q,"Code":"Success"}`, asked.Encode(), expiration)
	switch {
	case request.URL.Host == "100.100.100.200" && request.Method == http.MethodPut:
		keys = "token"
	case strings.HasPrefix(request.URL.Host, "sts"):
		keys = `{"RequestId":"R-1","Credentials":` + keys + `}`
	case request.URL.Host != "100.100.100.200" && request.URL.Host != "credentials.example":
		return nil, errors.New("no such host")
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(keys)), Request: request}, nil
}

// askedFor returns a parameter of the request for which a key was issued.
func askedFor(credentials credentials.Value, name string) string {
	asked, err := url.ParseQuery(credentials.AccessKeyID)
	if err != nil {
		return ""
	}
	return asked.Get(name)
}

const (
	testRole = "acs:ram::1:role/r"
	testOIDC = "acs:ram::1:oidc-provider/p"
)

// roleArguments are the arguments in addition to keys and profile.
func roleArguments(t *testing.T, region environment) []argument {
	t.Helper()
	var files []string
	for i := range 3 {
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, fmt.Append(nil, "token-", i), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	parameter := func(name string) func(settings, credentials.Value) string {
		return func(_ settings, c credentials.Value) string { return askedFor(c, name) }
	}
	role := func(set func(*assumeRoleModel, types.String)) func(*providerModel, types.String) {
		return func(m *providerModel, v types.String) {
			block := assumeRoleModel{}
			if m.AssumeRole != nil {
				block = *m.AssumeRole
			}
			set(&block, v)
			m.AssumeRole = &block
		}
	}
	oidc := func(set func(*assumeRoleWithOIDCModel, types.String)) func(*providerModel, types.String) {
		return func(m *providerModel, v types.String) {
			block := *m.AssumeRoleWithOIDC
			set(&block, v)
			m.AssumeRoleWithOIDC = &block
		}
	}
	assumed := providerModel{AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole)}}
	federated := func(change func(*assumeRoleWithOIDCModel)) providerModel {
		block := &assumeRoleWithOIDCModel{RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCToken: types.StringValue("token")}
		change(block)
		return providerModel{AssumeRoleWithOIDC: block}
	}
	numbered := func(format string) func(int) (string, string) {
		return func(i int) (string, string) {
			value := fmt.Sprintf(format, i)
			return value, value
		}
	}
	return []argument{
		{
			name: "endpoints.sts", variables: []string{"ALIBABA_CLOUD_ENDPOINT_STS", "STS_ENDPOINT"},
			set: func(m *providerModel, v types.String) { m.Endpoints = &endpointsModel{STS: v} },
			got: parameter("Host"), value: numbered("sts%d.example"), env: region.with(keys), config: assumed,
		},
		{
			name: "credentials_uri", variables: []string{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"},
			set: func(m *providerModel, v types.String) { m.CredentialsURI = v },
			got: parameter("Path"), env: region,
			value: func(i int) (string, string) {
				return fmt.Sprintf("https://credentials.example/%d", i), fmt.Sprintf("/%d", i)
			},
		},
		{
			name: "ecs_role_name", variables: []string{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"},
			set: func(m *providerModel, v types.String) { m.ECSRoleName = v },
			got: parameter("Path"), env: region,
			value: func(i int) (string, string) {
				return fmt.Sprint("role-", i), fmt.Sprint("/latest/meta-data/ram/security-credentials/role-", i)
			},
		},
		{
			name: "assume_role.role_arn", variables: []string{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"},
			set: role(func(m *assumeRoleModel, v types.String) { m.RoleARN = v }),
			got: parameter("RoleArn"), value: numbered("acs:ram::1:role/r%d"), env: region.with(keys), config: providerModel{AssumeRole: &assumeRoleModel{}},
		},
		{
			name: "assume_role.session_name", variables: []string{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"},
			set: role(func(m *assumeRoleModel, v types.String) { m.SessionName = v }),
			got: parameter("RoleSessionName"), value: numbered("session-%d"), env: region.with(keys), config: assumed,
		},
		{
			name: "assume_role_with_oidc.role_arn", variables: []string{"ALIBABA_CLOUD_ROLE_ARN"},
			set: oidc(func(m *assumeRoleWithOIDCModel, v types.String) { m.RoleARN = v }),
			got: parameter("RoleArn"), value: numbered("acs:ram::1:role/r%d"), env: region,
			config: federated(func(m *assumeRoleWithOIDCModel) { m.RoleARN = types.StringNull() }),
		},
		{
			name: "assume_role_with_oidc.oidc_provider_arn", variables: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"},
			set: oidc(func(m *assumeRoleWithOIDCModel, v types.String) { m.OIDCProviderARN = v }),
			got: parameter("OIDCProviderArn"), value: numbered("acs:ram::1:oidc-provider/p%d"), env: region,
			config: federated(func(m *assumeRoleWithOIDCModel) { m.OIDCProviderARN = types.StringNull() }),
		},
		{
			name: "assume_role_with_oidc.role_session_name", variables: []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME"},
			set: oidc(func(m *assumeRoleWithOIDCModel, v types.String) { m.RoleSessionName = v }),
			got: parameter("RoleSessionName"), value: numbered("session-%d"), env: region,
			config: federated(func(*assumeRoleWithOIDCModel) {}),
		},
		{
			name: "assume_role_with_oidc.oidc_token", variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN"},
			set: oidc(func(m *assumeRoleWithOIDCModel, v types.String) { m.OIDCToken = v }),
			got: parameter("OIDCToken"), value: numbered("token-%d"), env: region,
			config: federated(func(m *assumeRoleWithOIDCModel) { m.OIDCToken = types.StringNull() }),
		},
		{
			name: "assume_role_with_oidc.oidc_token_file", variables: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"},
			set: oidc(func(m *assumeRoleWithOIDCModel, v types.String) { m.OIDCTokenFile = v }),
			got: parameter("OIDCToken"), env: region,
			value:  func(i int) (string, string) { return files[i], fmt.Sprint("token-", i) },
			config: federated(func(m *assumeRoleWithOIDCModel) { m.OIDCToken = types.StringNull() }),
		},
	}
}

func TestResolve_SeveralSources_UsesTheFirst(t *testing.T) {
	t.Parallel()
	file := writeProfiles(t, named("p", "id-of-profile"))
	sources := []struct {
		name   string
		config func(*providerModel)
		env    environment
		got    func(credentials.Value) bool
	}{
		{"keys of the configuration", func(m *providerModel) {
			m.AccessKey, m.SecretKey = types.StringValue("id-of-config"), types.StringValue("s")
		}, nil, func(c credentials.Value) bool { return c.AccessKeyID == "id-of-config" }},
		{"keys of the environment", func(*providerModel) {}, keys, func(c credentials.Value) bool { return c.AccessKeyID == "id" }},
		{"profile", func(m *providerModel) {
			m.Profile, m.SharedCredentialsFile = types.StringValue("p"), types.StringValue(file)
		}, nil, func(c credentials.Value) bool { return c.AccessKeyID == "id-of-profile" }},
		{"credentials URI", func(m *providerModel) { m.CredentialsURI = types.StringValue("https://credentials.example/uri") }, nil,
			func(c credentials.Value) bool { return askedFor(c, "Path") == "/uri" }},
		{"ECS role", func(m *providerModel) { m.ECSRoleName = types.StringValue("app") }, nil,
			func(c credentials.Value) bool { return strings.HasSuffix(askedFor(c, "Path"), "/app") }},
		{"OIDC", func(m *providerModel) {
			m.AssumeRoleWithOIDC = &assumeRoleWithOIDCModel{RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCToken: types.StringValue("token")}
		}, nil, func(c credentials.Value) bool { return askedFor(c, "Action") == "AssumeRoleWithOIDC" }},
	}
	for first := range sources {
		for last := first; last < len(sources); last++ {
			config, env := providerModel{Region: types.StringValue("cn-hangzhou")}, environment{}
			for _, source := range sources[first : last+1] {
				source.config(&config)
				env = env.with(source.env)
			}
			if _, got := mustResolve(t, config, env); !sources[first].got(got) {
				t.Errorf("%s is not used instead of those up to %s", sources[first].name, sources[last].name)
			}
		}
		// Each of them can assume a role.
		config, env := providerModel{Region: types.StringValue("cn-hangzhou"), AssumeRole: &assumeRoleModel{RoleARN: types.StringValue("acs:ram::1:role/top")}}, environment{}.with(sources[first].env)
		sources[first].config(&config)
		_, got := mustResolve(t, config, env)
		if askedFor(got, "Action") != "AssumeRole" || askedFor(got, "RoleArn") != "acs:ram::1:role/top" || !sources[first].got(credentials.Value{AccessKeyID: askedFor(got, "AccessKeyId")}) {
			t.Errorf("%s: the role is not assumed by it", sources[first].name)
		}
	}
}

func TestResolve_RoleVariablesWithoutABlock_AssumeNoRole(t *testing.T) {
	t.Parallel()
	env := keys.with(environment{
		"ALIBABA_CLOUD_REGION": "cn-hangzhou", "ALIBABA_CLOUD_ROLE_ARN": testRole, "ALICLOUD_ASSUME_ROLE_ARN": testRole,
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": testOIDC, "ALIBABA_CLOUD_OIDC_TOKEN": "token",
	})
	if _, got := mustResolve(t, providerModel{}, env); got.AccessKeyID != "id" {
		t.Errorf("key %q", got.AccessKeyID)
	}
	delete(env, "ALIBABA_CLOUD_ACCESS_KEY_ID")
	delete(env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	_, diags := resolve(providerModel{}, env.getenv, sources.Factory{Transport: hosts{}})
	wantOneError(t, diags, message.MissingCredentials, path.Root("access_key"), "assume_role_with_oidc", "ecs_role_name", "credentials_uri")
}

func TestResolve_NoCredentials_NamesTheVariablesThatNeedABlock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config       providerModel
		env          environment
		values, none []string
	}{
		"nothing": {providerModel{}, nil, []string{"access_key and secret_key"}, []string{"assume_role_with_oidc {}"}},
		"pod": {
			providerModel{}, environment{"ALIBABA_CLOUD_ROLE_ARN": testRole, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": testOIDC, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/var/run/token"}, //nolint:gosec // Made up.
			[]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE, ALIBABA_CLOUD_ROLE_ARN", "assume_role_with_oidc {}"}, []string{testRole, "/var/run/token"},
		},
		"token alone":  {providerModel{}, environment{"ALIBABA_CLOUD_OIDC_TOKEN": "canary"}, []string{"ALIBABA_CLOUD_OIDC_TOKEN", "assume_role_with_oidc {}"}, []string{"canary", "ALIBABA_CLOUD_ROLE_ARN"}},
		"role alone":   {providerModel{}, environment{"ALIBABA_CLOUD_ROLE_ARN": testRole}, nil, []string{"assume_role_with_oidc {}"}},
		"profile file": {providerModel{SharedCredentialsFile: types.StringValue("/home/x/config.json")}, nil, []string{"/home/x/config.json", "ALIBABA_CLOUD_PROFILE"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region = types.StringValue("cn-hangzhou")
			_, diags := resolve(test.config, test.env.getenv, sources.Factory{Transport: hosts{}})
			wantOneError(t, diags, message.MissingCredentials, path.Root("access_key"), test.values...)
			for _, value := range test.none {
				if strings.Contains(diags[0].Detail(), value) {
					t.Errorf("%q is in %s", value, diags[0].Detail())
				}
			}
		})
	}
}

func TestResolve_OIDCVariablesAndAnEmptyBlock_AssumeTheRole(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("token-of-pod"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment{"ALIBABA_CLOUD_ROLE_ARN": testRole, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": testOIDC, "ALIBABA_CLOUD_OIDC_TOKEN_FILE": file}
	_, got := mustResolve(t, providerModel{Region: types.StringValue("cn-hangzhou"), AssumeRoleWithOIDC: &assumeRoleWithOIDCModel{}}, env)
	if askedFor(got, "RoleArn") != testRole || askedFor(got, "OIDCProviderArn") != testOIDC || askedFor(got, "OIDCToken") != "token-of-pod" {
		t.Errorf("asked for %q", got.AccessKeyID)
	}
}

func TestResolve_STSEndpointOfTheProvider_IsUsedInsteadOfTheProfiles(t *testing.T) {
	t.Parallel()
	role := profile{"name": "p", "mode": "RamRoleArn", "access_key_id": "id", "access_key_secret": "s", "ram_role_arn": testRole, "sts_endpoint": "sts-of-profile.example"}
	config := providerModel{Region: types.StringValue("cn-hangzhou"), Profile: types.StringValue("p"), SharedCredentialsFile: types.StringValue(writeProfiles(t, role))}
	for _, test := range []struct {
		endpoints *endpointsModel
		env       environment
		want      string
	}{
		{nil, nil, "sts-of-profile.example"},
		{nil, environment{"ALIBABA_CLOUD_ENDPOINT_STS": "sts-of-env.example"}, "sts-of-env.example"},
		{&endpointsModel{STS: types.StringValue("sts-of-config.example")}, environment{"STS_ENDPOINT": "sts-of-env.example"}, "sts-of-config.example"},
	} {
		config.Endpoints = test.endpoints
		if _, got := mustResolve(t, config, test.env); askedFor(got, "Host") != test.want {
			t.Errorf("asked %s, want %s", askedFor(got, "Host"), test.want)
		}
	}
}

func TestResolve_RoleOfTheBlock_ReplacesTheRoleOfTheProfile(t *testing.T) {
	t.Parallel()
	file := writeProfiles(t,
		profile{"name": "p", "mode": "RamRoleArn", "access_key_id": "id-of-profile", "access_key_secret": "s", "ram_role_arn": "acs:ram::1:role/profile"},
		profile{"name": "q", "mode": "ChainableRamRoleArn", "source_profile": "p", "ram_role_arn": "acs:ram::1:role/chain"})
	base := providerModel{Region: types.StringValue("cn-hangzhou"), Profile: types.StringValue("p"), SharedCredentialsFile: types.StringValue(file)}
	if _, got := mustResolve(t, base, nil); askedFor(got, "RoleArn") != "acs:ram::1:role/profile" || askedFor(got, "AccessKeyId") != "id-of-profile" {
		t.Errorf("the profile's role: %q", got.AccessKeyID)
	}
	base.AssumeRole = &assumeRoleModel{RoleARN: types.StringValue(testRole)}
	if _, got := mustResolve(t, base, nil); askedFor(got, "RoleArn") != testRole || askedFor(got, "AccessKeyId") != "id-of-profile" {
		t.Errorf("the block's role: %q", got.AccessKeyID)
	}
	base.Profile = types.StringValue("q")
	_, got := mustResolve(t, base, nil)
	if inner := askedFor(got, "AccessKeyId"); askedFor(got, "RoleArn") != testRole || askedFor(credentials.Value{AccessKeyID: inner}, "RoleArn") != "acs:ram::1:role/chain" {
		t.Errorf("on top of a chain: %q", got.AccessKeyID)
	}
}

func TestResolve_SessionExpiration_IsOfTheFirstSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config types.Int64
		env    string
		want   string
	}{
		{types.Int64Value(7200), "900", "7200"}, {types.Int64Null(), "900", "900"}, {types.Int64Null(), "", "3600"},
	} {
		config := providerModel{Region: types.StringValue("cn-hangzhou"), AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole), SessionExpiration: shared.Whole{Int64Value: test.config}}}
		_, got := mustResolve(t, config, keys.with(environment{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": test.env}))
		if askedFor(got, "DurationSeconds") != test.want || askedFor(got, "RoleSessionName") != "terraform" {
			t.Errorf("%v, %q: %q", test.config, test.env, got.AccessKeyID)
		}
	}
}

func TestResolve_TokenOfTheConfiguration_HidesTheEnvironment(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("token-of-file"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := providerModel{Region: types.StringValue("cn-hangzhou"), AssumeRoleWithOIDC: &assumeRoleWithOIDCModel{
		RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCTokenFile: types.StringValue(file),
	}}
	env := environment{"ALIBABA_CLOUD_OIDC_TOKEN": "token-of-env", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "no-such-file"} //nolint:gosec // Made up.
	if _, got := mustResolve(t, config, env); askedFor(got, "OIDCToken") != "token-of-file" {
		t.Errorf("token %q", askedFor(got, "OIDCToken"))
	}
}

func TestResolve_UnusedCredentialsInTheConfiguration_GiveAWarning(t *testing.T) {
	t.Parallel()
	file := writeProfiles(t, named("p", "id-of-profile"))
	region := types.StringValue("cn-hangzhou")
	oidc := &assumeRoleWithOIDCModel{RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCToken: types.StringValue("token")}
	uri := types.StringValue("https://credentials.example/")
	for name, test := range map[string]struct {
		config providerModel
		env    environment
		want   map[string]string // argument to the source that is used instead
	}{
		"profile and keys of the environment": {
			providerModel{Region: region, Profile: types.StringValue("p")}, keys, map[string]string{"profile": "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		},
		"profile of the environment": {providerModel{Region: region}, keys.with(environment{"ALIBABA_CLOUD_PROFILE": "p"}), nil},
		"profile for its region": {
			providerModel{Profile: types.StringValue("p"), AccessKey: types.StringValue("id"), SecretKey: types.StringValue("s")}, nil, nil,
		},
		"OIDC and keys of the environment": {
			providerModel{Region: region, AssumeRoleWithOIDC: oidc}, keys, map[string]string{"assume_role_with_oidc": "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		},
		"OIDC and a role of the environment": {
			providerModel{Region: region, AssumeRoleWithOIDC: oidc}, environment{"ALIBABA_CLOUD_ECS_METADATA": "app"}, map[string]string{"assume_role_with_oidc": "ALIBABA_CLOUD_ECS_METADATA"},
		},
		"everything": {
			providerModel{Region: region, AccessKey: types.StringValue("id"), SecretKey: types.StringValue("s"), CredentialsURI: uri, ECSRoleName: types.StringValue("app"), AssumeRoleWithOIDC: oidc},
			nil, map[string]string{"credentials_uri": "access_key", "ecs_role_name": "access_key", "assume_role_with_oidc": "access_key"},
		},
		"a role on top": {
			providerModel{Region: region, CredentialsURI: uri, AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole)}}, nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.SharedCredentialsFile = types.StringValue(file)
			_, diags := resolve(test.config, test.env.getenv, sources.Factory{Transport: hosts{}})
			if len(diags) != len(test.want) || diags.HasError() {
				t.Fatalf("got %v", diags)
			}
			for _, warning := range diags {
				on, ok := warning.(diag.DiagnosticWithPath)
				if !ok {
					t.Fatalf("no attribute: %v", warning)
				}
				winner, known := test.want[on.Path().String()]
				if !known || !message.UnusedCredentials.Matches(warning.Summary()) || !strings.Contains(warning.Detail(), winner+" ") {
					t.Errorf("on %s: %s", on.Path(), warning.Detail())
				}
			}
		})
	}
}

func TestResolve_WrongRoleOrSource_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	at := func(block, name string) path.Path { return path.Root(block).AtName(name) }
	assume := func(change func(*assumeRoleModel)) providerModel {
		block := &assumeRoleModel{RoleARN: types.StringValue(testRole)}
		change(block)
		return providerModel{AccessKey: types.StringValue("id"), SecretKey: types.StringValue("s"), AssumeRole: block}
	}
	federate := func(change func(*assumeRoleWithOIDCModel)) providerModel {
		block := &assumeRoleWithOIDCModel{RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCToken: types.StringValue("token")}
		change(block)
		return providerModel{AssumeRoleWithOIDC: block}
	}
	for name, test := range map[string]struct {
		config providerModel
		env    environment
		kind   message.Kind
		want   path.Path
		values []string
	}{
		"role":           {assume(func(m *assumeRoleModel) { m.RoleARN = types.StringNull() }), nil, message.MissingArgument, at("assume_role", "role_arn"), []string{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}},
		"role's form":    {assume(func(m *assumeRoleModel) { m.RoleARN = types.StringNull() }), environment{"ALIBABA_CLOUD_ROLE_ARN": "network"}, message.InvalidValue, at("assume_role", "role_arn"), []string{"network", "ALIBABA_CLOUD_ROLE_ARN"}},
		"session's form": {assume(func(*assumeRoleModel) {}), environment{"ALIBABA_CLOUD_ROLE_SESSION_NAME": "a b"}, message.InvalidValue, at("assume_role", "session_name"), []string{"a b", "ALIBABA_CLOUD_ROLE_SESSION_NAME"}},
		"session's length": {assume(func(*assumeRoleModel) {}), environment{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "60"}, message.InvalidValue, at("assume_role", "session_expiration"),
			[]string{"900 to 43200", `"60"`, "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"}},
		"no length":         {assume(func(*assumeRoleModel) {}), environment{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "1h"}, message.InvalidValue, at("assume_role", "session_expiration"), []string{`"1h"`}},
		"OIDC role":         {federate(func(m *assumeRoleWithOIDCModel) { m.RoleARN = types.StringNull() }), nil, message.MissingArgument, at("assume_role_with_oidc", "role_arn"), []string{"ALIBABA_CLOUD_ROLE_ARN"}},
		"OIDC provider":     {federate(func(m *assumeRoleWithOIDCModel) { m.OIDCProviderARN = types.StringNull() }), nil, message.MissingArgument, at("assume_role_with_oidc", "oidc_provider_arn"), []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
		"OIDC token":        {federate(func(m *assumeRoleWithOIDCModel) { m.OIDCToken = types.StringNull() }), nil, message.MissingArgument, at("assume_role_with_oidc", "oidc_token_file"), []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_OIDC_TOKEN"}},
		"empty OIDC token":  {federate(func(m *assumeRoleWithOIDCModel) { m.OIDCToken = types.StringValue(" ") }), nil, message.TokenUnreadable, at("assume_role_with_oidc", "oidc_token"), []string{"oidc_token in the configuration"}},
		"no token file":     {federate(func(m *assumeRoleWithOIDCModel) { m.OIDCToken = types.StringNull() }), environment{"ALIBABA_CLOUD_OIDC_TOKEN_FILE": "/no/such/file"}, message.TokenUnreadable, at("assume_role_with_oidc", "oidc_token_file"), []string{"/no/such/file"}}, //nolint:gosec // Made up.
		"credentials URI":   {providerModel{CredentialsURI: types.StringValue("http://credentials.example/")}, nil, message.InvalidURI, path.Root("credentials_uri"), []string{"credentials_uri in the configuration"}},
		"URI of a variable": {providerModel{}, environment{"ALICLOUD_CREDENTIALS_URI": "file:///etc/passwd"}, message.InvalidURI, path.Root("credentials_uri"), []string{"ALICLOUD_CREDENTIALS_URI"}},
		"key under a role":  {providerModel{AccessKey: types.StringValue("i d"), SecretKey: types.StringValue("s"), AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole)}}, nil, message.InvalidValue, path.Root("access_key"), []string{"access_key in the configuration"}},
		"half a pair before others": {providerModel{AccessKey: types.StringValue("id"), CredentialsURI: types.StringValue("https://credentials.example/")}, nil,
			message.MissingArgument, path.Root("secret_key"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region = types.StringValue("cn-hangzhou")
			_, diags := resolve(test.config, test.env.getenv, sources.Factory{Transport: hosts{}})
			wantOneError(t, diags, test.kind, test.want, test.values...)
		})
	}
}

func TestResolve_KeyWithWhiteSpace_IsAnErrorThatNamesItsSourceOnly(t *testing.T) {
	t.Parallel()
	base := environment{"ALIBABA_CLOUD_REGION": "cn-hangzhou", "ALICLOUD_ACCESS_KEY": "id", "ALICLOUD_SECRET_KEY": "s", "ALICLOUD_SECURITY_TOKEN": "t"}
	for name, test := range map[string]struct {
		config providerModel
		env    environment
		want   string
		from   string
	}{
		"key of a variable":                     {providerModel{}, environment{"ALICLOUD_ACCESS_KEY": " canary"}, "access_key", "ALICLOUD_ACCESS_KEY."},
		"secret of a variable":                  {providerModel{}, environment{"ALICLOUD_SECRET_KEY": "canary\r\n"}, "secret_key", "ALICLOUD_SECRET_KEY."},
		"token of a variable":                   {providerModel{}, environment{"ALICLOUD_SECURITY_TOKEN": "canary\n"}, "security_token", "ALICLOUD_SECURITY_TOKEN."},
		"secret and a key of the configuration": {providerModel{AccessKey: types.StringValue("id")}, environment{"ALICLOUD_SECRET_KEY": "canary "}, "secret_key", "ALICLOUD_SECRET_KEY."},
		"secret of the configuration":           {providerModel{SecretKey: types.StringValue("can ary")}, nil, "secret_key", "secret_key in the configuration."},
		"token of the configuration":            {providerModel{SecurityToken: types.StringValue("\tcanary")}, nil, "security_token", "security_token in the configuration."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := resolve(test.config, base.with(test.env).getenv, sources.Factory{})
			wantOneError(t, diags, message.InvalidValue, path.Root(test.want), test.from)
			if text := fmt.Sprint(diags); strings.Contains(text, "canary") || strings.Contains(text, "can ary") {
				t.Errorf("it is shown: %s", text)
			}
		})
	}
}

func TestResolve_UnusableSetting_IsAnErrorThatNamesItsSource(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := func(p profile) providerModel {
		return providerModel{Profile: types.StringValue("p"), SharedCredentialsFile: types.StringValue(writeProfiles(t, p))}
	}
	oidc := func(change func(*assumeRoleWithOIDCModel)) providerModel {
		block := &assumeRoleWithOIDCModel{RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC)}
		change(block)
		return providerModel{AssumeRoleWithOIDC: block}
	}
	for name, test := range map[string]struct {
		config providerModel
		env    environment
		kind   message.Kind
		want   path.Path
		values []string
	}{
		"no such profile": {profile(named("q", "id")), nil, message.ProfileUnreadable, path.Root("profile"), []string{"profile in the configuration", "aliyun configure list"}},
		"profile of a variable": {providerModel{SharedCredentialsFile: types.StringValue(filepath.Join(dir, "none"))}, environment{"ALIBABA_CLOUD_PROFILE": " "}, message.ProfileUnreadable, path.Root("profile"),
			[]string{"ALIBABA_CLOUD_PROFILE", "aliyun configure list"}},
		"line end in a profile": {profile(profileWith("access_key_secret", "s\r\n")), nil, message.ProfileUnreadable, path.Root("profile"), []string{`"p"`, "access key secret"}},
		"unknown mode":          {profile(profileWith("mode", "Magic")), nil, message.ProfileUnreadable, path.Root("profile"), []string{"Magic", "AK, "}},
		"token file that is a directory": {oidc(func(m *assumeRoleWithOIDCModel) { m.OIDCTokenFile = types.StringValue(dir) }), nil, message.TokenUnreadable, path.Root("assume_role_with_oidc").AtName("oidc_token_file"),
			[]string{"oidc_token_file in the configuration", dir}},
		"empty token file of a variable": {oidc(func(*assumeRoleWithOIDCModel) {}), environment{"ALIBABA_CLOUD_OIDC_TOKEN_FILE": empty}, message.TokenUnreadable, path.Root("assume_role_with_oidc").AtName("oidc_token_file"),
			[]string{"the environment variable ALIBABA_CLOUD_OIDC_TOKEN_FILE"}},
		"token of nothing but white space": {oidc(func(*assumeRoleWithOIDCModel) {}), environment{"ALIBABA_CLOUD_OIDC_TOKEN": "\r\n"}, message.TokenUnreadable, path.Root("assume_role_with_oidc").AtName("oidc_token"),
			[]string{"the environment variable ALIBABA_CLOUD_OIDC_TOKEN."}},
		"plain credentials": {providerModel{CredentialsURI: types.StringValue("http://credentials.example/")}, nil, message.InvalidURI, path.Root("credentials_uri"), []string{"credentials_uri in the configuration"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region = types.StringValue("cn-hangzhou")
			_, diags := resolve(test.config, test.env.getenv, sources.Factory{})
			wantOneError(t, diags, test.kind, test.want, test.values...)
		})
	}
}

// profileWith is a complete profile with one other field.
func profileWith(field, value string) profile {
	made := named("p", "id")
	made[field] = value
	return made
}

func TestResolve_InvalidSTSRegion_IsAnError(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_STS_REGION", "cn hangzhou")
	config := providerModel{Region: types.StringValue("cn-hangzhou"), AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole)}}
	_, diags := resolve(config, keys.getenv, sources.Factory{})
	wantOneError(t, diags, message.RoleUnusable, path.Root("assume_role"), "cn hangzhou", "ALIBABA_CLOUD_STS_REGION")
}

func TestResolve_MetadataServiceTurnedOff_IsAnError(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	_, diags := resolve(providerModel{Region: types.StringValue("cn-hangzhou"), ECSRoleName: types.StringValue("app")}, environment{}.getenv, sources.Factory{})
	wantOneError(t, diags, message.InstanceUnusable, path.Root("ecs_role_name"), "Unset ALIBABA_CLOUD_ECS_METADATA_DISABLED")
}
