package alibaba_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// source is a CredentialsSource made of a function.
type source func() (alibaba.Credentials, error)

func (f source) Credentials(context.Context) (alibaba.Credentials, error) { return f() }

func expectNoCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			t.Errorf("%s holds %q: %s", where, canary, text)
		}
	}
}

func TestCredentialsShowNothingHoweverTheyArePrinted(t *testing.T) {
	t.Parallel()
	credentials := alibaba.Credentials{AccessKeyID: canaryID, AccessKeySecret: canarySecret, SecurityToken: canaryToken}
	static := alibaba.StaticCredentials(canaryID, canarySecret, canaryToken)
	client := configure(t, alibaba.Config{Credentials: static, Transport: hanging()})
	nested := struct{ inner alibaba.CredentialsSource }{static}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{credentials, &credentials, []alibaba.Credentials{credentials}, static, &static, nested, client, alibaba.Config{Credentials: static}} {
			expectNoCanary(t, fmt.Sprintf("%s of %T", verb, value), fmt.Sprintf(verb, value))
		}
	}
	encoded, err := json.Marshal(map[string]any{"value": credentials, "pointer": &credentials})
	if err != nil {
		t.Fatal(err)
	}
	expectNoCanary(t, "JSON", string(encoded))
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("message", "credentials", credentials, "source", static)
	slog.New(slog.NewTextHandler(&log, nil)).Info("message", "credentials", &credentials)
	expectNoCanary(t, "the log", log.String())
}

func TestStaticCredentialsAreNotCompletedFromTheEnvironment(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token-of-the-environment")
	got, err := alibaba.StaticCredentials("id", "secret", "").Credentials(t.Context())
	if err != nil || got.AccessKeyID != "id" || got.AccessKeySecret != "secret" || got.SecurityToken != "" {
		t.Errorf("got %q %q %q, %v", got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, err)
	}
	for name, static := range map[string]alibaba.CredentialsSource{
		"no ID":               alibaba.StaticCredentials("", canarySecret, ""),
		"no secret":           alibaba.StaticCredentials(canaryID, "", canaryToken),
		"a line end":          alibaba.StaticCredentials(canaryID, canarySecret+"\n", ""),
		"a space in a token":  alibaba.StaticCredentials(canaryID, canarySecret, canaryToken+" "),
		"nothing but a token": alibaba.StaticCredentials("", "", canaryToken),
	} {
		_, err := static.Credentials(t.Context())
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		expectNoCanary(t, name, err.Error())
		if _, newErr := alibaba.New(alibaba.Config{Credentials: static}); newErr == nil || newErr.Error() != err.Error() {
			t.Errorf("%s: New returns %v", name, newErr)
		}
	}
}

func TestRequestNamesKindAndTokenOfItsCredentials(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ token, kind string }{
		"access key": {"", "static_ak"},
		"session":    {canaryToken, "static_sts"},
	} {
		var seen recorder
		client := configure(t, alibaba.Config{
			Credentials: alibaba.StaticCredentials(canaryID, canarySecret, test.token),
			Transport:   seen.wrap(answering(http.StatusOK, acceptedBody)),
		})
		if _, err := client.SendOrder(t.Context(), wish()); err != nil {
			t.Fatal(err)
		}
		request, header := seen.requests[0], seen.headers[0]
		if request.Get("AccessKeyId") != canaryID || request.Get("SecurityToken") != test.token || header.Get("x-acs-credentials-provider") != test.kind {
			t.Errorf("%s: %v %v", name, request, header)
		}
	}
}

func TestCredentialsAreAskedForBeforeEachTry(t *testing.T) {
	t.Parallel()
	asked := 0
	var seen recorder
	client := configure(t, alibaba.Config{
		Transport: seen.wrap(answering(http.StatusInternalServerError, "")),
		Credentials: source(func() (alibaba.Credentials, error) {
			asked++
			return alibaba.Credentials{AccessKeyID: fmt.Sprint("id-", asked), AccessKeySecret: "s"}, nil
		}),
	})
	for try := 1; try <= 2; try++ {
		_ = send(t, client)
		if got := seen.requests[try-1].Get("AccessKeyId"); asked != try || got != fmt.Sprint("id-", try) {
			t.Errorf("try %d: asked %d times, sent %s", try, asked, got)
		}
	}
}

func TestCredentialsThatCannotBeHadAreAPermanentFailure(t *testing.T) {
	t.Parallel()
	var seen recorder
	cause := errors.New("the role does not exist")
	client := configure(t, alibaba.Config{
		Transport:   seen.wrap(answering(http.StatusOK, acceptedBody)),
		Credentials: source(func() (alibaba.Credentials, error) { return alibaba.Credentials{}, cause }),
	})
	failure := send(t, client)
	if failure.Delivery != apierror.NotSent || failure.PermanentCause != apierror.CauseCredentials || failure.Message != "the role does not exist" || !errors.Is(failure, cause) || seen.count() != 0 {
		t.Errorf("%d requests, got %+v", seen.count(), failure)
	}
	asked := 0
	client = configure(t, alibaba.Config{Credentials: source(func() (alibaba.Credentials, error) {
		asked++
		return alibaba.Credentials{}, cause
	})})
	if _, err := describe(t.Context(), client); err == nil || asked != 1 {
		t.Errorf("asked %d times, then %v", asked, err)
	}
}
