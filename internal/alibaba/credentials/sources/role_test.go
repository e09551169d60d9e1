package sources_test

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

var canaryKey = emulator.Credential{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: alibabatest.CanarySecret}

// emulateTLS starts the emulator with TLS, and returns a factory that trusts it.
func emulateTLS(t *testing.T, options emulator.Options) (*emulator.Server, sources.Factory) {
	t.Helper()
	if options.Credentials == nil {
		options.Credentials = []emulator.Credential{canaryKey}
	}
	server, err := emulator.StartTLS(options)
	if err != nil {
		t.Fatal(err)
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(server.CACertificate())
	base := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		_ = server.Close()
	})
	return server, sources.Factory{STSEndpoint: server.URL(), Transport: base, UserAgent: "Terraform/1.11.4"}
}

// clientOf returns a client of the emulator with credentials.
func clientOf(t *testing.T, server *emulator.Server, issuers sources.Factory, source credentials.Source) *alibaba.Client {
	t.Helper()
	return alibabatest.Configure(t, alibaba.Config{VPCEndpoint: server.URL(), Credentials: source, Transport: issuers.Transport})
}

// callsOf returns the calls of an action.
func callsOf(server *emulator.Server, action string) []emulator.Call {
	var calls []emulator.Call
	for _, call := range server.Journal() {
		if call.Action == action {
			calls = append(calls, call)
		}
	}
	return calls
}

