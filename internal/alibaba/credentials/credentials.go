// Package credentials holds the credentials that sign API calls. It hides them in
// every output, caches those that expire, and describes why there are none.
package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
)

// Value is an access key. No print, log or encoding shows its content.
type Value struct {
	AccessKeyID     string
	AccessKeySecret string
	// SecurityToken belongs to a session key (STS). It is empty for a permanent key.
	SecurityToken string
	// ProviderName is the kind of the source, for example "static_ak". Requests send it
	// in the header x-acs-credentials-provider.
	ProviderName string
	// Expires is the end of the session; zero if it is not known.
	Expires time.Time
}

const mask = "***"

// Format implements fmt.Formatter for all verbs.
func (Value) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, mask) }

// LogValue implements slog.LogValuer.
func (Value) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText implements encoding.TextMarshaler, for JSON and similar encodings.
func (Value) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Source returns credentials. It is called before each request and is safe for
// concurrent use. Its errors hold no secret.
type Source interface {
	Credentials(ctx context.Context) (Value, error)
}

// sourceFunc is a Source. Package fmt prints only the address of a function, so no
// output of a struct with a source shows secrets.
type sourceFunc func(context.Context) (Value, error)

// Credentials implements Source.
func (f sourceFunc) Credentials(ctx context.Context) (Value, error) { return f(ctx) }

// static is a Source of fixed credentials, or of the error about them.
type static func() (Value, error)

// Credentials implements Source.
func (f static) Credentials(context.Context) (Value, error) { return f() }

// Static returns a source of an access key. The security token is empty for a permanent
// key. The source never reads missing parts from the environment: it returns an error,
// which Check returns too.
func Static(accessKeyID, accessKeySecret, securityToken string) Source {
	value := Value{AccessKeyID: accessKeyID, AccessKeySecret: accessKeySecret, SecurityToken: securityToken, ProviderName: "static_ak"}
	if securityToken != "" {
		value.ProviderName = "static_sts"
	}
	if err := value.check(); err != nil {
		return static(func() (Value, error) { return Value{}, err })
	}
	return static(func() (Value, error) { return value, nil })
}

// Check returns the error of a source that Static made, and nil for all other sources.
func Check(source Source) error {
	if fixed, ok := source.(static); ok {
		_, err := fixed()
		return err
	}
	return nil
}

// CheckKeyPart returns an error if an access key ID, secret or security token contains
// white space. The error text continues the name of the part.
func CheckKeyPart(value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return errors.New("contains white space")
	}
	return nil
}

func (v Value) check() error {
	const optional = "security token"
	for _, part := range []struct{ name, value string }{
		{"access key ID", v.AccessKeyID}, {"access key secret", v.AccessKeySecret}, {optional, v.SecurityToken},
	} {
		if err := CheckKeyPart(part.value); err != nil {
			return fmt.Errorf("the %s %w", part.name, err)
		}
		if part.value == "" && part.name != optional {
			return fmt.Errorf("the %s is empty", part.name)
		}
	}
	return nil
}

// Error describes why there are no credentials. It holds no secret.
type Error struct {
	// Message is one line.
	Message string
	// Temporary means that another try may succeed, for example because the host that
	// issues the credentials was busy.
	Temporary bool
	// Cause is the underlying error, for errors.Is; may be nil.
	Cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// IsTemporary reports whether err is an *Error and another try may succeed.
func IsTemporary(err error) bool {
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Temporary
}
