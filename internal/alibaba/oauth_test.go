package alibaba_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
)

// loginSite plays the site at which a person logged in with OAuth, on a local server.
// A refresh token serves once.
type loginSite struct {
	// refuse is the status of the answer to the question for new tokens, if it is refused.
	refuse int
	// before is called before such a question is answered.
	before func()

	mu        sync.Mutex
	refresh   string
	refreshed int
	exchanged int
}

func (s *loginSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/v1/token":
		if s.before != nil {
			s.before()
		}
		if s.refuse != 0 || r.FormValue("refresh_token") != s.refresh || r.FormValue("grant_type") != "refresh_token" || r.FormValue("client_id") == "" {
			if s.refuse == 0 {
				s.refuse = http.StatusBadRequest
			}
			w.WriteHeader(s.refuse)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant","canary":"canary"}`)
			return
		}
		s.refreshed++
		s.refresh = fmt.Sprint("canary-refresh-", s.refreshed)
		_, _ = fmt.Fprintf(w, `{"access_token":"canary-access-%d","refresh_token":%q,"expires_in":10800,"token_type":"Bearer"}`, s.refreshed, s.refresh)
	case r.Method == http.MethodPost && r.URL.Path == "/v1/exchange" && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer canary-access"):
		s.exchanged++
		_, _ = fmt.Fprintf(w, `{"requestId":"R-1","accessKeyId":"STS.oauth","accessKeySecret":%q,"securityToken":%q,"expiration":%q}`,
			canarySecret, canaryToken, time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05Z"))
	default:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, "canary")
	}
}

// on returns issuers for which the server is the site of accounts of China.
func (s *loginSite) on(t *testing.T) alibaba.Issuers {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	local, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return alibaba.Issuers{Transport: transport(func(request *http.Request) (*http.Response, error) {
		if request.URL.Scheme != "https" || request.URL.Host != "oauth.aliyun.com" {
			return nil, errors.New("another address")
		}
		request.URL.Scheme, request.URL.Host = local.Scheme, local.Host
		return http.DefaultTransport.RoundTrip(request)
	})}
}

// loginFile is a file of the CLI with a login, and with more than we know of.
func loginFile(t *testing.T, access string, ends time.Time) string {
	t.Helper()
	return writeProfiles(t, fmt.Sprintf(`{"current":"p","meta_path":"/m","plugins":{"x":[1,2]},"profiles":[
		{"name":"other","mode":"RsaKeyPair","private_key":"-----BEGIN <&>","key_pair_name":"k","retry_timeout":10},
		{"name":"p","mode":"OAuth","oauth_site_type":"cn","oauth_access_token":%q,"oauth_refresh_token":"canary-refresh-0","oauth_access_token_expire":%d,
		 "oauth_refresh_token_expire":9007199254740993,"region_id":"cn-hangzhou","output_format":"json","language":"en"}]}`, access, ends.Unix()))
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file) //nolint:gosec // Made by the test.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestLoginThatLastsIsUsedAndItsFileLeftAlone(t *testing.T) {
	t.Parallel()
	site := &loginSite{refresh: "canary-refresh-0"}
	file := loginFile(t, "canary-access-0", time.Now().Add(time.Hour))
	before := contentOf(t, file)
	source, err := site.on(t).Profile(file, "p")
	if err != nil || site.exchanged != 0 {
		t.Fatal(err, site.exchanged)
	}
	for range 3 {
		got, err := source.Credentials(t.Context())
		if err != nil || got.AccessKeyID != "STS.oauth" || got.AccessKeySecret != canarySecret || got.SecurityToken != canaryToken || got.ProviderName != "oauth" {
			t.Fatalf("got %q of %q, %v", got.AccessKeyID, got.ProviderName, err)
		}
	}
	if site.exchanged != 1 || site.refreshed != 0 || contentOf(t, file) != before {
		t.Errorf("%d sessions, %d logins, the file is now %s", site.exchanged, site.refreshed, contentOf(t, file))
	}
}

func TestRenewedLoginIsKeptAndAllElseInItsFileToo(t *testing.T) {
	t.Parallel()
	site := &loginSite{refresh: "canary-refresh-0"}
	file := loginFile(t, "canary-access-0", time.Now().Add(time.Minute))
	if err := os.Chmod(file, 0o640); err != nil { //nolint:gosec // To see that it stays.
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "config.json")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	decode := func() (whole map[string]any) {
		t.Helper()
		decoder := json.NewDecoder(strings.NewReader(contentOf(t, file)))
		decoder.UseNumber()
		if err := decoder.Decode(&whole); err != nil {
			t.Fatal(err)
		}
		return whole
	}
	want := decode()
	issuers := site.on(t)
	// Two configurations, as two aliases have them, use up the refresh token once.
	var group sync.WaitGroup
	for range 2 {
		source, err := issuers.Profile(link, "p")
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.oauth" {
				t.Errorf("got %q, %v", got.AccessKeyID, err)
			}
		})
	}
	group.Wait()
	if site.refreshed != 1 || site.exchanged != 2 {
		t.Errorf("%d logins, %d sessions", site.refreshed, site.exchanged)
	}
	got := decode()
	kept := got["profiles"].([]any)[1].(map[string]any) //nolint:forcetypeassert // The test's own file.
	if kept["oauth_access_token"] != "canary-access-1" || kept["oauth_refresh_token"] != "canary-refresh-1" {
		t.Errorf("kept %v", kept)
	}
	old := want["profiles"].([]any)[1].(map[string]any) //nolint:forcetypeassert // The test's own file.
	for _, renewed := range []string{"oauth_access_token", "oauth_refresh_token", "oauth_access_token_expire"} {
		delete(kept, renewed)
		delete(old, renewed)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the file held\n%v\nand holds\n%v", want, got)
	}
	state, err := os.Lstat(file)
	if err != nil || state.Mode() != 0o640 && runtime.GOOS != "windows" {
		t.Errorf("the file has the mode %v, %v", state.Mode(), err)
	}
	if beside, err := os.ReadDir(filepath.Dir(file)); err != nil || len(beside) != 1 {
		t.Errorf("left behind: %v, %v", beside, err)
	}
	if state, err := os.Lstat(link); err != nil || state.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced by a file")
	}
}

