package alibaba

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// undelivered describes an exchange that brought no whole answer. Nothing that
// reached a connection counts as not sent.
func (call call) undelivered(x *exchange) *ordering.Failure {
	err := withoutURL(x.err)
	var failure *ordering.Failure
	if x.sent() {
		failure = call.failure(ordering.Lost, lostMessage(x, err))
		failure.HTTPStatus = x.status
		failure.RequestID = cleanRequestID(x.header.Get("X-Acs-Request-Id"))
	} else {
		message, obstacle := connectMessage(err)
		failure = call.failure(ordering.NotSent, message)
		failure.Obstacle = obstacle
	}
	failure.Cause = veil(failure.Message, err)
	return failure
}

// veiled is an error that can be told by errors.Is and errors.As, but whose own
// text cannot be read: it may quote what was sent.
type veiled struct {
	message string
	inner   func() error // a function, which no printing looks into
}

func veil(message string, err error) error {
	return &veiled{message, func() error { return err }}
}

// Error says what happened in our own words.
func (e *veiled) Error() string { return e.message }

// Is implements errors.Is for the error inside.
func (e *veiled) Is(target error) bool { return errors.Is(e.inner(), target) }

// As implements errors.As for the error inside.
func (e *veiled) As(target any) bool { return errors.As(e.inner(), target) }

// withoutURL drops the layer of an error that quotes the signed URL.
func withoutURL(err error) error {
	var quoting *url.Error
	for errors.As(err, &quoting) {
		err = quoting.Err
	}
	return err
}

// lostMessage says in one line why no answer came.
func lostMessage(x *exchange, err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, errBodyTooLarge):
		return fmt.Sprintf("the answer has more than %d MiB", maxBody>>20)
	case errors.Is(err, context.Canceled):
		return "the call was cancelled before the answer came"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer came in time"
	case x.status != 0:
		return "the answer broke off"
	default:
		return "the connection broke before the answer came"
	}
}

// connectMessage says in one line why there was no connection, and what the next try
// will meet again.
func connectMessage(err error) (string, ordering.Obstacle) {
	var (
		operation   *net.OpError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		lookup      *net.DNSError
		timeout     net.Error
	)
	prefix := ""
	if errors.As(err, &operation) && operation.Op == "proxyconnect" {
		prefix = "the proxy: "
	}
	switch {
	case errors.As(err, &certificate):
		return prefix + "the host's certificate is not accepted: " + clean(certificate.Err.Error()), ordering.ObstacleTrust
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return prefix + "the host does not speak TLS", ordering.ObstacleTrust
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return prefix + "there is no host of that name", ordering.ObstacleHost
	case errors.As(err, &lookup):
		return prefix + "the host name could not be looked up", ordering.NoObstacle
	case errors.Is(err, syscall.ECONNREFUSED):
		return prefix + "the connection was refused", ordering.NoObstacle
	case operation != nil && operation.Op == "remote error":
		return prefix + "the host refused the TLS handshake: " + clean(operation.Err.Error()), ordering.NoObstacle
	case errors.Is(err, context.Canceled):
		return prefix + "the call was cancelled before there was a connection", ordering.NoObstacle
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return prefix + "no connection came about in time", ordering.NoObstacle
	default:
		return prefix + "no connection came about", ordering.NoObstacle
	}
}
