package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
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
	roleARNForm = order.Form{
		Pattern: regexp.MustCompile(`^acs:ram::[0-9]+:role/[A-Za-z0-9._/-]+$`),
		Rule:    "must be the ARN of a RAM role, for example acs:ram::1234567890123456:role/network",
	}
	oidcProviderForm = order.Form{
		Pattern: regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]+$`),
		Rule:    "must be the ARN of an OIDC provider, for example acs:ram::1234567890123456:oidc-provider/ci",
	}
	sessionNameForm = order.Form{
		Pattern: regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`),
		Rule:    "must have 2 to 64 letters, digits or characters of .@_-",
	}
)

const (
	minSession = int64(sources.MinSession / time.Second)
	maxSession = int64(sources.MaxSession / time.Second)
)

func assumeRoleBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role that the provider assumes with the credentials that it found. The Security Token Service issues the sessions. " +
			"The provider renews them before they end, also while an apply waits. The environment variables are used only if the block exists.",
		Attributes: map[string]schema.Attribute{
			"role_arn": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ARN of the role, for example `acs:ram::1234567890123456:role/network`. Default: " + roleVariables.doc() + ". " +
					"If none is set, the block is an error, because an order must not go to the wrong account.",
				Validators: []validator.String{shared.Matches(roleARNForm)},
			},
			"session_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: sessionNameDoc(sessionNameVariables),
				Validators:          []validator.String{shared.Matches(sessionNameForm)},
			},
			"session_expiration": expirationAttribute("Default: " + expirationVariables.doc() + ", then `3600`."),
			"policy":             policyAttribute(),
			"external_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "External ID that the trust policy of the role requires.",
			},
		},
	}
}

func assumeRoleWithOIDCBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role that the provider assumes with the identity token of an OIDC provider, for example of a CI system or a Kubernetes cluster. " +
			"No access key is needed. The block is used only if there are no other credentials. The environment variables are used only if the block exists.",
		Attributes: map[string]schema.Attribute{
			"oidc_provider_arn": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ARN of the OIDC provider that the role trusts, for example `acs:ram::1234567890123456:oidc-provider/ci`. " +
					"Default: " + oidcProviderVariables.doc() + ".",
				Validators: []validator.String{shared.Matches(oidcProviderForm)},
			},
			"role_arn": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ARN of the role. Default: " + oidcRoleVariables.doc() + ".",
				Validators:          []validator.String{shared.Matches(roleARNForm)},
			},
			"oidc_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Identity token. The provider uses it for each session, so a token with a short life is only for short runs. " +
					"Conflicts with `oidc_token_file`. Default, if `oidc_token_file` is not set: " + oidcTokenVariables.doc() + ".",
				Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("oidc_token_file"))},
			},
			"oidc_token_file": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File with the identity token. The provider reads it for each session. " +
					"Default, if there is no token: " + oidcTokenFileVariables.doc() + ".",
			},
			"role_session_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: sessionNameDoc(oidcSessionNameVariables),
				Validators:          []validator.String{shared.Matches(sessionNameForm)},
			},
			"session_expiration": expirationAttribute("Default: `3600`."),
			"policy":             policyAttribute(),
		},
	}
}

// sessionNameDoc returns the description of a session name.
func sessionNameDoc(v variables) string {
	return "Name of the session in the audit log (ActionTrail), 2 to 64 letters, digits and characters of `.@_-`. " +
		"Default: " + v.doc() + ", then `" + sources.DefaultSessionName + "`."
}

func expirationAttribute(preset string) schema.Attribute {
	return schema.Int64Attribute{
		CustomType:          shared.WholeNumber{},
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("How long a session lasts, %d to %d seconds. The role may have a lower limit. %s", minSession, maxSession, preset),
		Validators:          []validator.Int64{int64validator.Between(minSession, maxSession)},
	}
}

func policyAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Policy in JSON that reduces the rights of the session. It cannot add rights to those of the role.",
		Validators:          []validator.String{policyValidator{}},
	}
}

// policyValidator checks that a policy is a JSON object. Only the service can check its
// content.
type policyValidator struct{}

func (policyValidator) Description(context.Context) string { return "must be a policy in JSON" }

func (v policyValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v policyValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var object map[string]json.RawMessage
	if text := req.ConfigValue.ValueString(); text != "" && json.Unmarshal([]byte(text), &object) != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid policy", fmt.Sprintf("%s %s, as jsonencode writes it.", req.Path, v.Description(ctx)))
	}
}
