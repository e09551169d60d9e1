package provider

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// oidc is the source of the block assume_role_with_oidc.
func (r *resolver) oidc() origin {
	found := origin{argument: "assume_role_with_oidc", named: true, from: "assume_role_with_oidc"}
	block := r.config.AssumeRoleWithOIDC
	if block == nil {
		return found
	}
	found.open = func() credentials.Source {
		at := path.Root("assume_role_with_oidc")
		oidc := sources.OIDC{ProviderARN: r.required(at.AtName("oidc_provider_arn"), block.OIDCProviderARN, oidcProviderVariables, oidcProviderARN)}
		role := sources.Role{
			ARN:         r.required(at.AtName("role_arn"), block.RoleARN, oidcRoleVariables, roleARN),
			SessionName: r.sessionName(at.AtName("role_session_name"), block.RoleSessionName, oidcSessionNameVariables),
			Policy:      block.Policy.ValueString(),
			Duration:    time.Duration(block.SessionExpiration.ValueInt64()) * time.Second,
		}
		oidc.Token, oidc.TokenFile = block.OIDCToken.ValueString(), block.OIDCTokenFile.ValueString()
		token, file := r.origin("oidc_token", block.OIDCToken, oidcTokenVariables), r.origin("oidc_token_file", block.OIDCTokenFile, oidcTokenFileVariables)
		if oidc.Token == "" && oidc.TokenFile == "" {
			oidc.Token, _ = oidcTokenVariables.find(r.getenv)
		}
		if oidc.Token == "" && oidc.TokenFile == "" {
			oidc.TokenFile, _ = oidcTokenFileVariables.find(r.getenv)
		}
		switch err := oidc.Check(); {
		case oidc.Token == "" && oidc.TokenFile == "":
			r.diags.Append(message.ArgumentMissing(at.AtName("oidc_token_file"), slices.Concat(oidcTokenFileVariables, oidcTokenVariables)))
		case oidc.Token != "":
			r.check(err, message.TokenUnreadable, at.AtName("oidc_token"), token.from)
		default:
			r.check(err, message.TokenUnreadable, at.AtName("oidc_token_file"), file.from)
		}
		if r.diags.HasError() {
			return nil
		}
		source, err := r.factory.AssumeRoleWithOIDC(oidc, role)
		r.check(err, message.RoleUnusable, at, "")
		return source
	}
	return found
}

// assumeRole returns the source of the role of assume_role, which source assumes.
func (r *resolver) assumeRole(source credentials.Source) credentials.Source {
	at, block := path.Root("assume_role"), r.config.AssumeRole
	role := sources.Role{
		ARN:         r.required(at.AtName("role_arn"), block.RoleARN, roleVariables, roleARN),
		SessionName: r.sessionName(at.AtName("session_name"), block.SessionName, sessionNameVariables),
		Policy:      block.Policy.ValueString(),
		ExternalID:  block.ExternalID.ValueString(),
		Duration:    time.Duration(r.expiration(at.AtName("session_expiration"), block.SessionExpiration)) * time.Second,
	}
	if r.diags.HasError() {
		return nil
	}
	assumed, err := r.factory.AssumeRole(source, role)
	r.check(err, message.RoleUnusable, at, "")
	return assumed
}

// expiration returns how long a session lasts, in seconds; 0 if it is not configured.
func (r *resolver) expiration(at path.Path, value shared.Whole) int64 {
	text, variable := expirationVariables.find(r.getenv)
	if !value.IsNull() || text == "" {
		return value.ValueInt64()
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < minSession || seconds > maxSession {
		r.diags.Append(message.ValueInvalid(at, fmt.Sprintf("must be %d to %d seconds", minSession, maxSession), message.Quoted(text), "the environment "+
			"variable "+variable))
	}
	return seconds
}

// sessionName returns the name of a session.
func (r *resolver) sessionName(at path.Path, value types.String, v variables) string {
	if r.pick(value, v) == "" {
		return sources.DefaultSessionName
	}
	return r.required(at, value, v, sessionNamePattern)
}
