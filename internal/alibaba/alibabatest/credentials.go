package alibabatest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

// Issuing returns a transport that issues a key to every request and records the requests.
func Issuing(asked *[]url.Values, expires time.Time) Transport {
	return func(request *http.Request) (*http.Response, error) {
		if err := request.ParseForm(); err != nil {
			return nil, err
		}
		request.Form.Set("Host", request.URL.Host)
		request.Form.Set("Path", request.URL.Path)
		*asked = append(*asked, request.Form)
		if strings.HasPrefix(request.URL.Host, "sts") {
			return Reply(http.StatusOK, SessionBody("STS.issued", expires)), nil
		}
		return Reply(http.StatusOK, MetadataBody(expires)), nil
	}
}

// SourceFunc is a credentials.Source that is a function.
type SourceFunc func() (credentials.Value, error)

// Credentials implements credentials.Source.
func (f SourceFunc) Credentials(context.Context) (credentials.Value, error) { return f() }

// RoleARN is the role of the tests.
const RoleARN = "acs:ram::1234567890123456:role/network"

// OIDC provider and token of the tests.
const (
	OIDCARN   = "acs:ram::1234567890123456:oidc-provider/ci"
	OIDCToken = "eyJcanary.eyJcanary.canary" //nolint:gosec // Made up.
)

// SessionBody returns the answer of the Security Token Service with a session.
func SessionBody(id string, expires time.Time) string {
	return fmt.Sprintf(`{"RequestId":"R-1","AssumedRoleUser":{"Arn":"x"},`+
		`"Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}}`,
		id, CanarySecret, CanaryToken, expires.UTC().Format("2006-01-02T15:04:05Z"))
}

// MetadataBody returns the answer of the metadata service with a session.
func MetadataBody(expires time.Time) string {
	return fmt.Sprintf(`{"AccessKeyId":"STS.ecs","AccessKeySecret":%q,"Expiration":%q,"SecurityToken":%q,"LastUpdated":"2026-01-01T00:00:00Z","Code":"Success"}`,
		CanarySecret, expires.UTC().Format("2006-01-02T15:04:05Z"), CanaryToken)
}

// TokenService is a Security Token Service in memory, so that tests can use fake time.
type TokenService struct {
	mu     sync.Mutex
	Issued int
	asked  int
	// Life is how long a session lasts.
	Life time.Duration
	// Delay is how long an answer takes.
	Delay time.Duration
	// Refuse gives the answers if it is set.
	Refuse Transport
}

// RoundTrip implements http.RoundTripper.
func (s *TokenService) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked++
	delay, refuse := s.Delay, s.Refuse
	s.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
	}
	if refuse != nil {
		return refuse(request)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Issued++
	return Reply(http.StatusOK, SessionBody(fmt.Sprint("STS.", s.Issued), time.Now().Add(s.Life))), nil
}

// Set changes the answer and its delay.
func (s *TokenService) Set(refuse Transport, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Refuse, s.Delay = refuse, delay
}

// Count returns the numbers of requests and of issued sessions.
func (s *TokenService) Count() (asked, issued int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.Issued
}

// Assume returns the source of the role of the tests.
func Assume(t *testing.T, base http.RoundTripper) credentials.Source {
	t.Helper()
	source, err := sources.Factory{Transport: base}.AssumeRole(credentials.Static(CanaryID, CanarySecret, ""), sources.Role{ARN: RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// WriteProfile writes a profile file of the CLI and returns its path.
func WriteProfile(t *testing.T, profiles ...map[string]any) string {
	t.Helper()
	content, err := json.Marshal(map[string]any{"profiles": profiles})
	if err != nil {
		t.Fatal(err)
	}
	return WriteProfiles(t, string(content))
}

// WriteProfiles writes the content of a profile file and returns its path.
func WriteProfiles(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// SSOProfile writes a profile file with a CloudSSO login and returns its path.
func SSOProfile(t *testing.T, address string) string {
	t.Helper()
	return WriteProfile(t, map[string]any{
		"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": address, "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac",
		"access_token": "canary-login", "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
	})
}

// LoginFile writes the profile file of Login and returns its path.
func LoginFile(t *testing.T, access string, ends time.Time) string {
	t.Helper()
	return WriteProfiles(t, Login(access, ends))
}

// Login returns the content of a profile file with a login in both modes.
func Login(access string, ends time.Time) string {
	return fmt.Sprintf(`{"current":"p","plugins":{"x":[1,2]},"profiles":[
		{"name":"other","mode":"RsaKeyPair","private_key":"-----BEGIN <&>"},
		{"name":"p","mode":"OAuth","oauth_site_type":"cn","oauth_access_token":%[1]q,"oauth_refresh_token":"canary-refresh","oauth_access_token_expire":%[2]d},
		{"name":"s","mode":"CloudSSO","cloud_sso_sign_in_url":"https://signin.example/start","cloud_sso_account_id":"1","cloud_sso_access_config":"ac",
		 "access_token":%[1]q,"cloud_sso_access_token_expire":%[2]d}]}`, access, ends.Unix())
}