func TestRole_OrdersOnce(t *testing.T) {
	t.Parallel()
	server, issuers := emulateTLS(t, emulator.Options{Roles: []emulator.Role{{ARN: alibabatest.RoleARN, ExternalID: "partner-7"}}})
	source, err := issuers.AssumeRole(credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), sources.Role{
		ARN: alibabatest.RoleARN, SessionName: "ci-run@7", Duration: 2 * time.Hour, Policy: `{"Version":"1","Statement":[]}`, ExternalID: "partner-7",
	})
	if err != nil {
		t.Fatal(err)
	}
	c := server.AddCircuit(emulator.Circuit{ID: alibabatest.CircuitID})
	client := clientOf(t, server, issuers, source)
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	if _, err := client.DescribeCircuit(ctx, circuit.Query{CircuitID: c.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.SendOrder(ctx, alibabatest.Request()); err != nil {
		t.Fatal(err)
	}
	assumed := callsOf(server, "AssumeRole")
	if len(assumed) != 1 || len(server.Orders()) != 1 {
		t.Fatalf("%d sessions, %d orders", len(assumed), len(server.Orders()))
	}
	for name, want := range map[string]string{
		"Version": "2015-04-01", "RoleArn": alibabatest.RoleARN, "RoleSessionName": "ci-run@7", "DurationSeconds": "7200",
		"Policy": `{"Version":"1","Statement":[]}`, "ExternalId": "partner-7", "AccessKeyId": alibabatest.CanaryID,
	} {
		if got := assumed[0].Params[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(assumed[0].UserAgent, "Terraform/1.11.4") {
		t.Errorf("user agent %q", assumed[0].UserAgent)
	}
	for _, call := range server.Journal() {
		if session := strings.HasPrefix(call.Params["AccessKeyId"], "STS."); session == (call.Action == "AssumeRole") {
			t.Errorf("%s is signed by %s", call.Action, call.Params["AccessKeyId"])
		}
	}
	alibabatest.ExpectNoCanary(t, "the log", log.String())
	if strings.Contains(log.String(), "STS.N") || !strings.Contains(log.String(), `"action":"AssumeRole"`) {
		t.Errorf("the log is %s", log.String())
	}
}

func TestRole_IsAssumedByASession(t *testing.T) {
	t.Parallel()
	session := emulator.Credential{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: alibabatest.CanarySecret, SecurityToken: alibabatest.CanaryToken}
	server, issuers := emulateTLS(t, emulator.Options{Credentials: []emulator.Credential{session}})
	first, err := issuers.AssumeRole(credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, alibabatest.CanaryToken), sources.Role{ARN: alibabatest.RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	second, err := issuers.AssumeRole(first, sources.Role{ARN: "acs:ram::2:role/other"})
	if err != nil {
		t.Fatal(err)
	}
	server.AddCircuit(emulator.Circuit{ID: alibabatest.CircuitID})
	if _, err := clientOf(t, server, issuers, second).SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Fatal(err)
	}
	if calls := callsOf(server, "AssumeRole"); len(calls) != 2 || calls[1].Params["RoleArn"] != "acs:ram::2:role/other" || calls[0].Params["RoleSessionName"] != "terraform" || calls[0].Params["DurationSeconds"] != "3600" {
		t.Errorf("got %+v", calls)
	}
}

func TestTokenService_UntrustedCertificate_IsRefused(t *testing.T) {
	t.Parallel()
	server, issuers := emulateTLS(t, emulator.Options{})
	base := &http.Transport{}
	t.Cleanup(base.CloseIdleConnections)
	issuers.Transport = base
	source, err := issuers.AssumeRole(credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), sources.Role{ARN: alibabatest.RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	failure := alibabatest.SendOrder(t, clientOf(t, server, issuers, source))
	if failure.Delivery != apierror.NotSent || failure.PermanentCause != apierror.CauseCredentials || !strings.Contains(failure.Message, "is not accepted: x509") || len(server.Journal()) != 0 {
		t.Errorf("%d requests, %+v", len(server.Journal()), failure)
	}
}

func TestTokenService_HostFollowsRegionAndVPC(t *testing.T) {
	for name, test := range map[string]struct {
		endpoint, region, vpc string
		profile               map[string]any
		want                  string
	}{
		"public":                  {want: "sts.aliyuncs.com"},
		"region of the variable":  {region: "cn-beijing", want: "sts.cn-beijing.aliyuncs.com"},
		"inside a VPC":            {region: "cn-beijing", vpc: "true", want: "sts-vpc.cn-beijing.aliyuncs.com"},
		"region of the profile":   {region: "cn-beijing", profile: map[string]any{"sts_region": "eu-central-1", "enable_vpc": true}, want: "sts-vpc.eu-central-1.aliyuncs.com"},
		"region of OIDC":          {profile: map[string]any{"mode": "OIDC", "oidc_provider_arn": alibabatest.OIDCARN, "oidc_token": alibabatest.OIDCToken, "sts_region": "eu-central-1"}, want: "sts.eu-central-1.aliyuncs.com"},
		"endpoint before a place": {endpoint: "sts.example:8443", profile: map[string]any{"sts_region": "eu-central-1"}, want: "sts.example:8443"},
		"endpoint of the profile": {region: "cn-beijing", vpc: "true", profile: map[string]any{"sts_endpoint": "https://sts.example/", "sts_region": "eu-central-1"}, want: "sts.example"},
		"endpoint of OIDC":        {profile: map[string]any{"mode": "OIDC", "oidc_provider_arn": alibabatest.OIDCARN, "oidc_token": alibabatest.OIDCToken, "sts_endpoint": "sts.example"}, want: "sts.example"},
		"two endpoints":           {endpoint: "sts.example:8443", profile: map[string]any{"sts_endpoint": "other.example"}, want: "sts.example:8443"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ALIBABA_CLOUD_STS_REGION", test.region)
			t.Setenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", test.vpc)
			var asked string
			issuers := sources.Factory{STSEndpoint: test.endpoint, Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
				asked = request.URL.Scheme + "://" + request.URL.Host
				return alibabatest.Reply(http.StatusOK, alibabatest.SessionBody("STS.1", time.Now().Add(time.Hour))), nil
			})}
			profile := map[string]any{"name": "p", "mode": "RamRoleArn", "access_key_id": "id", "access_key_secret": "secret", "ram_role_arn": alibabatest.RoleARN}
			for name, value := range test.profile {
				profile[name] = value
			}
			source, err := issuers.Profile(alibabatest.WriteProfile(t, profile), "p")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := source.Credentials(t.Context()); err != nil || asked != "https://"+test.want {
				t.Errorf("asked at %s, %v", asked, err)
			}
		})
	}
}

func TestRole_DurationAtALimit_IsAccepted(t *testing.T) {
	t.Parallel()
	for _, duration := range []time.Duration{sources.MinSession, sources.MaxSession} {
		if _, err := (sources.Factory{}).AssumeRole(credentials.Static("id", "secret", ""), sources.Role{ARN: alibabatest.RoleARN, Duration: duration}); err != nil {
			t.Errorf("%s: %v", duration, err)
		}
	}
}

func TestRole_NotAssumed_ErrorShowsTheAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source    credentials.Source
		transport alibabatest.Transport
		want      string
	}{
		"refused":         {nil, alibabatest.Answering(http.StatusForbidden, `{"RequestId":"R-1","Code":"NoPermission","Message":"Not you."}`), "NoPermission: Not you (HTTP 403, sts.aliyuncs.com, request ID R-1)"},
		"no request ID":   {nil, alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission"}`), "NoPermission (HTTP 403, sts.aliyuncs.com)"},
		"no answer":       {nil, alibabatest.Hanging(), "sts.aliyuncs.com did not answer in time"},
		"no key to do so": {alibabatest.SourceFunc(func() (credentials.Value, error) { return credentials.Value{}, &credentials.Error{Message: "no key"} }), nil, "no key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				base := cmp.Or[credentials.Source](test.source, credentials.Static("id", "secret", ""))
				source, err := sources.Factory{Transport: test.transport}.AssumeRole(base, sources.Role{ARN: alibabatest.RoleARN})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := source.Credentials(t.Context()); err == nil || err.Error() != "the role "+alibabatest.RoleARN+" cannot be assumed: "+test.want {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// If the local clock is slow, the end of the session seems to be later than requested.
func TestRole_LocalClockIsSlow_SessionIsRenewedAfterItsDuration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &alibabatest.TokenService{Life: 2 * sources.DefaultSession}
		source := alibabatest.Assume(t, service)
		for want := 1; want <= 3; want++ {
			if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != fmt.Sprint("STS.", want) {
				t.Errorf("got %q, %v", got.AccessKeyID, err)
			}
			time.Sleep(sources.DefaultSession)
		}
	})
}

func TestRole_WrongConfiguration_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	key := credentials.Static("id", "secret", "")
	for name, test := range map[string]struct {
		issuers sources.Factory
		source  credentials.Source
		role    sources.Role
		want    string
	}{
		"too short":      {sources.Factory{}, key, sources.Role{ARN: alibabatest.RoleARN, Duration: 899 * time.Second}, "a session lasts 900 to 43200 seconds, not 899"},
		"too long":       {sources.Factory{}, key, sources.Role{ARN: alibabatest.RoleARN, Duration: 43201 * time.Second}, "a session lasts 900 to 43200 seconds, not 43201"},
		"plain HTTP":     {sources.Factory{STSEndpoint: "http://sts.example"}, key, sources.Role{ARN: alibabatest.RoleARN}, "the STS endpoint is not valid"},
		"half an access": {sources.Factory{}, credentials.Static("id", "", ""), sources.Role{ARN: alibabatest.RoleARN}, "the access key secret is empty"},
	} {
		if _, err := test.issuers.AssumeRole(test.source, test.role); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOIDCToken_IsReadAgainForEachSession(t *testing.T) {
	t.Parallel()
	server, issuers := emulateTLS(t, emulator.Options{Roles: []emulator.Role{{ARN: alibabatest.RoleARN, OIDCProviderARN: alibabatest.OIDCARN, OIDCToken: alibabatest.OIDCToken}}})
	file := filepath.Join(t.TempDir(), "token")
	replace := func(token string) {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace("canary.of.yesterday")
	source, err := issuers.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, TokenFile: file}, sources.Role{ARN: alibabatest.RoleARN, SessionName: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	server.AddCircuit(emulator.Circuit{ID: alibabatest.CircuitID})
	client := clientOf(t, server, issuers, source)
	failure := alibabatest.SendOrder(t, client)
	if want := "the role " + alibabatest.RoleARN + " cannot be assumed with the OIDC token: AuthenticationFail.OIDCToken.Invalid"; !failure.Permanent() || failure.Delivery != apierror.NotSent || !strings.HasPrefix(failure.Message, want) {
		t.Errorf("got %+v", failure)
	}
	alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(failure))
	replace(alibabatest.OIDCToken)
	if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Fatal(err)
	}
	call := callsOf(server, "AssumeRoleWithOIDC")[1]
	if call.Method != http.MethodPost || call.Params["Signature"] != "" || call.Params["AccessKeyId"] != "" || call.Params["RoleSessionName"] != "ci" || call.Params["OIDCProviderArn"] != alibabatest.OIDCARN {
		t.Errorf("asked with %+v", call)
	}
	if len(server.Orders()) != 1 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

func TestOIDCToken_IsInNoErrorAndNoURL(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]alibabatest.Transport{
		"echo": func(request *http.Request) (*http.Response, error) {
			_ = request.ParseForm()
			return alibabatest.Reply(http.StatusBadRequest, fmt.Sprintf(`{"Code":"x","Message":"bad token %s in %s"}`, request.Form.Get("OIDCToken"), request.Form.Encode())), nil
		},
		"broken": func(*http.Request) (*http.Response, error) { return nil, errors.New("canary") },
	} {
		var log bytes.Buffer
		issuers := sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			alibabatest.ExpectNoCanary(t, "the URL", request.URL.String())
			return answer(request)
		})}
		source, err := issuers.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: alibabatest.OIDCToken}, sources.Role{ARN: alibabatest.RoleARN})
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(tflogtest.RootLogger(t.Context(), &log))
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		alibabatest.ExpectNoCanary(t, name+": the error", err.Error())
		alibabatest.ExpectNoCanary(t, name+": the log", log.String())
	}
}

