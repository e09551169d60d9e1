package rpc

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// undelivered describes an exchange that brought no whole answer. Nothing that
// reached a connection counts as not sent.
func (call Call) undelivered(x *roundTrip, secrets []string) *apierror.Error {
	var failure *apierror.Error
	if x.sent() {
		failure = call.Failure(apierror.ResponseLost, x.lost())
		failure.HTTPStatus = x.status
		failure.RequestID = cleanRequestID(x.header.Get("X-Acs-Request-Id"), secrets...)
	} else {
		failure = call.Failure(apierror.NotSent, "")
		failure.Message, failure.PermanentCause = x.unconnected(secrets...)
	}
	failure.Cause = opaque(failure.Message, withoutURL(x.err))
	return failure
}

// plain sends a request that is no API call over a transport, and returns status and
// body. The failure holds a message and how far the request went.
func Do(transport http.RoundTripper, request *http.Request) (status int, body []byte, failure *apierror.Error) {
	x := &roundTrip{base: cmp.Or(transport, sharedTransport())}
	x.perform(request)
	if x.err != nil {
		return x.status, nil, Call{Endpoint: Endpoint{Host: request.URL.Host}}.undelivered(x, nil)
	}
	return x.status, x.body, nil
}

// veiled is an error that can be told by errors.Is and errors.As, but whose own
// text cannot be read: it may quote what was sent.
type opaqueError struct {
	message string
	inner   func() error // a function, which no printing looks into
}

func opaque(message string, err error) error {
	return &opaqueError{message, func() error { return err }}
}

// Error says what happened in our own words.
func (e *opaqueError) Error() string { return e.message }

// Is implements errors.Is for the error inside.
func (e *opaqueError) Is(target error) bool { return errors.Is(e.inner(), target) }

// As implements errors.As for the error inside.
func (e *opaqueError) As(target any) bool { return errors.As(e.inner(), target) }

// withoutURL drops the layer of an error that quotes the signed URL.
func withoutURL(err error) error {
	var quoting *url.Error
	for errors.As(err, &quoting) {
		err = quoting.Err
	}
	return err
}

// lost returns in one line why the host gave no whole answer.
func (x *roundTrip) lost() string {
	switch err := x.err; {
	case errors.Is(err, errBodyTooLarge):
		return fmt.Sprintf("%s sent more than %d MiB", x.host, maxBody>>20)
	case errors.Is(err, errSwitched):
		return fmt.Sprintf("%s answered HTTP %d, which is no answer to the request", x.host, x.status)
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before the answer of " + x.host + " came"
	case timedOut(err):
		return x.host + " did not answer in time"
	case x.status != 0:
		return "the answer of " + x.host + " broke off"
	default:
		return "the connection to " + x.host + " broke before the answer came"
	}
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// unconnected returns in one line why there was no connection to the host, and what
// the next try will meet again.
func (x *roundTrip) unconnected(secrets ...string) (string, apierror.PermanentCause) {
	err := withoutURL(x.err)
	refusal, refused := errors.AsType[proxyStatus](err)
	operation, failed := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, errProxyAddress):
		return "the environment holds no valid address of a proxy to " + x.host, apierror.CauseProxy
	case refused:
		obstacle := apierror.NoPermanentCause
		if refusal == http.StatusForbidden || refusal == http.StatusProxyAuthRequired {
			obstacle = apierror.CauseProxy
		}
		return fmt.Sprintf("the proxy %s opened no connection to %s: %s", x.proxy, x.host, refusal), obstacle
	case failed && operation.Op == "proxyconnect":
		message, obstacle := connectMessage("the proxy "+x.proxy, operation.Err, secrets)
		if obstacle.Permanent() {
			obstacle = apierror.CauseProxy
		}
		return message, obstacle
	}
	message, obstacle := connectMessage(x.host, err, secrets)
	if x.proxy != "" {
		message += " (through the proxy " + x.proxy + ")"
	}
	return message, obstacle
}

// connectMessage returns why there was no connection to a host or a proxy.
func connectMessage(host string, err error, secrets []string) (string, apierror.PermanentCause) {
	certificate, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	lookup, unresolved := errors.AsType[*net.DNSError](err)
	_, handshake, tlsFailed := strings.Cut(err.Error(), "tls: ")
	switch {
	case untrusted:
		return "the certificate of " + host + " is not accepted: " + Clean(certificate.Err.Error(), secrets...), apierror.CauseTrust
	case errors.Is(err, http.ErrSchemeMismatch), plain:
		return host + " does not speak TLS", apierror.CauseTrust
	case unresolved && lookup.IsNotFound:
		return "there is no host with the name of " + host, apierror.CauseHost
	case unresolved:
		return "the name of " + host + " could not be looked up", apierror.NoPermanentCause
	case errors.Is(err, syscall.ECONNREFUSED):
		return host + " refused the connection", apierror.CauseRefused
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before there was a connection to " + host, apierror.NoPermanentCause
	case timedOut(err):
		return "no connection to " + host + " in time", apierror.NoPermanentCause
	case tlsFailed && (handshake == "internal error" || handshake == "user canceled"):
		return "the TLS handshake with " + host + " failed: " + handshake, apierror.NoPermanentCause
	case tlsFailed:
		return "the TLS handshake with " + host + " failed: " + Clean(handshake, secrets...), apierror.CauseTrust
	default:
		return "no connection to " + host, apierror.NoPermanentCause
	}
}
