package gateway

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"maps"
	"net/http"
	"slices"
	"time"
)

// timestampWindow is how far the timestamp of a request may differ from the clock.
const timestampWindow = 15 * time.Minute

// authenticate checks the access key and the signature, that the request is recent and not
// a copy of an earlier one, and that the caller may use the action.
func (g *Gateway) authenticate(q *Request) error {
	if err := q.signature.check(q); err != nil {
		return err
	}
	caller, known := g.key(q.Params[paramAccessKeyID])
	if !known {
		return NewError("InvalidAccessKeyId.NotFound")
	}
	if caller.Disabled {
		return NewError("InvalidAccessKeyId.Inactive")
	}
	if err := g.checkTimestamp(q.Params[paramTimestamp]); err != nil {
		return err
	}
	if err := g.checkSecurityToken(q.Params[paramSecurityToken], caller); err != nil {
		return err
	}
	if err := q.signature.verify(q, caller.AccessKeySecret); err != nil {
		return err
	}
	if !g.useNonce(caller.AccessKeyID + "\n" + q.Params[paramSignatureNonce]) {
		return NewError("SignatureNonceUsed")
	}
	if slices.Contains(caller.Denied, q.Params[paramAction]) {
		return g.deny(q, caller)
	}
	return nil
}

func (g *Gateway) checkSecurityToken(token string, caller key) error {
	switch {
	case token == "" && caller.SecurityToken != "":
		return Missing(paramSecurityToken)
	case !Equal(token, caller.SecurityToken):
		return NewError("InvalidSecurityToken.MismatchWithAccessKey")
	case !caller.expires.IsZero() && !g.clock().Before(caller.expires):
		return NewError("InvalidSecurityToken.Expired")
	default:
		return nil
	}
}

func (g *Gateway) checkTimestamp(value string) error {
	timestamp, ok := ParseTime(value)
	if !ok {
		return NewError("InvalidTimeStamp.Format")
	}
	if g.clock().Sub(timestamp).Abs() > timestampWindow {
		return NewError("InvalidTimeStamp.Expired")
	}
	return nil
}

// useNonce reports whether a nonce is new, and remembers it.
func (g *Gateway) useNonce(nonce string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	if now.Sub(g.noncesTidy) > timestampWindow {
		// The timestamp of a request with an older nonce has expired.
		maps.DeleteFunc(g.nonces, func(_ string, used time.Time) bool { return now.Sub(used) > 2*timestampWindow })
		g.noncesTidy = now
	}
	if _, used := g.nonces[nonce]; used {
		return false
	}
	g.nonces[nonce] = now
	return true
}

// deny returns the error for a caller whose policies do not allow the action.
func (g *Gateway) deny(q *Request, caller key) error {
	if q.operation.Product == ProductBSS && caller.DeniedCode != "" {
		denied := q.newError(caller.DeniedCode)
		denied.Status = cmp.Or(caller.DeniedStatus, denied.Status)
		if g.store.Quirks().UnsuccessfulAs200 {
			denied.Status = http.StatusOK
		}
		return denied
	}
	denied := NewError("Forbidden.RAM")
	denied.details = Object{{"AccessDeniedDetail", Object{
		{"AuthAction", q.operation.Permission},
		{"AuthPrincipalType", "SubUser"},
		{"NoPermissionType", "ImplicitDeny"},
		{"PolicyType", "AccountLevelIdentityBasedPolicy"},
	}}}
	return denied
}

// Equal compares secrets in constant time.
func Equal(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// Credential is an access key of the emulated account. All keys belong to one account: they
// see the same circuits and share client tokens.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	// SecurityToken makes the key a temporary one: requests must carry exactly this token.
	SecurityToken string
	// Denied lists actions that are answered with Forbidden.RAM.
	Denied []string
	// DeniedCode replaces that code for billing actions. Billing also denies with
	// NoPermission and NotAuthorized. Empty means Forbidden.RAM.
	DeniedCode string
	// DeniedStatus is the HTTP status of DeniedCode; 0 means the documented one.
	DeniedStatus int
	// Disabled makes every request fail with InvalidAccessKeyId.Inactive.
	Disabled bool
}

// DefaultCredential is the access key of an emulator without configured credentials.
var DefaultCredential = Credential{
	AccessKeyID:     "emulator-access-key-id",
	AccessKeySecret: "emulator-access-key-secret",
}

// key is a credential. That of a session expires.
type key struct {
	Credential

	expires time.Time
}

// IssueSession returns a new temporary credential and when it expires.
func (g *Gateway) IssueSession(life time.Duration, denied []string) (Credential, time.Time) {
	session := Credential{
		AccessKeyID:     "STS.N" + rand.Text(),
		AccessKeySecret: rand.Text(),
		SecurityToken:   "CAIS" + rand.Text() + "+/" + rand.Text() + "==",
		Denied:          denied,
	}
	// The clock of requests, because authenticate uses it too.
	expires := g.clock().Add(life).Truncate(time.Second)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.keys[session.AccessKeyID] = key{session, expires}
	return session, expires
}

// EndSessions makes all sessions so far invalid, as the deletion of their roles does.
func (g *Gateway) EndSessions() {
	g.mu.Lock()
	defer g.mu.Unlock()
	maps.DeleteFunc(g.keys, func(_ string, k key) bool { return !k.expires.IsZero() })
}

func (g *Gateway) key(id string) (key, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	found, known := g.keys[id]
	return found, known
}
