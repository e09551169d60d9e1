package alibaba_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// loginHosts plays the hosts of logins. It keeps the requests.
type loginHosts struct{ asked []string }

func (h *loginHosts) RoundTrip(request *http.Request) (*http.Response, error) {
	bearer := request.Header.Get("Authorization")
	h.asked = append(h.asked, request.Method+" "+request.URL.String()+" "+bearer)
	ends := time.Now().Add(time.Hour)
	switch {
	case !strings.HasPrefix(bearer, "Bearer canary-access-"):
		return reply(http.StatusUnauthorized, "canary"), nil
	case request.URL.Path == "/v1/exchange":
		return reply(http.StatusOK, fmt.Sprintf(`{"requestId":"R-1","accessKeyId":"STS.oauth","accessKeySecret":%q,"securityToken":%q,"expiration":%q}`,
			canarySecret, canaryToken, ends.UTC().Format(time.RFC3339))), nil
	default:
		return reply(http.StatusOK, fmt.Sprintf(`{"CloudCredential":%s}`, metadataBody(ends))), nil
	}
}

// login is the content of a file of the CLI with a login in both modes.
func login(access string, ends time.Time) string {
	return fmt.Sprintf(`{"current":"p","plugins":{"x":[1,2]},"profiles":[
		{"name":"other","mode":"RsaKeyPair","private_key":"-----BEGIN <&>"},
		{"name":"p","mode":"OAuth","oauth_site_type":"cn","oauth_access_token":%[1]q,"oauth_refresh_token":"canary-refresh","oauth_access_token_expire":%[2]d},
		{"name":"s","mode":"CloudSSO","cloud_sso_sign_in_url":"https://signin.example/start","cloud_sso_account_id":"1","cloud_sso_access_config":"ac",
		 "access_token":%[1]q,"cloud_sso_access_token_expire":%[2]d}]}`, access, ends.Unix())
}

func loginFile(t *testing.T, access string, ends time.Time) string {
	t.Helper()
	return writeProfiles(t, login(access, ends))
}

// loginProfiles are the profiles of a login file, with the addresses that they ask.
var loginProfiles = map[string]struct{ mode, address, keyID, provider string }{
	"p": {"OAuth", "https://oauth.aliyun.com/v1/exchange", "STS.oauth", "oauth"},
	"s": {"CloudSSO", "https://signin.example/cloud-credentials", "STS.ecs", "cloud_sso"},
}

func TestLogin_WhileItLasts_IsUsedAndItsFileLeftAlone(t *testing.T) {
	t.Parallel()
	content := login("canary-access-0", time.Now().Add(time.Minute))
	file := writeProfiles(t, content)
	for name, profile := range loginProfiles {
		hosts := &loginHosts{}
		source, err := alibaba.Issuers{Transport: hosts}.Profile(file, name)
		if err != nil || len(hosts.asked) != 0 {
			t.Fatal(err, hosts.asked)
		}
		for range 3 {
			got, err := source.Credentials(t.Context())
			if err != nil || got.AccessKeyID != profile.keyID || got.AccessKeySecret != canarySecret || got.SecurityToken != canaryToken || got.ProviderName != profile.provider {
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
			file := loginFile(t, "canary-access-0", time.Now().Add(30*time.Minute))
			source, err := alibaba.Issuers{Transport: hosts}.Profile(file, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"canary-access-0", "canary-access-1"} {
				if _, err := source.Credentials(t.Context()); err != nil || !strings.HasSuffix(hosts.asked[len(hosts.asked)-1], want) {
					t.Errorf("asked %q, %v", hosts.asked, err)
				}
				time.Sleep(time.Hour) // Of fake time. The session ends.
				if err := os.WriteFile(file, []byte(login("canary-access-1", time.Now().Add(30*time.Minute))), 0o600); err != nil {
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

func TestLogin_OverOrAboutToEnd_SaysHowToLogInAgain(t *testing.T) {
	t.Parallel()
	for name, profile := range loginProfiles {
		for _, left := range []time.Duration{-time.Hour, 0, credentials.Reserve} {
			_, err := alibaba.Issuers{}.Profile(loginFile(t, "canary-access-0", time.Now().Add(left)), name)
			var failure *credentials.Error
			if !errors.As(err, &failure) || !strings.HasSuffix(failure.Message, "is over: log in again with the aliyun CLI (aliyun configure --profile "+name+" --mode "+profile.mode+")") {
				t.Errorf("%s left: %v", left, err)
			}
		}
	}
}

func TestLogin_Revoked_SaysHowToLogInAgain(t *testing.T) {
	t.Parallel()
	for name, profile := range loginProfiles {
		source, err := alibaba.Issuers{Transport: &loginHosts{}}.Profile(loginFile(t, "canary-revoked", time.Now().Add(time.Hour)), name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		want := fmt.Sprintf("the %s login of profile %q yields no credentials: HTTP 401: log in again with the aliyun CLI (aliyun configure --profile %s --mode %[1]s)", profile.mode, name, name)
		if !errors.As(err, &failure) || failure.Message != want || failure.Temporary {
			t.Errorf("got %+v", err)
		}
		expectNoCanary(t, "the error", texts(err))
	}
}

func TestProfileWithoutALoginIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{ //nolint:gosec // Canaries.
		`"oauth_access_token":"canary"`:                                   `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"US","oauth_access_token":"canary"`:            `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"INTL","oauth_access_token_expire":9999999999`: `profile "p" has no oauth_access_token`,
		`"oauth_site_type":"INTL","oauth_refresh_token":"canary"`:         `the OAuth login of profile "p" is over: log in again with the aliyun CLI (aliyun configure --profile p --mode OAuth)`,
	} {
		_, err := alibaba.Issuers{}.Profile(writeProfiles(t, `{"profiles":[{"name":"p","mode":"OAuth",`+fields+`}]}`), "p")
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", fields, err)
		}
	}
}
