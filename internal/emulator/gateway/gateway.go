// Package gateway is the part of the emulated API that all operations share: parameters,
// signatures, answers, error codes, faults and the journal.
package gateway

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
)

// Gateway is an http.Handler that answers API requests. It is safe for concurrent use.
type Gateway struct {
	store      *account.Account
	clock      func() time.Time
	latency    time.Duration
	operations map[string]Operation

	// stopped ends all waiting.
	stopped  chan struct{}
	stopOnce sync.Once

	mu          sync.Mutex
	keys        map[string]key
	nonces      map[string]time.Time
	noncesTidy  time.Time // when old nonces were last removed
	faults      []*Fault
	nextRelease chan struct{} // see releasing
	journal     []*Call
}

// New returns a gateway without operations. It processes every request later by the latency.
func New(store *account.Account, clock func() time.Time, credentials []Credential, latency time.Duration) *Gateway {
	g := &Gateway{
		store:      store,
		clock:      clock,
		latency:    latency,
		operations: map[string]Operation{},
		stopped:    make(chan struct{}),
		keys:       map[string]key{},
		nonces:     map[string]time.Time{},
	}
	for _, credential := range credentials {
		g.keys[credential.AccessKeyID] = key{Credential: credential}
	}
	return g
}

// Stop ends all requests that wait.
func (g *Gateway) Stop() {
	g.stopOnce.Do(func() { close(g.stopped) })
}

// Reset removes sessions, faults and the journal, and lets held requests continue. Nonces stay
// used.
func (g *Gateway) Reset() {
	g.EndSessions()
	g.ClearFaults()
	g.ClearJournal()
	g.Release()
}

// ServeHTTP answers an API request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q, err := readRequest(w, r)
	q.operation = g.operations[q.Params[paramAction]]
	g.record(r, q)
	if g.latency > 0 {
		g.wait(g.latency)
	}
	if err == nil {
		err = g.admit(r.URL.Path, q)
	}
	if err != nil {
		g.send(w, q, refusal(q, AsError(err)))
		return
	}
	if fault := g.takeFault(q); fault != nil {
		g.play(w, r, q, fault)
		return
	}
	g.send(w, q, g.run(q))
}

// run runs the operation and returns its answer.
func (g *Gateway) run(q *Request) answer {
	body, err := q.operation.Run(q)
	g.mu.Lock()
	q.call.OrderID = q.OrderID
	g.mu.Unlock()
	if err != nil {
		return refusal(q, AsError(err))
	}
	return answer{status: http.StatusOK, root: q.Params[paramAction] + "Response", body: body}
}

// admit makes the checks that come before the operation.
func (g *Gateway) admit(path string, q *Request) error {
	if q.Method != http.MethodGet && q.Method != http.MethodPost {
		return NewError("UnsupportedHTTPMethod")
	}
	if path != "/" && path != "" {
		return NewError("InvalidApi.NotFound")
	}
	if !slices.Contains([]string{"", formatJSON, formatXML}, strings.ToUpper(q.Params[paramFormat])) {
		return Invalid(paramFormat)
	}
	if err := q.require(paramAction, paramVersion); err != nil {
		return err
	}
	if q.operation.Run == nil {
		return NewError("InvalidAction.NotFound")
	}
	if q.Params[paramVersion] != q.operation.Version {
		return Invalid(paramVersion)
	}
	if !q.operation.Unsigned {
		if err := g.authenticate(q); err != nil {
			return err
		}
	}
	if err := q.require(q.operation.Required...); err != nil {
		return err
	}
	if g.overQuota(q) {
		return NewError("Throttling.User")
	}
	return nil
}

// overQuota reports whether the request exceeds CallQuota, for its operation and region.
// Refused requests count too.
func (g *Gateway) overQuota(q *Request) bool {
	quota := g.store.Quirks().CallQuota
	if quota <= 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	calls := 0
	for _, call := range slices.Backward(g.journal) {
		if q.call.Time.Sub(call.Time) >= time.Minute {
			break
		}
		if call.Action == q.call.Action && call.Region == q.call.Region {
			calls++
		}
	}
	return calls > quota
}

// newRequestID returns a random UUID in upper case.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // Never fails.
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
}
