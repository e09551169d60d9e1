package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// credentialsFinder takes the credentials from the first source that is there, and
// says so where the configuration names a later one.
type credentialsFinder struct {
	config        providerModel
	getenv        func(string) string
	issuers       alibaba.Issuers
	profile, file string

	diags diag.Diagnostics
	// warnings are worth telling if there are no errors.
	warnings diag.Diagnostics
}

// credentialsOrigin is a kind of source. The order of origins is the order in which
// they count, which is the alicloud provider's.
type credentialsOrigin struct {
	// argument names the origin in the configuration.
	argument string
	// named says that the configuration names it, rather than the environment.
	named bool
	// from says where the value comes from.
	from string
	// open returns the source; nil stands for an origin that is not there.
	open func() alibaba.CredentialsSource
}

// find returns the source of credentials, nil after an error.
func (f *credentialsFinder) find() alibaba.CredentialsSource {
	var source alibaba.CredentialsSource
	var used *credentialsOrigin
	for _, origin := range []credentialsOrigin{f.keys(), f.ofProfile(), f.credentialsURI(), f.ecsRole(), f.oidc()} {
		switch {
		case origin.open == nil:
		case used == nil:
			used, source = &origin, origin.open()
		default:
			f.warnOfUnused(origin, *used)
		}
	}
	if used == nil {
		f.diags.AddAttributeError(path.Root("access_key"), "Missing credentials",
			"Set access_key and secret_key, or "+accessKeyVariables[1]+" and "+secretKeyVariables[1]+", or the name of a profile of the Alibaba Cloud CLI (profile, or "+profileVariables[1]+"), credentials_uri, ecs_role_name or assume_role_with_oidc.")
	}
	if f.diags.HasError() {
		return nil
	}
	if f.config.AssumeRole != nil {
		source = f.assumeRole(source)
	}
	return source
}

// warnOfUnused says that credentials which the configuration names are not the ones
// that order.
func (f *credentialsFinder) warnOfUnused(unused, used credentialsOrigin) {
	// Beside an access key in the same block a profile may be there for its region.
	if !unused.named || unused.argument == "profile" && used.argument == "access_key" && used.named {
		return
	}
	f.warnings.AddAttributeWarning(path.Root(unused.argument), "Credentials that are not used",
		fmt.Sprintf("%s is set, but its credentials are not used: %s counts before it. Orders are placed with the credentials found there. Remove the one that is not meant.", unused.argument, used.from))
}

// keys is the key pair of arguments and environment. A security token belongs to its
// key pair: one of the environment is not mixed with a key of the configuration.
func (f *credentialsFinder) keys() credentialsOrigin {
	accessKey, secretKey := f.config.AccessKey.ValueString(), f.config.SecretKey.ValueString()
	token := f.config.SecurityToken.ValueString()
	origin := credentialsOrigin{argument: "access_key", named: true, from: "access_key in the configuration"}
	if accessKey == "" {
		var variable string
		accessKey, variable = accessKeyVariables.find(f.getenv)
		origin.named, origin.from = false, "the environment variable "+variable
		if token == "" {
			token = securityTokenVariables.lookUp(f.getenv)
		}
	}
	if secretKey == "" {
		secretKey = secretKeyVariables.lookUp(f.getenv)
	}
	switch {
	case accessKey != "" && secretKey != "":
		origin.open = func() alibaba.CredentialsSource {
			source := alibaba.StaticCredentials(accessKey, secretKey, token)
			_, err := source.Credentials(context.Background()) // It is at hand.
			return f.checked(source, err, path.Root("access_key"), "Invalid access key", origin.from)
		}
	case accessKey != "":
		// Half a pair is a mistake, not a reason to order with another account.
		origin.open = func() alibaba.CredentialsSource {
			f.diags.AddAttributeError(path.Root("secret_key"), "Missing secret key",
				"An access key is given without its secret. Set secret_key or one of "+strings.Join(secretKeyVariables, ", ")+".")
			return nil
		}
	case secretKey != "":
		origin.open = func() alibaba.CredentialsSource {
			f.diags.AddAttributeError(path.Root("access_key"), "Missing access key",
				"A secret key is given without its access key. Set access_key or one of "+strings.Join(accessKeyVariables, ", ")+".")
			return nil
		}
	}
	return origin
}

func (f *credentialsFinder) ofProfile() credentialsOrigin {
	origin := f.origin("profile", f.config.Profile, profileVariables)
	if f.profile == "" {
		return origin
	}
	open := f.issuers.Profile
	if f.config.AssumeRole != nil {
		// As with the alicloud provider, assume_role stands in for the role of a
		// profile of the mode RamRoleArn.
		open = f.issuers.ProfileKeys
	}
	origin.open = func() alibaba.CredentialsSource {
		source, err := open(f.file, f.profile)
		return f.checked(source, err, path.Root("profile"), "Unable to read the profile", "")
	}
	return origin
}

func (f *credentialsFinder) credentialsURI() credentialsOrigin {
	origin := f.origin("credentials_uri", f.config.CredentialsURI, credentialsURIVariables)
	if uri := f.pick(f.config.CredentialsURI, credentialsURIVariables); uri != "" {
		origin.open = func() alibaba.CredentialsSource {
			source, err := f.issuers.URI(uri)
			return f.checked(source, err, path.Root("credentials_uri"), "Invalid credentials URI", origin.from)
		}
	}
	return origin
}

