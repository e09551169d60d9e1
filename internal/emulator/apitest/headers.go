package apitest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// HeaderRequest is an API request with the parameters and the signature of version 3.
type HeaderRequest struct {
	*http.Request

	Body string
}

// NewHeaderRequest returns a request that is not signed yet. A form goes into the body.
func NewHeaderRequest(t *testing.T, action string, query, form url.Values) *HeaderRequest {
	t.Helper()
	body := form.Encode()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://vpc.test/?"+query.Encode(), strings.NewReader(body))
	for name, value := range map[string]string{
		"x-acs-action":          action,
		"x-acs-version":         "2016-04-28",
		"x-acs-date":            Start.Format(time.RFC3339),
		"x-acs-signature-nonce": "nonce-" + strconv.FormatInt(nonces.Add(1), 10),
		"x-acs-content-sha256":  hexSHA256(body),
		"Accept":                "application/json",
	} {
		r.Header.Set(name, value)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return &HeaderRequest{r, body}
}

// Sign signs the request, without the headers in omitted. It does not use the emulator's own
// code.
func (r *HeaderRequest) Sign(credential emulator.Credential, omitted ...string) *HeaderRequest {
	if credential.SecurityToken != "" {
		r.Header.Set("x-acs-security-token", credential.SecurityToken)
	}
	values := map[string]string{"host": r.Host}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			values[lower] = r.Header.Get(name)
		}
	}
	names := slices.DeleteFunc(SortedKeys(values), func(name string) bool { return slices.Contains(omitted, name) })
	headers := ""
	for _, name := range names {
		headers += name + ":" + values[name] + "\n"
	}
	signed := strings.Join(names, ";")
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	canonical := strings.Join([]string{r.Method, "/", query, headers, signed, hexSHA256(r.Body)}, "\n")
	mac := hmac.New(sha256.New, []byte(credential.AccessKeySecret))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + hexSHA256(canonical)))
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+credential.AccessKeyID+
		",SignedHeaders="+signed+",Signature="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// Send sends the request to a handler without a network.
func (r *HeaderRequest) Send(e http.Handler) Reply {
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, r.Request)
	return Recorded(recorder)
}

func hexSHA256(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

// Values returns parameters as a query or form.
func Values(params Params) url.Values {
	values := url.Values{}
	for name, value := range params {
		values.Set(name, value)
	}
	return values
}
