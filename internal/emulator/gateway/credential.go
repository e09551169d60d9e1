package gateway

import (
	"crypto/rand"
	"maps"
	"time"
)

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
