package sources_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestProfile_EachMode_ReturnsItsCredentials(t *testing.T) {
	t.Parallel()
	role := func(name string) string { return "acs:ram::1234567890123456:role/" + name }
	server, issuers := emulateTLS(t, emulator.Options{Roles: []emulator.Role{
		{ARN: role("one"), ExternalID: "partner"}, {ARN: role("two")}, {ARN: role("oidc"), OIDCProviderARN: alibabatest.OIDCARN, OIDCToken: alibabatest.OIDCToken},
	}})
	file := alibabatest.WriteProfile(t,
		map[string]any{"name": "key", "mode": "AK", "access_key_id": alibabatest.CanaryID, "access_key_secret": alibabatest.CanarySecret},
		map[string]any{"name": "role", "mode": "RamRoleArn", "access_key_id": alibabatest.CanaryID, "access_key_secret": alibabatest.CanarySecret, "ram_role_arn": role("one"), "ram_session_name": "one", "expired_seconds": 900, "external_id": "partner", "policy": "{}"},
		map[string]any{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "role", "ram_role_arn": role("two"), "ram_session_name": "two"},
		map[string]any{"name": "oidc", "mode": "OIDC", "ram_role_arn": role("oidc"), "oidc_provider_arn": alibabatest.OIDCARN, "oidc_token": alibabatest.OIDCToken},
		map[string]any{"name": "chain-of-oidc", "mode": "ChainableRamRoleArn", "source_profile": "oidc", "ram_role_arn": role("two")},
	)
	server.AddCircuit(emulator.Circuit{ID: alibabatest.CircuitID})
	for _, test := range []struct {
		profile string
		keys    bool
		roles   []string
	}{
		{"key", false, nil},
		{"role", false, []string{role("one")}},
		{"role", true, nil},
		{"chain", false, []string{role("one"), role("two")}},
		{"chain", true, []string{role("one"), role("two")}},
		{"oidc", false, []string{role("oidc")}},
		{"chain-of-oidc", false, []string{role("oidc"), role("two")}},
	} {
		open := issuers.Profile
		if test.keys {
			open = issuers.ProfileKeys
		}
		source, err := open(file, test.profile)
		if err != nil {
			t.Fatal(err)
		}
		before := len(server.Journal())
		if _, err := alibabatest.Describe(t.Context(), clientOf(t, server, issuers, source)); err != nil {
			t.Fatalf("%s: %v", test.profile, err)
		}
		var roles []string
		for _, call := range server.Journal()[before:] {
			if arn := call.Params["RoleArn"]; arn != "" {
				roles = append(roles, arn)
			}
		}
		if !slices.Equal(roles, test.roles) {
			t.Errorf("%s: assumed %q, want %q", test.profile, roles, test.roles)
		}
	}
	if call := callsOf(server, "AssumeRole")[0]; call.Params["DurationSeconds"] != "900" || call.Params["RoleSessionName"] != "one" || call.Params["Policy"] != "{}" {
		t.Errorf("asked with %+v", call.Params)
	}
}

func TestProfile_CredentialsURI_ServesAloneAndAsTheSourceOfARole(t *testing.T) {
	t.Parallel()
	file := alibabatest.WriteProfile(t,
		map[string]any{"name": "uri", "mode": "CredentialsURI", "credentials_uri": "https://credentials.example/uri"}, //nolint:gosec // An address.
		map[string]any{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "uri", "ram_role_arn": alibabatest.RoleARN, "sts_endpoint": "sts.example"})
	for name, want := range map[string][]string{"uri": {"credentials.example"}, "chain": {"credentials.example", "sts.example"}} {
		var asked []url.Values
		source, err := sources.Factory{Transport: alibabatest.Issuing(&asked, time.Now().Add(time.Hour))}.Profile(file, name)
		if err != nil || len(asked) != 0 {
			t.Fatal(err, asked)
		}
		_, err = source.Credentials(t.Context())
		var hosts []string
		for _, values := range asked {
			hosts = append(hosts, values.Get("Host"))
		}
		if err != nil || !slices.Equal(hosts, want) {
			t.Errorf("%s: asked %q, %v", name, hosts, err)
		}
	}
}

func TestProfile_Login_IsUsedUntilItEnds(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	down := atomic.Bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if down.Load() || r.URL.Path != "/cloud-credentials" || r.Header.Get("Authorization") != "Bearer canary-login" {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = fmt.Fprint(w, "canary")
			return
		}
		_, _ = fmt.Fprintf(w, `{"CloudCredential":%s}`, alibabatest.MetadataBody(time.Now().Add(time.Hour)))
	}))
	defer server.Close()
	profile := map[string]any{
		"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac",
		"access_token": "canary-login", "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
	}
	file := alibabatest.WriteProfile(t, profile)
	source, err := sources.Factory{}.Profile(file, "p")
	if err != nil || asked.Load() != 0 {
		t.Fatal(err, asked.Load())
	}
	for range 3 {
		if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.ecs" {
			t.Fatalf("got %q, %v", got.AccessKeyID, err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	down.Store(true)
	source, err = sources.Factory{}.Profile(file, "p")
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Credentials(t.Context())
	var failure *credentials.Error
	if !errors.As(err, &failure) || !failure.Temporary {
		t.Errorf("got %+v", err)
	}
	if strings.Contains(err.Error(), "canary-login") {
		t.Errorf("got %v", err)
	}
}
