package rpc_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// listen returns a listener on a loopback address that passes its connections to handle.
func listen(t *testing.T, handle func(*net.TCPConn)) net.Listener {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.AcceptTCP()
			if err != nil {
				return
			}
			go handle(connection)
		}
	}()
	return listener
}

// refusing returns an address that refuses connections. It is the local address of a connection
// to server, so that no other test can listen on it.
func refusing(t *testing.T, server net.Addr) string {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), server.Network(), server.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection.LocalAddr().String()
}

// readRequest reads the head of a request; our requests have no body.
func readRequest(connection net.Conn) {
	buffer := make([]byte, 64<<10)
	for read := 0; !strings.Contains(string(buffer[:read]), "\r\n\r\n"); {
		n, err := connection.Read(buffer[read:])
		if err != nil {
			return
		}
		read += n
	}
}

// ask sends an order to an endpoint over base and returns the failure.
func ask(t *testing.T, endpoint string, base http.RoundTripper) *apierror.Error {
	t.Helper()
	return alibabatest.SendOrder(t, alibabatest.Configure(t, alibaba.Config{VPCEndpoint: endpoint, Transport: base}))
}

func TestDelivery_WithoutAConnection_IsNotSent(t *testing.T) {
	t.Parallel()
	silent := listen(t, func(connection *net.TCPConn) { _, _ = io.Copy(io.Discard, connection) })
	closed := refusing(t, silent.Addr())
	hangUp := listen(t, func(connection *net.TCPConn) { _ = connection.Close() })
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	modern := httptest.NewUnstartedServer(http.NotFoundHandler())
	modern.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	modern.Config.ErrorLog = log.New(io.Discard, "", 0)
	modern.StartTLS()
	t.Cleanup(modern.Close)
	gopher := listen(t, func(connection *net.TCPConn) {
		_, _ = io.WriteString(connection, "i am no web server at all\r\n")
		_ = connection.Close()
	})
	dialing := func(err error) http.RoundTripper {
		return &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}}
	}
	resolver := func(err net.DNSError) http.RoundTripper { return dialing(&err) }
	proxied := func(address string) http.RoundTripper {
		proxy, err := url.Parse("http://user:canary-password@" + address)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Transport{Proxy: http.ProxyURL(proxy)}
	}
	const public = "vpc.cn-hangzhou.aliyuncs.com"
	for name, test := range map[string]struct {
		endpoint  string
		base      http.RoundTripper
		permanent apierror.PermanentCause
		message   string
		cause     func(error) bool
	}{
		"refused": {closed, &http.Transport{}, apierror.CauseRefused, closed + " refused the connection",
			func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
		"refused, as Windows reports it": {public, dialing(os.NewSyscallError("connectex", syscall.Errno(10061))), apierror.CauseRefused, public + " refused the connection", nil},
		"no such host":                   {public, resolver(net.DNSError{IsNotFound: true}), apierror.CauseHost, "there is no host with the name of " + public, nil},
		"no name server": {public, resolver(net.DNSError{IsTemporary: true, Server: "192.0.2.1"}), apierror.NoPermanentCause,
			"the name of " + public + " could not be looked up", nil},
		"untrusted certificate": {untrusted.URL, &http.Transport{}, apierror.CauseTrust, "the certificate of " + untrusted.Listener.Addr().String() + " is not accepted: x509: certificate signed by unknown authority",
			func(err error) bool {
				var authority x509.UnknownAuthorityError
				return errors.As(err, &authority)
			}},
		"plain HTTP where TLS is expected": {"https://" + plain.Listener.Addr().String(), &http.Transport{}, apierror.CauseTrust, plain.Listener.Addr().String() + " does not speak TLS", nil},
		"no TLS at all":                    {"https://" + gopher.Addr().String(), &http.Transport{}, apierror.CauseTrust, gopher.Addr().String() + " does not speak TLS", nil},
		"handshake refused": {modern.URL, &http.Transport{TLSClientConfig: &tls.Config{MaxVersion: tls.VersionTLS12}}, apierror.CauseTrust, //nolint:gosec // An old client.
			"the TLS handshake with " + modern.Listener.Addr().String() + " failed: protocol version not supported", nil},
		"handshake broken off":    {"https://" + hangUp.Addr().String(), &http.Transport{}, apierror.NoPermanentCause, "no connection to " + hangUp.Addr().String(), nil},
		"handshake that hangs":    {"https://" + silent.Addr().String(), &http.Transport{TLSHandshakeTimeout: 20 * time.Millisecond}, apierror.NoPermanentCause, "no connection to " + silent.Addr().String() + " in time", nil},
		"proxy that is not there": {public, proxied(closed), apierror.CauseRefused, "the proxy " + closed + " refused the connection", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := ask(t, test.endpoint, test.base)
			if failure.Delivery != apierror.NotSent || failure.PermanentCause != test.permanent || failure.Message != test.message || failure.HTTPStatus != 0 {
				t.Errorf("got %+v", failure)
			}
			if test.cause != nil && !test.cause(failure) {
				t.Errorf("the cause %v cannot be told", failure.Cause)
			}
			wantClass := apierror.Retryable
			if test.permanent.Permanent() {
				wantClass = apierror.Final
			}
			if failure.Class() != wantClass {
				t.Errorf("class %s", failure.Class())
			}
		})
	}
}

