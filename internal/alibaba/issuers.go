package alibaba

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// Issuers are the hosts that issue credentials, and how they are reached. Making a
// source makes no network call.
type Issuers struct {
	// STSEndpoint is where the Security Token Service is asked, as ParseEndpoint
	// takes it; empty stands for the public host.
	STSEndpoint string
	// Transport carries the requests; nil stands for the network.
	Transport http.RoundTripper
	// UserAgent names the caller.
	UserAgent string
}

// issuedKeys is how all issuers write a session.
type issuedKeys struct {
	AccessKeyID     text `json:"AccessKeyId"`
	AccessKeySecret text
	SecurityToken   text
	Expiration      text
}

func (k issuedKeys) session() (session, bool) {
	issued := session{Credentials: Credentials{
		AccessKeyID: k.AccessKeyID.string(), AccessKeySecret: k.AccessKeySecret.string(), SecurityToken: k.SecurityToken.string(),
	}}
	if expires := k.Expiration.time(); expires != nil {
		issued.expires = *expires
	}
	return issued, issued.AccessKeyID != "" && issued.AccessKeySecret != ""
}

// askTimeout bounds one question to an issuer that is no API.
const askTimeout = 5 * time.Second

// question is a request to an issuer that is no API: it is not signed, and its
// answer has no envelope.
type question struct {
	transport http.RoundTripper
	method    string
	address   string
	header    http.Header
	// form is what is sent, if anything.
	form url.Values
	// timeout bounds the question; 0 stands for askTimeout.
	timeout time.Duration
	// what names the question in errors, for address may hold a secret.
	what string
}

// ask returns the body of a success.
func (q question) ask(ctx context.Context) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, cmp.Or(q.timeout, askTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(limited, q.method, q.address, strings.NewReader(q.form.Encode()))
	if err != nil {
		return nil, &CredentialsError{Message: q.what + ": the address is not valid"}
	}
	if q.form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name := range q.header {
		request.Header.Set(name, q.header.Get(name))
	}
	x := &exchange{base: q.transport, ctx: limited}
	x.perform(limited, request)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case x.err != nil && x.sent():
		return nil, &CredentialsError{Message: q.what + ": " + lostMessage(x, withoutURL(x.err)), Passing: true}
	case x.err != nil:
		message, obstacle := connectMessage(withoutURL(x.err))
		return nil, &CredentialsError{Message: q.what + ": " + message, Passing: obstacle == ordering.NoObstacle}
	case x.status != http.StatusOK:
		// By status alone: the body is not known to be free of secrets.
		class := (&ordering.Failure{Delivery: ordering.Answered, HTTPStatus: x.status}).Class()
		return nil, &CredentialsError{Message: fmt.Sprintf("%s: HTTP %d", q.what, x.status), Passing: class != ordering.Final, Cause: statusError(x.status)}
	}
	return x.body, nil
}

// statusError is an answer's status, for errors.As.
type statusError int

// Error names the status.
func (e statusError) Error() string { return http.StatusText(int(e)) }

// refusedByStatus reports whether an error is an answer that another try would meet again.
func refusedByStatus(err error) bool {
	var status statusError
	return errors.As(err, &status) && !passing(err)
}
