package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// The next step of each error about credentials and endpoints.
var (
	nextEndpoint = "Set a host, host:port or an https URL without a path, for example vpc.cn-hangzhou.aliyuncs.com. " +
		"Plain http is possible only for a loopback address."
	nextProfile = "Run aliyun configure list. It shows the profiles and what is wrong with them. " +
		"Set the profile up again with aliyun configure --profile NAME. Or set another profile or file with profile and shared_credentials_file (" +
		profileVariables.list() + ", " + credentialsFileVariables.list() + ")."
	nextSTS = "Set ALIBABA_CLOUD_STS_REGION to a region, for example cn-hangzhou, or unset it. Or set the host with endpoints.sts."
	nextURI = "Let the helper serve over https, or at a loopback address such as http://127.0.0.1:8080/, and set credentials_uri to its address."
	// The CI system or the cluster issues identity tokens.
	nextToken = "Set oidc_token or " + oidcTokenVariables.list() + " to the identity token of this run, or oidc_token_file to its file."
	nextFile  = "Set oidc_token_file or " + oidcTokenFileVariables.list() +
		" to the file with the identity token of this run, and let the user who runs Terraform read it."
	nextKeyPart = "Set it again without spaces and line ends. If it comes from a file, the file may end with a line end."
)

// problem returns the detail of an error: what is wrong, where the value comes from, and
// the next step.
func problem(err error, from, next string) string {
	detail := err.Error()
	if from != "" {
		detail += "\n\nThe value comes from " + from + "."
	}
	if disabled, ok := errors.AsType[*sources.DisabledError](err); ok {
		next = "Unset " + disabled.Variable + ", or configure other credentials."
	}
	return detail + "\n\nNext step: " + next
}

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
		r.fail(path.Root("access_key"), "Missing credentials", r.missing())
	}
	if r.diags.HasError() {
		return nil
	}
	if r.config.AssumeRole != nil {
		source = r.assumeRole(source)
	}
	return source
}

// missing returns the detail for missing credentials. It names the settings that exist but
// need one more argument.
func (r *resolver) missing() string {
	all := "access_key and secret_key, or " + accessKeyVariables[1] + " and " + secretKeyVariables[1] +
		", or the name of a profile of the Alibaba Cloud CLI (profile, or " + profileVariables[1] + "), credentials_uri, ecs_role_name or assume_role_with_oidc."
	var found []string
	for _, v := range []variables{oidcProviderVariables, oidcTokenVariables, oidcTokenFileVariables} {
		if _, name := v.find(r.getenv); name != "" {
			found = append(found, name)
		}
	}
	switch {
	case len(found) > 0:
		if _, name := oidcRoleVariables.find(r.getenv); name != "" {
			found = append(found, name)
		}
		return "The environment holds " + strings.Join(found, ", ") + ", as in a pod or a CI job. " +
			"The provider uses these variables only with the block assume_role_with_oidc." +
			"\n\nNext step: Add assume_role_with_oidc {} to the provider block. It can be empty: the variables fill it. Or set " + all
	case r.file != "":
		return "The provider has the profile file " + r.file + ", but not the name of a profile." +
			"\n\nNext step: Set profile or " + profileVariables[1] + " to the name of a profile in that file. Or set " + all
	default:
		return "The provider found no credentials.\n\nNext step: Set " + all
	}
}

// warnUnused warns about credentials in the configuration that are not used.
func (r *resolver) warnUnused(unused, used origin) {
	// A profile next to an access key in the configuration may only set the region.
	if !unused.named || unused.argument == "profile" && used.argument == "access_key" && used.named {
		return
	}
	r.warnings.AddAttributeWarning(path.Root(unused.argument), "Credentials that are not used",
		fmt.Sprintf("%s is set, but its credentials are not used. The provider uses %s instead, also for orders.\n\nNext step: Remove the one that you do not need.",
			unused.argument, used.from))
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
			r.fail(path.Root("secret_key"), "Missing secret key",
				"There is an access key, but no secret key.\n\nNext step: Set secret_key or one of "+secretKeyVariables.list()+".")
			return nil
		case accessKey.value == "":
			r.fail(path.Root("access_key"), "Missing access key",
				"There is a secret key, but no access key.\n\nNext step: Set access_key or one of "+accessKeyVariables.list()+".")
			return nil
		}
		for _, part := range []keyPart{accessKey, secretKey, token} {
			if err := credentials.CheckKeyPart(part.value); err != nil {
				r.fail(path.Root(part.argument), "Invalid "+strings.ReplaceAll(part.argument, "_", " "),
					fmt.Sprintf("The value of %s %s. It comes from %s.\n\nNext step: %s", part.argument, err, part.from, nextKeyPart))
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
		return r.checked(source, err, path.Root("profile"), "Unable to read the profile", found.from, nextProfile)
	}
	return found
}

func (r *resolver) credentialsURI() origin {
	found := r.origin("credentials_uri", r.config.CredentialsURI, credentialsURIVariables)
	if uri := r.pick(r.config.CredentialsURI, credentialsURIVariables); uri != "" {
		found.open = func() credentials.Source {
			source, err := r.factory.URI(uri)
			return r.checked(source, err, path.Root("credentials_uri"), "Invalid credentials URI", found.from, nextURI)
		}
	}
	return found
}

func (r *resolver) ecsRole() origin {
	found := r.origin("ecs_role_name", r.config.ECSRoleName, ecsRoleVariables)
	if name := r.pick(r.config.ECSRoleName, ecsRoleVariables); name != "" {
		found.open = func() credentials.Source {
			source, err := r.factory.ECSRole(name)
			return r.checked(source, err, path.Root("ecs_role_name"), "Unable to use the role of the instance", found.from, "")
		}
	}
	return found
}

// required returns a value that must be set, and must match the form also if it comes from
// a variable.
func (r *resolver) required(at path.Path, value types.String, v variables, form order.Form) string {
	text := r.pick(value, v)
	switch {
	case text == "":
		r.fail(at, "Missing value", fmt.Sprintf("Set %s, or one of %s.", at, v.list()))
	case !form.Pattern.MatchString(text):
		r.fail(at, "Invalid value", fmt.Sprintf("%s %s; got %q. It comes from the configuration or one of %s.", at, form.Rule, text, v.list()))
	}
	return text
}

// checked returns the source, or reports the error about an argument.
func (r *resolver) checked(source credentials.Source, err error, at path.Path, summary, from, next string) credentials.Source {
	if err == nil {
		return source
	}
	r.fail(at, summary, problem(err, from, next))
	return nil
}