func (f *credentialsFinder) ecsRole() credentialsOrigin {
	origin := f.origin("ecs_role_name", f.config.ECSRoleName, ecsRoleVariables)
	if name := f.pick(f.config.ECSRoleName, ecsRoleVariables); name != "" {
		origin.open = func() alibaba.CredentialsSource {
			source, err := f.issuers.ECSRole(name)
			return f.checked(source, err, path.Root("ecs_role_name"), "Unable to use the role of the instance", origin.from)
		}
	}
	return origin
}

func (f *credentialsFinder) oidc() credentialsOrigin {
	origin := credentialsOrigin{argument: "assume_role_with_oidc", named: true, from: "assume_role_with_oidc"}
	block := f.config.AssumeRoleWithOIDC
	if block == nil {
		return origin
	}
	origin.open = func() alibaba.CredentialsSource {
		at := path.Root("assume_role_with_oidc")
		oidc := alibaba.OIDC{ProviderARN: f.inForm(at.AtName("oidc_provider_arn"), block.OIDCProviderARN, oidcProviderVariables, oidcProviderForm)}
		role := alibaba.Role{
			ARN:         f.inForm(at.AtName("role_arn"), block.RoleARN, oidcRoleVariables, roleARNForm),
			SessionName: f.sessionName(at.AtName("role_session_name"), block.RoleSessionName, oidcSessionNameVariables),
			Policy:      block.Policy.ValueString(),
			Duration:    time.Duration(block.SessionExpiration.ValueInt64()) * time.Second,
		}
		oidc.Token, oidc.TokenFile = block.OIDCToken.ValueString(), block.OIDCTokenFile.ValueString()
		if oidc.Token == "" && oidc.TokenFile == "" {
			oidc.Token = oidcTokenVariables.lookUp(f.getenv)
		}
		if oidc.Token == "" && oidc.TokenFile == "" {
			oidc.TokenFile = oidcTokenFileVariables.lookUp(f.getenv)
		}
		switch err := oidc.Check(); {
		case oidc.Token == "" && oidc.TokenFile == "":
			f.diags.AddAttributeError(at.AtName("oidc_token_file"), "Missing OIDC token",
				"Set oidc_token_file or oidc_token, or one of "+strings.Join(oidcTokenFileVariables, ", ")+", "+strings.Join(oidcTokenVariables, ", ")+".")
		case err != nil && oidc.Token != "":
			f.diags.AddAttributeError(at.AtName("oidc_token"), "Unable to read the OIDC token", err.Error())
		case err != nil:
			f.diags.AddAttributeError(at.AtName("oidc_token_file"), "Unable to read the OIDC token", err.Error())
		}
		if f.diags.HasError() {
			return nil
		}
		source, err := f.issuers.AssumeRoleWithOIDC(oidc, role)
		return f.checked(source, err, at, "Unable to assume the role", "")
	}
	return origin
}

// assumeRole puts the role of assume_role on top of a source.
func (f *credentialsFinder) assumeRole(source alibaba.CredentialsSource) alibaba.CredentialsSource {
	at, block := path.Root("assume_role"), f.config.AssumeRole
	role := alibaba.Role{
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
	return f.checked(assumed, err, at, "Unable to assume the role", "")
}

// expiration returns how long a session lasts, in seconds; 0 if nothing says so.
func (f *credentialsFinder) expiration(at path.Path, value types.Int64) int64 {
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
		return alibaba.DefaultSessionName
	}
	return f.inForm(at, value, v, sessionNameForm)
}

// inForm returns a value that must be there, and in its form also where it comes from
// a variable.
func (f *credentialsFinder) inForm(at path.Path, value types.String, v variables, form ordering.Form) string {
	text := f.pick(value, v)
	switch {
	case text == "":
		f.diags.AddAttributeError(at, "Missing value", fmt.Sprintf("Set %s, or one of %s.", at, strings.Join(v, ", ")))
	case !form.Pattern.MatchString(text):
		f.diags.AddAttributeError(at, "Invalid value", fmt.Sprintf("%s %s; got %q. It comes from the configuration or one of %s.", at, form.Rule, text, strings.Join(v, ", ")))
	}
	return text
}

// checked tells an error on an argument.
func (f *credentialsFinder) checked(source alibaba.CredentialsSource, err error, at path.Path, summary, from string) alibaba.CredentialsSource {
	if err == nil {
		return source
	}
	detail := err.Error()
	if from != "" {
		detail += "\n\nThe value comes from " + from + "."
	}
	f.diags.AddAttributeError(at, summary, detail)
	return nil
}

func (f *credentialsFinder) pick(value types.String, v variables) string {
	if value.ValueString() != "" {
		return value.ValueString()
	}
	return v.lookUp(f.getenv)
}

// origin says where an argument comes from.
func (f *credentialsFinder) origin(argument string, value types.String, v variables) credentialsOrigin {
	if value.ValueString() != "" {
		return credentialsOrigin{argument: argument, named: true, from: argument + " in the configuration"}
	}
	_, variable := v.find(f.getenv)
	return credentialsOrigin{argument: argument, from: "the environment variable " + variable}
}