func TestOIDCToken_GivenWithAFile_IsUsedWithoutTheFile(t *testing.T) {
	t.Parallel()
	oidc := sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: alibabatest.OIDCToken, TokenFile: filepath.Join(t.TempDir(), "none")}
	var asked []url.Values
	source, err := sources.Factory{Transport: alibabatest.Issuing(&asked, time.Now().Add(time.Hour))}.AssumeRoleWithOIDC(oidc, sources.Role{ARN: alibabatest.RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Credentials(t.Context()); err != nil || asked[0].Get("OIDCToken") != alibabatest.OIDCToken {
		t.Errorf("sent %q, %v", asked, err)
	}
}

func TestOIDCToken_MissingOrEmpty_FailsWithoutARequest(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		oidc sources.OIDC
		want string
	}{
		"nothing":    {sources.OIDC{}, "the OIDC token is empty"},
		"empty file": {sources.OIDC{TokenFile: empty}, "the OIDC token is empty"},
		"no file":    {sources.OIDC{TokenFile: empty + ".none"}, "cannot be read"},
	} {
		service := &alibabatest.TokenService{Life: time.Hour}
		source, err := sources.Factory{Transport: service}.AssumeRoleWithOIDC(test.oidc, sources.Role{ARN: alibabatest.RoleARN})
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		asked, _ := service.Count()
		if checked := test.oidc.Check(); err == nil || checked == nil || !strings.Contains(err.Error(), test.want) || checked.Error() != err.Error() || asked != 0 {
			t.Errorf("%s: %v, asked %d times", name, err, asked)
		}
	}
}
