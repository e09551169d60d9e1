package sources

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// stsTimeout bounds one call. It is not longer than the renewal of a session may take.
const stsTimeout = 10 * time.Second

// The Security Token Service.
//
// Source: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
var sts = rpc.API{Name: "Sts", Version: "2015-04-01"}

// Limits and defaults of a role's session.
const (
	MinSession         = 15 * time.Minute
	MaxSession         = 12 * time.Hour
	DefaultSession     = time.Hour
	DefaultSessionName = "terraform"
)

// Role is a RAM role to assume.
type Role struct {
	// ARN is the name of the role, for example "acs:ram::1234567890123456:role/network".
	ARN string
	// SessionName appears in the audit log; empty means DefaultSessionName.
	SessionName string
	// Duration is the life of a session in whole seconds; 0 means DefaultSession.
	Duration time.Duration
	// Policy reduces the rights of the session; JSON, may be empty.
	Policy string
	// ExternalID is the ID that the trust policy of the role requires; may be empty.
	ExternalID string
	endpoint   stsEndpoint
}

// OIDC proves an identity to a role that trusts an OIDC provider.
type OIDC struct {
	// ProviderARN is, for example, "acs:ram::1234567890123456:oidc-provider/ci".
	ProviderARN string
	// Token is the identity token; empty if it is in TokenFile.
	Token string
	// TokenFile is read for each session, because its owner replaces the token in it.
	TokenFile string
}

// AssumeRole returns a source of sessions of a role. The credentials of source sign the
// calls for them.
func (f Factory) AssumeRole(source credentials.Source, role Role) (credentials.Source, error) {
	if err := credentials.Check(source); err != nil {
		return nil, err
	}
	failed := "the role " + role.ARN + " cannot be assumed"
	return f.assume("AssumeRole", role, failed, "ram_role_arn", source, func(*rpc.Call) error { return nil })
}

// AssumeRoleWithOIDC returns a source of sessions of a role. An identity token proves the
// identity for each of them.
func (f Factory) AssumeRoleWithOIDC(oidc OIDC, role Role) (credentials.Source, error) {
	failed := "the role " + role.ARN + " cannot be assumed with the OIDC token"
	return f.assume("AssumeRoleWithOIDC", role, failed, "oidc_role_arn", nil, func(call *rpc.Call) error {
		token, err := oidc.token()
		if err != nil {
			return err
		}
		call.Unsigned, call.Secrets = true, append(call.Secrets, token)
		maps.Copy(call.Body, map[string]string{
			"Action": call.Action, "Version": sts.Version, "Format": "JSON",
			"Timestamp":       time.Now().UTC().Format(time.RFC3339),
			"OIDCProviderArn": oidc.ProviderARN, "OIDCToken": token,
		})
		return nil
	})
}

// assume returns a source that calls action for each session, after prepare has completed
// the call. It sends each call once: the API call that needs the session is repeated.
func (f Factory) assume(
	action string, role Role, failed, provider string, source credentials.Source, prepare func(*rpc.Call) error,
) (credentials.Source, error) {
	endpoint, err := f.stsEndpoint(role.endpoint)
	if err != nil {
		return nil, err
	}
	form, err := role.form()
	if err != nil {
		return nil, err
	}
	client := rpc.New(source, f.UserAgent, f.Transport)
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		call := rpc.Call{
			API: sts, Action: action, Region: rpc.AnyRegion, Endpoint: endpoint, Timeout: stsTimeout,
			Body: maps.Clone(form), Secrets: []string{role.ExternalID},
		}
		if err := prepare(&call); err != nil {
			return credentials.Value{}, err
		}
		var issued credentials.Value
		latest := time.Now().Add(role.life())
		call.Parse = func(answer rpc.Answer) (problem string) {
			issued, problem = parseSession(answer.Body, provider)
			return problem
		}
		if failure := client.Once(ctx, call); failure != nil {
			if ctx.Err() != nil {
				return credentials.Value{}, ctx.Err()
			}
			return credentials.Value{}, notIssued(failed, failure)
		}
		// If the local clock is slow, the session seems to last longer than requested. Then it
		// would sign calls after its end.
		if issued.Expires.After(latest) {
			issued.Expires = latest
		}
		return issued, nil
	}), nil
}

