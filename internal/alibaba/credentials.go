package alibaba

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// Credentials sign requests. However they are printed, they show nothing.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string // empty for a permanent access key
	// ProviderName says in a request header where the credentials come from, for
	// example "static_ak".
	ProviderName string
}

// Format implements fmt.Formatter for all verbs.
func (Credentials) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, mask) }

// LogValue implements slog.LogValuer.
func (Credentials) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText implements encoding.TextMarshaler, for JSON and the like.
func (Credentials) MarshalText() ([]byte, error) { return []byte(mask), nil }

func (c Credentials) secrets() []string {
	return []string{c.AccessKeySecret, c.SecurityToken, c.AccessKeyID}
}

// CredentialsSource yields credentials. It is asked before each request, so that
// session credentials can be renewed, and must be safe for concurrent use. Its
// errors are shown to the user: they must hold no secret.
type CredentialsSource interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// StaticCredentials returns an access key, permanent if the security token is empty
// and else the one of a session (STS). What is missing is never looked for in the
// environment: New, or else the first call, returns an error instead.
func StaticCredentials(accessKeyID, accessKeySecret, securityToken string) CredentialsSource {
	return newStaticSource(accessKeyID, accessKeySecret, securityToken)
}

func newStaticSource(accessKeyID, accessKeySecret, securityToken string) staticSource {
	credentials, err := static(accessKeyID, accessKeySecret, securityToken)
	return staticSource{func() Credentials { return credentials }, err}
}

// staticSource keeps its credentials in a function, where no printing finds them.
type staticSource struct {
	credentials func() Credentials
	err         error
}

// Credentials implements CredentialsSource.
func (s staticSource) Credentials(context.Context) (Credentials, error) {
	return s.credentials(), s.err
}

// CheckKeyPart checks the form of an access key ID, its secret or a security token. The
// error continues the name of the part.
func CheckKeyPart(value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return errors.New("contains white space")
	}
	return nil
}

func static(id, secret, token string) (Credentials, error) {
	for _, part := range []struct{ name, value string }{{"access key ID", id}, {"access key secret", secret}, {"security token", token}} {
		if err := CheckKeyPart(part.value); err != nil {
			return Credentials{}, fmt.Errorf("the %s %w", part.name, err)
		}
		if part.value == "" && part.name != "security token" {
			return Credentials{}, fmt.Errorf("the %s is empty", part.name)
		}
	}
	provider := "static_ak"
	if token != "" {
		provider = "static_sts"
	}
	return Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token, ProviderName: provider}, nil
}

// sourceFunc is a source of sessions. As a function it holds its secrets where no
// printing finds them.
type sourceFunc func(context.Context) (session, error)

// Credentials implements CredentialsSource.
func (f sourceFunc) Credentials(ctx context.Context) (Credentials, error) {
	held, err := f(ctx)
	return held.Credentials, err
}

// snapshot hands credentials to the SDK.
type snapshot struct{ credentials Credentials }

// GetCredentials implements the SDK's CredentialsProvider.
func (s snapshot) GetCredentials() (*sdkcredentials.Credentials, error) {
	return &sdkcredentials.Credentials{
		AccessKeyId:     s.credentials.AccessKeyID,
		AccessKeySecret: s.credentials.AccessKeySecret,
		SecurityToken:   s.credentials.SecurityToken,
		ProviderName:    s.GetProviderName(),
	}, nil
}

// GetProviderName implements the SDK's CredentialsProvider.
func (s snapshot) GetProviderName() string { return headerText(s.credentials.ProviderName) }
