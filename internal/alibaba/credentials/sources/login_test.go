package sources_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

// loginHosts is a fake of the hosts of logins. It records the requests.
type loginHosts struct{ asked []string }

func (h *loginHosts) RoundTrip(request *http.Request) (*http.Response, error) {
	bearer := request.Header.Get("Authorization")
	h.asked = append(h.asked, request.Method+" "+request.URL.String()+" "+bearer)
	ends := time.Now().Add(time.Hour)
	switch {
	case !strings.HasPrefix(bearer, "Bearer canary-access-"):
		return alibabatest.Reply(http.StatusUnauthorized, "canary"), nil
	case request.URL.Path == "/v1/exchange":
		return alibabatest.Reply(http.StatusOK, fmt.Sprintf(`{"requestId":"R-1","accessKeyId":"STS.oauth","accessKeySecret":%q,"securityToken":%q,"expiration":%q}`,
			alibabatest.CanarySecret, alibabatest.CanaryToken, ends.UTC().Format(time.RFC3339))), nil
	default:
		return alibabatest.Reply(http.StatusOK, fmt.Sprintf(`{"CloudCredential":%s}`, alibabatest.MetadataBody(ends))), nil
	}
}

// loginProfiles are the profiles of a login file, with the addresses of their requests.
var loginProfiles = map[string]struct{ mode, address, keyID, provider string }{
	"p": {"OAuth", "https://oauth.aliyun.com/v1/exchange", "STS.oauth", "oauth"},
	"s": {"CloudSSO", "https://signin.example/cloud-credentials", "STS.ecs", "cloud_sso"},
}

func TestLogin_WhileItLasts_IsUsedAndItsFileLeftAlone(t *testing.T) {
	t.Parallel()
	content := alibabatest.Login("canary-access-0", time.Now().Add(time.Minute))
	file := alibabatest.WriteProfiles(t, content)
	for name, profile := range loginProfiles {
		hosts := &loginHosts{}
		source, err := sources.Factory{Transport: hosts}.Profile(file, name)
		if err != nil || len(hosts.asked) != 0 {
			t.Fatal(err, hosts.asked)
		}
		for range 3 {
			got, err := source.Credentials(t.Context())
			if err != nil || got.AccessKeyID != profile.keyID || got.AccessKeySecret != alibabatest.CanarySecret || got.SecurityToken != alibabatest.CanaryToken || got.ProviderName != profile.provider {
				t.Fatalf("got %q of %q, %v", got.AccessKeyID, got.ProviderName, err)
			}
		}
		if len(hosts.asked) != 1 || hosts.asked[0] != "POST "+profile.address+" Bearer canary-access-0" {
			t.Errorf("asked %q", hosts.asked)
		}
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != content { //nolint:gosec // Made by the test.
		t.Errorf("the file now holds %s, %v", kept, err)
	}
}

func TestLogin_RenewedByTheCLI_IsReadAgainForEachSession(t *testing.T) {
	t.Parallel()
	for name, profile := range loginProfiles {
		synctest.Test(t, func(t *testing.T) {
			hosts := &loginHosts{}
			file := alibabatest.LoginFile(t, "canary-access-0", time.Now().Add(30*time.Minute))
			source, err := sources.Factory{Transport: hosts}.Profile(file, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"canary-access-0", "canary-access-1"} {
				if _, err := source.Credentials(t.Context()); err != nil || !strings.HasSuffix(hosts.asked[len(hosts.asked)-1], want) {
					t.Errorf("asked %q, %v", hosts.asked, err)
				}
				time.Sleep(time.Hour) // In fake time. The session ends.
				if err := os.WriteFile(file, []byte(alibabatest.Login("canary-access-1", time.Now().Add(30*time.Minute))), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Hour)
			var failure *credentials.Error
			want := fmt.Sprintf("the %s login of profile %q is over: log in again with the aliyun CLI (aliyun configure --profile %s --mode %[1]s)", profile.mode, name, name)
			if _, err := source.Credentials(t.Context()); !errors.As(err, &failure) || failure.Message != want || failure.Temporary {
				t.Errorf("got %+v", err)
			}
			if err := os.WriteFile(file, []byte(`{"profiles":[{"name":"`+name+`","mode":"AK","access_key_id":"canary","access_key_secret":"canary"}]}`), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := source.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), `its mode is now "AK"`) {
				t.Errorf("got %v", err)
			}
			if len(hosts.asked) != 2 {
				t.Errorf("asked %q", hosts.asked)
			}
		})
	}
}

func TestLogin_EndedOrAboutToEnd_ShowsHowToLogInAgain(t *testing.T) {
	t.Parallel()
	for name, profile := range loginProfiles {
		for _, left := range []time.Duration{-time.Hour, 0, credentials.Reserve} {
			_, err := sources.Factory{}.Profile(alibabatest.LoginFile(t, "canary-access-0", time.Now().Add(left)), name)
			var failure *credentials.Error
			if !errors.As(err, &failure) || !strings.HasSuffix(failure.Message, "is over: log in again with the aliyun CLI (aliyun configure --profile "+name+" --mode "+profile.mode+")") {
				t.Errorf("%s left: %v", left, err)
			}
		}
	}
}

func TestLogin_Revoked_ShowsHowToLogInAgain(t *testing.T) {
	t.Parallel()
	for name, profile := range loginProfiles {
		source, err := sources.Factory{Transport: &loginHosts{}}.Profile(alibabatest.LoginFile(t, "canary-revoked", time.Now().Add(time.Hour)), name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		want := fmt.Sprintf("the %s login of profile %q yields no credentials: HTTP 401: log in again with the aliyun CLI (aliyun configure --profile %s --mode %[1]s)", profile.mode, name, name)
		if !errors.As(err, &failure) || failure.Message != want || failure.Temporary {
			t.Errorf("got %+v", err)
		}
		alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
	}
}

func TestLogin_Missing_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{ //nolint:gosec // Canaries.
		`"oauth_access_token":"canary"`:                                   `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"US","oauth_access_token":"canary"`:            `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"INTL","oauth_access_token_expire":9999999999`: `profile "p" has no oauth_access_token`,
		`"oauth_site_type":"INTL","oauth_refresh_token":"canary"`:         `the OAuth login of profile "p" is over: log in again with the aliyun CLI (aliyun configure --profile p --mode OAuth)`,
	} {
		_, err := sources.Factory{}.Profile(alibabatest.WriteProfiles(t, `{"profiles":[{"name":"p","mode":"OAuth",`+fields+`}]}`), "p")
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", fields, err)
		}
	}
}

