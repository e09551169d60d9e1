// Package apierror describes a failed call of the Alibaba Cloud API: how far the request
// went, what its error code means, and whether it may have placed an order.
package apierror

import (
	"fmt"
	"strings"
)

// Delivery is how far a request went before it failed. It decides whether an order may
// exist.
type Delivery int

const (
	// NotSent means that no request reached the server. For example, the connection was
	// refused, the TLS handshake failed, or the name did not resolve.
	NotSent Delivery = iota
	// ResponseLost means that the request was or may have been sent, but no readable answer
	// came back. For example, the connection was reset, the request timed out, the body was
	// truncated, or a 2xx answer had no order ID.
	ResponseLost
	// Answered means that the server answered with an error.
	Answered
)

// Error is a failed call of the API.
type Error struct {
	// Action is the operation, for example CreatePhysicalConnectionOccupancyOrder.
	Action string
	// Host is the host of the request.
	Host string
	// Delivery is how far the request went.
	Delivery Delivery
	// Code is the error code of the API. It is empty if the answer has none.
	Code string
	// Message is the message of the API, or a description of the transport error. It
	// contains no URL, signature or credential.
	Message string
	// HTTPStatus is the HTTP status of the answer, 0 if there was no answer.
	HTTPStatus int
	// RequestID is the ID that the API gave to the request. It may be empty.
	RequestID string
	// Recommend is the URL of the API's troubleshooting page. It may be empty.
	Recommend string
	// PermanentCause is the reason a NotSent request fails again with every try. It is
	// NoPermanentCause if another try may succeed.
	PermanentCause PermanentCause
	// Cause is the underlying error for errors.Is. It may be nil. Error does not include
	// its text.
	Cause error
}

// Error describes the error in one line, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s", e.Action, e.Host)
	if e.HTTPStatus != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.HTTPStatus)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ": %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request ID %s)", e.RequestID)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }
