package rpc_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// each returns each character of a text in a format.
func each(text, form string) string {
	var out strings.Builder
	for _, r := range text {
		fmt.Fprintf(&out, form, r)
	}
	return out.String()
}

// broken returns a text in lines of width characters, with between as the separator.
func broken(text string, width int, between string) string {
	var lines []string
	for ; len(text) > width; text = text[width:] {
		lines = append(lines, text[:width])
	}
	return strings.Join(append(lines, text), between)
}

// echoes are the ways in which a server may quote a secret.
var echoes = map[string]func(secret string) string{
	"plain":               func(s string) string { return s },
	"upper case":          strings.ToUpper,
	"percent":             url.QueryEscape,
	"percent, lower case": func(s string) string { return strings.ToLower(url.QueryEscape(s)) },
	"percent, mixed":      func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "%2f") },
	"percent, twice":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"percent, five times": func(s string) string {
		for range 5 {
			s = url.QueryEscape(s)
		}
		return s
	},
	"percent, each character": func(s string) string { return each(s, "%%%02x") },
	"path":                    url.PathEscape,
	"JSON slashes":            func(s string) string { return strings.ReplaceAll(s, "/", `\/`) },
	"JSON, each character":    func(s string) string { return each(s, `\u%04x`) },
	"JSON in JSON":            func(s string) string { return strings.ReplaceAll(each(s, `\u%04X`), `\`, `\\`) },
	"hexadecimal escapes":     func(s string) string { return each(s, `\x%02x`) },
	"HTML": func(s string) string {
		return html.EscapeString(strings.NewReplacer("/", "&#x2f;", "+", "&#43;", "=", "&equals;").Replace(s))
	},
	"HTML, each character": func(s string) string { return each(s, "&#%d;") },
	"HTML in HTML":         func(s string) string { return html.EscapeString(each(s, "&#x%X;")) },
	"HTML in percent":      func(s string) string { return url.QueryEscape(each(s, "&#%d;")) },
	"base64":               func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, no padding":   func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"base64 for URLs":      func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64, one off":      func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("x" + s + "y")) },
	"base64, two off":      func(s string) string { return base64.StdEncoding.EncodeToString([]byte("xy" + s)) },
	"base64 of a query": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte("a=b&x=" + url.QueryEscape(s) + "&c=d"))
	},
	"base64 in percent": func(s string) string {
		return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("?>" + s + "?")))
	},
	"base64 in base64": func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte("t=" + base64.URLEncoding.EncodeToString([]byte(s))))
	},
	"base64 in lines":         func(s string) string { return broken(base64.StdEncoding.EncodeToString([]byte(s)), 7, "\r\n ") },
	"hexadecimal":             func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hexadecimal, upper case": func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"hexadecimal, colons":     func(s string) string { return broken(hex.EncodeToString([]byte(s)), 2, ":") },
	"hexadecimal, bytes":      func(s string) string { return each(s, "0x%02x, ") },
	"in lines":                func(s string) string { return broken(s, 5, "\n") },
	"with spaces":             func(s string) string { return broken(s, 1, " ") },
	"with hyphens":            func(s string) string { return broken(s, 6, "-\n") },
	"escapes in lines":        func(s string) string { return broken(each(s, "%%%02X"), 4, "\n\t") },
	"lines in JSON":           func(s string) string { return broken(s, 5, `\n`) },
	"a part":                  func(s string) string { return s[:len(s)-2] },
}

// secrets have the length and form of real ones.
var secrets = map[string]string{ //nolint:gosec // Made up.
	"token":  "CAISkQJ1q6Ft5B2yfSjIr5fbLcrZ+vJRx/+5bk/Eq1wnSP5Vu6r+oDz2IHtMfnlpA+oYsfg0n2lR7PoelrkuNsQYFFXNNZcpt80NqhmzPIrdpJVy5Xlk==",
	"secret": "Xk9/TgYd3mQv+R7uL2cWz0sHbA5eNf",
	"key":    "LTAI5tKdXkVw3mQvR7uL2cWz",
}

// shows reports whether a text contains a secret or its echo.
func shows(text, secret, echo string) bool {
	return strings.Contains(text, secret) || len(echo) > 12 && strings.Contains(text, echo)
}

func TestSecret_ReturnedInAnyForm_IsNotShown(t *testing.T) {
	t.Parallel()
	quoted := func(text string) string {
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	for form, echo := range echoes {
		for _, kind := range []string{"token", "secret", "key", "signature"} {
			t.Run(form+", "+kind, func(t *testing.T) {
				t.Parallel()
				var secret, echoed string
				client := alibabatest.Configure(t, alibaba.Config{
					Credentials: credentials.Static(secrets["key"], secrets["secret"], secrets["token"]),
					Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
						secret = cmp.Or(secrets[kind], request.URL.Query().Get("Signature"))
						echoed = echo(secret)
						answer := alibabatest.Reply(http.StatusBadRequest, fmt.Sprintf(`{"Code":%s,"Message":%s,"RequestId":%s,"Recommend":%s}`,
							quoted(echoed), quoted("The token is wrong: "+echoed+" (see above)."), quoted(echoed), quoted("https://help.example/?q="+echoed)))
						answer.Header.Set("X-Acs-Request-Id", echoed)
						return answer, nil
					}),
				})
				var log bytes.Buffer
				_, err := client.SendOrder(tflogtest.RootLogger(t.Context(), &log), alibabatest.Request())
				failure := alibabatest.FailureOf(t, err)
				for where, text := range map[string]string{"message": failure.Message, "code": failure.Code, "request ID": failure.RequestID, "address": failure.Recommend, "error": alibabatest.Texts(err), "log": log.String()} {
					if shows(text, secret, strings.TrimSpace(echoed)) {
						t.Errorf("the %s shows it: %s", where, text)
					}
				}
				if failure.Code != "" || failure.RequestID != "" || failure.Recommend != "" {
					t.Errorf("kept %q, %q, %q", failure.Code, failure.RequestID, failure.Recommend)
				}
				if !strings.Contains(failure.Message, "***") && failure.Message != "the message is not shown: it contains credentials" {
					t.Errorf("message: %s", failure.Message)
				}
			})
		}
	}
}

func TestMessageWithoutASecret_IsShown(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		"Pricing plan result not found.",
		"The specified parameter \"SecurityToken.Expired\" is not valid.",
		"User not authorized to operate on the specified resource, or this API doesn't support RAM.",
		"Request 9B9300FE-5E3A-4D0A-8F0E-0123456789AB: 100% of acs:ram::1234567890123456:role/network, base64 aGVsbG8gd29ybGQ=, hex 68656c6c6f, C:\\new\\table, &copy; %zz \\u00",
		strings.Repeat("Zm9v", 200),
	} {
		if got := rpc.Clean(message, secrets["token"], secrets["secret"], secrets["key"], "", "partner"); got != message {
			t.Errorf("got %q, want %q", got, message)
		}
	}
}

func TestMessage_IsCutAndMaskedFromTheFirstByteAboveALimit(t *testing.T) {
	t.Parallel()
	const hidden = "the message is not shown: it contains credentials"
	spaced := func(text string) string { return strings.Join(strings.Split(text, ""), " ") }
	long := "0123456789abcdefghijklmnopqrstuvwxyz"
	for name, test := range map[string]struct{ message, secret, want string }{
		"longest message":             {strings.Repeat("x", 1000), "", strings.Repeat("x", 1000)},
		"message that is cut":         {strings.Repeat("x", 1001), "", strings.Repeat("x", 1000) + "…"},
		"longest input":               {strings.Repeat(" ", 16<<10), "", ""},
		"input that is too long":      {strings.Repeat(" ", 16<<10+1), "", "the message is not shown: it is too long"},
		"shortest secret":             {"key abcd", "abcd", "key ***"},
		"too short for a secret":      {"key abc", "abc", "key abc"},
		"shortest secret in a form":   {spaced("secretab"), "secretab", hidden},
		"too short for a form":        {spaced("secreta"), "secreta", spaced("secreta")},
		"first piece of a secret":     {"key " + long[:16], long, hidden},
		"last piece of a secret":      {"key " + long[len(long)-16:], long, hidden},
		"less than a piece":           {"key " + long[:15], long, "key " + long[:15]},
		"secret of one piece":         {"key " + long[:15], long[:16], "key " + long[:15]},
		"encoded two times":           {"key " + base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(long)))), long, hidden},
		"space, delete and the tilde": {"a b\x7fc~", "", "a b c~"},
	} {
		if got := rpc.Clean(test.message, test.secret); got != test.want {
			t.Errorf("%s: got %.120q, want %.120q", name, got, test.want)
		}
	}
}

func TestMessageThatIsTooLong_IsNotShown(t *testing.T) {
	t.Parallel()
	if got := rpc.Clean(strings.Repeat(" ", 1<<20) + secrets["token"][:12]); got != "the message is not shown: it is too long" {
		t.Errorf("got %.100q", got)
	}
	if got := rpc.Clean(strings.Repeat("%25", 40)+"x", secrets["token"]); !strings.Contains(got, "%25%25") {
		t.Errorf("got %q", got)
	}
	deep := secrets["token"]
	for range 30 {
		deep = url.QueryEscape(deep)
	}
	if got := rpc.Clean(deep, secrets["token"]); got != "the message is not shown: it contains credentials" {
		t.Errorf("got %.100q", got)
	}
}

func TestTokenService_EchoOfATokenOrKey_IsNotShown(t *testing.T) {
	t.Parallel()
	const external = "partner+external/identity"
	token := "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"repo:example/network"}`)) + ".c2lnbmF0dXJl"
	role := sources.Role{ARN: alibabatest.RoleARN, ExternalID: external}
	for _, form := range []string{"percent, lower case", "JSON slashes", "HTML, each character", "base64, one off", "in lines", "hexadecimal"} {
		for name, test := range map[string]struct {
			secret string
			open   func(sources.Factory) (credentials.Source, error)
		}{
			"external ID": {external, func(i sources.Factory) (credentials.Source, error) {
				return i.AssumeRole(credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), role)
			}},
			"external ID with OIDC": {external, func(i sources.Factory) (credentials.Source, error) {
				return i.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: token}, role)
			}},
			"OIDC token": {token, func(i sources.Factory) (credentials.Source, error) {
				return i.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: token}, role)
			}},
		} {
			echoed, err := json.Marshal(echoes[form](test.secret))
			if err != nil {
				t.Fatal(err)
			}
			source, err := test.open(sources.Factory{Transport: alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission","Message":`+string(echoed)+`}`)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(t.Context())
			if err == nil || shows(alibabatest.Texts(err), test.secret, echoes[form](test.secret)) || !strings.Contains(err.Error(), "it contains credentials") && !strings.Contains(err.Error(), "***") {
				t.Errorf("%s, %s: %v", name, form, err)
			}
		}
	}
}