func TestCloudSSO_SendsTheRequestOfTheCLI(t *testing.T) {
	t.Parallel()
	var asked, body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		asked, body = r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Authorization"), string(content)
		_, _ = fmt.Fprintf(w, `{"CloudCredential":%s}`, alibabatest.MetadataBody(time.Now().Add(time.Hour)))
	}))
	defer server.Close()
	source, err := (sources.Factory{}).Profile(alibabatest.SSOProfile(t, server.URL+"/start?x=1"), "p")
	if err != nil {
		t.Fatal(err)
	}
	got, err := source.Credentials(t.Context())
	if err != nil || got.AccessKeyID != "STS.ecs" || got.SecurityToken != alibabatest.CanaryToken || got.ProviderName != "cloud_sso" {
		t.Errorf("got %q of %q, %v", got.AccessKeyID, got.ProviderName, err)
	}
	if asked != "POST /cloud-credentials application/json Bearer canary-login" || body != `{"AccessConfigurationId":"ac","AccountId":"1"}` {
		t.Errorf("asked %s with %s", asked, body)
	}
}

// A login over the network in plain text could be read by others.
func TestCloudSSO_AddressIsNoHTTPSURL_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://signin.example/canary", "ftp://localhost/canary", "https:///canary", "//signin.example/canary", "canary", "https://%zz/canary", ""} {
		_, err := (sources.Factory{}).Profile(alibabatest.SSOProfile(t, address), "p")
		if err == nil || err.Error() != `the cloud_sso_sign_in_url of profile "p" is no https URL` {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestCloudSSO_RefusedLogin_ShowsHowToLogIn(t *testing.T) {
	t.Parallel()
	for status, passing := range map[int]bool{http.StatusUnauthorized: false, http.StatusForbidden: false, http.StatusBadGateway: true} {
		source, err := (sources.Factory{Transport: alibabatest.Answering(status, "canary")}).Profile(alibabatest.SSOProfile(t, "https://signin.example"), "p")
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		if !errors.As(err, &failure) || failure.Temporary != passing || strings.Contains(failure.Message, "--mode CloudSSO") == passing {
			t.Errorf("%d: got %+v", status, err)
		}
		alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
	}
}