func TestDelivery_WithoutACompleteAnswer_IsResponseLost(t *testing.T) {
	t.Parallel()
	answer := func(text string) func(*net.TCPConn) {
		return func(connection *net.TCPConn) {
			readRequest(connection)
			_, _ = io.WriteString(connection, text)
			_ = connection.Close()
		}
	}
	const broke, incomplete, late = "the connection to %s broke before the answer arrived", "the answer of %s is incomplete", "%s did not answer in time"
	for name, test := range map[string]struct {
		handle            func(*net.TCPConn)
		status            int
		requestID, reason string
	}{
		"reset": {func(connection *net.TCPConn) {
			readRequest(connection)
			_ = connection.SetLinger(0)
			_ = connection.Close()
		}, 0, "", broke},
		"closed": {answer(""), 0, "", broke},
		"no answer in time": {func(connection *net.TCPConn) {
			_, _ = io.Copy(io.Discard, connection)
		}, 0, "", late},
		"half a status line":          {answer("HTTP/1.1 2"), 0, "", broke},
		"no HTTP":                     {answer("hello\r\n\r\n"), 0, "", broke},
		"half a body":                 {answer("HTTP/1.1 200 OK\r\nX-Acs-Request-Id: R-1\r\nContent-Length: 100\r\n\r\n" + alibabatest.AcceptedBody), 200, "R-1", incomplete},
		"half a chunked body":         {answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Dat"), 200, "", incomplete},
		"half an error":               {answer("HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"Code\":\"Thrott"), 400, "", incomplete},
		"content length below length": {answer("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + alibabatest.AcceptedBody), 200, "", "the answer is not in the format of the API"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener := listen(t, test.handle)
			base := &http.Transport{}
			if test.reason == late {
				base.ResponseHeaderTimeout = 200 * time.Millisecond
			}
			failure := ask(t, listener.Addr().String(), base)
			if failure.Delivery != apierror.ResponseLost || failure.HTTPStatus != test.status || failure.Class() != apierror.Ambiguous || failure.PermanentCause != apierror.NoPermanentCause {
				t.Errorf("got %+v", failure)
			}
			if reason := strings.Replace(test.reason, "%s", listener.Addr().String(), 1); failure.RequestID != test.requestID || failure.Message != reason {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

// traced is a transport that reports its connections like the one of net/http.
func traced(tell func(*httptrace.ClientTrace)) alibabatest.Transport {
	return func(request *http.Request) (*http.Response, error) {
		tell(httptrace.ContextClientTrace(request.Context()))
		return nil, errors.New("broken")
	}
}

func TestDelivery_DependsOnTheLastConnection(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		base alibabatest.Transport
		want apierror.Delivery
	}{
		"none asked for":       {traced(func(*httptrace.ClientTrace) {}), apierror.ResponseLost},
		"asked for":            {traced(func(c *httptrace.ClientTrace) { c.GetConn("") }), apierror.NotSent},
		"obtained":             {traced(func(c *httptrace.ClientTrace) { c.GetConn(""); c.GotConn(httptrace.GotConnInfo{}) }), apierror.ResponseLost},
		"stale, none in stead": {traced(func(c *httptrace.ClientTrace) { c.GetConn(""); c.GotConn(httptrace.GotConnInfo{}); c.GetConn("") }), apierror.NotSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, test.base)); failure.Delivery != test.want {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

func TestDelivery_RefusedByTheTransportItself_IsNotSent(t *testing.T) {
	t.Parallel()
	client := rpc.New(nil, "test", &http.Transport{})
	failure := client.Once(t.Context(), rpc.Call{Action: "Test", Endpoint: rpc.Endpoint{Scheme: "ftp", Host: "vpc.aliyuncs.com"}, Unsigned: true, Timeout: time.Second})
	if failure.Delivery != apierror.NotSent {
		t.Errorf("got %+v", failure)
	}
}

// closingBody records that it was closed.
type closingBody struct {
	io.Reader

	closed bool
}

// Close implements io.Closer.
func (b *closingBody) Close() error {
	b.closed = true
	return nil
}

// An open body keeps its connection.
func TestAnswer_BodyIsClosed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   io.Reader
	}{
		"read":                {http.StatusOK, strings.NewReader(alibabatest.AcceptedBody)},
		"too large":           {http.StatusOK, strings.NewReader(strings.Repeat(" ", rpc.MaxBody+1))},
		"broken":              {http.StatusOK, iotest.ErrReader(errors.New("broken"))},
		"of another protocol": {http.StatusSwitchingProtocols, strings.NewReader("")},
	} {
		body := &closingBody{Reader: test.body}
		client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: test.status, Header: http.Header{}, Body: body}, nil
		}))
		if _, err := client.SendOrder(t.Context(), alibabatest.Request()); !body.closed {
			t.Errorf("%s: the body is open after %v", name, err)
		}
	}
}

func TestSharedTransportIsBounded(t *testing.T) {
	t.Parallel()
	shared, ok := rpc.SharedTransport().(*http.Transport)
	if !ok || rpc.SharedTransport() != http.RoundTripper(shared) {
		t.Fatal("there is not one transport of net/http")
	}
	if shared.TLSHandshakeTimeout == 0 || shared.ResponseHeaderTimeout < rpc.AnswerTimeout || shared.IdleConnTimeout == 0 || shared.MaxResponseHeaderBytes == 0 || shared.DialContext == nil || shared.Proxy == nil || shared.TLSClientConfig.InsecureSkipVerify ||
		!shared.Protocols.HTTP1() || shared.Protocols.HTTP2() {
		t.Errorf("got %+v", shared)
	}
}

// The client of the SDK refuses every call if the list of hosts is no regular expression, or the
// address of the proxy is no URL.
func TestProxyVariables_AreThoseOfGo(t *testing.T) {
	t.Setenv("NO_PROXY", "(,[::1],*")
	t.Setenv("HTTP_PROXY", "http://[")
	t.Setenv("HTTPS_PROXY", "http://[")
	client := alibabatest.Serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, alibabatest.AcceptedBody) })
	if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Error(err)
	}
}
