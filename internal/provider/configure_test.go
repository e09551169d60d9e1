package provider_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// noNetwork is a transport that nothing may use.
type noNetwork struct{ t *testing.T }

func (n noNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	n.t.Errorf("a network call to %s", req.URL.Host)
	return nil, errors.New("no network")
}

// noCircuits is a transport that returns no circuits. It records the requests.
type noCircuits struct {
	mu   sync.Mutex
	seen []*http.Request
}

func (n *noCircuits) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, req)
	const none = `{"RequestId":"REQ-1","TotalCount":0,"PageNumber":1,"PageSize":50,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(none)),
	}, nil
}

// values are the arguments of the provider. Missing ones are null.
type values map[string]any

var complete = values{"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret"}

// with returns the arguments with others.
func (v values) with(others values) values {
	all := maps.Clone(v)
	maps.Copy(all, others)
	return all
}

type unknown struct{}

// valueOf makes a value of a type. A block is a values too.
func valueOf(t *testing.T, typ tftypes.Type, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case values:
		object, ok := typ.(tftypes.Object)
		if !ok {
			t.Fatalf("%s is no object", typ)
		}
		attributes := map[string]tftypes.Value{}
		for name, attributeType := range object.AttributeTypes {
			attributes[name] = valueOf(t, attributeType, value[name])
		}
		for name := range value {
			if _, ok := attributes[name]; !ok {
				t.Fatalf("there is no argument %s", name)
			}
		}
		return tftypes.NewValue(object, attributes)
	default:
		return tftypes.NewValue(typ, value)
	}
}

func configure(t *testing.T, transport http.RoundTripper, arguments values) *fwprovider.ConfigureResponse {
	t.Helper()
	p := provider.NewWithTransport("1.2.3", transport)()
	var schema fwprovider.SchemaResponse
	p.Schema(t.Context(), fwprovider.SchemaRequest{}, &schema)
	raw := valueOf(t, schema.Schema.Type().TerraformType(t.Context()), arguments)
	resp := &fwprovider.ConfigureResponse{}
	p.Configure(t.Context(), fwprovider.ConfigureRequest{TerraformVersion: "1.11.4", Config: tfsdk.Config{Raw: raw, Schema: schema.Schema}}, resp)
	return resp
}

func servicesOf(t *testing.T, resp *fwprovider.ConfigureResponse) *shared.Services {
	t.Helper()
	services, ok := resp.ResourceData.(*shared.Services)
	if !ok {
		t.Fatalf("the data is a %T: %v", resp.ResourceData, resp.Diagnostics)
	}
	return services
}

// wantNotReady checks that the provider cannot call the API: a plan must not check, and an
// apply must not order, with a part of a configuration.
func wantNotReady(t *testing.T, resp *fwprovider.ConfigureResponse) {
	t.Helper()
	for _, data := range []any{resp.ResourceData, resp.DataSourceData} {
		if services, ok := data.(*shared.Services); data != nil && (!ok || services.Ready()) {
			t.Errorf("%T can ask the API", data)
		}
	}
}

func TestConfigure_MakesServicesWithoutANetworkCall(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]values{
		"PublicEndpoint": complete,
		"Endpoints":      complete.with(values{"endpoints": values{"vpc": "vpc.example", "bssopenapi": "bss.example", "sts": "sts.example"}}),
		"EmptyEndpoints": complete.with(values{"endpoints": values{}}),
		"Session":        complete.with(values{"security_token": "token"}),
		"AssumedRole":    complete.with(values{"assume_role": values{"role_arn": "acs:ram::1:role/r", "session_expiration": 43200}}),
		"OIDC":           {"region": "cn-hangzhou", "assume_role_with_oidc": values{"role_arn": "acs:ram::1:role/r", "oidc_provider_arn": "acs:ram::1:oidc-provider/p", "oidc_token": "token"}},
		"ECSRole":        {"region": "cn-hangzhou", "ecs_role_name": "app"},
		"CredentialsURI": {"region": "cn-hangzhou", "credentials_uri": "https://credentials.example/"}, //nolint:gosec // Made up.
		"RoleOfAProfile": {"profile": "role", "shared_credentials_file": roleProfile(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, noNetwork{t}, arguments)
			services := servicesOf(t, resp)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("%v", resp.Diagnostics)
			}
			if resp.DataSourceData != resp.ResourceData {
				t.Error("resources and data sources do not share the services")
			}
			if services.Region != "cn-hangzhou" || !services.Ready() || services.Registry == nil {
				t.Errorf("services %+v", services)
			}
		})
	}
}

// roleProfile is a profile whose credentials only another host can issue.
func roleProfile(t *testing.T) string {
	t.Helper()
	return writeFile(t, `{"profiles":[{"name":"role","mode":"RamRoleArn","access_key_id":"id","access_key_secret":"secret",
		"ram_role_arn":"acs:ram::1:role/r","ram_session_name":"s","region_id":"cn-hangzhou"}]}`)
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestConfigure_EachRunHasItsOwnRegistry(t *testing.T) {
	t.Parallel()
	first, second := servicesOf(t, configure(t, noNetwork{t}, complete)), servicesOf(t, configure(t, noNetwork{t}, complete))
	if first.Registry == second.Registry {
		t.Error("the plan of one run would prevent the next one")
	}
}

func TestConfigure_AccountType_ChoosesTheBillingEndpoint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments values
		want      string
	}{
		"Unknown":       {complete, "https://business.aliyuncs.com/"},
		"Domestic":      {complete.with(values{"account_type": "Domestic"}), "https://business.aliyuncs.com/"},
		"International": {complete.with(values{"account_type": "International"}), "https://business.ap-southeast-1.aliyuncs.com/"},
		"Endpoint":      {complete.with(values{"account_type": "International", "endpoints": values{"bssopenapi": "bss.example"}}), "https://bss.example/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &noCircuits{}
			services := servicesOf(t, configure(t, transport, test.arguments))
			_, _ = services.Billing.OrderLines(t.Context(), "50187055895123") // The answer does not matter.
			if len(transport.seen) == 0 {
				t.Fatal("no request was sent")
			}
			asked := transport.seen[0].URL
			if got := fmt.Sprintf("%s://%s%s", asked.Scheme, asked.Host, asked.Path); got != test.want {
				t.Errorf("asked at %s, want %s", got, test.want)
			}
		})
	}
}

func TestConfigure_Services_UseTheSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments values
		want      string
	}{
		"PublicEndpoint":     {complete, "https://vpc.aliyuncs.com/"},
		"PublicOfTheRegion":  {complete.with(values{"region": "cn-beijing"}), "https://vpc.cn-beijing.aliyuncs.com/"},
		"Host":               {complete.with(values{"endpoints": values{"vpc": "vpc.example"}}), "https://vpc.example/"},
		"URL":                {complete.with(values{"endpoints": values{"vpc": "https://vpc.example:8443/"}}), "https://vpc.example:8443/"},
		"PlainHTTPLoopback":  {complete.with(values{"endpoints": values{"vpc": "127.0.0.1:8080"}}), "http://127.0.0.1:8080/"},
		"OtherEndpointsOnly": {complete.with(values{"endpoints": values{"bssopenapi": "bss.example", "sts": "sts.example"}}), "https://vpc.aliyuncs.com/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &noCircuits{}
			services := servicesOf(t, configure(t, transport, test.arguments))
			_, err := services.API.DescribeCircuit(t.Context(), circuit.Query{Region: services.Region, CircuitID: "pc-1"})
			if missing := (*circuit.NotFoundError)(nil); !errors.As(err, &missing) {
				t.Fatal(err)
			}
			if len(transport.seen) != 1 {
				t.Fatalf("%d requests, want 1", len(transport.seen))
			}
			request := transport.seen[0]
			if got := fmt.Sprintf("%s://%s%s", request.URL.Scheme, request.URL.Host, request.URL.Path); got != test.want {
				t.Errorf("asked at %s, want %s", got, test.want)
			}
			if agent := request.UserAgent(); !strings.Contains(agent, "Terraform/1.11.4 terraform-provider-expressconnect/1.2.3") {
				t.Errorf("User-Agent %q names not both versions", agent)
			}
			query := request.URL.Query()
			if query.Get("AccessKeyId") != "id" || query.Get("RegionId") != services.Region {
				t.Errorf("key %q, region %q", query.Get("AccessKeyId"), query.Get("RegionId"))
			}
		})
	}
}

func TestConfigure_UnknownValue_MakesNoAPI(t *testing.T) {
	t.Parallel()
	cases := map[string]values{
		"everything":            {"region": unknown{}, "access_key": unknown{}, "secret_key": unknown{}},
		"endpoints":             complete.with(values{"endpoints": unknown{}}),
		"endpoints.vpc":         complete.with(values{"endpoints": values{"vpc": unknown{}}}),
		"endpoints.bssopenapi":  complete.with(values{"endpoints": values{"bssopenapi": unknown{}}}),
		"endpoints.sts":         complete.with(values{"endpoints": values{"sts": unknown{}}}),
		"one, the rest missing": {"access_key": unknown{}},
		"one, another wrong":    {"region": unknown{}, "endpoints": values{"vpc": "two words"}},
	}
	for block, names := range map[string][]string{
		"assume_role":           {"role_arn", "session_name", "session_expiration", "policy", "external_id"},
		"assume_role_with_oidc": {"oidc_provider_arn", "role_arn", "oidc_token", "oidc_token_file", "role_session_name", "session_expiration", "policy"},
	} {
		cases[block] = complete.with(values{block: unknown{}})
		for _, name := range names {
			cases[block+"."+name] = complete.with(values{block: values{name: unknown{}}})
		}
	}
	for _, name := range []string{"region", "access_key", "secret_key", "security_token", "profile", "shared_credentials_file", "credentials_uri", "ecs_role_name"} {
		cases[name] = complete.with(values{name: unknown{}})
	}
	for name, arguments := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, noNetwork{t}, arguments)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("%v", resp.Diagnostics)
			}
			wantNotReady(t, resp)
		})
	}
}

func TestPlan_UnknownProvider_MakesNoChecks(t *testing.T) {
	t.Parallel()
	process, diags, err := coretest.Start(t.Context(), provider.NewWithTransport("test", noNetwork{t}), occupancyorder.TypeName, coretest.Values{"region": coretest.Unknown{}})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	plan, diags, err := process.Plan(t.Context(), nil, coretest.Values{"physical_connection_id": "pc-1", "period": 1}, coretest.Options{})
	if err != nil || len(diags) > 0 || plan.Action != coretest.Create {
		t.Errorf("%s, %v\n%s", plan.Action, err, diags)
	}
}

func TestConfigure_InvalidConfiguration_MakesNoAPI(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]values{
		"Nothing": {}, "NoRegion": {"access_key": "id", "secret_key": "secret"}, "HalfAPair": {"region": "cn-hangzhou", "access_key": "id"},
		"Endpoint": complete.with(values{"endpoints": values{"vpc": "two words"}}), "Region": complete.with(values{"region": "cn hangzhou"}),
		"KeyWithASpace": complete.with(values{"access_key": "i d"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, noNetwork{t}, arguments)
			if resp.Diagnostics.ErrorsCount() != 1 {
				t.Errorf("want one error: %v", resp.Diagnostics)
			}
			wantNotReady(t, resp)
		})
	}
}

func TestConfigure_ReadsTheEnvironmentOfTheProcess(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_REGION", "cn-beijing")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-env")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-env")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token-env")
	t.Setenv("ALIBABA_CLOUD_ENDPOINT_VPC", "vpc.example")
	transport := &noCircuits{}
	services := servicesOf(t, configure(t, transport, values{}))
	_, _ = services.API.DescribeCircuit(t.Context(), circuit.Query{Region: services.Region, CircuitID: "pc-1"})
	if len(transport.seen) != 1 {
		t.Fatalf("%d requests, want 1", len(transport.seen))
	}
	query := transport.seen[0].URL.Query()
	if services.Region != "cn-beijing" || transport.seen[0].URL.Host != "vpc.example" || query.Get("AccessKeyId") != "id-env" || query.Get("SecurityToken") != "token-env" {
		t.Errorf("region %q, host %q, key %q, token %q", services.Region, transport.seen[0].URL.Host, query.Get("AccessKeyId"), query.Get("SecurityToken"))
	}
}

func TestConfigure_ProfileFile_IsInTheHomeDirectory(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("ALIBABA_CLOUD_PROFILE", "mine")
	if err := os.Mkdir(filepath.Join(home, ".aliyun"), 0o700); err != nil {
		t.Fatal(err)
	}
	content := `{"current":"other","profiles":[{"name":"mine","mode":"AK","access_key_id":"id","access_key_secret":"secret","region_id":"cn-qingdao"}]}`
	if err := os.WriteFile(filepath.Join(home, ".aliyun", "config.json"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if services := servicesOf(t, configure(t, noNetwork{t}, values{})); services.Region != "cn-qingdao" {
		t.Errorf("region %q", services.Region)
	}
}

const canary = "CANARY8f2c"

func TestDiagnostics_ContainNoSecret(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]values{
		"HalfAPairKey":           {"region": "cn-hangzhou", "access_key": canary},
		"HalfAPairSecret":        {"region": "cn-hangzhou", "secret_key": canary},
		"MissingRegion":          {"access_key": canary, "secret_key": canary, "security_token": canary},
		"SpaceInKey":             complete.with(values{"access_key": canary + " x"}),
		"SpaceInSecret":          complete.with(values{"secret_key": canary + " x"}),
		"NewlineInToken":         complete.with(values{"security_token": canary + "\n"}),
		"PasswordInAnEndpoint":   complete.with(values{"endpoints": values{"vpc": "https://user:" + canary + "@vpc.example"}}),
		"PasswordInAHost":        complete.with(values{"endpoints": values{"sts": canary + "@sts.example"}}),
		"QueryInAnEndpoint":      complete.with(values{"endpoints": values{"bssopenapi": "https://bss.example/?token=" + canary}}),
		"BrokenProfileFile":      {"region": "cn-hangzhou", "profile": "p", "shared_credentials_file": writeFile(t, `{"profiles":[{"name":"p","access_key_secret":"`+canary+`"`)},
		"ProfileFileOfNoJSON":    {"region": "cn-hangzhou", "profile": "p", "shared_credentials_file": writeFile(t, "[p]\naccess_key_secret = "+canary)},
		"ProfileThatIsAbsent":    {"region": "cn-hangzhou", "profile": "q", "shared_credentials_file": profileFile(t, "AK")},
		"ProfileThatIsHalf":      {"region": "cn-hangzhou", "profile": "p", "shared_credentials_file": profileFile(t, "StsToken")},
		"ProfileOfACommand":      {"region": "cn-hangzhou", "profile": "p", "shared_credentials_file": profileFile(t, "External")},
		"ProfileOfAnUnknownMode": {"region": "cn-hangzhou", "profile": "p", "shared_credentials_file": profileFile(t, "BrandNew")},
		"TokenAndTokenFile":      complete.with(values{"assume_role_with_oidc": values{"oidc_token": canary, "oidc_token_file": "f"}}),
		"TokenOfNoRole":          {"region": "cn-hangzhou", "assume_role_with_oidc": values{"oidc_token": canary}},
		"PasswordInCredentials":  {"region": "cn-hangzhou", "credentials_uri": "https://user:" + canary + "@credentials.example"},
		"PlainCredentials":       {"region": "cn-hangzhou", "credentials_uri": "http://credentials.example/?token=" + canary},
		"SpaceInKeyOfARole":      complete.with(values{"access_key": canary + " x", "assume_role": values{"role_arn": "acs:ram::1:role/r"}}),
		"ProfileWithASpace":      {"region": "cn-hangzhou", "profile": "s", "shared_credentials_file": profileFile(t, "AK")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := validateAndConfigure(t, arguments)
			if !diags.HasError() {
				t.Fatal("no error, so that nothing was tried")
			}
			if strings.Contains(diags.String(), canary) {
				t.Errorf("a secret is shown:\n%s", diags)
			}
		})
	}
}

// profileFile has a secret in every field that may be one.
func profileFile(t *testing.T, mode string) string {
	t.Helper()
	return writeFile(t, fmt.Sprintf(`{"profiles":[
		{"name":"p","mode":%q,"access_key_id":"%[2]s","access_key_secret":"%[2]s","process_command":"\"%[2]s","oauth_access_token":"%[2]s"},
		{"name":"s","mode":"AK","access_key_id":"%[2]s","access_key_secret":"%[2]s and more"}]}`, mode, canary))
}

// validateAndConfigure validates and configures the provider block, as core does.
func validateAndConfigure(t *testing.T, arguments values) coretest.Diagnostics {
	t.Helper()
	server, config := serve(t, arguments)
	validated, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return append(coretest.Diagnostics(validated.Diagnostics), configured.Diagnostics...)
}

func serve(t *testing.T, arguments values) (tfprotov6.ProviderServer, *tfprotov6.DynamicValue) {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.NewWithTransport("test", noNetwork{t})())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.Provider.ValueType()
	config, err := tfprotov6.NewDynamicValue(typ, valueOf(t, typ, arguments))
	if err != nil {
		t.Fatal(err)
	}
	return server, &config
}

func TestValidate_InvalidValue_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	role := func(block string, arguments values) values { return values{block: arguments} }
	endpoint := func(name, value string) values { return values{"endpoints": values{name: value}} }
	attribute := func(steps ...string) *tftypes.AttributePath {
		at := tftypes.NewAttributePath()
		for _, step := range steps {
			at = at.WithAttributeName(step)
		}
		return at
	}
	for name, test := range map[string]struct {
		arguments values
		want      *tftypes.AttributePath // nil for none
	}{
		"Nothing":           {values{}, nil},
		"Unknown":           {values{"region": unknown{}, "endpoints": values{"vpc": unknown{}}}, nil},
		"Region":            {values{"region": "cn-hangzhou"}, nil},
		"Endpoint":          {endpoint("vpc", "vpc.aliyuncs.com:443"), nil},
		"EmptyEndpoint":     {endpoint("vpc", ""), nil},
		"RegionWithASpace":  {values{"region": "cn hangzhou"}, attribute("region")},
		"RegionInCapitals":  {values{"region": "CN-HANGZHOU"}, attribute("region")},
		"RegionOfAnURL":     {values{"region": "cn-hangzhou.aliyuncs.com"}, attribute("region")},
		"PlainHTTP":         {endpoint("vpc", "http://vpc.aliyuncs.com"), attribute("endpoints", "vpc")},
		"PathInAnEndpoint":  {endpoint("bssopenapi", "https://business.aliyuncs.com/api"), attribute("endpoints", "bssopenapi")},
		"EndpointOfNothing": {endpoint("sts", "https://"), attribute("endpoints", "sts")},
		"Role":              {role("assume_role", values{"role_arn": "acs:ram::1:role/path/r", "session_name": "ci@7", "session_expiration": 900, "policy": "{}", "external_id": "x"}), nil},
		"RoleOfTheVariable": {role("assume_role", values{}), nil},
		"NoRole":            {role("assume_role", values{"role_arn": ""}), attribute("assume_role", "role_arn")},
		"RoleOfNoARN":       {role("assume_role", values{"role_arn": "network"}), attribute("assume_role", "role_arn")},
		"RoleOfAnOIDC":      {role("assume_role", values{"role_arn": "acs:ram::1:oidc-provider/x"}), attribute("assume_role", "role_arn")},
		"SessionName":       {role("assume_role", values{"session_name": "a b"}), attribute("assume_role", "session_name")},
		"SessionTooShort":   {role("assume_role", values{"session_expiration": 899}), attribute("assume_role", "session_expiration")},
		"SessionTooLong":    {role("assume_role", values{"session_expiration": 43201}), attribute("assume_role", "session_expiration")},
		"PolicyOfNoJSON":    {role("assume_role", values{"policy": "[]"}), attribute("assume_role", "policy")},
		"OIDC":              {role("assume_role_with_oidc", values{"role_arn": "acs:ram::1:role/r", "oidc_provider_arn": "acs:ram::1:oidc-provider/p", "oidc_token_file": "f", "session_expiration": 43200}), nil},
		"OIDCUnknown":       {role("assume_role_with_oidc", values{"oidc_token": unknown{}, "oidc_token_file": unknown{}}), nil},
		"OIDCProvider":      {role("assume_role_with_oidc", values{"oidc_provider_arn": "acs:ram::1:role/r"}), attribute("assume_role_with_oidc", "oidc_provider_arn")},
		"OIDCRole":          {role("assume_role_with_oidc", values{"role_arn": "x"}), attribute("assume_role_with_oidc", "role_arn")},
		"OIDCTooShort":      {role("assume_role_with_oidc", values{"session_expiration": 60}), attribute("assume_role_with_oidc", "session_expiration")},
		"OIDCSessionName":   {role("assume_role_with_oidc", values{"role_session_name": "x"}), attribute("assume_role_with_oidc", "role_session_name")},
		"OIDCPolicy":        {role("assume_role_with_oidc", values{"policy": "x"}), attribute("assume_role_with_oidc", "policy")},
		"OIDCTwoTokens":     {role("assume_role_with_oidc", values{"oidc_token": "x", "oidc_token_file": "x"}), attribute("assume_role_with_oidc", "oidc_token")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, config := serve(t, test.arguments)
			resp, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
			if err != nil {
				t.Fatal(err)
			}
			diags := coretest.Diagnostics(resp.Diagnostics)
			switch {
			case test.want == nil && len(diags) > 0:
				t.Errorf("refused:\n%s", diags)
			case test.want != nil && (len(diags) != 1 || !diags.HasError() || !test.want.Equal(diags[0].Attribute)):
				t.Errorf("want one error on %s:\n%s", test.want, diags)
			}
		})
	}
}
