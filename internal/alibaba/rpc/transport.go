package rpc

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// maxBody is the largest answer in bytes. The largest answer that the API gives to our
// calls has a few hundred kilobytes.
const maxBody = 4 << 20

var (
	sharedTransport = sync.OnceValue(func() http.RoundTripper { return newTransport(http.ProxyFromEnvironment) })
	// DirectTransport returns the transport that uses no proxy. A proxy cannot reach the
	// metadata service of an instance, and must not answer for it.
	DirectTransport = sync.OnceValue(func() http.RoundTripper { return newTransport(nil) })
)

func newTransport(proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	// With HTTP/1, a connection carries one request. A connection that breaks affects one
	// order, and it is clear whether that order was sent.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: AnswerTimeout,
		// Shorter than the servers' timeout: an order must not meet a connection that the
		// server is closing.
		IdleConnTimeout:     15 * time.Second,
		MaxIdleConns:        32,
		MaxIdleConnsPerHost: 16,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		Protocols:           protocols,
		// Also bounds the 1xx answers before the final one.
		MaxResponseHeaderBytes: 256 << 10,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return proxyStatus(answer.StatusCode)
			}
			return nil
		},
	}
}

var (
	errBodyTooLarge = fmt.Errorf("sent more than %d MiB", maxBody>>20)
	errProxyAddress = errors.New("the address of the proxy is not valid")
	errSwitched     = errors.New("switches to another protocol")
)

// proxyStatus is the status of a proxy that refuses to connect to the host.
type proxyStatus int

// Error returns the status.
func (s proxyStatus) Error() string {
	return fmt.Sprintf("HTTP %d %s", int(s), http.StatusText(int(s)))
}

// result is the result of one request.
type result struct {
	host  string
	proxy string // without user information; empty if there is none
	// sent means that the request may have reached the server.
	sent   bool
	status int
	header http.Header
	body   []byte
	err    error
}

// roundTrip sends a request. It follows no redirect and reads at most maxBody.
func roundTrip(transport http.RoundTripper, request *http.Request) *result {
	r := &result{host: request.URL.Host}
	direct, reports := transport.(*http.Transport)
	if reports && direct.Proxy != nil {
		proxy, err := direct.Proxy(request)
		if err != nil {
			r.err = errProxyAddress // The error itself may contain a password.
			return r
		}
		if proxy != nil {
			r.proxy = proxy.Host
		}
	}
	// If net/http cannot write anything of a POST to a connection, it requests another
	// one. The last connection counts.
	var requested, connected atomic.Bool
	r.err = r.receive(transport, request.WithContext(httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { requested.Store(true); connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})))
	// The transport of net/http sends nothing before it requests a connection. Another
	// transport may have sent the request without reporting any connection.
	r.sent = connected.Load() || !reports && !requested.Load()
	return r
}

func (r *result) receive(transport http.RoundTripper, request *http.Request) error {
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // It was only read.
	r.status, r.header = response.StatusCode, response.Header
	if r.status < http.StatusOK {
		// The body of a 101 is the connection itself. No context ends it.
		return errSwitched
	}
	r.body, err = io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err == nil && len(r.body) > maxBody {
		err = errBodyTooLarge
	}
	return err
}

func (r *result) requestID(secrets []string) string {
	return cleanRequestID(r.header.Get("X-Acs-Request-Id"), secrets...)
}

// Do sends a request that is no API call, and returns the status and at most 4 MiB of
// body. The error has a message and a class. A nil transport means the shared one.
func Do(transport http.RoundTripper, request *http.Request) (status int, body []byte, failure *apierror.Error) {
	r := roundTrip(cmp.Or(transport, sharedTransport()), request)
	if r.err != nil {
		return r.status, nil, Call{Endpoint: Endpoint{Host: r.host}}.undelivered(r, nil)
	}
	return r.status, r.body, nil
}
