// Package emulator plays, in memory, the part of Alibaba Cloud's RPC API that
// ordering an Express Connect circuit needs: request signatures, circuits from
// the application to the deletion, occupancy orders, what billing tells about
// them, sessions of roles, and the ways in which all of that can fail.
//
// It follows the public documentation and shares no code with the client, so
// that a mistake in one of the two shows against the other. Where the
// documentation is silent, Quirks chooses the behaviour.
//
//   - https://www.alibabacloud.com/help/doc-detail/114591.html (the order)
//   - https://www.alibabacloud.com/help/doc-detail/36040.htm (the circuit, with
//     the pages on its other operations)
//   - https://www.alibabacloud.com/help/doc-detail/36569.html (client tokens)
//   - https://www.alibabacloud.com/help/en/ram/common-parameters-2 (requests and
//     signatures)
//   - https://www.alibabacloud.com/help/doc-detail/89079.html (billing's orders)
//   - https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
//     (sessions of roles)
package emulator

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options configures an Emulator. The zero value is ready to use.
type Options struct {
	// Clock tells the time; nil means time.Now. Request timestamps are checked
	// against it. Circuits and orders live on the same clock plus Advance.
	Clock func() time.Time
	// Credentials are the access keys of the account; nil means
	// DefaultCredential only.
	Credentials []Credential
	// Roles are the RAM roles that can be assumed; nil means every role, with an
	// access key and without an OIDC token.
	Roles []Role
	// Quirks is the initial choice where the real API is not documented.
	Quirks Quirks
	// Address is where Start and StartTLS listen, as host:port; empty means a
	// free port of 127.0.0.1. The host is a loopback one unless AllowRemote.
	Address string
	// Latency is how much later every API request is looked at, as if the network
	// were that slow there and back. Faults that wait do so on top of it.
	Latency time.Duration
	// AllowRemote lets StartTLS listen on an Address that other machines reach.
	// Whoever reaches it may also use the control routes.
	AllowRemote bool
	// TLSNames are further host names and IP addresses in the certificate of
	// StartTLS. It is always good for localhost, 127.0.0.1, ::1 and the host of
	// Address; for all addresses of the machine, one name is needed here.
	TLSNames []string
}

// Credential is an access key of the emulated account. All keys belong to one
// account: they see the same circuits and share client tokens.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	// SecurityToken makes the key a temporary one: requests must carry exactly
	// this token.
	SecurityToken string
	// Denied lists actions that are answered with Forbidden.RAM.
	Denied []string
	// DeniedCode replaces that code for billing actions, which also deny with
	// NoPermission and NotAuthorized; empty means Forbidden.RAM.
	DeniedCode string
	// DeniedStatus is the HTTP status of DeniedCode; 0 means the documented one.
	DeniedStatus int
	// Disabled makes every request fail with InvalidAccessKeyId.Inactive.
	Disabled bool

	expires time.Time // of a session that was issued here, else zero
}

// DefaultCredential is the access key that works when no other is configured.
var DefaultCredential = Credential{
	AccessKeyID:     "emulator-access-key-id",
	AccessKeySecret: "emulator-access-key-secret",
}

// Emulator is an http.Handler that answers API requests at "/" and control
// requests below ControlPrefix. It is safe for concurrent use.
type Emulator struct {
	clock   func() time.Time
	control http.Handler
	latency time.Duration
	roles   []Role

	// stopped ends what waits, when the server around them closes.
	stopped  chan struct{}
	stopOnce sync.Once

	mu             sync.Mutex
	credentials    map[string]Credential
	offset         time.Duration
	quirks         Quirks
	circuits       []*circuitRecord
	circuitsIssued int
	orders         []*Order // of PlaceConsoleOrder, and placed through the API
	otherOrders    []*Order // of Renew and AddOtherOrder
	ledger         []*Order // both, oldest first
	ordersByID     map[string]*Order
	trafficOpened  bool // by OpenPhysicalConnectionService
	balance        Money
	tokens         map[tokenKey]tokenRecord
	tokensHeld     map[tokenKey]bool
	nonces         map[string]time.Time
	noncesTidied   time.Time // when old ones were last thrown away
	faults         []*Fault
	nextRelease    chan struct{} // see releasing
	journal        []*Call
}

// New returns an emulator without circuits.
func New(options Options) *Emulator {
	e := &Emulator{
		clock:       options.Clock,
		latency:     options.Latency,
		roles:       options.Roles,
		credentials: map[string]Credential{},
		stopped:     make(chan struct{}),
		quirks:      options.Quirks,
		balance:     Unlimited,
		ordersByID:  map[string]*Order{},
		tokens:      map[tokenKey]tokenRecord{},
		tokensHeld:  map[tokenKey]bool{},
		nonces:      map[string]time.Time{},
	}
	if e.clock == nil {
		e.clock = time.Now
	}
	credentials := options.Credentials
	if credentials == nil {
		credentials = []Credential{DefaultCredential}
	}
	for _, credential := range credentials {
		e.credentials[credential.AccessKeyID] = credential
	}
	e.control = e.controlHandler()
	return e
}

// ServeHTTP answers one request.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, ControlPrefix) {
		w.Header().Set("Date", dateText(e.Now()))
		e.control.ServeHTTP(w, r)
		return
	}
	e.serveAPI(w, r)
}

// Now returns the time on which circuits and orders live.
func (e *Emulator) Now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now()
}

// Advance moves the clock of circuits and orders forward. Request timestamps
// are still checked against Options.Clock, which is also the client's clock.
func (e *Emulator) Advance(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.offset += d
}

func (e *Emulator) now() time.Time {
	return e.clock().Add(e.offset)
}

// settle carries out what became due since the last look: unpaid orders lapse,
// paid circuits turn Enabled, and circuits are built and terminated. Every
// reading of the state goes through it.
func (e *Emulator) settle() {
	now := e.now()
	e.settleOrders(now)
	for _, record := range e.circuits {
		record.settle(now, e.quirks)
	}
}

// stop ends every wait.
func (e *Emulator) stop() {
	e.stopOnce.Do(func() { close(e.stopped) })
}
