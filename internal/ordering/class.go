package ordering

import "net/http"

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
	switch c {
	case Retryable:
		return "retryable"
	case Ambiguous:
		return "ambiguous"
	default:
		return "final"
	}
}

// Class classifies the failure, as one of an order request.
func (f *Failure) Class() Class {
	switch {
	case f.Delivery == Lost:
		return Ambiguous
	case f.Permanent():
		return Final
	case f.Delivery == NotSent:
		return Retryable
	}
	if code, known := LookUpCode(f.Code); known {
		return code.Class
	}
	switch {
	case f.HTTPStatus == http.StatusTooManyRequests:
		return Retryable
	case f.HTTPStatus >= http.StatusInternalServerError:
		return Ambiguous
	case f.HTTPStatus < http.StatusMultipleChoices:
		return Ambiguous // A success that denies itself says nothing.
	default:
		return Final
	}
}

// Unclear reports whether an answer is not one of the API: it has no code, as when a
// proxy gives it. It says nothing of what became of the order.
func (f *Failure) Unclear() bool { return f.Delivery == Answered && f.Code == "" }

// WrongState reports whether the API refused the order because of the state of
// the circuit. Which of its codes stands for which state is not documented, so
// all are treated alike.
func (f *Failure) WrongState() bool {
	code, known := LookUpCode(f.Code)
	return f.Delivery == Answered && known && code.Group == GroupWrongState
}

// ParameterMismatch reports whether the API knows the token of the request from
// an order with other arguments.
func (f *Failure) ParameterMismatch() bool {
	code, known := LookUpCode(f.Code)
	return f.Delivery == Answered && known && code.Group == GroupMismatch
}
