package emulator

import (
	"maps"
	"slices"
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
	spent  bool // by a request that failed
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
		return "", false, fail(e.quirks.tokenInProgressCode())
	case !known:
		return "", false, nil
	case record.spent:
		return "", false, fail("IdempotentFailed")
	case !e.quirks.IgnoreParameterMismatch && !maps.Equal(record.params, q.business()):
		return "", false, fail(e.quirks.tokenMismatchCode())
	default:
		return record.made, true, nil
	}
}

// once carries out an operation, or finds what its client token has made already.
func (e *Emulator) once(q *request, run func() (made string, failure *apiError)) (string, *apiError) {
	made, replayed, failure := e.replay(q)
	if replayed || failure != nil {
		return made, failure
	}
	made, failure = run()
	switch {
	case failure == nil:
		e.remember(q, tokenRecord{made: made, params: q.business()})
	case e.quirks.SpendFailedTokens:
		e.remember(q, tokenRecord{spent: true})
	}
	return made, failure
}

// remember notes under the client token of a request what became of it.
func (e *Emulator) remember(q *request, record tokenRecord) {
	if key := q.tokenKey(); key.token != "" {
		record.at = e.now()
		e.tokens[key] = record
	}
}

// spendToken leaves the client token of a request unusable.
func (e *Emulator) spendToken(q *request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.remember(q, tokenRecord{spent: true})
}

// ForgetTokens forgets client tokens in every region and for every operation, as
// when the API's memory of them has ended; without an argument it forgets all.
func (e *Emulator) ForgetTokens(tokens ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.DeleteFunc(e.tokens, func(key tokenKey, _ tokenRecord) bool {
		return len(tokens) == 0 || slices.Contains(tokens, key.token)
	})
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
