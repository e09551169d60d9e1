package gateway

import (
	"maps"
	"net/http"
	"time"
)

// Call is an API request and its answer.
type Call struct {
	Time   time.Time
	Method string
	Action string
	Region string
	// Params are all parameters of query and form. The values of Signature, SecurityToken,
	// OIDCToken and BearerToken are empty.
	Params    map[string]string
	UserAgent string

	// HTTPStatus is the status that was sent; 0 if there is no answer yet, or if a fault
	// suppressed it.
	HTTPStatus int
	// Code is the error code that was sent; empty for success.
	Code      string
	RequestID string
	// OrderID is the order that the request placed or received again, even if the answer
	// was lost.
	OrderID string
	// Fault is the kind of the fault that the request met.
	Fault string
}

// Journal returns all API requests, in the order of arrival.
func (g *Gateway) Journal() []Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	calls := make([]Call, 0, len(g.journal))
	for _, entry := range g.journal {
		call := *entry
		call.Params = maps.Clone(entry.Params)
		calls = append(calls, call)
	}
	return calls
}

// ClearJournal removes all requests from the journal.
func (g *Gateway) ClearJournal() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.journal = nil
}

// CallCount returns the number of requests for an action, with any result.
func (g *Gateway) CallCount(action string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	count := 0
	for _, call := range g.journal {
		if call.Action == action {
			count++
		}
	}
	return count
}

// record adds a request to the journal.
func (g *Gateway) record(r *http.Request, q *Request) {
	params := maps.Clone(q.Params)
	for _, secret := range []string{paramSignature, paramSecurityToken, ParamOIDCToken, paramBearerToken} {
		if _, sent := params[secret]; sent {
			params[secret] = ""
		}
	}
	q.call = &Call{
		Time:      g.store.Now(),
		Method:    r.Method,
		Action:    q.Params[paramAction],
		Region:    q.Region(),
		Params:    params,
		UserAgent: r.UserAgent(),
		RequestID: q.ID,
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.journal = append(g.journal, q.call)
}
