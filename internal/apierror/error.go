// Package apierror describes a failed call of the Alibaba Cloud API: how far the request
// went, what its error code means, and whether it may have placed an order.
package apierror

import (
	"fmt"
	"strings"
)

// Delivery says how far a request went before it failed. It decides whether an
// order may exist.
type Delivery int

const (
	// NotSent means that nothing reached the server: the connection was refused,
	// the TLS handshake failed, the name did not resolve, or the request was
	// never tried.
	NotSent Delivery = iota
	// Lost means that the request was (or may have been) sent and that no
	// readable answer came back: a reset, a timeout, a truncated or unreadable
	// body, a 2xx answer without the order ID.
	ResponseLost
	// Answered means that the server answered with an error.
	Answered
)

// Error is a failed call of the API.
type Error struct {
	// Action is the operation, for example CreatePhysicalConnectionOccupancyOrder.
	Action string
	// Host is the host that was asked.
	Host string
	// Delivery says how far the request went.
	Delivery Delivery
	// Code is the API's error code; empty when the answer held none.
	Code string
	// Message is the API's message, or what happened on the way there. It holds
	// no URL, no signature and no credential.
	Message string
	// HTTPStatus is the status of the answer, 0 when there was none.
	HTTPStatus int
	// RequestID is the ID that the API gave to the request; may be empty.
	RequestID string
	// Recommend is the address of the API's own troubleshooting page; may be
	// empty.
	Recommend string
	// PermanentCause is what keeps a NotSent request from being sent whenever one tries;
	// NoObstacle if another try may succeed.
	PermanentCause PermanentCause
	// Cause is the underlying error, for errors.Is; may be nil. It is not part
	// of the text.
	Cause error
}

// Error describes the failure in one line, for logs.
func (f *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %s", f.Action, f.Host)
	if f.HTTPStatus != 0 {
		fmt.Fprintf(&b, ": HTTP %d", f.HTTPStatus)
	}
	if f.Code != "" {
		fmt.Fprintf(&b, ": %s", f.Code)
	}
	if f.Message != "" {
		fmt.Fprintf(&b, ": %s", f.Message)
	}
	if f.RequestID != "" {
		fmt.Fprintf(&b, " (request ID %s)", f.RequestID)
	}
	return b.String()
}

// Unwrap returns the cause.
func (f *Error) Unwrap() error { return f.Cause }
