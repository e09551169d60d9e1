package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// credentialsFinder takes the credentials from the first source that is there, and
// says so where the configuration names a later one.
type credentialsFinder struct {
	config        providerModel
	getenv        func(string) string
	issuers       sources.Factory
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
	open func() credentials.Source
}

// find returns the source of credentials, nil after an error.
func (f *credentialsFinder) find() credentials.Source {
	var source credentials.Source
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
		f.diags.AddAttributeError(path.Root("access_key"), "Missing credentials", f.missing())
	}
	if f.diags.HasError() {
		return nil
	}
	if f.config.AssumeRole != nil {
		source = f.assumeRole(source)
	}
	return source
}

// missing returns the detail for missing credentials. It names what was found in the
// environment and the configuration but needs one more argument.
func (f *credentialsFinder) missing() string {
	sources := "access_key and secret_key, or " + accessKeyVariables[1] + " and " + secretKeyVariables[1] +
		", or the name of a profile of the Alibaba Cloud CLI (profile, or " + profileVariables[1] + "), credentials_uri, ecs_role_name or assume_role_with_oidc."
	var found []string
	for _, v := range []variables{oidcProviderVariables, oidcTokenVariables, oidcTokenFileVariables} {
		if _, name := v.find(f.getenv); name != "" {
			found = append(found, name)
		}
	}
	switch {
	case len(found) > 0:
		if _, name := oidcRoleVariables.find(f.getenv); name != "" {
			found = append(found, name)
		}
		return "The environment holds " + strings.Join(found, ", ") + ", as in a pod or a CI job. The provider uses these variables only with the block assume_role_with_oidc." +
			"\n\nNext step: Add assume_role_with_oidc {} to the provider block. It can be empty: the variables fill it. Or set " + sources
	case f.file != "":
		return "The provider has the profile file " + f.file + ", but not the name of a profile.\n\nNext step: Set profile or " + profileVariables[1] + " to the name of a profile in that file. Or set " + sources
	default:
		return "The provider found no credentials.\n\nNext step: Set " + sources
	}
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
	accessKey, secretKey := f.keyPart("access_key", f.config.AccessKey, accessKeyVariables), f.keyPart("secret_key", f.config.SecretKey, secretKeyVariables)
	token := f.keyPart("security_token", f.config.SecurityToken, nil)
	if !accessKey.named && token.value == "" {
		token = f.keyPart("security_token", f.config.SecurityToken, securityTokenVariables)
	}
	origin := credentialsOrigin{argument: "access_key", named: accessKey.named, from: accessKey.from}
	switch {
	case accessKey.value != "" && secretKey.value != "":
		origin.open = func() credentials.Source {
			for _, part := range []keyPart{accessKey, secretKey, token} {
				if err := credentials.CheckKeyPart(part.value); err != nil {
					f.diags.AddAttributeError(path.Root(part.argument), "Invalid "+strings.ReplaceAll(part.argument, "_", " "),
						fmt.Sprintf("The value of %s %s. It comes from %s.\n\nNext step: Set it again without spaces and line ends; a file that it is read from may end in one.", part.argument, err, part.from))
				}
			}
			return credentials.Static(accessKey.value, secretKey.value, token.value)
		}
	case accessKey.value != "":
		// Half a pair is a mistake, not a reason to order with another account.
		origin.open = func() credentials.Source {
			f.diags.AddAttributeError(path.Root("secret_key"), "Missing secret key",
				"An access key is given without its secret. Set secret_key or one of "+strings.Join(secretKeyVariables, ", ")+".")
			return nil
		}
	case secretKey.value != "":
		origin.open = func() credentials.Source {
			f.diags.AddAttributeError(path.Root("access_key"), "Missing access key",
				"A secret key is given without its access key. Set access_key or one of "+strings.Join(accessKeyVariables, ", ")+".")
			return nil
		}
	}
	return origin
}

