package provider

import (
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
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
		oidc := sources.OIDC{ProviderARN: r.required(at.AtName("oidc_provider_arn"), block.OIDCProviderARN, oidcProviderVariables, oidcProviderForm)}
		role := sources.Role{
			ARN:         r.required(at.AtName("role_arn"), block.RoleARN, oidcRoleVariables, roleARNForm),
			SessionName: r.sessionName(at.AtName("role_session_name"), block.RoleSessionName, oidcSessionNameVariables),
			Policy:      block.Policy.ValueString(),
			Duration:    time.Duration(block.SessionExpiration.ValueInt64()) * time.Second,
		}
		token, file := r.origin("oidc_token", block.OIDCToken, nil), r.origin("oidc_token_file", block.OIDCTokenFile, nil)
		oidc.Token, oidc.TokenFile = block.OIDCToken.ValueString(), block.OIDCTokenFile.ValueString()
		if oidc.Token == "" && oidc.TokenFile == "" {
			token = r.origin("oidc_token", block.OIDCToken, oidcTokenVariables)
			oidc.Token = oidcTokenVariables.lookUp(r.getenv)
		}
		if oidc.Token == "" && oidc.TokenFile == "" {
			file = r.origin("oidc_token_file", block.OIDCTokenFile, oidcTokenFileVariables)
			oidc.TokenFile = oidcTokenFileVariables.lookUp(r.getenv)
		}
		switch err := oidc.Check(); {
		case oidc.Token == "" && oidc.TokenFile == "":
			r.fail(at.AtName("oidc_token_file"), "Missing OIDC token",
				"No OIDC token is set.\n\nNext step: Set oidc_token_file or oidc_token, or one of "+oidcTokenFileVariables.list()+", "+oidcTokenVariables.list()+".")
		case err != nil && oidc.Token != "":
			r.fail(at.AtName("oidc_token"), "Unable to read the OIDC token", problem(err, token.from, nextToken))
		case err != nil:
			r.fail(at.AtName("oidc_token_file"), "Unable to read the OIDC token", problem(err, file.from, nextFile))
		}
		if r.diags.HasError() {
			return nil
		}
		source, err := r.factory.AssumeRoleWithOIDC(oidc, role)
		return r.checked(source, err, at, "Unable to assume the role", "", nextSTS)
	}
	return found
}

// assumeRole returns the source of the role of assume_role, which source assumes.
func (r *resolver) assumeRole(source credentials.Source) credentials.Source {
	at, block := path.Root("assume_role"), r.config.AssumeRole
	role := sources.Role{
		ARN:         r.required(at.AtName("role_arn"), block.RoleARN, roleVariables, roleARNForm),
		SessionName: r.sessionName(at.AtName("session_name"), block.SessionName, sessionNameVariables),
		Policy:      block.Policy.ValueString(),
		ExternalID:  block.ExternalID.ValueString(),
		Duration:    time.Duration(r.expiration(at.AtName("session_expiration"), block.SessionExpiration)) * time.Second,
	}
	if r.diags.HasError() {
		return nil
	}
	assumed, err := r.factory.AssumeRole(source, role)
	return r.checked(assumed, err, at, "Unable to assume the role", "", nextSTS)
}

// expiration returns how long a session lasts, in seconds; 0 if it is not configured.
func (r *resolver) expiration(at path.Path, value shared.Whole) int64 {
	text, variable := expirationVariables.find(r.getenv)
	if !value.IsNull() || text == "" {
		return value.ValueInt64()
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < minSession || seconds > maxSession {
		r.fail(at, "Invalid session expiration",
			fmt.Sprintf("A session lasts %d to %d seconds; got %q in the environment variable %s.", minSession, maxSession, text, variable))
	}
	return seconds
}

// sessionName returns the name of a session.
func (r *resolver) sessionName(at path.Path, value types.String, v variables) string {
	if r.pick(value, v) == "" {
		return sources.DefaultSessionName
	}
	return r.required(at, value, v, sessionNameForm)
}
