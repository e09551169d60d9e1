package message

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Kinds of a configuration.
const (
	InvalidValue       Kind = "Invalid value"
	InvalidTimeout     Kind = "Invalid timeout"
	InvalidEndpoint    Kind = "Invalid endpoint"
	InvalidURI         Kind = "Invalid credentials URI"
	MissingArgument    Kind = "Missing argument: %s"
	MissingCredentials Kind = "Missing credentials"
	UnusedCredentials  Kind = "Unused credentials: %s" //nolint:gosec // A summary.
	ProfileUnreadable  Kind = "Unable to read the profile"
	TokenUnreadable    Kind = "Unable to read the OIDC token" //nolint:gosec // A summary.
	RoleUnusable       Kind = "Unable to assume the role"
	InstanceUnusable   Kind = "Unable to use the role of the instance"
	ConfigureFailed    Kind = "Unable to configure the provider"
)

// SettingUnusable returns the error for a setting of the provider that cannot be used. from
// says where the value comes from, and off is the environment variable that turns the
// setting off. Both may be empty.
func SettingUnusable(kind Kind, at path.Path, err error, from, off string) diag.Diagnostic {
	step := settingSteps[kind]
	if off != "" {
		step = "Unset " + off + ", or configure other credentials."
	}
	return kind.errOn(at, paragraphs(sentenceOf(err), cameFrom(from), stepOf(step)))
}

var settingSteps = map[Kind]string{ //nolint:gosec // Instructions.
	InvalidEndpoint: "Set a host, host:port or an https URL without a path, for example vpc.cn-hangzhou.aliyuncs.com. " +
		"Plain http is possible only for a loopback address.",
	InvalidURI: "Let the helper serve over https, or at a loopback address such as http://127.0.0.1:8080/, and set credentials_uri to its address.",
	ProfileUnreadable: "Run aliyun configure list. It shows the profiles and what is wrong with them. " +
		"Set the profile up again with aliyun configure --profile NAME. Or set another one with profile or shared_credentials_file.",
	TokenUnreadable: "Set oidc_token or oidc_token_file to the identity token of this run. The user who runs Terraform must be able to read the file.",
	RoleUnusable:    "Set ALIBABA_CLOUD_STS_REGION to a region, for example cn-hangzhou, or unset it. Or set the host with endpoints.sts.",
}

// sentenceOf returns an error as a sentence.
func sentenceOf(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}

// cameFrom says where a value comes from.
func cameFrom(from string) string {
	if from == "" {
		return ""
	}
	return "The value comes from " + from + "."
}

// ArgumentMissing returns the error for an argument of the provider that must be set, by
// itself or by one of its environment variables.
func ArgumentMissing(at path.Path, variables []string) diag.Diagnostic {
	return MissingArgument.errOn(at, paragraphs(cmp.Or(whyNeeded[at.String()], at.String()+" is not set."),
		fmt.Sprintf("Next step: Set %s, or one of the environment variables %s.", at, strings.Join(variables, ", "))), at)
}

var whyNeeded = map[string]string{ //nolint:gosec // Names of arguments.
	"region":     "No region is set. The provider has no default region, because an order must not go to the wrong one. Example: cn-hangzhou.",
	"access_key": "There is a secret key, but no access key.",
	"secret_key": "There is an access key, but no secret key.",
}

// CredentialsMissing returns the error for a provider without credentials. found are the
// variables of an OIDC token, file is the file of a profile without a name; both may be empty.
func CredentialsMissing(found []string, file string) diag.Diagnostic {
	happened, step := "The provider found no credentials.", "Set "
	switch {
	case len(found) > 0:
		happened = "The environment has " + strings.Join(found, ", ") + ", as in a pod or a CI job. " +
			"The provider uses these variables only with the block assume_role_with_oidc."
		step = "Add assume_role_with_oidc {} to the provider block. It can be empty: the variables fill it. Or set "
	case file != "":
		happened = "The provider has the profile file " + file + ", but not the name of a profile."
		step = "Set profile or ALIBABA_CLOUD_PROFILE to the name of a profile in that file. Or set "
	}
	return MissingCredentials.errAt("access_key", paragraphs(happened,
		stepOf(step+"access_key and secret_key, or ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or the name of a profile of the Alibaba "+
			"Cloud CLI "+
			"(profile, or ALIBABA_CLOUD_PROFILE), credentials_uri, ecs_role_name or assume_role_with_oidc.")))
}

// CredentialsUnused returns the warning for credentials that are set and not used.
func CredentialsUnused(argument, used string) diag.Diagnostic {
	return UnusedCredentials.warningAt(argument, paragraphs(argument+" is set, but the provider uses "+used+" instead, also for orders.",
		"Next step: Remove the one that you do not need."), argument)
}

// KeyInvalid returns the error for a part of an access key. It does not show the value.
func KeyInvalid(argument string, err error, from string) diag.Diagnostic {
	return InvalidValue.errAt(argument, paragraphs(fmt.Sprintf("The value of %s %s.", argument, err), cameFrom(from),
		"Next step: Set it again without spaces and line ends. If it comes from a file, the file may end with a line end."))
}

// NotConfigurable returns the error for settings that the client of the API does not accept.
func NotConfigurable(err error) diag.Diagnostic { return ConfigureFailed.err(sentenceOf(err)) }

// ValueInvalid returns the error for a value that does not follow a rule, such as "must
// not be empty". from says where the value comes from, empty for the configuration.
func ValueInvalid(at path.Path, rule, got, from string) diag.Diagnostic {
	return InvalidValue.errOn(at, paragraphs(fmt.Sprintf("%s %s; got %s.", at, rule, got), cameFrom(from)))
}

// Quoted quotes the beginning of a value, so that a stray space or line end is visible.
func Quoted(value string) string {
	const most = 80
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return strconv.Quote(value)
}

// TimeoutInvalid returns the error for a timeout that is no positive duration.
func TimeoutInvalid(at path.Path, got string) diag.Diagnostic {
	return InvalidTimeout.errOn(at, fmt.Sprintf("%s must be a positive duration such as \"20m\" or \"1h30m\"; got %q.", at, got))
}
