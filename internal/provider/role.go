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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/attribute"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

type assumeRoleModel struct {
	RoleARN           types.String    `tfsdk:"role_arn"`
	SessionName       types.String    `tfsdk:"session_name"`
	SessionExpiration attribute.Whole `tfsdk:"session_expiration"`
	Policy            types.String    `tfsdk:"policy"`
	ExternalID        types.String    `tfsdk:"external_id"`
}

type assumeRoleWithOIDCModel struct {
	OIDCProviderARN   types.String    `tfsdk:"oidc_provider_arn"`
	RoleARN           types.String    `tfsdk:"role_arn"`
	OIDCToken         types.String    `tfsdk:"oidc_token"`
	OIDCTokenFile     types.String    `tfsdk:"oidc_token_file"`
	RoleSessionName   types.String    `tfsdk:"role_session_name"`
	SessionExpiration attribute.Whole `tfsdk:"session_expiration"`
	Policy            types.String    `tfsdk:"policy"`
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
		MarkdownDescription: "RAM role to assume on top of whatever credentials were found. Sessions are issued by the Security Token Service and replaced before they end, also while an apply waits. The variables count only if the block is there.",
		Attributes: map[string]schema.Attribute{
			"role_arn": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ARN of the role, for example `acs:ram::1234567890123456:role/network`. Default: " + roleVariables.doc() + "; without any, the block is refused: an order must not go to the wrong account by accident.",
				Validators:          []validator.String{attribute.InForm(roleARNForm)},
			},
			"session_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the session in the audit log (ActionTrail), 2 to 64 letters, digits and characters of `.@_-`. Default: " + sessionNameVariables.doc() + ", then `" + sources.DefaultSessionName + "`.",
				Validators:          []validator.String{attribute.InForm(sessionNameForm)},
			},
			"session_expiration": expirationAttribute("Default: " + expirationVariables.doc() + ", then `3600`."),
			"policy":             policyAttribute(),
			"external_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "External ID that the role's trust policy asks for.",
			},
		},
	}
}

func assumeRoleWithOIDCBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "RAM role to assume with the identity token of an OIDC provider, as CI systems and Kubernetes clusters issue it, so that no access key is needed. It counts only if there are no other credentials. The variables count only if the block is there.",
		Attributes: map[string]schema.Attribute{
			"oidc_provider_arn": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ARN of the OIDC provider that the role trusts, for example `acs:ram::1234567890123456:oidc-provider/ci`. Default: " + oidcProviderVariables.doc() + ".",
				Validators:          []validator.String{attribute.InForm(oidcProviderForm)},
			},
			"role_arn": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "ARN of the role. Default: " + oidcRoleVariables.doc() + ".",
				Validators:          []validator.String{attribute.InForm(roleARNForm)},
			},
			"oidc_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Identity token. It is used for each session, so that a short-lived one fits short runs alone; conflicts with `oidc_token_file`. Default, if there is no `oidc_token_file` either: " + oidcTokenVariables.doc() + ".",
				Validators:          []validator.String{stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("oidc_token_file"))},
			},
			"oidc_token_file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "File with the identity token, read again for each session. Default, if there is no token: " + oidcTokenFileVariables.doc() + ".",
			},
			"role_session_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of the session in the audit log (ActionTrail), 2 to 64 letters, digits and characters of `.@_-`. Default: " + oidcSessionNameVariables.doc() + ", then `" + sources.DefaultSessionName + "`.",
				Validators:          []validator.String{attribute.InForm(sessionNameForm)},
			},
			"session_expiration": expirationAttribute("Default: `3600`."),
			"policy":             policyAttribute(),
		},
	}
}

func expirationAttribute(preset string) schema.Attribute {
	return schema.Int64Attribute{
		CustomType:          attribute.WholeNumber{},
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("How long a session lasts, %d to %d seconds; the role itself may set a lower limit. %s", minSession, maxSession, preset),
		Validators:          []validator.Int64{int64validator.Between(minSession, maxSession)},
	}
}

func policyAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Policy in JSON that narrows the rights of the session further; it cannot widen those of the role.",
		Validators:          []validator.String{policyValidator{}},
	}
}

// policyValidator checks that a policy is a JSON object. What it means, only the
// service can tell.
type policyValidator struct{}

func (policyValidator) Description(context.Context) string { return "must be a policy in JSON" }

func (v policyValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v policyValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var object map[string]json.RawMessage
	if text := req.ConfigValue.ValueString(); text != "" && json.Unmarshal([]byte(text), &object) != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid policy", fmt.Sprintf("%s %s, as jsonencode writes it.", req.Path, v.Description(ctx)))
	}
}
