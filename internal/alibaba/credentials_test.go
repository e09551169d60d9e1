package alibaba_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
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
		if request.Get("AccessKeyId") != canaryID || request.Get("SecurityToken") != test.token || header["x-acs-credentials-provider"][0] != test.kind { //nolint:staticcheck // The SDK writes the name in lower case.
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
	if failure.Delivery != ordering.NotSent || failure.Obstacle != ordering.ObstacleCredentials || failure.Message != "the role does not exist" || !errors.Is(failure, cause) || seen.count() != 0 {
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

// provider is one of the library's, made of a function.
type provider func() (*providers.Credentials, error)

func (f provider) GetCredentials() (*providers.Credentials, error) { return f() }
func (provider) GetProviderName() string                           { return "test" }

func TestErrorsOfTheLibraryShowTheReasonOnly(t *testing.T) {
	t.Parallel()
	signed := "https://sts.aliyuncs.com/?AccessKeyId=" + canaryID + "&SecurityToken=" + url.QueryEscape(canaryToken)
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"refused role": {
			fmt.Errorf("refresh session token failed: %s", `{"RequestId":"R-1","Code":"EntityNotExist.Role","Message":"The role does not exist for `+canaryID+`.","Secret":"`+canarySecret+`"}`),
			"refresh session token failed: EntityNotExist.Role: The role does not exist for ***.",
		},
		"no connection": {
			&url.Error{Op: "Post", URL: signed, Err: context.DeadlineExceeded},
			"the host that issues the credentials could not be asked: no connection came about in time",
		},
		"quoted file":      {errors.New(`unmarshal failed: { "access_key_secret": "` + canarySecret + `"`), "unmarshal failed"},
		"quoted token":     {errors.New("failed to refresh token: " + canaryToken), "failed to refresh token: ***"},
		"quoted URL":       {errors.New("cannot ask " + signed), "cannot ask https://sts.aliyuncs.com/"},
		"anything at last": {errors.New("the RoleArn is empty"), "the RoleArn is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			library := alibaba.LibrarySource(provider(func() (*providers.Credentials, error) { return nil, test.err }), []string{canarySecret, canaryToken, canaryID})
			_, err := library.Credentials(t.Context())
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestPanicOfTheLibraryIsAnError(t *testing.T) {
	t.Parallel()
	library := alibaba.LibrarySource(provider(func() (*providers.Credentials, error) { panic("canary") }), nil)
	for range 2 { // The second call must find the way free.
		_, err := library.Credentials(t.Context())
		if err == nil {
			t.Fatal("no error")
		}
		expectNoCanary(t, "the error", err.Error())
	}
}

func TestFetchingCredentialsIsCutByTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		library := alibaba.LibrarySource(provider(func() (*providers.Credentials, error) {
			calls++
			time.Sleep(10 * time.Second)
			return &providers.Credentials{AccessKeyId: "id", AccessKeySecret: "secret", ProviderName: "test"}, nil
		}), nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		started := time.Now()
		for range 2 { // One fetches, the next waits for its turn.
			if _, err := library.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		if took := time.Since(started); took != time.Second {
			t.Errorf("ended after %s", took)
		}
		got, err := library.Credentials(t.Context())
		if err != nil || got.AccessKeyID != "id" || got.ProviderName != "test" || calls != 2 {
			t.Errorf("got %q after %d calls, %v", got.AccessKeyID, calls, err)
		}
	})
}
