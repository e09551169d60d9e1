package alibaba

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// CredentialsError says why there are no credentials. Its text is fit for the user
// and holds no secret.
type CredentialsError struct {
	// Message says what happened in one line.
	Message string
	// Passing says that another try may succeed, as when the host that issues the
	// credentials was busy. A role that does not exist is not passing.
	Passing bool
	// Cause is the underlying error, for errors.Is; may be nil.
	Cause error
}

// Error returns the message.
func (e *CredentialsError) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *CredentialsError) Unwrap() error { return e.Cause }

// passing reports whether another try may get the credentials that this one did not.
func passing(err error) bool {
	failure, failed := errors.AsType[*CredentialsError](err)
	return failed && failure.Passing
}

// notIssued says that a call for credentials failed.
func notIssued(what string, failure *apierror.Error) error {
	reason := failure.Message
	if failure.Code != "" {
		reason = strings.TrimSuffix(failure.Code+": "+reason, ": ")
	}
	var details []string
	if failure.HTTPStatus != 0 {
		details = append(details, fmt.Sprintf("HTTP %d", failure.HTTPStatus))
	}
	if _, issued := errors.AsType[*CredentialsError](failure.Cause); !issued { // Else this host was not even asked.
		details = append(details, failure.Host)
	}
	if failure.RequestID != "" {
		details = append(details, "request ID "+failure.RequestID)
	}
	message := what + ": " + strings.TrimSuffix(reason, ".")
	if len(details) > 0 {
		message += " (" + strings.Join(details, ", ") + ")"
	}
	return &CredentialsError{
		Message: message,
		Passing: failure.Class() != apierror.Final,
		Cause:   failure.Cause,
	}
}
