package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// origin is a possible source of credentials.
type origin struct {
	// argument is the argument of the source.
	argument string
	// named means that the configuration sets the argument. Otherwise it comes from the
	// environment.
	named bool
	// from describes where the value comes from.
	from string
	// open returns the source; nil means that this origin is not configured.
	open func() credentials.Source
}

// origin returns where the value of an argument comes from.
func (r *resolver) origin(argument string, value types.String, v variables) origin {
	if value.ValueString() != "" {
		return origin{argument: argument, named: true, from: argument + " in the configuration"}
	}
	_, variable := v.find(r.getenv)
	return origin{argument: argument, from: "the environment variable " + variable}
}

// credentials returns the first source that is configured, nil after an error. It warns
// about further sources in the configuration. The order is that of the alicloud provider.
func (r *resolver) credentials() credentials.Source {
	var source credentials.Source
	var used *origin
	for _, next := range []origin{r.keys(), r.profileOrigin(), r.credentialsURI(), r.ecsRole(), r.oidc()} {
		switch {
		case next.open == nil:
		case used == nil:
			used, source = &next, next.open()
		default:
			r.warnUnused(next, *used)
		}
	}
	if used == nil {
		r.diags.Append(message.CredentialsMissing(r.oidcVariables(), r.file))
	}
	if r.diags.HasError() {
		return nil
	}
	if r.config.AssumeRole != nil {
		source = r.assumeRole(source)
	}
	return source
}

// oidcVariables returns the variables of an OIDC token that are set. The variable with the
// role alone does not count.
func (r *resolver) oidcVariables() []string {
	var found []string
	for _, v := range []variables{oidcProviderVariables, oidcTokenVariables, oidcTokenFileVariables} {
		if _, name := v.find(r.getenv); name != "" {
			found = append(found, name)
		}
	}
	if _, role := oidcRoleVariables.find(r.getenv); role != "" && len(found) > 0 {
		found = append(found, role)
	}
	return found
}

// warnUnused warns about credentials in the configuration that are not used.
func (r *resolver) warnUnused(unused, used origin) {
	// A profile next to an access key in the configuration may only set the region.
	if !unused.named || unused.argument == "profile" && used.argument == "access_key" && used.named {
		return
	}
	r.warnings.Append(message.CredentialsUnused(unused.argument, used.from))
}

// keyPart is a part of an access key.
type keyPart struct {
	origin
	value string
}

func (r *resolver) keyPart(argument string, value types.String, v variables) keyPart {
	return keyPart{r.origin(argument, value, v), r.pick(value, v)}
}

// keys is the access key. A security token belongs to its key: one from the environment is
// not used with a key from the configuration. If half of a pair is missing, the provider
// stops, because other credentials may belong to another account.
func (r *resolver) keys() origin {
	accessKey := r.keyPart("access_key", r.config.AccessKey, accessKeyVariables)
	secretKey := r.keyPart("secret_key", r.config.SecretKey, secretKeyVariables)
	token := r.keyPart("security_token", r.config.SecurityToken, nil)
	if !accessKey.named && token.value == "" {
		token = r.keyPart("security_token", r.config.SecurityToken, securityTokenVariables)
	}
	found := accessKey.origin
	if accessKey.value == "" && secretKey.value == "" {
		return found
	}
	found.open = func() credentials.Source {
		switch {
		case secretKey.value == "":
			r.diags.Append(message.ArgumentMissing(path.Root("secret_key"), secretKeyVariables))
		case accessKey.value == "":
			r.diags.Append(message.ArgumentMissing(path.Root("access_key"), accessKeyVariables))
		}
		for _, part := range []keyPart{accessKey, secretKey, token} {
			if err := credentials.CheckKeyPart(part.value); err != nil {
				r.diags.Append(message.KeyInvalid(part.argument, err, part.from))
			}
		}
		return credentials.Static(accessKey.value, secretKey.value, token.value)
	}
	return found
}

func (r *resolver) profileOrigin() origin {
	found := r.origin("profile", r.config.Profile, profileVariables)
	if r.profile == "" {
		return found
	}
	open := r.factory.Profile
	if r.config.AssumeRole != nil {
		// As in the alicloud provider, assume_role replaces the role of a profile of the mode
		// RamRoleArn.
		open = r.factory.ProfileKeys
	}
	found.open = func() credentials.Source {
		source, err := open(r.file, r.profile)
		r.check(err, message.ProfileUnreadable, path.Root("profile"), found.from)
		return source
	}
	return found
}

func (r *resolver) credentialsURI() origin {
	return r.single("credentials_uri", r.config.CredentialsURI, credentialsURIVariables, message.InvalidURI, r.factory.URI)
}

func (r *resolver) ecsRole() origin {
	return r.single("ecs_role_name", r.config.ECSRoleName, ecsRoleVariables, message.InstanceUnusable, r.factory.ECSRole)
}

// single returns the origin of a source that has one argument.
func (r *resolver) single(argument string, value types.String, v variables, kind message.Kind, open func(string) (credentials.Source, error)) origin {
	found := r.origin(argument, value, v)
	if text := r.pick(value, v); text != "" {
		found.open = func() credentials.Source {
			source, err := open(text)
			r.check(err, kind, path.Root(argument), found.from)
			return source
		}
	}
	return found
}

// required returns a value that must be set, and must match the pattern also if it comes
// from a variable.
func (r *resolver) required(at path.Path, value types.String, v variables, pattern shared.Pattern) string {
	text := r.pick(value, v)
	switch {
	case text == "":
		r.diags.Append(message.ArgumentMissing(at, v))
	case !pattern.MatchString(text):
		r.diags.Append(message.ValueInvalid(at, pattern.Rule, message.Quoted(text), v.orConfiguration()))
	}
	return text
}