func TestLoginThatIsOverSaysHowToLogInAgain(t *testing.T) {
	t.Parallel()
	const begin, again = `the OAuth login of profile "p" yields no credentials: `, ": log in again with the aliyun CLI (aliyun configure --profile p --mode OAuth)"
	for name, test := range map[string]struct {
		site    *loginSite
		access  string
		ends    time.Duration
		want    string
		passing bool
	}{
		"refresh token used up": {&loginSite{refresh: "another"}, "canary-access-0", 0, begin + "HTTP 400" + again, false},
		"access token revoked":  {&loginSite{}, "canary-revoked", time.Hour, begin + "HTTP 401" + again, false},
		"site busy":             {&loginSite{refuse: http.StatusServiceUnavailable}, "canary-access-0", 0, begin + "HTTP 503", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := loginFile(t, test.access, time.Now().Add(test.ends))
			before := contentOf(t, file)
			source, err := test.site.on(t).Profile(file, "p")
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(t.Context())
			var failure *alibaba.CredentialsError
			if !errors.As(err, &failure) || failure.Message != test.want || failure.Passing != test.passing {
				t.Fatalf("got %+v", err)
			}
			expectNoCanary(t, "the error", texts(err))
			if beside, err := os.ReadDir(filepath.Dir(file)); err != nil || len(beside) != 1 || contentOf(t, file) != before {
				t.Errorf("the file was touched: %v, %v", beside, err)
			}
		})
	}
}

func TestLoginThatAnotherRunRenewedIsTakenFromTheFile(t *testing.T) {
	t.Parallel()
	file := loginFile(t, "canary-access-0", time.Now())
	content := strings.NewReplacer("canary-access-0", "canary-access-9", "canary-refresh-0", "canary-refresh-9").Replace(contentOf(t, loginFile(t, "canary-access-0", time.Now().Add(time.Hour))))
	site := &loginSite{refresh: "canary-refresh-9", before: func() {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Error(err)
		}
	}}
	source, err := site.on(t).Profile(file, "p")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.oauth" || site.refreshed != 0 || contentOf(t, file) != content {
		t.Errorf("got %q after %d logins, %v", got.AccessKeyID, site.refreshed, err)
	}
}

// A refresh token that serves once is worth nothing if its successor cannot be kept.
func TestLoginThatCannotBeKeptIsNotRenewed(t *testing.T) {
	t.Parallel()
	// No name beside it is short enough.
	file := filepath.Join(t.TempDir(), strings.Repeat("x", 250))
	for left, served := range map[time.Duration]bool{10 * time.Minute: true, 0: false} {
		if err := os.WriteFile(file, []byte(contentOf(t, loginFile(t, "canary-access-0", time.Now().Add(left)))), 0o600); err != nil {
			t.Fatal(err)
		}
		site := &loginSite{refresh: "canary-refresh-0"}
		source, err := site.on(t).Profile(file, "p")
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		if (err == nil) != served || site.refreshed != 0 || err != nil && !strings.Contains(err.Error(), "cannot be renewed, because its file cannot be replaced") {
			t.Errorf("%s left: %v after %d logins", left, err, site.refreshed)
		}
	}
}

func TestRenewedLoginIsKeptEvenIfTheCallIsCut(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	site := &loginSite{refresh: "canary-refresh-0", before: cancel}
	file := loginFile(t, "canary-access-0", time.Now())
	source, err := site.on(t).Profile(file, "p")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Credentials(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(contentOf(t, file), "canary-refresh-1") {
		t.Error("the old refresh token is used up, and the new one is lost")
	}
}

func TestProfileWithoutALoginIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{ //nolint:gosec // Canaries.
		`"oauth_access_token":"canary"`:                           `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"US","oauth_refresh_token":"canary"`:   `the oauth_site_type of profile "p" is neither CN nor INTL`,
		`"oauth_site_type":"INTL","oauth_access_token_expire":12`: `nobody has logged in to profile "p": log in with the aliyun CLI (aliyun configure --profile p --mode OAuth)`,
	} {
		_, err := alibaba.Issuers{}.Profile(writeProfiles(t, `{"profiles":[{"name":"p","mode":"OAuth",`+fields+`}]}`), "p")
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", fields, err)
		}
	}
}
