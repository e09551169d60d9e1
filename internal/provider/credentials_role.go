package provider

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/attribute"
)

func (f *credentialsFinder) oidc() credentialsOrigin {
	origin := credentialsOrigin{argument: "assume_role_with_oidc", named: true, from: "assume_role_with_oidc"}
	block := f.config.AssumeRoleWithOIDC
	if block == nil {
		return origin
	}
	origin.open = func() credentials.Source {
		at := path.Root("assume_role_with_oidc")
		oidc := sources.OIDC{ProviderARN: f.inForm(at.AtName("oidc_provider_arn"), block.OIDCProviderARN, oidcProviderVariables, oidcProviderForm)}
		role := sources.Role{
			ARN:         f.inForm(at.AtName("role_arn"), block.RoleARN, oidcRoleVariables, roleARNForm),
			SessionName: f.sessionName(at.AtName("role_session_name"), block.RoleSessionName, oidcSessionNameVariables),
			Policy:      block.Policy.ValueString(),
			Duration:    time.Duration(block.SessionExpiration.ValueInt64()) * time.Second,
		}
		token, file := f.origin("oidc_token", block.OIDCToken, nil), f.origin("oidc_token_file", block.OIDCTokenFile, nil)
		oidc.Token, oidc.TokenFile = block.OIDCToken.ValueString(), block.OIDCTokenFile.ValueString()
		if oidc.Token == "" && oidc.TokenFile == "" {
			token = f.origin("oidc_token", block.OIDCToken, oidcTokenVariables)
			oidc.Token = oidcTokenVariables.lookUp(f.getenv)
		}
		if oidc.Token == "" && oidc.TokenFile == "" {
			file = f.origin("oidc_token_file", block.OIDCTokenFile, oidcTokenFileVariables)
			oidc.TokenFile = oidcTokenFileVariables.lookUp(f.getenv)
		}
		switch err := oidc.Check(); {
		case oidc.Token == "" && oidc.TokenFile == "":
			f.diags.AddAttributeError(at.AtName("oidc_token_file"), "Missing OIDC token",
				"Set oidc_token_file or oidc_token, or one of "+strings.Join(oidcTokenFileVariables, ", ")+", "+strings.Join(oidcTokenVariables, ", ")+".")
		case err != nil && oidc.Token != "":
			f.diags.AddAttributeError(at.AtName("oidc_token"), "Unable to read the OIDC token", problem(err, token.from, nextToken))
		case err != nil:
			f.diags.AddAttributeError(at.AtName("oidc_token_file"), "Unable to read the OIDC token", problem(err, file.from, nextFile))
		}
		if f.diags.HasError() {
			return nil
		}
		source, err := f.issuers.AssumeRoleWithOIDC(oidc, role)
		return f.checked(source, err, at, "Unable to assume the role", "", nextSTS)
	}
	return origin
}

// assumeRole puts the role of assume_role on top of a source.
func (f *credentialsFinder) assumeRole(source credentials.Source) credentials.Source {
	at, block := path.Root("assume_role"), f.config.AssumeRole
	role := sources.Role{
		ARN:         f.inForm(at.AtName("role_arn"), block.RoleARN, roleVariables, roleARNForm),
		SessionName: f.sessionName(at.AtName("session_name"), block.SessionName, sessionNameVariables),
		Policy:      block.Policy.ValueString(),
		ExternalID:  block.ExternalID.ValueString(),
		Duration:    time.Duration(f.expiration(at.AtName("session_expiration"), block.SessionExpiration)) * time.Second,
	}
	if f.diags.HasError() {
		return nil
	}
	assumed, err := f.issuers.AssumeRole(source, role)
	return f.checked(assumed, err, at, "Unable to assume the role", "", nextSTS)
}

// expiration returns how long a session lasts, in seconds; 0 if nothing says so.
func (f *credentialsFinder) expiration(at path.Path, value attribute.Whole) int64 {
	text, variable := expirationVariables.find(f.getenv)
	if !value.IsNull() || text == "" {
		return value.ValueInt64()
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < minSession || seconds > maxSession {
		f.diags.AddAttributeError(at, "Invalid session expiration",
			fmt.Sprintf("A session lasts %d to %d seconds; got %q in the environment variable %s.", minSession, maxSession, text, variable))
	}
	return seconds
}

func (f *credentialsFinder) sessionName(at path.Path, value types.String, v variables) string {
	if f.pick(value, v) == "" {
		return sources.DefaultSessionName
	}
	return f.inForm(at, value, v, sessionNameForm)
}
