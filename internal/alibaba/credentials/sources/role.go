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

// The operations of the Security Token Service.
//
// Source: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
const (
	actionAssumeRole     = "AssumeRole"
	actionAssumeWithOIDC = "AssumeRoleWithOIDC"
)

const (
	// stsTimeout bounds one call. It fits into what a session that is being replaced
	// is waited for.
	stsTimeout = 10 * time.Second
	// stsHost serves all regions.
	stsHost = "sts.aliyuncs.com"
)

var sts = rpc.API{Name: "Sts", Version: "2015-04-01"}

// Limits of a role's session.
const (
	MinSession     = 15 * time.Minute
	MaxSession     = 12 * time.Hour
	DefaultSession = time.Hour
	// DefaultSessionName names sessions that have no other name.
	DefaultSessionName = "terraform"
)

// Role is a RAM role to assume.
type Role struct {
	// ARN is, for example, "acs:ram::1234567890123456:role/network".
	ARN string
	// SessionName shows in the audit log; empty stands for DefaultSessionName.
	SessionName string
	// Duration is how long a session lasts, in whole seconds; 0 stands for DefaultSession.
	Duration time.Duration
	// Policy narrows the session's rights; JSON, may be empty.
	Policy string
	// ExternalID is what the role's trust policy may ask for; may be empty.
	ExternalID string
	endpoint   stsEndpoint
}

// OIDC is what proves an identity to a role that trusts an OIDC provider.
type OIDC struct {
	// ProviderARN is, for example, "acs:ram::1234567890123456:oidc-provider/ci".
	ProviderARN string
	// Token is the identity token; empty if it is in TokenFile.
	Token string
	// TokenFile is read again for each session, since its owner replaces the token
	// in it.
	TokenFile string
}

// AssumeRole returns the credentials of a role's sessions, each of which is issued to
// the credentials of source.
func (i Factory) AssumeRole(source credentials.Source, role Role) (credentials.Source, error) {
	if err := credentials.Check(source); err != nil {
		return nil, err
	}
	client := rpc.New(source, i.UserAgent, i.Transport)
	located, err := i.stsCall(actionAssumeRole, role.endpoint)
	if err != nil {
		return nil, err
	}
	form, err := role.form()
	if err != nil {
		return nil, err
	}
	located.Body, located.Secrets = form, []string{role.ExternalID}
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		return fetchSession(ctx, client, located, role.life(), "the role "+role.ARN+" cannot be assumed", "ram_role_arn")
	}), nil
}

// AssumeRoleWithOIDC returns the credentials of a role's sessions, each of which is
// issued for an identity token.
func (i Factory) AssumeRoleWithOIDC(oidc OIDC, role Role) (credentials.Source, error) {
	client := rpc.New(nil, i.UserAgent, i.Transport)
	located, err := i.stsCall(actionAssumeWithOIDC, role.endpoint)
	if err != nil {
		return nil, err
	}
	form, err := role.form()
	if err != nil {
		return nil, err
	}
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		token, err := oidc.token()
		if err != nil {
			return credentials.Value{}, err
		}
		asking := located
		asking.Unsigned, asking.Body = true, map[string]string{
			"Action": located.Action, "Version": sts.Version, "Format": "JSON",
			"Timestamp":       time.Now().UTC().Format(time.RFC3339),
			"OIDCProviderArn": oidc.ProviderARN, "OIDCToken": token,
		}
		maps.Copy(asking.Body, form)
		asking.Secrets = []string{token, role.ExternalID}
		return fetchSession(ctx, client, asking, role.life(), "the role "+role.ARN+" cannot be assumed with the OIDC token", "oidc_role_arn")
	}), nil
}

// life is how long a session lasts.
func (r Role) life() time.Duration { return cmp.Or(r.Duration, DefaultSession) }

