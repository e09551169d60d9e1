package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// If a policy is lost, the session has all rights of the role.
func TestResolve_RoleArguments_ReachTheTokenService(t *testing.T) {
	t.Parallel()
	const policy = `{"Version":"1","Statement":[]}`
	for name, test := range map[string]struct {
		config providerModel
		want   map[string]string
	}{
		"assume_role": {
			providerModel{AccessKey: types.StringValue("id"), SecretKey: types.StringValue("s"), AssumeRole: &assumeRoleModel{
				RoleARN: types.StringValue(testRole), SessionName: types.StringValue("ci-7"), SessionExpiration: shared.Whole{Int64Value: types.Int64Value(900)},
				Policy: types.StringValue(policy), ExternalID: types.StringValue("partner-7"),
			}},
			map[string]string{"Action": "AssumeRole", "RoleArn": testRole, "RoleSessionName": "ci-7", "DurationSeconds": "900", "Policy": policy, "ExternalId": "partner-7"},
		},
		"assume_role_with_oidc": {
			providerModel{AssumeRoleWithOIDC: &assumeRoleWithOIDCModel{
				RoleARN: types.StringValue(testRole), OIDCProviderARN: types.StringValue(testOIDC), OIDCToken: types.StringValue("token"),
				RoleSessionName: types.StringValue("ci-7"), SessionExpiration: shared.Whole{Int64Value: types.Int64Value(7200)}, Policy: types.StringValue(policy),
			}},
			map[string]string{"Action": "AssumeRoleWithOIDC", "RoleArn": testRole, "OIDCProviderArn": testOIDC, "OIDCToken": "token", "RoleSessionName": "ci-7", "DurationSeconds": "7200", "Policy": policy},
		},
		"assume_role of defaults": {
			providerModel{AccessKey: types.StringValue("id"), SecretKey: types.StringValue("s"), AssumeRole: &assumeRoleModel{RoleARN: types.StringValue(testRole)}},
			map[string]string{"RoleSessionName": sources.DefaultSessionName, "DurationSeconds": "3600", "Policy": "", "ExternalId": ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Region = types.StringValue("cn-hangzhou")
			_, got := mustResolve(t, test.config, nil)
			for parameter, want := range test.want {
				if asked := askedFor(got, parameter); asked != want {
					t.Errorf("%s is %q, want %q", parameter, asked, want)
				}
			}
		})
	}
}
