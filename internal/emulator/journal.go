package emulator

import (
	"maps"
	"net/http"
	"time"
)

// Call is one API request, and how it was answered.
type Call struct {
	Time   time.Time
	Method string
	Action string
	Region string
	// Params are all parameters of query and form together. Signature, SecurityToken,
	// OIDCToken and BearerToken are present with an empty value.
	Params    map[string]string
	UserAgent string

	// HTTPStatus is the status that was sent; 0 while there is no answer, and
	// for ever if a fault kept it back.
	HTTPStatus int
	// Code is the error code that was sent; empty for success.
	Code      string
	RequestID string
	// OrderID is the order that the request placed or replayed, whether or not
	// the answer reached the client.
	OrderID string
	// Fault is the kind of the fault that the request met.
	Fault string
}

// Journal returns every API request received, in order of arrival.
func (e *Emulator) Journal() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	calls := make([]Call, 0, len(e.journal))
	for _, entry := range e.journal {
		call := *entry
		call.Params = maps.Clone(entry.Params)
		calls = append(calls, call)
	}
	return calls
}

// ClearJournal forgets the requests received so far.
func (e *Emulator) ClearJournal() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.journal = nil
}

// CallCount returns how many requests for an action were received, whatever
// became of them.
func (e *Emulator) CallCount(action string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	count := 0
	for _, entry := range e.journal {
		if entry.Action == action {
			count++
		}
	}
	return count
}

// record opens the journal's entry for a request.
func (e *Emulator) record(r *http.Request, q *request) {
	params := maps.Clone(q.params)
	for _, secret := range []string{paramSignature, paramSecurityToken, paramOIDCToken, paramBearerToken} {
		if _, sent := params[secret]; sent {
			params[secret] = ""
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	q.entry = &Call{
		Time:      e.now(),
		Method:    r.Method,
		Action:    q.params[paramAction],
		Region:    q.params[paramRegion],
		Params:    params,
		UserAgent: r.UserAgent(),
		RequestID: q.id,
	}
	e.journal = append(e.journal, q.entry)
}