// form returns the parameters that both operations have.
func (r Role) form() (map[string]string, error) {
	duration := r.life()
	if duration < MinSession || duration > MaxSession {
		return nil, fmt.Errorf("a session lasts %.0f to %.0f seconds, not %.0f", MinSession.Seconds(), MaxSession.Seconds(), duration.Seconds())
	}
	form := map[string]string{"RoleArn": r.ARN, "RoleSessionName": cmp.Or(r.SessionName, DefaultSessionName), "DurationSeconds": strconv.Itoa(int(duration.Seconds()))}
	if r.Policy != "" {
		form["Policy"] = r.Policy
	}
	if r.ExternalID != "" {
		form["ExternalId"] = r.ExternalID
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

// Check reports whether there is a token now. Its errors are fit for the user.
func (o OIDC) Check() error {
	_, err := o.token()
	return err
}

// stsPlace is the place of the Security Token Service that a profile may name.
type stsEndpoint struct {
	endpoint, region string
	vpc              bool
}

// stsCall returns a call without parameters.
func (i Factory) stsCall(action string, place stsEndpoint) (rpc.Call, error) {
	endpoint := rpc.HTTPS(stsHost)
	named := cmp.Or(i.STSEndpoint, place.endpoint)
	region := cmp.Or(place.region, os.Getenv("ALIBABA_CLOUD_STS_REGION"))
	switch {
	case named != "":
		parsed, err := rpc.ParseEndpoint(named)
		if err != nil {
			return rpc.Call{}, fmt.Errorf("the STS endpoint is not valid: %w", err)
		}
		endpoint = parsed
	case region != "":
		if err := rpc.CheckRegion(region); err != nil {
			return rpc.Call{}, err
		}
		prefix := "sts."
		if place.vpc || strings.EqualFold(os.Getenv("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"), "true") {
			prefix = "sts-vpc."
		}
		endpoint.Host = prefix + region + ".aliyuncs.com"
	}
	return rpc.Call{API: sts, Action: action, Region: rpc.AnyRegion, Endpoint: endpoint, Timeout: stsTimeout}, nil
}

// fetchSession makes a call for a session, once: the call that needs it is tried again
// as a whole.
func fetchSession(ctx context.Context, c *rpc.Client, located rpc.Call, life time.Duration, complaint, provider string) (credentials.Value, error) {
	var issued credentials.Value
	latest := time.Now().Add(life)
	located.Parse = func(received rpc.Answer) (complaint string) {
		issued, complaint = parseSession(received.Body)
		return complaint
	}
	if failure := c.Attempt(ctx, located, 1); failure != nil {
		if ctx.Err() != nil {
			return credentials.Value{}, ctx.Err()
		}
		return credentials.Value{}, notIssued(complaint, failure)
	}
	issued.ProviderName = provider
	// If the local clock is slow, the session seems to last longer than requested. Then it
	// would sign calls after its end.
	if issued.Expires.After(latest) {
		issued.Expires = latest
	}
	return issued, nil
}

func parseSession(body []byte) (credentials.Value, string) {
	var answer struct{ Credentials issuedKeys }
	if json.Unmarshal(body, &answer) != nil {
		return credentials.Value{}, "the answer is not in the format of the API"
	}
	issued, ok := answer.Credentials.session()
	if !ok || issued.Expires.IsZero() || issued.SecurityToken == "" {
		return credentials.Value{}, "the answer holds no credentials"
	}
	return issued, ""
}

// notIssued says that a call for credentials failed.
func notIssued(what string, failure *apierror.Error) error {
	reason := failure.Message
	if failure.Code != "" {
		reason = strings.TrimSuffix(failure.Code+": "+reason, ": ")
	}
	var details []string
	if failure.HTTPStatus != 0 {
		details = append(details, fmt.Sprintf("HTTP %d", failure.HTTPStatus))
	}
	if _, issued := errors.AsType[*credentials.Error](failure.Cause); !issued { // Else this host was not even asked.
		details = append(details, failure.Host)
	}
	if failure.RequestID != "" {
		details = append(details, "request ID "+failure.RequestID)
	}
	message := what + ": " + strings.TrimSuffix(reason, ".")
	if len(details) > 0 {
		message += " (" + strings.Join(details, ", ") + ")"
	}
	return &credentials.Error{
		Message:   message,
		Temporary: failure.Class() != apierror.Final,
		Cause:     failure.Cause,
	}
}