// keyPart is a part of an access key, and where it comes from.
type keyPart struct {
	argument, value string
	// named says that the configuration names it, rather than the environment.
	named bool
	from  string
}

func (f *credentialsFinder) keyPart(argument string, value types.String, v variables) keyPart {
	origin := f.origin(argument, value, v)
	return keyPart{argument: argument, value: f.pick(value, v), named: origin.named, from: origin.from}
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
	origin.open = func() credentials.Source {
		source, err := open(f.file, f.profile)
		return f.checked(source, err, path.Root("profile"), "Unable to read the profile", origin.from, nextProfile)
	}
	return origin
}

func (f *credentialsFinder) credentialsURI() credentialsOrigin {
	origin := f.origin("credentials_uri", f.config.CredentialsURI, credentialsURIVariables)
	if uri := f.pick(f.config.CredentialsURI, credentialsURIVariables); uri != "" {
		origin.open = func() credentials.Source {
			source, err := f.issuers.URI(uri)
			return f.checked(source, err, path.Root("credentials_uri"), "Invalid credentials URI", origin.from, "let the helper serve over https, or at a loopback address, as http://127.0.0.1:8080/ is one, and set credentials_uri to its address.")
		}
	}
	return origin
}

func (f *credentialsFinder) ecsRole() credentialsOrigin {
	origin := f.origin("ecs_role_name", f.config.ECSRoleName, ecsRoleVariables)
	if name := f.pick(f.config.ECSRoleName, ecsRoleVariables); name != "" {
		origin.open = func() credentials.Source {
			source, err := f.issuers.ECSRole(name)
			return f.checked(source, err, path.Root("ecs_role_name"), "Unable to use the role of the instance", origin.from, "unset the variable, or give other credentials than ecs_role_name.")
		}
	}
	return origin
}

// inForm returns a value that must be there, and in its form also where it comes from
// a variable.
func (f *credentialsFinder) inForm(at path.Path, value types.String, v variables, form order.Form) string {
	text := f.pick(value, v)
	switch {
	case text == "":
		f.diags.AddAttributeError(at, "Missing value", fmt.Sprintf("Set %s, or one of %s.", at, strings.Join(v, ", ")))
	case !form.Pattern.MatchString(text):
		f.diags.AddAttributeError(at, "Invalid value", fmt.Sprintf("%s %s; got %q. It comes from the configuration or one of %s.", at, form.Rule, text, strings.Join(v, ", ")))
	}
	return text
}

// What to do when a profile, the place of the Security Token Service or an identity
// token is not as it should be.
var (
	nextProfile = "run aliyun configure list, which shows the profiles and what is wrong with them, and set this one up again with aliyun configure --profile NAME; or name another one, or another file, with profile and shared_credentials_file (" + strings.Join(append(slices.Clone(profileVariables), credentialsFileVariables...), ", ") + ")."
	nextSTS     = "set ALIBABA_CLOUD_STS_REGION to a region, for example cn-hangzhou, or unset it; or name the host with endpoints.sts."
	nextToken   = "pass the identity token of this run, which the CI system or the cluster issues, in oidc_token or " + strings.Join(oidcTokenVariables, ", ") + ", or the file that it writes in oidc_token_file."
	nextFile    = "name the file that the CI system or the cluster writes the identity token to in oidc_token_file or " + strings.Join(oidcTokenFileVariables, ", ") + ", and let the user who runs Terraform read it."
)

// checked tells an error on an argument, and what to do next.
func (f *credentialsFinder) checked(source credentials.Source, err error, at path.Path, summary, from, next string) credentials.Source {
	if err == nil {
		return source
	}
	f.diags.AddAttributeError(at, summary, problem(err, from, next))
	return nil
}

// problem says what is wrong, where it comes from, and what to do next.
func problem(err error, from, next string) string {
	detail := err.Error()
	if from != "" {
		detail += "\n\nThe value comes from " + from + "."
	}
	return detail + "\n\nNext step: " + next
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
