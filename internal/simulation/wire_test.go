package simulation

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// orderAction is the action of the request that costs money.
const orderAction = "CreatePhysicalConnectionOccupancyOrder"

// billingActions are the operations of billing.
var billingActions = map[string]bool{
	"GetOrderDetail": true, "QueryOrders": true, cancelAction: true, "QueryAvailableInstances": true, setAction: true,
}

// forbidden returns the answer of billing without rights.
func forbidden(request *http.Request) *http.Response {
	body := `{"Code":"NoPermission","Message":"You are not authorized to perform this action.","RequestId":"DARK"}`
	return &http.Response{
		StatusCode: http.StatusForbidden, Request: request, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// killPoint is where a provider process dies.
type killPoint string

const (
	notKilled   killPoint = ""
	beforeSend  killPoint = "before the send"
	afterCommit killPoint = "after the commit"
	onTheWay    killPoint = "while its request is on the way"
)

// wire is the network of one provider process. It can refuse connections, and it can kill
// the process at a request.
type wire struct {
	base *http.Transport
	kill killPoint
	// action is the request at which the process dies.
	action string
	// held delays order requests; may be nil. sent is called for each request.
	held *hold
	sent func(action, nonce string)

	mu      sync.Mutex
	refuse  int  // number of connections to refuse
	dark    bool // billing refuses every call
	dead    chan struct{}
	release chan struct{}
}

func newWire(base *http.Transport, kill killPoint, refuse int, dark bool) *wire {
	w := &wire{base: base.Clone(), kill: kill, action: orderAction, sent: func(string, string) {}, refuse: refuse, dark: dark, dead: make(chan struct{}), release: make(chan struct{})}
	// Each request opens a connection, so every request can be refused.
	w.base.DisableKeepAlives = true
	dial := base.DialContext
	w.base.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.mu.Lock()
		refused := w.refuse > 0
		if refused {
			w.refuse--
		}
		w.mu.Unlock()
		if refused {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return dial(ctx, network, address)
	}
	return w
}

var errDead = errors.New("the process is dead")

// RoundTrip sends a request, unless the process is dead or dies now.
func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	if w.isDead() {
		return nil, errDead
	}
	query := request.URL.Query()
	if w.dark && billingActions[query.Get("Action")] {
		return forbidden(request), nil
	}
	w.sent(query.Get("Action"), query.Get("SignatureNonce"))
	if query.Get("Action") == orderAction && w.held != nil {
		w.kill = w.held.wait(query.Get("ClientToken"))
	}
	if w.kill == notKilled || query.Get("Action") != w.action {
		return w.base.RoundTrip(request)
	}
	switch w.kill {
	case afterCommit:
		w.deliver(request)
	case onTheWay:
		late := request.Clone(context.Background())
		w.held.late = func() { w.deliver(late) }
	}
	close(w.dead)
	<-w.release
	return nil, errDead
}

// deliver sends a request and drops the response.
func (w *wire) deliver(request *http.Request) {
	response, err := w.base.RoundTrip(request)
	if err == nil {
		_ = response.Body.Close()
	}
}

// hold delays the first request with each client token of a run, after the search for orders.
type hold struct {
	tokens  []string
	reached chan struct{}
	// resumed ends the delay. The process dies unless the value is notKilled.
	resumed chan killPoint
	// late delivers the request of a process that died while it was on the way.
	late func()
}

func newHold() *hold { return &hold{reached: make(chan struct{}), resumed: make(chan killPoint)} }

func (h *hold) wait(token string) killPoint {
	if slices.Contains(h.tokens, token) {
		return notKilled
	}
	h.tokens = append(h.tokens, token)
	h.reached <- struct{}{}
	return <-h.resumed
}

func (w *wire) isDead() bool {
	select {
	case <-w.dead:
		return true
	default:
		return false
	}
}
