package provider

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

// FuzzSettings checks that settings without an error make a client, and that an error has
// a text and shows no secret.
func FuzzSettings(f *testing.F) {
	f.Add("cn-hangzhou", "vpc.example", "", "Domestic", testRole, "ci", "3600")
	f.Add("cn hangzhou", "http://vpc.example", "a/b", "domestic", "role/r", "c", "899")
	f.Add("", "127.0.0.1:80", "[::1]:81", "International", testRole, "", "43201")
	f.Add("a", "user:pass@vpc.example", "\n", "", "acs:ram::x:role/r", "a b", "1e3")
	f.Fuzz(func(t *testing.T, region, vpcEndpoint, stsEndpoint, accountType, role, session, expiration string) {
		env := map[string]string{
			"ALICLOUD_ACCESS_KEY": "canary-id", "ALICLOUD_SECRET_KEY": "canary-secret", "ALICLOUD_SECURITY_TOKEN": "canary-token",
			"ALICLOUD_REGION": region, "VPC_ENDPOINT": vpcEndpoint, "STS_ENDPOINT": stsEndpoint, "ALIBABA_CLOUD_ACCOUNT_TYPE": accountType,
			"ALICLOUD_ASSUME_ROLE_ARN": role, "ALICLOUD_ASSUME_ROLE_SESSION_NAME": session, "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": expiration,
		}
		s, diags := resolve(providerModel{AssumeRole: &assumeRoleModel{}}, func(name string) string { return env[name] }, sources.Factory{Transport: hosts{}})
		for _, d := range diags {
			if d.Summary() == "" || d.Detail() == "" || len(d.Detail()) > 2000 || strings.Contains(d.Detail(), "canary-") {
				t.Errorf("%d bytes: %s: %s", len(d.Detail()), d.Summary(), d.Detail())
			}
		}
		if diags.HasError() {
			return
		}
		client, err := alibaba.New(alibaba.Config{
			Region: s.region, VPCEndpoint: s.vpcEndpoint, BSSEndpoint: s.bssEndpoint, AccountType: s.accountType, Credentials: s.credentials, Transport: hosts{},
		})
		if err != nil || strings.ContainsAny(client.Host(""), "/?#@ ") {
			t.Errorf("%+v: %v", s, err)
		}
		if issued, err := s.credentials.Credentials(t.Context()); err != nil || askedFor(issued, "RoleArn") != role {
			t.Errorf("role %q: %v", role, err)
		}
	})
}

// FuzzPolicy checks that exactly JSON objects are accepted as policies.
func FuzzPolicy(f *testing.F) {
	for _, seed := range []string{`{"Version":"1","Statement":[]}`, `{}`, `null`, `[]`, `"{}"`, `{"a":1}{}`, ` {} `, `{`, ``, "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var resp validator.StringResponse
		policyValidator{}.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("policy"), ConfigValue: types.StringValue(text)}, &resp)
		isObject := json.Valid([]byte(text)) && strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{")
		if accepted := !resp.Diagnostics.HasError(); accepted != (isObject || text == "") {
			t.Errorf("%q: %v", text, resp.Diagnostics)
		}
		if resp.Diagnostics.HasError() && !strings.Contains(resp.Diagnostics[0].Detail(), "jsonencode") {
			t.Errorf("%q: %s", text, resp.Diagnostics[0].Detail())
		}
	})
}
