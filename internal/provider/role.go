package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

type assumeRoleModel struct {
	RoleARN           types.String `tfsdk:"role_arn"`
	SessionName       types.String `tfsdk:"session_name"`
	SessionExpiration shared.Whole `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
	ExternalID        types.String `tfsdk:"external_id"`
}

type assumeRoleWithOIDCModel struct {
	OIDCProviderARN   types.String `tfsdk:"oidc_provider_arn"`
	RoleARN           types.String `tfsdk:"role_arn"`
	OIDCToken         types.String `tfsdk:"oidc_token"`
	OIDCTokenFile     types.String `tfsdk:"oidc_token_file"`
	RoleSessionName   types.String `tfsdk:"role_session_name"`
	SessionExpiration shared.Whole `tfsdk:"session_expiration"`
	Policy            types.String `tfsdk:"policy"`
}

var (
	roleARN = shared.Pattern{
		Regexp: lazyregexp.New(`^acs:ram::[0-9]+:role/[A-Za-z0-9._/-]+$`),
		Rule:   "must be the ARN of a RAM role, for example acs:ram::1234567890123456:role/network",
	}
	oidcProviderARN = shared.Pattern{
		Regexp: lazyregexp.New(`^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]+$`),
		Rule:   "must be the ARN of an OIDC provider, for example acs:ram::1234567890123456:oidc-provider/ci",
	}
	sessionNamePattern = shared.Pattern{
		Regexp: lazyregexp.New(`^[A-Za-z0-9.@_-]{2,64}$`),
		Rule:   "must have 2 to 64 letters, digits or characters of .@_-",
	}
)

const (
	minSession = int64(sources.MinSession / time.Second)
	maxSession = int64(sources.MaxSession / time.Second)
)

func assumeRoleBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role to assume with these credentials.",
		Attributes: map[string]schema.Attribute{
			"role_arn":           optional("Required. ARN of the role. Default: "+roleVariables.doc()+".", roleARN),
			"session_name":       sessionNameAttribute(sessionNameVariables),
			"session_expiration": expirationAttribute("Default: " + expirationVariables.doc() + ", then `3600`."),
			"policy":             policyAttribute(),
			"external_id":        optional("External ID of the trust policy."),
		},
	}
}

func assumeRoleWithOIDCBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role to assume with an OIDC token, without other credentials.",
		Attributes: map[string]schema.Attribute{
			"oidc_provider_arn": optional("Required. ARN of the OIDC provider. Default: "+oidcProviderVariables.doc()+".", oidcProviderARN),
			"role_arn":          optional("Required. ARN of the role. Default: "+oidcRoleVariables.doc()+".", roleARN),
			"oidc_token": secret("Identity token. Conflicts with `oidc_token_file`. Default: "+oidcTokenVariables.doc()+".",
				stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("oidc_token_file"))),
			"oidc_token_file":    optional("File with the token, read for each session. Default: " + oidcTokenFileVariables.doc() + "."),
			"role_session_name":  sessionNameAttribute(oidcSessionNameVariables),
			"session_expiration": expirationAttribute("Default: `3600`."),
			"policy":             policyAttribute(),
		},
	}
}

func sessionNameAttribute(v variables) schema.Attribute {
	return optional("Session name in the audit log. Default: "+v.doc()+", then `"+sources.DefaultSessionName+"`.", sessionNamePattern)
}

func expirationAttribute(preset string) schema.Attribute {
	return schema.Int64Attribute{
		CustomType:          shared.WholeNumber{},
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("Session length, %d to %d seconds. %s", minSession, maxSession, preset),
		Validators:          []validator.Int64{int64validator.Between(minSession, maxSession)},
	}
}

func policyAttribute() schema.Attribute {
	return optional("Policy (JSON) that restricts the session.", policyValidator{})
}

// policyValidator checks that a policy is a JSON object. Only the API can check its content.
type policyValidator struct{}

func (policyValidator) Description(context.Context) string {
	return "must be a policy in JSON, as jsonencode writes it"
}

func (v policyValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v policyValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var object map[string]json.RawMessage
	if text := req.ConfigValue.ValueString(); text != "" && (json.Unmarshal([]byte(text), &object) != nil || object == nil) {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, v.Description(ctx), message.Quoted(text), ""))
	}
}
