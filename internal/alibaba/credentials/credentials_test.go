package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func TestCredentials_PrintedInAnyForm_ShowNothing(t *testing.T) {
	t.Parallel()
	value := credentials.Value{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: alibabatest.CanarySecret, SecurityToken: alibabatest.CanaryToken}
	static := credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, alibabatest.CanaryToken)
	client := alibabatest.Configure(t, alibaba.Config{Credentials: static, Transport: alibabatest.Hanging()})
	nested := struct{ inner credentials.Source }{static}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []any{value, &value, []credentials.Value{value}, static, &static, nested, client, alibaba.Config{Credentials: static}} {
			alibabatest.ExpectNoCanary(t, fmt.Sprintf("%s of %T", verb, printed), fmt.Sprintf(verb, printed))
		}
	}
	encoded, err := json.Marshal(map[string]any{"value": value, "pointer": &value})
	if err != nil {
		t.Fatal(err)
	}
	alibabatest.ExpectNoCanary(t, "JSON", string(encoded))
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("message", "credentials", value, "source", static)
	slog.New(slog.NewTextHandler(&log, nil)).Info("message", "credentials", &value)
	alibabatest.ExpectNoCanary(t, "the log", log.String())
}

func TestStatic_IsNotCompletedFromTheEnvironment(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-of-the-environment")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token-of-the-environment")
	got, err := credentials.Static("id", "secret", "").Credentials(t.Context())
	if err != nil || got.AccessKeyID != "id" || got.AccessKeySecret != "secret" || got.SecurityToken != "" {
		t.Errorf("got %q %q %q, %v", got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, err)
	}
	for name, static := range map[string]credentials.Source{
		"no ID":               credentials.Static("", alibabatest.CanarySecret, ""),
		"no secret":           credentials.Static(alibabatest.CanaryID, "", alibabatest.CanaryToken),
		"a line end":          credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret+"\n", ""),
		"a control character": credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret+"\x7f", ""),
		"a space in a token":  credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, alibabatest.CanaryToken+" "),
		"nothing but a token": credentials.Static("", "", alibabatest.CanaryToken),
	} {
		_, err := static.Credentials(t.Context())
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		alibabatest.ExpectNoCanary(t, name, err.Error())
		if _, newErr := alibaba.New(alibaba.Config{Credentials: static}); newErr == nil || newErr.Error() != err.Error() {
			t.Errorf("%s: New returns %v", name, newErr)
		}
	}
}

func TestRequest_HasKindAndTokenOfItsCredentials(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ token, kind string }{
		"access key": {"", "static_ak"},
		"session":    {alibabatest.CanaryToken, "static_sts"},
	} {
		var seen alibabatest.Recorder
		client := alibabatest.Configure(t, alibaba.Config{
			Credentials: credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, test.token),
			Transport:   seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)),
		})
		if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil {
			t.Fatal(err)
		}
		request, header := seen.Requests[0], seen.Headers[0]
		if request.Get("AccessKeyId") != alibabatest.CanaryID || request.Get("SecurityToken") != test.token || header.Get("x-acs-credentials-provider") != test.kind {
			t.Errorf("%s: %v %v", name, request, header)
		}
	}
}

func TestCredentials_AreReadBeforeEachTry(t *testing.T) {
	t.Parallel()
	asked := 0
	var seen alibabatest.Recorder
	client := alibabatest.Configure(t, alibaba.Config{
		Transport: seen.Wrap(alibabatest.Answering(http.StatusInternalServerError, "")),
		Credentials: alibabatest.SourceFunc(func() (credentials.Value, error) {
			asked++
			return credentials.Value{AccessKeyID: fmt.Sprint("id-", asked), AccessKeySecret: "s"}, nil
		}),
	})
	for try := 1; try <= 2; try++ {
		_ = alibabatest.SendOrder(t, client)
		if got := seen.Requests[try-1].Get("AccessKeyId"); asked != try || got != fmt.Sprint("id-", try) {
			t.Errorf("try %d: asked %d times, sent %s", try, asked, got)
		}
	}
}

func TestCredentials_Unavailable_AreAPermanentCause(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	cause := errors.New("the role does not exist")
	client := alibabatest.Configure(t, alibaba.Config{
		Transport:   seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)),
		Credentials: alibabatest.SourceFunc(func() (credentials.Value, error) { return credentials.Value{}, cause }),
	})
	failure := alibabatest.SendOrder(t, client)
	if failure.Delivery != apierror.NotSent || failure.PermanentCause != apierror.CauseCredentials || failure.Message != "the role does not exist" || !errors.Is(failure, cause) || seen.Count() != 0 {
		t.Errorf("%d requests, got %+v", seen.Count(), failure)
	}
	asked := 0
	client = alibabatest.Configure(t, alibaba.Config{Credentials: alibabatest.SourceFunc(func() (credentials.Value, error) {
		asked++
		return credentials.Value{}, cause
	})})
	if _, err := alibabatest.Describe(t.Context(), client); err == nil || asked != 1 {
		t.Errorf("asked %d times, then %v", asked, err)
	}
}
