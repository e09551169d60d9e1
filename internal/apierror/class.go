package apierror

import (
	"net/http"
	"slices"
)

// Class says what a failed order request means for the next one.
type Class int

const (
	// Final failures repeat: the request was understood and refused.
	Final Class = iota
	// Retryable failures ordered nothing, and may pass when sent again.
	Retryable
	// Ambiguous failures may have ordered: the request is repeated with the same
	// token, and until it is answered an order may exist.
	Ambiguous
)

// String returns the name used in the documentation.
func (c Class) String() string {
	return [...]string{Final: "final", Retryable: "retryable", Ambiguous: "ambiguous"}[c]
}

// Class classifies the failure, as one of an order request. A family decides about an
// answer that is a refusal; the status decides about all else.
func (f *Error) Class() Class {
	family, known := f.Family()
	switch {
	case f.Delivery == ResponseLost:
		return Ambiguous
	case f.Permanent():
		return Final
	case f.Delivery == NotSent:
		return Retryable
	case f.HTTPStatus >= http.StatusInternalServerError, f.HTTPStatus < http.StatusMultipleChoices, f.HTTPStatus == http.StatusRequestTimeout && f.Code == "":
		return Ambiguous // A success that denies itself, or a proxy's timeout, says nothing.
	case known:
		return family.Class
	case slices.Contains([]int{http.StatusTooManyRequests, http.StatusRequestTimeout, http.StatusTooEarly}, f.HTTPStatus):
		return Retryable
	default:
		return Final
	}
}

// RefusedForGood reports whether another try of a read would get the same refusal. Billing
// is known to refuse inside a success; that counts as much as the status of an error.
func (f *Error) IsFinalRefusal() bool {
	plain := *f
	if f.Code != "" && f.HTTPStatus < http.StatusMultipleChoices {
		plain.HTTPStatus = http.StatusBadRequest
	}
	return f.Delivery == Answered && plain.Class() == Final
}

// Unclear reports whether an answer is not one of the API: it has no code, as when a
// proxy gives it. It says nothing of what became of the order.
func (f *Error) HasNoCode() bool { return f.Delivery == Answered && f.Code == "" }

// Group returns the group of the answer's code; empty if it is of no family, or if the
// answer was lost.
func (f *Error) Group() Group {
	family, _ := f.Family()
	if f.Delivery != Answered {
		return ""
	}
	return family.Group
}

// WrongState reports whether the API refused the order because of the state of the
// circuit. Which code it returns for which state is not documented.
func (f *Error) WrongState() bool { return f.Group() == GroupWrongState }

// ParameterMismatch reports whether the API knows the token of the request from
// an order with other arguments.
func (f *Error) ParameterMismatch() bool { return f.Group() == GroupMismatch }

// TokenSpent reports whether the API keeps the token for a request that failed.
func (f *Error) TokenSpent() bool { return f.Group() == GroupSpent }

// UnpaidOrderExists reports whether an unpaid order of the circuit is in the way.
func (f *Error) UnpaidOrderExists() bool { return f.Group() == GroupOtherOrder }

// NotPermitted reports whether the credentials may not do what was asked, or the
// account cannot be asked at all.
func (f *Error) NotPermitted() bool { return f.Group() == GroupRights }

// Certain reports whether the failure alone proves that its request ordered nothing.
func (f *Error) OrderedNothing() bool {
	if f.Delivery != Answered || f.Class() == Ambiguous {
		return f.Delivery == NotSent // Nothing reached the API.
	}
	switch f.Group() {
	case "", // The API named no order; more is not known.
		GroupTrade, GroupOtherOrder, // The order may exist, unpaid or void.
		GroupToken, // A parameter that is refused may be one that was used.
		GroupSpent: // What the first request left is not known.
		return false
	default: // The API refused before an order existed, or because of another order.
		return true
	}
}

// WillRepeat reports whether every request with this configuration meets the same
// failure. The network, throttling, faults of the server and rights may change meanwhile.
func (f *Error) WillRepeat() bool {
	if f.Delivery != Answered {
		// A missing host or an untrusted certificate may be the network's.
		return f.Permanent() && (f.PermanentCause == CauseCredentials || f.PermanentCause == CauseRequest)
	}
	return f.Class() == Final && slices.Contains([]Group{GroupCredentials, GroupRegion, GroupGateway}, f.Group())
}
