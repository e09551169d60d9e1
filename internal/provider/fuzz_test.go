package provider

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
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

// FuzzEndpoint checks that an endpoint is accepted exactly if the clients of all three APIs
// accept it, and that a refusal has a text and shows no secret.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{
		"vpc.cn-hangzhou.aliyuncs.com", "https://vpc.aliyuncs.com/", "127.0.0.1:8480", "http://[::1]", "http://192.0.2.1", "http://canary", "https://user:canary@vpc.aliyuncs.com",
		"vpc.aliyuncs.com/canary", "vpc.aliyuncs.com?token=canary", "http://vpc.aliyuncs.com#canary", "canary://vpc.aliyuncs.com", "a:canary", "127.1", " ", "", "\n", "é", "[",
	} {
		f.Add(seed)
	}
	keys := credentials.Static("id", "secret", "")
	f.Fuzz(func(t *testing.T, text string) {
		var resp validator.StringResponse
		endpointValidator{}.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("vpc"), ConfigValue: types.StringValue(text)}, &resp)
		_, vpcErr := alibaba.New(alibaba.Config{Credentials: keys, VPCEndpoint: text})
		_, bssErr := alibaba.New(alibaba.Config{Credentials: keys, BSSEndpoint: text})
		_, stsErr := sources.Factory{STSEndpoint: text}.AssumeRole(keys, sources.Role{})
		for api, err := range map[string]error{"vpc": vpcErr, "bssopenapi": bssErr, "sts": stsErr} {
			if resp.Diagnostics.HasError() != (err != nil) {
				t.Errorf("%q: %v, but %s: %v", text, resp.Diagnostics, api, err)
			}
		}
		for _, d := range resp.Diagnostics {
			if !message.InvalidEndpoint.Matches(d.Summary()) || !strings.Contains(d.Detail(), "Next step:") || len(d.Detail()) > 1000 {
				t.Errorf("%d bytes: %s: %s", len(d.Detail()), d.Summary(), d.Detail())
			}
			if strings.Contains(strings.ToLower(d.Detail()), "canary") && !strings.Contains(plainHost(text), "canary") {
				t.Errorf("%q: %s", text, d.Detail())
			}
		}
	})
}

// plainHost returns the host of a URL with the scheme http and nothing else, "" for another
// text. An error may name it.
func plainHost(text string) string {
	host, isPlain := strings.CutPrefix(strings.ToLower(strings.TrimSpace(text)), "http://")
	if host = strings.TrimSuffix(host, "/"); !isPlain || strings.ContainsAny(host, `/\?#@`) {
		return ""
	}
	host, _, _ = strings.Cut(host, ":")
	return host
}
