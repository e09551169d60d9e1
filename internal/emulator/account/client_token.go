package account

import (
	"maps"
	"slices"
	"time"
)

// TokenKey identifies a client token: each operation has its own tokens in each region.
type TokenKey struct{ Action, Region, Token string }

// Attempt is a request that can carry a client token.
type Attempt struct {
	TokenKey

	// Params are the parameters of the operation. A repetition must have the same.
	Params map[string]string
	// HoldsToken is true if HoldToken marked this attempt as the one in progress.
	HoldsToken bool
}

// tokenRecord is the result of the first success with a client token.
type tokenRecord struct {
	result string // ID of the order or circuit that was created or changed
	params map[string]string
	at     time.Time
	spent  bool // by a request that failed
}

// once runs an operation, unless its client token has succeeded before. Then it returns the
// result of that time. With the quirk StateCheckFirst, the check comes before the token.
func (a *Account) once(attempt Attempt, check func() error, run func() (result string, err error)) (string, error) {
	if a.quirks.StateCheckFirst {
		if err := check(); err != nil {
			return "", err
		}
	}
	result, repeated, err := a.replay(attempt)
	if repeated || err != nil {
		return result, err
	}
	result, err = run()
	switch {
	case attempt.Token == "":
	case err == nil:
		a.tokens[attempt.TokenKey] = tokenRecord{result: result, params: attempt.Params, at: a.now()}
	case a.quirks.SpendFailedTokens:
		a.tokens[attempt.TokenKey] = tokenRecord{spent: true, at: a.now()}
	}
	return result, err
}

// replay returns the result of an earlier success with the same client token, if there is one.
func (a *Account) replay(attempt Attempt) (result string, repeated bool, err error) {
	if attempt.Token == "" || a.quirks.IgnoreClientToken {
		return "", false, nil
	}
	record, known := a.tokens[attempt.TokenKey]
	if window := a.quirks.TokenWindow; known && window > 0 && a.now().Sub(record.at) >= window {
		known = false
	}
	switch {
	case !known && a.tokensHeld[attempt.TokenKey] && !attempt.HoldsToken:
		return "", false, codeOr(a.quirks.TokenInProgressCode, "LastTokenProcessing")
	case !known:
		return "", false, nil
	case record.spent:
		return "", false, Code("IdempotentFailed")
	case !a.quirks.IgnoreParameterMismatch && !maps.Equal(record.params, attempt.Params):
		return "", false, codeOr(a.quirks.TokenMismatchCode, "IdempotentParameterMismatch")
	default:
		return record.result, true, nil
	}
}

// SpendToken makes a client token unusable.
func (a *Account) SpendToken(key TokenKey) {
	defer a.lock()()
	if key.Token != "" {
		a.tokens[key] = tokenRecord{spent: true, at: a.now()}
	}
}

// ForgetTokens forgets client tokens in every region and for every operation, as the API
// does after some time. Without an argument it forgets all.
func (a *Account) ForgetTokens(tokens ...string) {
	defer a.lock()()
	maps.DeleteFunc(a.tokens, func(key TokenKey, _ tokenRecord) bool {
		return len(tokens) == 0 || slices.Contains(tokens, key.Token)
	})
}

// HoldToken marks the request of a client token as in progress until ReleaseToken.
// It returns false if another request is in progress, or if there is no token.
func (a *Account) HoldToken(key TokenKey) bool {
	defer a.read()()
	if key.Token == "" || a.tokensHeld[key] {
		return false
	}
	a.tokensHeld[key] = true
	return true
}

// ReleaseToken ends HoldToken.
func (a *Account) ReleaseToken(key TokenKey) {
	defer a.read()()
	delete(a.tokensHeld, key)
}
