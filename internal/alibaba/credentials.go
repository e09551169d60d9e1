package alibaba

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
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
	}
	// The library would fill in from the environment what is empty.
	switch {
	case id == "":
		return Credentials{}, errors.New("the access key ID is empty")
	case secret == "":
		return Credentials{}, errors.New("the access key secret is empty")
	}
	var provider providers.CredentialsProvider
	var err error
	if token == "" {
		provider, err = providers.NewStaticAKCredentialsProviderBuilder().
			WithAccessKeyId(id).WithAccessKeySecret(secret).Build()
	} else {
		provider, err = providers.NewStaticSTSCredentialsProviderBuilder().
			WithAccessKeyId(id).WithAccessKeySecret(secret).WithSecurityToken(token).Build()
	}
	if err != nil {
		return Credentials{}, err
	}
	return ask(provider, nil)
}

// sourceFunc is a source. As a function it holds its secrets where no printing
// finds them.
type sourceFunc func(context.Context) (Credentials, error)

// Credentials implements CredentialsSource.
func (f sourceFunc) Credentials(ctx context.Context) (Credentials, error) { return f(ctx) }

// librarySource makes a source of a provider that reads files or calls other hosts.
// Such providers know no context, not all are safe for concurrent use, and their
// errors quote bodies, URLs and files; secrets name what must not be seen in them.
func librarySource(provider providers.CredentialsProvider, secrets []string) CredentialsSource {
	type outcome struct {
		credentials Credentials
		err         error
	}
	turn := make(chan struct{}, 1)
	return sourceFunc(func(ctx context.Context) (Credentials, error) {
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return Credentials{}, ctx.Err()
		}
		done := make(chan outcome, 1)
		go func() {
			defer func() { <-turn }()
			credentials, err := ask(provider, secrets)
			done <- outcome{credentials, err}
		}()
		select {
		case got := <-done:
			return got.credentials, got.err
		case <-ctx.Done():
			return Credentials{}, ctx.Err()
		}
	})
}

func ask(provider providers.CredentialsProvider, secrets []string) (credentials Credentials, err error) {
	defer func() {
		if recover() != nil {
			credentials, err = Credentials{}, errors.New("the credentials could not be read")
		}
	}()
	got, err := provider.GetCredentials()
	if err != nil {
		return Credentials{}, libraryError(err, secrets)
	}
	return Credentials{
		AccessKeyID:     got.AccessKeyId,
		AccessKeySecret: got.AccessKeySecret,
		SecurityToken:   got.SecurityToken,
		ProviderName:    got.ProviderName,
	}, nil
}

// libraryError takes from an error of the library what may be shown: the text
// before any body that it quotes, and code and message of an error of the API.
func libraryError(err error, secrets []string) error {
	var quoting *url.Error
	if errors.As(err, &quoting) {
		message, obstacle := connectMessage(withoutURL(quoting))
		return &CredentialsError{Message: "the host that issues the credentials could not be asked: " + message, Passing: obstacle == ordering.NoObstacle}
	}
	reason, body, _ := strings.Cut(err.Error(), "{")
	// The library keeps no status, so that what has no code may be a host that is down.
	failure := &CredentialsError{Message: strings.Trim(clean(reason, secrets...), " :"), Passing: true}
	if parsed, ok := parseEnvelope([]byte("{" + body)); ok && parsed.Code != "" {
		code := cleanCode(parsed.Code.string(), secrets...)
		failure.Message += ": " + code + ": " + clean(parsed.Message.string(), secrets...)
		failure.Passing = (&ordering.Failure{Delivery: ordering.Answered, Code: code, HTTPStatus: http.StatusBadRequest}).Class() != ordering.Final
	}
	return failure
}

// snapshot hands credentials that were obtained beforehand to the SDK, which would
// otherwise ask its own sources without bound and context.
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
