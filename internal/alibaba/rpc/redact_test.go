package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func TestMessage_WithSignedParameters_IsCut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ message, want string }{
		"plain": {"Pricing plan result not found.", "Pricing plan result not found."},
		"string to sign": {"Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3Dcanary%26Action%3Dx",
			"Specified signature is not matched with our calculation."},
		"string to sign in another spelling": {"No.\nServer StringToSign is canary", "No."},
		"a URL":                              {`Post "https://vpc.aliyuncs.com/?AccessKeyId=canary&Signature=canary%3D": EOF`, `Post "https://vpc.aliyuncs.com/": EOF`},
		"a URL with a password":              {"proxy http://user:canary@proxy.example:3128 refuses", "proxy http://proxy.example:3128 refuses"},
		"parameters":                         {"wrong: SecurityToken=canary&Signature=canary%2B x", "wrong: SecurityToken=***&Signature=*** x"},
		"escaped parameters":                 {"wrong: AccessKeyId%3Dcanary and securitytoken%253Dcanary", "wrong: AccessKeyId=*** and securitytoken=***"},
		"the secrets themselves":             {"key " + alibabatest.CanaryID + ", token " + url.QueryEscape(url.QueryEscape(alibabatest.CanaryToken)), "key ***, token ***"},
		"several lines":                      {"one\r\n\ttwo\x00three\x7f", "one two three"},
		"not UTF-8":                          {"a\xffb", "ab"},
		"short secrets maim nothing":         {"an id is an id", "an id is an id"},
	} {
		if got := rpc.Clean(test.message, alibabatest.CanarySecret, alibabatest.CanaryToken, alibabatest.CanaryID, "id", ""); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	long := rpc.Clean("x" + strings.Repeat("ä", 5000))
	if len(long) > 1010 || !strings.HasSuffix(long, "ä…") {
		t.Errorf("a long message has %d bytes and ends in %q", len(long), long[len(long)-8:])
	}
}

func TestIsHarmless_SearchesEachKindOfSecret(t *testing.T) {
	t.Parallel()
	manyEscapes := "%41"
	for range 20 {
		manyEscapes = strings.ReplaceAll(manyEscapes, "%", "%25")
	}
	for name, test := range map[string]struct {
		text   string
		secret string
		want   bool
	}{
		"nothing":                                 {"pc-1 in cn-hangzhou", "canary-secret", true},
		"a secret too short to search in pieces":  {"key=a1-b", "a1-b", false},
		"a signature":                             {"Signature=abc", "canary-secret", false},
		"a short secret, escaped":                 {"c%61narysecret", "canarysecret", false},
		"a part of a secret shorter than a piece": {"anarysecret", "canarysecret", true},
		"many escapes, if there are no secrets":   {manyEscapes, "", true},
		"many escapes":                            {manyEscapes, "canary-secret", false},
	} {
		if got := rpc.IsHarmless(test.text, test.secret); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestRequestID_IsShownIfItCanBeOne(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{" 4711-AB \t": "4711-AB", "4711 <b>": "", strings.Repeat("4", 81): "", "SecurityToken=1": ""} {
		body, err := json.Marshal(map[string]string{"Code": "Forbidden", "RequestId": id})
		if err != nil {
			t.Fatal(err)
		}
		_, err = alibabatest.Describe(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusForbidden, string(body))))
		if failure, failed := errors.AsType[*apierror.Error](err); !failed || failure.RequestID != want {
			t.Errorf("%q: got %v", id, err)
		}
	}
}

func TestErrorsAndLogs_HaveNoSecret(t *testing.T) {
	t.Parallel()
	// The answer repeats the request in its body and headers.
	echo := func(status int, contentType, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Location", r.URL.String())
			w.Header().Set("X-Acs-Request-Id", r.URL.RawQuery)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, format, r.URL.String(), url.QueryEscape(r.URL.RawQuery), alibabatest.CanaryID+" "+alibabatest.CanarySecret+" "+alibabatest.CanaryToken) //nolint:gosec // No browser reads it.
		}
	}
	hijack := func(act func(*net.TCPConn, *http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			hijacker, ok := w.(http.Hijacker)
			if !ok {
				panic("no hijacker")
			}
			connection, _, err := hijacker.Hijack()
			if err != nil {
				panic(err)
			}
			tcp, ok := connection.(*net.TCPConn)
			if !ok {
				panic("no TCP")
			}
			act(tcp, r)
			_ = tcp.Close()
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"signature": echo(400, "application/json", `{"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:POST %s %s %s"}`),
		"message":   echo(403, "application/json", `{"Code":"Forbidden","Message":"%s and %s and %s"}`),
		"code":      echo(400, "application/json", `{"Code":"%s","Message":"","Recommend":"https://help.example/%s","RequestId":"%s"}`),
		"recommend": echo(400, "application/json", `{"Code":"x","Recommend":"https://help.example%s","RequestId":"%s %s"}`),
		"page":      echo(502, "text/html", `<html>%s %s %s</html>`),
		"XML":       echo(400, "text/xml", `<Error><Code>x</Code><Message><![CDATA[%s %s %s]]></Message></Error>`),
		"success":   echo(200, "application/json", `{"RequestId":"%s","Message":"%s %s"}`),
		"redirect":  echo(302, "text/html", `%s %s %s`),
		"reset":     hijack(func(connection *net.TCPConn, _ *http.Request) { _ = connection.SetLinger(0) }),
		"cut": hijack(func(connection *net.TCPConn, r *http.Request) {
			_, _ = fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n%s", r.URL)
		}),
		"no HTTP": hijack(func(connection *net.TCPConn, r *http.Request) { _, _ = fmt.Fprintf(connection, "%s", r.URL) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectNoSecret(t, alibabatest.Serve(t, handler))
		})
	}
	t.Run("transport that quotes the URL", func(t *testing.T) {
		t.Parallel()
		expectNoSecret(t, alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: request.URL.String(), Err: io.ErrUnexpectedEOF}
		})))
	})
	t.Run("proxy with a password", func(t *testing.T) {
		t.Parallel()
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
		defer proxy.Close()
		address, err := url.Parse(strings.Replace(proxy.URL, "://", "://user:canary-password@", 1))
		if err != nil {
			t.Fatal(err)
		}
		expectNoSecret(t, alibabatest.NewClient(t, &http.Transport{Proxy: http.ProxyURL(address)}))
	})
}

func expectNoSecret(t *testing.T, client *alibaba.Client) {
	t.Helper()
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(tflogtest.RootLogger(t.Context(), &log))
	receipt, err := client.SendOrder(ctx, alibabatest.Request())
	if err == nil {
		t.Fatalf("got %+v", receipt)
	}
	alibabatest.ExpectNoCanary(t, "the order's failure", alibabatest.Texts(err))
	cancel()
	_, err = alibabatest.Describe(ctx, client)
	alibabatest.ExpectNoCanary(t, "the read's failure", alibabatest.Texts(err))
	if !strings.Contains(log.String(), "CreatePhysicalConnectionOccupancyOrder") {
		t.Error("nothing was logged")
	}
	alibabatest.ExpectNoCanary(t, "the log", log.String())
}
