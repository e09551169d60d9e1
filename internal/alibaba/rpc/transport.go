package rpc

import (
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
)

// maxBody bounds the answer in bytes. The largest that the API can give to our
// questions has a few hundred kilobytes.
const maxBody = 4 << 20

var (
	sharedTransport = sync.OnceValue(func() http.RoundTripper { return newTransport(http.ProxyFromEnvironment) })
	// The metadata service is a neighbour on the link: a proxy could neither reach it
	// nor be trusted with its answers.
	DirectTransport = sync.OnceValue(func() http.RoundTripper { return newTransport(nil) })
)

func newTransport(proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	// One request a connection: a connection that dies takes one order along, and
	// the question whether it was sent has a clear answer.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: AnswerTimeout,
		// Shorter than servers wait: an order that meets a connection just being
		// closed is an order in doubt.
		IdleConnTimeout:     15 * time.Second,
		MaxIdleConns:        32,
		MaxIdleConnsPerHost: 16,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		Protocols:           protocols,
		// It bounds the answers 1xx that come before the real one, too.
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
	errBodyTooLarge = errors.New("the answer is too large")
	errProxyAddress = errors.New("the address of the proxy is not valid")
	errSwitched     = errors.New("the answer switches to another protocol")
)

// proxyStatus is the answer of a proxy that opens no way to the host.
type proxyStatus int

// Error names the status.
func (s proxyStatus) Error() string {
	return fmt.Sprintf("HTTP %d %s", int(s), http.StatusText(int(s)))
}

// exchange carries one request and keeps the outcome. It follows no redirect and reads
// an answer of at most maxBody.
type roundTrip struct {
	base http.RoundTripper

	asked     atomic.Bool // a connection was asked for
	connected atomic.Bool // a connection was obtained since

	host   string // that is asked
	proxy  string // on the way to it, without user information; empty if there is none
	status int
	header http.Header
	body   []byte
	err    error
}

// perform carries out the request. The outcome stays in the exchange.
func (x *roundTrip) perform(request *http.Request) {
	ctx := httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{
		// net/http asks for another connection when nothing of a POST could be
		// written to the first; what counts is the last one.
		GetConn: func(string) { x.asked.Store(true); x.connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { x.connected.Store(true) },
	})
	x.host = request.URL.Host
	if direct, ok := x.base.(*http.Transport); ok && direct.Proxy != nil {
		proxy, err := direct.Proxy(request)
		if err != nil {
			x.err = errProxyAddress // Its own text may hold a password.
			return
		}
		if proxy != nil {
			x.proxy = proxy.Host
		}
	}
	x.err = x.carry(request.WithContext(ctx))
}

func (x *roundTrip) carry(request *http.Request) error {
	response, err := x.base.RoundTrip(request)
	if err != nil {
		return err
	}
	// A body that was not read to its end costs the connection; nothing else can
	// go wrong in closing it.
	defer func() { _ = response.Body.Close() }()
	x.status, x.header = response.StatusCode, response.Header
	if x.status < http.StatusOK {
		// The body of a 101 is the connection itself: it ends by no context.
		return errSwitched
	}
	x.body, err = io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err == nil && len(x.body) > maxBody {
		err = errBodyTooLarge
	}
	return err
}

// sent reports whether the request may have reached the server. Before net/http's own
// transport asks for a connection nothing leaves. Another transport, if it reports no
// connection, may have sent the request.
func (x *roundTrip) sent() bool {
	_, reports := x.base.(*http.Transport)
	return x.connected.Load() || !reports && !x.asked.Load()
}
