package emulator

import (
	"maps"
	"time"
)

const paramClientToken = "ClientToken"

// maxClientToken is in characters; see
// https://www.alibabacloud.com/help/doc-detail/36569.html.
const maxClientToken = 64

// tokenKey names a client token: each operation knows its own, per region.
type tokenKey struct{ action, region, token string }

// tokenRecord is what the first success with a token left behind.
type tokenRecord struct {
	made   string // ID of the order or circuit that was made or changed
	params map[string]string
	at     time.Time
}

func (q *request) tokenKey() tokenKey {
	return tokenKey{q.params[paramAction], q.params[paramRegion], q.params[paramClientToken]}
}

// replay tells whether the request's client token has already done its work,
// and on what.
func (e *Emulator) replay(q *request) (made string, replayed bool, failure *apiError) {
	key := q.tokenKey()
	if key.token == "" || e.quirks.IgnoreClientToken {
		return "", false, nil
	}
	record, known := e.tokens[key]
	if window := e.quirks.TokenWindow; known && window > 0 && e.now().Sub(record.at) >= window {
		known = false
	}
	switch {
	case !known && e.tokensHeld[key] && !q.holdsToken:
		return "", false, fail("LastTokenProcessing")
	case !known:
		return "", false, nil
	case !e.quirks.IgnoreParameterMismatch && !maps.Equal(record.params, q.business()):
		return "", false, fail("IdempotentParameterMismatch")
	default:
		return record.made, true, nil
	}
}

// remember notes the success of a request under its client token.
func (e *Emulator) remember(q *request, made string) {
	if key := q.tokenKey(); key.token != "" {
		e.tokens[key] = tokenRecord{made, q.business(), e.now()}
	}
}

// holdToken marks the request as the one in progress with its client token,
// until releaseToken. It does nothing if another request is.
func (e *Emulator) holdToken(q *request) {
	key := q.tokenKey()
	if key.token == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.tokensHeld[key] {
		e.tokensHeld[key] = true
		q.holdsToken = true
	}
}

func (e *Emulator) releaseToken(q *request) {
	if !q.holdsToken {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.tokensHeld, q.tokenKey())
}

func validToken(token string) bool {
	if len(token) > maxClientToken {
		return false
	}
	for i := range len(token) {
		if token[i] > '~' {
			return false
		}
	}
	return true
}
