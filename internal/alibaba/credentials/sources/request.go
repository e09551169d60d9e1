package sources

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// requestTimeout bounds a plainRequest.
const requestTimeout = 5 * time.Second

// providerURI is the provider name of credentials from a URI.
const providerURI = "credential_uri"

// plainRequest is an unsigned request for credentials to a host that is no API.
type plainRequest struct {
	transport http.RoundTripper
	method    string // empty means GET
	address   string
	header    http.Header
	body      string
	timeout   time.Duration // 0 means requestTimeout
	// subject begins the text of each error. It is used because the address may hold a
	// secret.
	subject string
}

func (r plainRequest) failure(temporary bool, problem string) *credentials.Error {
	return &credentials.Error{Message: r.subject + ": " + problem, Temporary: temporary}
}

// send returns the body of a success.
func (r plainRequest) send(ctx context.Context) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, cmp.Or(r.timeout, requestTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(limited, r.method, r.address, strings.NewReader(r.body))
	if err != nil {
		return nil, r.failure(false, "the address is not valid")
	}
	if r.header != nil {
		request.Header = r.header.Clone()
	}
	status, body, failure := rpc.Do(r.transport, request)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case failure != nil:
		return nil, r.failure(failure.Class() != apierror.Final, failure.Message)
	case status != http.StatusOK:
		// The body may contain secrets, so only the status is used.
		answer := &apierror.Error{Delivery: apierror.Answered, HTTPStatus: status}
		failure := r.failure(answer.Class() != apierror.Final, fmt.Sprintf("HTTP %d", status))
		failure.Cause = answer
		return nil, failure
	}
	return body, nil
}

// isRefusal reports whether err is an HTTP status that another try would meet again.
func isRefusal(err error) bool {
	answer, answered := errors.AsType[*apierror.Error](err)
	return answered && answer.Class() == apierror.Final
}

// issuedKeys is the JSON of a session. All hosts that issue credentials use it.
type issuedKeys struct{ AccessKeyID, AccessKeySecret, SecurityToken, Expiration rpc.Text }

// value returns the session of a provider, and whether it has a key.
func (k issuedKeys) value(provider string) (credentials.Value, bool) {
	value := credentials.Value{
		AccessKeyID: k.AccessKeyID.String(), AccessKeySecret: k.AccessKeySecret.String(), SecurityToken: k.SecurityToken.String(),
		ProviderName: provider,
	}
	if expires := k.Expiration.Time(); expires != nil {
		value.Expires = *expires
	}
	return value, value.AccessKeyID != "" && value.AccessKeySecret != ""
}

// source returns a cached source that sends the request for each session.
func (r plainRequest) source(provider string) credentials.Source {
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) { return r.credentials(ctx, provider) })
}

// credentials returns the keys in a success, in the format of any of the hosts. Only a
// credentials URI may return permanent keys.
func (r plainRequest) credentials(ctx context.Context, provider string) (credentials.Value, error) {
	body, err := r.send(ctx)
	if err != nil {
		return credentials.Value{}, err
	}
	var answer struct {
		issuedKeys
		CloudCredential issuedKeys
		Code            rpc.Text
	}
	if json.Unmarshal(withoutMark(body), &answer) != nil {
		return credentials.Value{}, r.failure(true, "the answer is not the JSON of credentials")
	}
	keys := answer.issuedKeys
	if answer.CloudCredential != (issuedKeys{}) {
		keys = answer.CloudCredential
	}
	value, ok := keys.value(provider)
	if !ok || value.SecurityToken == "" && provider != providerURI || answer.Code != "" && answer.Code != "Success" {
		return credentials.Value{}, r.failure(true, "the answer holds none")
	}
	return value, nil
}
