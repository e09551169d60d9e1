package rpc

import (
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

// undelivered returns the error of a request without a complete answer. If there was a
// connection, the request counts as sent.
func (call Call) undelivered(r *result, secrets []string) *apierror.Error {
	// The error of net/http quotes the signed URL.
	err := r.err
	for quoting, ok := errors.AsType[*url.Error](err); ok; quoting, ok = errors.AsType[*url.Error](err) {
		err = quoting.Err
	}
	failure := call.Failure(apierror.NotSent, "")
	if r.sent {
		failure.Delivery, failure.Message = apierror.ResponseLost, r.lost(err)
		failure.HTTPStatus = r.status
		failure.RequestID = r.requestID(secrets)
	} else {
		failure.Message, failure.PermanentCause = r.unconnected(err, secrets)
	}
	failure.Cause = opaque(failure.Message, err)
	return failure
}

// opaqueError is an error for errors.Is and errors.As. Its own text is hidden, because it
// may quote the request.
type opaqueError struct {
	message string
	inner   func() error // Package fmt prints only the address of a function.
}

func opaque(message string, err error) error {
	return &opaqueError{message, func() error { return err }}
}

// Error returns the message.
func (e *opaqueError) Error() string { return e.message }

// Is implements errors.Is for the hidden error.
func (e *opaqueError) Is(target error) bool { return errors.Is(e.inner(), target) }

// As implements errors.As for the hidden error.
func (e *opaqueError) As(target any) bool { return errors.As(e.inner(), target) }

// lost returns in one line why the answer is missing or incomplete.
func (r *result) lost(err error) string {
	switch {
	case errors.Is(err, errBodyTooLarge):
		return r.host + " " + errBodyTooLarge.Error()
	case errors.Is(err, errSwitched):
		return fmt.Sprintf("%s answered HTTP %d, which is no answer to the request", r.host, r.status)
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before the answer of " + r.host + " arrived"
	case timedOut(err):
		return r.host + " did not answer in time"
	case r.status != 0:
		return "the answer of " + r.host + " is incomplete"
	default:
		return "the connection to " + r.host + " broke before the answer arrived"
	}
}

func timedOut(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// unconnected returns in one line why there was no connection to the host, and the cause
// that the next try will meet again.
func (r *result) unconnected(err error, secrets []string) (string, apierror.PermanentCause) {
	status, refused := errors.AsType[proxyStatus](err)
	operation, failed := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, errProxyAddress):
		return "the environment holds no valid address of a proxy to " + r.host, apierror.CauseProxy
	case refused:
		cause := apierror.NoPermanentCause
		if status == http.StatusForbidden || status == http.StatusProxyAuthRequired {
			cause = apierror.CauseProxy
		}
		return fmt.Sprintf("the proxy %s opened no connection to %s: %s", r.proxy, r.host, status), cause
	case failed && operation.Op == "proxyconnect":
		message, cause := connectMessage("the proxy "+r.proxy, operation.Err, secrets)
		if cause.Permanent() {
			cause = apierror.CauseProxy
		}
		return message, cause
	}
	message, cause := connectMessage(r.host, err, secrets)
	if r.proxy != "" {
		message += " (through the proxy " + r.proxy + ")"
	}
	return message, cause
}

// refusedOnWindows is the error of Windows for a refused connection. Package syscall does not
// equate it with ECONNREFUSED.
const refusedOnWindows = syscall.Errno(10061)

// connectMessage returns why there was no connection to a host or a proxy.
func connectMessage(host string, err error, secrets []string) (string, apierror.PermanentCause) {
	certificate, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, plain := errors.AsType[tls.RecordHeaderError](err)
	lookup, unresolved := errors.AsType[*net.DNSError](err)
	_, handshake, tlsFailed := strings.Cut(err.Error(), "tls: ")
	switch {
	case untrusted:
		return "the certificate of " + host + " is not accepted: " + clean(certificate.Err.Error(), secrets...), apierror.CauseTrust
	case errors.Is(err, http.ErrSchemeMismatch), plain:
		return host + " does not speak TLS", apierror.CauseTrust
	case unresolved && lookup.IsNotFound:
		return "there is no host with the name of " + host, apierror.CauseHost
	case unresolved:
		return "the name of " + host + " could not be looked up", apierror.NoPermanentCause
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, refusedOnWindows):
		return host + " refused the connection", apierror.CauseRefused
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before there was a connection to " + host, apierror.NoPermanentCause
	case timedOut(err):
		return "no connection to " + host + " in time", apierror.NoPermanentCause
	case tlsFailed:
		cause := apierror.CauseTrust
		if handshake == "internal error" || handshake == "user canceled" {
			cause = apierror.NoPermanentCause
		}
		return "the TLS handshake with " + host + " failed: " + clean(handshake, secrets...), cause
	default:
		return "no connection to " + host, apierror.NoPermanentCause
	}
}
