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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// source is a CredentialsSource made of a function.
type source func() (credentials.Value, error)

func (f source) Credentials(context.Context) (credentials.Value, error) { return f() }

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
	value := credentials.Value{AccessKeyID: canaryID, AccessKeySecret: canarySecret, SecurityToken: canaryToken}
	static := credentials.Static(canaryID, canarySecret, canaryToken)
	client := configure(t, alibaba.Config{Credentials: static, Transport: hanging()})
	nested := struct{ inner credentials.Source }{static}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []any{value, &value, []credentials.Value{value}, static, &static, nested, client, alibaba.Config{Credentials: static}} {
			expectNoCanary(t, fmt.Sprintf("%s of %T", verb, printed), fmt.Sprintf(verb, printed))
		}
	}
	encoded, err := json.Marshal(map[string]any{"value": value, "pointer": &value})
	if err != nil {
		t.Fatal(err)
	}
	expectNoCanary(t, "JSON", string(encoded))
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("message", "credentials", value, "source", static)
	slog.New(slog.NewTextHandler(&log, nil)).Info("message", "credentials", &value)
	expectNoCanary(t, "the log", log.String())
}

func TestStaticCredentialsAreNotCompletedFromTheEnvironment(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token-of-the-environment")
	got, err := credentials.Static("id", "secret", "").Credentials(t.Context())
	if err != nil || got.AccessKeyID != "id" || got.AccessKeySecret != "secret" || got.SecurityToken != "" {
		t.Errorf("got %q %q %q, %v", got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, err)
	}
	for name, static := range map[string]credentials.Source{
		"no ID":               credentials.Static("", canarySecret, ""),
		"no secret":           credentials.Static(canaryID, "", canaryToken),
		"a line end":          credentials.Static(canaryID, canarySecret+"\n", ""),
		"a space in a token":  credentials.Static(canaryID, canarySecret, canaryToken+" "),
		"nothing but a token": credentials.Static("", "", canaryToken),
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
			Credentials: credentials.Static(canaryID, canarySecret, test.token),
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
		Credentials: source(func() (credentials.Value, error) {
			asked++
			return credentials.Value{AccessKeyID: fmt.Sprint("id-", asked), AccessKeySecret: "s"}, nil
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
		Credentials: source(func() (credentials.Value, error) { return credentials.Value{}, cause }),
	})
	failure := send(t, client)
	if failure.Delivery != apierror.NotSent || failure.PermanentCause != apierror.CauseCredentials || failure.Message != "the role does not exist" || !errors.Is(failure, cause) || seen.count() != 0 {
		t.Errorf("%d requests, got %+v", seen.count(), failure)
	}
	asked := 0
	client = configure(t, alibaba.Config{Credentials: source(func() (credentials.Value, error) {
		asked++
		return credentials.Value{}, cause
	})})
	if _, err := describe(t.Context(), client); err == nil || asked != 1 {
		t.Errorf("asked %d times, then %v", asked, err)
	}
}
