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

// Issuers are the hosts that issue credentials, and how they are reached. Making a
// source makes no network call.
type Factory struct {
	// STSEndpoint is where the Security Token Service is asked, as ParseEndpoint
	// takes it; empty stands for the public host.
	STSEndpoint string
	// Transport carries the requests; nil stands for the network.
	Transport http.RoundTripper
	// UserAgent names the caller.
	UserAgent string
}

// issuedKeys is how all issuers write a session.
type issuedKeys struct{ AccessKeyID, AccessKeySecret, SecurityToken, Expiration rpc.Text }

func (k issuedKeys) session() (credentials.Value, bool) {
	issued := credentials.Value{
		AccessKeyID: k.AccessKeyID.String(), AccessKeySecret: k.AccessKeySecret.String(), SecurityToken: k.SecurityToken.String(),
	}
	if expires := k.Expiration.Time(); expires != nil {
		issued.Expires = *expires
	}
	return issued, issued.AccessKeyID != "" && issued.AccessKeySecret != ""
}

// askTimeout bounds one question to an issuer that is no API.
const askTimeout = 5 * time.Second

// question is a request to an issuer that is no API: it is not signed, and its
// answer has no envelope.
type plainRequest struct {
	transport http.RoundTripper
	method    string
	address   string
	header    http.Header
	// body is what is sent, if anything.
	body string
	// timeout bounds the question; 0 stands for askTimeout.
	timeout time.Duration
	// what names the question in errors, for address may hold a secret.
	subject string
}

// ask returns the body of a success.
func (q plainRequest) send(ctx context.Context) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, cmp.Or(q.timeout, askTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(limited, q.method, q.address, strings.NewReader(q.body))
	if err != nil {
		return nil, &credentials.Error{Message: q.subject + ": the address is not valid"}
	}
	if q.header != nil {
		request.Header = q.header.Clone()
	}
	status, body, failure := rpc.Do(q.transport, request)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case failure != nil:
		return nil, &credentials.Error{Message: q.subject + ": " + failure.Message, Temporary: failure.Class() != apierror.Final}
	case status != http.StatusOK:
		// By status alone: the body is not known to be free of secrets.
		class := (&apierror.Error{Delivery: apierror.Answered, HTTPStatus: status}).Class()
		return nil, &credentials.Error{Message: fmt.Sprintf("%s: HTTP %d", q.subject, status), Temporary: class != apierror.Final, Cause: statusError(status)}
	}
	return body, nil
}

// session returns the keys in a success, in the shape of any issuer. Only the keys of
// a credentials URI may be permanent.
func (q plainRequest) credentials(ctx context.Context, provider string) (credentials.Value, error) {
	body, err := q.send(ctx)
	if err != nil {
		return credentials.Value{}, err
	}
	var answer struct {
		issuedKeys
		CloudCredential issuedKeys
		Code            rpc.Text
	}
	if json.Unmarshal(withoutMark(body), &answer) != nil {
		return credentials.Value{}, &credentials.Error{Message: q.subject + ": the answer is not the JSON of credentials", Temporary: true}
	}
	keys := answer.issuedKeys
	if answer.CloudCredential != (issuedKeys{}) {
		keys = answer.CloudCredential
	}
	issued, ok := keys.session()
	if !ok || issued.SecurityToken == "" && provider != providerURI || answer.Code != "" && answer.Code != "Success" {
		return credentials.Value{}, &credentials.Error{Message: q.subject + ": the answer holds none", Temporary: true}
	}
	issued.ProviderName = provider
	return issued, nil
}

// statusError is an answer's status, for errors.As.
type statusError int

// Error names the status.
func (e statusError) Error() string { return http.StatusText(int(e)) }

// refusedByStatus reports whether an error is an answer that another try would meet again.
func refusedByStatus(err error) bool {
	_, answered := errors.AsType[statusError](err)
	return answered && !credentials.IsTemporary(err)
}
