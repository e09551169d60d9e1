package apierror

import (
	"errors"
	"net/http"
	"slices"
)

// Class is the class of a failed request. It decides whether an order request is repeated.
type Class int

const (
	// Final errors repeat: the API understood the request and refused it.
	Final Class = iota
	// Retryable errors ordered nothing. The same request may succeed later.
	Retryable
	// Ambiguous errors may have placed an order. The request is repeated with the same
	// client token. Until the API returns an order ID, an order may exist.
	Ambiguous
)

// String returns the name of the class in the documentation, for example "final".
func (c Class) String() string {
	return [...]string{Final: "final", Retryable: "retryable", Ambiguous: "ambiguous"}[c]
}

// Class returns the class of the error for an order request. The family of the code decides
// about refusals. The HTTP status decides about all other answers.
func (e *Error) Class() Class {
	family, known := e.Family()
	switch {
	case e.Delivery == ResponseLost:
		return Ambiguous
	case e.Permanent():
		return Final
	case e.Delivery == NotSent:
		return Retryable
	case e.HTTPStatus >= http.StatusInternalServerError, e.HTTPStatus < http.StatusMultipleChoices,
		e.HTTPStatus == http.StatusRequestTimeout && e.Code == "":
		return Ambiguous // An error code in a success, or the timeout of a proxy, proves nothing.
	case known:
		return family.Class
	case slices.Contains([]int{http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly}, e.HTTPStatus):
		return Retryable
	default:
		return Final
	}
}

// IsFinalRefusal reports whether the API would refuse the same read again. An error code in
// a 2xx answer counts as a refusal, because billing refuses requests that way.
func (e *Error) IsFinalRefusal() bool {
	plain := *e
	if e.Code != "" && e.HTTPStatus < http.StatusMultipleChoices {
		plain.HTTPStatus = http.StatusBadRequest
	}
	return e.Delivery == Answered && plain.Class() == Final
}

// HasNoCode reports whether the answer has no error code. It then probably comes from a
// proxy and not from the API, so that an order may exist.
func (e *Error) HasNoCode() bool { return e.Delivery == Answered && e.Code == "" }

// Group returns the group of the error code. It is empty if no family matches the code, or
// if the API did not answer.
func (e *Error) Group() Group {
	family, _ := e.Family()
	if e.Delivery != Answered {
		return ""
	}
	return family.Group
}

// WrongState reports whether the API refused the order because of the state of the
// circuit. The API documentation does not say which code belongs to which state.
func (e *Error) WrongState() bool { return e.Group() == GroupWrongState }

// ParameterMismatch reports whether an earlier order request used the same client token
// with other arguments.
func (e *Error) ParameterMismatch() bool { return e.Group() == GroupMismatch }

// TokenSpent reports whether the API refuses the client token because an earlier request
// with it failed.
func (e *Error) TokenSpent() bool { return e.Group() == GroupSpent }

// UnpaidOrderExists reports whether the API refused the order because the circuit has an
// unpaid one.
func (e *Error) UnpaidOrderExists() bool { return e.Group() == GroupOtherOrder }

// NotPermitted reports whether permissions for the operation are missing, or the operation
// is not available to the account.
func (e *Error) NotPermitted() bool { return e.Group() == GroupRights }

// IsNotPermitted reports whether err is an *Error that is NotPermitted.
func IsNotPermitted(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.NotPermitted()
}

// OrderedNothing reports whether the error alone proves that its request placed no order.
func (e *Error) OrderedNothing() bool {
	if e.Delivery != Answered || e.Class() == Ambiguous {
		return e.Delivery == NotSent // Nothing reached the API.
	}
	switch e.Group() {
	case "", // An unknown code proves nothing.
		GroupTrade, GroupOtherOrder, // An unpaid or cancelled order may exist.
		GroupToken, // An earlier order request may have used the refused token.
		GroupSpent: // The result of the first request is not known.
		return false
	default: // The API refused the request before it created an order.
		return true
	}
}

// WillRepeat reports whether every request with this configuration gets the same error. It
// is false for causes that may change: network, throttling, server faults, permissions.
func (e *Error) WillRepeat() bool {
	if e.Delivery != Answered {
		// A missing host or an untrusted certificate may be a problem of the network.
		return e.Permanent() && (e.PermanentCause == CauseCredentials || e.PermanentCause == CauseRequest)
	}
	return e.Class() == Final && slices.Contains([]Group{GroupCredentials, GroupRegion, GroupGateway}, e.Group())
}
