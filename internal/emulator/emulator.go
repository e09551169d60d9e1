// Package emulator emulates, in memory, the part of Alibaba Cloud's RPC API that orders an
// Express Connect circuit: signatures, circuits, occupancy orders, billing, sessions of
// roles, and failures. The README describes it.
//
// It follows the public documentation and shares no code with the client. So a mistake in one
// of them makes a test fail. Quirks choose the behavior that the documentation does not define.
//
//   - https://www.alibabacloud.com/help/doc-detail/114591.html (the order)
//   - https://www.alibabacloud.com/help/doc-detail/36040.htm (the circuit, with links to its
//     other operations)
//   - https://www.alibabacloud.com/help/doc-detail/36569.html (client tokens)
//   - https://www.alibabacloud.com/help/en/ram/common-parameters-2 (requests and signatures)
//   - https://www.alibabacloud.com/help/doc-detail/89079.html (orders in billing)
//   - https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
//     (sessions of roles)
package emulator

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/control"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/sts"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/vpc"
)

// Options configures an Emulator. The zero value is ready to use.
type Options struct {
	// Clock returns the current time; nil means time.Now. The timestamps of requests are
	// checked against it. Circuits and orders use the same clock plus Advance.
	Clock func() time.Time
	// Credentials are the access keys of the account; nil means DefaultCredential only.
	Credentials []Credential
	// Roles are the RAM roles that can be assumed; nil means every role, with an access key
	// and without an OIDC token.
	Roles []Role
	// Quirks are the initial quirks.
	Quirks Quirks
	// From is an emulator whose circuits, orders, client tokens, quirks and time are copied;
	// nil means none. Quirks is not used then.
	From *Emulator
	// Address is where Start and StartTLS listen, as host:port; empty means a free port of
	// 127.0.0.1. Without AllowRemote, the host must be a loopback one.
	Address string
	// Latency is the time before every API request is processed, as in a slow network. The
	// time of a fault is added to it.
	Latency time.Duration
	// AllowRemote lets StartTLS listen on an Address that other machines can reach. They can
	// use the control routes too.
	AllowRemote bool
	// TLSNames are more host names and IP addresses in the certificate of StartTLS. It always
	// contains localhost, 127.0.0.1, ::1 and the host of Address. An Address that means all
	// addresses of the machine needs one name here.
	TLSNames []string
	// Seed is the initial content.
	Seed Seed
	// StateFile is a file for the account: circuits, orders, balance, client tokens, clock and
	// quirks. If it exists, the emulator starts with it instead of Seed. Empty means none.
	StateFile string
	// Version is what the health route returns.
	Version string
}

// Emulator is an http.Handler that answers API requests at "/" and control requests below
// ControlPrefix. It is safe for concurrent use.
type Emulator struct {
	*account.Account
	*gateway.Gateway

	control   http.Handler
	quirks    Quirks
	seed      Seed
	state     *stateFile // nil without Options.StateFile
	restored  bool
	authority []byte // see Server.CACertificate
}

// New returns an emulator. It panics if Seed or StateFile cannot be used; Start and StartTLS
// return an error.
func New(options Options) *Emulator {
	e, err := create(options)
	if err != nil {
		panic("emulator: " + err.Error())
	}
	return e
}

func create(options Options) (*Emulator, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.Credentials == nil {
		options.Credentials = []Credential{DefaultCredential}
	}
	store := account.New(options.Clock, options.Quirks)
	if options.From != nil {
		store = options.From.Clone(options.Clock)
	}
	api := gateway.New(store, options.Clock, options.Credentials, options.Latency)
	api.Register(vpc.Operations(store))
	api.Register(bss.Operations(store))
	api.Register(sts.Operations(api, options.Roles))
	e := &Emulator{Account: store, Gateway: api, quirks: options.Quirks, seed: options.Seed}
	e.control = control.New(control.Target{
		Account: store, Gateway: api, Version: options.Version,
		Reset: e.Reset, StateError: e.StateError, Authority: func() []byte { return e.authority },
	})
	if err := e.fill(options); err != nil {
		return nil, err
	}
	return e, nil
}

// fill adds the initial content: the state of an earlier run, or the seed.
func (e *Emulator) fill(options Options) error {
	if options.StateFile != "" {
		var err error
		if e.restored, err = e.restoreFile(options.StateFile); err != nil {
			return err
		}
	}
	if !e.restored {
		if err := e.add(options.Seed); err != nil {
			return fmt.Errorf("the seed cannot be used: %w", err)
		}
	}
	if options.StateFile != "" {
		e.state = &stateFile{path: options.StateFile}
		e.OnChange(e.state.save)
	}
	return e.StateError()
}

// ServeHTTP answers one request.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, ControlPrefix) {
		gateway.SetDate(w, e.Now())
		e.control.ServeHTTP(w, r)
		return
	}
	e.Gateway.ServeHTTP(w, r)
}

// ControlPrefix is the path of the control routes.
const ControlPrefix = control.Prefix

// ControlRoutes returns the routes below ControlPrefix.
func ControlRoutes() []control.Route { return control.Routes() }

// WriteOpenAPI writes the OpenAPI description of the control routes.
func WriteOpenAPI(w io.Writer) error { return control.WriteOpenAPI(w) }

// Operations returns the operations that the emulator serves, by name.
func Operations() []gateway.Operation { return New(Options{}).Operations() }
