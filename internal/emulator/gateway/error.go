package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
)

// Error is an answer other than success.
type Error struct {
	Status        int
	Code, Message string

	details Object // further members of the body
}

// Error returns code and message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// NewError returns the documented answer for a code. If the code is not documented, the
// status is 400 and the message is the code.
func NewError(code string) *Error {
	known, ok := codes[code]
	if !ok {
		known = documented{http.StatusBadRequest, code}
	}
	return &Error{Status: known.status, Code: code, Message: known.message}
}

// Errorf returns the documented answer for a code with another message.
func Errorf(code, format string, args ...any) *Error {
	err := NewError(code)
	err.Message = fmt.Sprintf(format, args...)
	return err
}

// Invalid returns the error for a parameter with an invalid value.
func Invalid(param string) *Error {
	return Errorf("Invalid"+param, "Specified parameter %s is not valid.", param)
}

// Missing returns the error for a required parameter that is missing.
func Missing(param string) *Error {
	return Errorf("Missing"+param, "%s is mandatory for this action.", param)
}

// AsError returns the answer for an error of an operation: an *Error or an account.Code.
func AsError(err error) *Error {
	if refused := (*Error)(nil); errors.As(err, &refused) {
		return refused
	}
	return NewError(err.Error())
}

// newError returns the documented answer for a code, as the product of the request gives it.
func (q *Request) newError(code string) *Error {
	err := NewError(code)
	if q.operation.Product == ProductBSS {
		err.Status = cmp.Or(billingStatuses[code], err.Status)
	}
	return err
}

// refusal returns the answer for an error.
func refusal(q *Request, err *Error) answer {
	product := cmp.Or(q.operation.Product, ProductVPC)
	a := answer{status: err.Status, code: err.Code}
	if product == ProductBSS && err.Status == http.StatusOK {
		a.root = q.Params[paramAction] + "Response"
		a.body = Object{{"Code", err.Code}, {"Message", err.Message}, {"RequestId", q.ID}, {"Success", false}}
		return a
	}
	a.root = "Error"
	a.body = append(Object{
		{"RequestId", q.ID},
		{"HostId", q.Host},
		{"Code", err.Code},
		{"Message", err.Message},
		{"Recommend", fmt.Sprintf("https://api.aliyun.com/troubleshoot?q=%s&product=%s&requestId=%s", err.Code, product, q.ID)},
	}, err.details...)
	return a
}