func (r Role) life() time.Duration { return cmp.Or(r.Duration, DefaultSession) }

// form returns the parameters of both operations.
func (r Role) form() (map[string]string, error) {
	life := r.life()
	if life < MinSession || life > MaxSession {
		return nil, fmt.Errorf("a session lasts %.0f to %.0f seconds, not %.0f", MinSession.Seconds(), MaxSession.Seconds(), life.Seconds())
	}
	form := map[string]string{
		"RoleArn": r.ARN, "RoleSessionName": cmp.Or(r.SessionName, DefaultSessionName), "DurationSeconds": strconv.Itoa(int(life.Seconds())),
	}
	for name, value := range map[string]string{"Policy": r.Policy, "ExternalId": r.ExternalID} {
		if value != "" {
			form[name] = value
		}
	}
	return form, nil
}

func (o OIDC) token() (string, error) {
	token := strings.TrimSpace(o.Token)
	if token == "" && o.TokenFile != "" {
		content, err := readText(o.TokenFile)
		if err != nil {
			return "", fmt.Errorf("the file with the OIDC token cannot be read: %w", err)
		}
		token = strings.TrimSpace(string(content))
	}
	if token == "" {
		return "", errors.New("the OIDC token is empty")
	}
	return token, nil
}

// Check returns an error if there is no token now.
func (o OIDC) Check() error {
	_, err := o.token()
	return err
}

// stsEndpoint is the part of a profile that chooses the host of the Security Token Service.
type stsEndpoint struct {
	endpoint, region string
	vpc              bool
}

func (f Factory) stsEndpoint(chosen stsEndpoint) (rpc.Endpoint, error) {
	region := cmp.Or(chosen.region, os.Getenv("ALIBABA_CLOUD_STS_REGION"))
	if endpoint := cmp.Or(f.STSEndpoint, chosen.endpoint); endpoint != "" {
		parsed, err := rpc.ParseEndpoint(endpoint)
		if err != nil {
			return rpc.Endpoint{}, fmt.Errorf("the STS endpoint is not valid: %w", err)
		}
		return parsed, nil
	}
	if region == "" {
		return rpc.HTTPS("sts.aliyuncs.com"), nil // It serves all regions.
	}
	prefix := "sts."
	if chosen.vpc || strings.EqualFold(os.Getenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"), "true") {
		prefix = "sts-vpc."
	}
	return rpc.HTTPS(prefix + region + ".aliyuncs.com"), rpc.CheckRegion(region)
}

func parseSession(body []byte, provider string) (credentials.Value, string) {
	var answer struct{ Credentials issuedKeys }
	if json.Unmarshal(body, &answer) != nil {
		return credentials.Value{}, "the answer is not in the format of the API"
	}
	issued, ok := answer.Credentials.value(provider)
	if !ok || issued.Expires.IsZero() || issued.SecurityToken == "" {
		return credentials.Value{}, "the answer holds no credentials"
	}
	return issued, ""
}

// notIssued converts the error of a call for credentials.
func notIssued(failed string, failure *apierror.Error) error {
	reason := failure.Message
	if failure.Code != "" {
		reason = strings.TrimSuffix(failure.Code+": "+reason, ": ")
	}
	message := failed + ": " + strings.TrimSuffix(reason, ".")
	if failure.HTTPStatus != 0 { // Without an answer, the reason names the host.
		message += fmt.Sprintf(" (HTTP %d, %s", failure.HTTPStatus, failure.Host)
		if failure.RequestID != "" {
			message += ", request ID " + failure.RequestID
		}
		message += ")"
	}
	return &credentials.Error{Message: message, Temporary: failure.Class() != apierror.Final, Cause: failure.Cause}
}
