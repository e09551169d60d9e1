package sources_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

func TestCredentialsURI_ReturnsASession(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Method != http.MethodGet || r.URL.RequestURI() != "/credentials?token=canary" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = fmt.Fprint(w, "\ufeff"+alibabatest.MetadataBody(time.Now().Add(time.Hour))) // A byte order mark is ignored.
	}))
	defer server.Close()
	source, err := sources.Factory{}.URI(server.URL + "/credentials?token=canary")
	if err != nil || asked.Load() != 0 {
		t.Fatal(err, asked.Load())
	}
	for range 3 {
		got, err := source.Credentials(t.Context())
		if err != nil || got.AccessKeyID != "STS.ecs" || got.SecurityToken != alibabatest.CanaryToken || got.ProviderName != "credential_uri" {
			t.Fatalf("got %q of %q, %v", got.AccessKeyID, got.ProviderName, err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestCredentialsURI_WithoutAnEnd_IsReadForEachCall(t *testing.T) {
	t.Parallel()
	asked := 0
	source, err := sources.Factory{Transport: alibabatest.Transport(func(*http.Request) (*http.Response, error) {
		asked++
		return alibabatest.Reply(http.StatusOK, fmt.Sprintf(`{"AccessKeyId":"id-%d","AccessKeySecret":"secret"}`, asked)), nil
	})}.URI("https://credentials.example/")
	if err != nil {
		t.Fatal(err)
	}
	for want := range 3 {
		if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != fmt.Sprint("id-", want+1) {
			t.Errorf("got %q, %v", got.AccessKeyID, err)
		}
	}
}

func TestCredentialsURI_Failure_ShowsNoSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		body    string
		want    string
		passing bool
	}{
		"busy":       {http.StatusServiceUnavailable, "canary", "HTTP 503", true},
		"throttled":  {http.StatusTooManyRequests, "canary", "HTTP 429", true},
		"not there":  {http.StatusNotFound, "canary", "HTTP 404", false},
		"redirect":   {http.StatusFound, "canary", "HTTP 302", false},
		"no JSON":    {http.StatusOK, "canary", "the answer is not the JSON of credentials", true},
		"no success": {http.StatusOK, `{"Code":"Fail","AccessKeyId":"canary","AccessKeySecret":"canary"}`, "the answer holds none", true},
		"no key ID":  {http.StatusOK, `{"Code":"Success","AccessKeySecret":"canary"}`, "the answer holds none", true},
		"no secret":  {http.StatusOK, `{"Code":"Success","AccessKeyId":"canary"}`, "the answer holds none", true},
	} {
		source, err := sources.Factory{Transport: alibabatest.Answering(test.status, test.body)}.URI("https://credentials.example/?token=canary")
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		if !errors.As(err, &failure) || failure.Temporary != test.passing || failure.Message != "no credentials from the credentials URI at credentials.example: "+test.want {
			t.Errorf("%s: %+v", name, err)
			continue
		}
		alibabatest.ExpectNoCanary(t, name, alibabatest.Texts(err))
	}
}

func TestCredentialsURI_PlainHTTP_IsAllowedOnlyForLoopback(t *testing.T) {
	t.Parallel()
	const valid, plain, wrong = "", "in plain text", "is not an https URL"
	for address, want := range map[string]string{
		"https://credentials.example/path?query=1": valid, "http://127.0.0.1:8080/": valid, "http://localhost/x": valid, "http://[::1]:80": valid,
		"http://[::ffff:127.0.0.1]/": valid, "http://[::ffff:10.0.0.1]/": plain, "http://[::]/": plain, "http://[::1%25eth0]/": plain, "http://[::ffff:127.0.0.1%25eth0]/": plain,
		"http://credentials.example/": plain, "http://100.100.100.200/": plain, "http://10.0.0.1/": plain, "ftp://localhost/": wrong, "localhost:80": wrong,
		"https://user:canary@credentials.example/": wrong, "https://": wrong, "": wrong, "canary": wrong, "https://%zz/canary": wrong,
	} {
		_, err := sources.Factory{}.URI(address)
		if (err == nil) != (want == valid) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
