package abuse

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// quickInstances and slowInstances are the numbers of resources that talk to a hostile
	// server at the same time. Each tries several times.
	quickInstances, slowInstances = 12, 3
	// connectionLife ends the answers that a client does not end.
	connectionLife = 5 * time.Minute
)

// hostileServer answers with its behavior.
type hostileServer struct {
	behavior
	requests atomic.Int64
}

// ServeHTTP writes to the connection itself, because most behaviors are no HTTP.
func (s *hostileServer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.requests.Add(1)
	done.requests.Add(1)
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // The client has gone.
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(connectionLife))
	s.answer(connection)
}

func TestHostileServer_EndsWithAnErrorInTimeAndWithinBounds(t *testing.T) {
	t.Parallel()
	for _, h := range sample(choices(t), []host{vpcHost, bssHost, stsHost, orderHost}, 2) {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			random := choices(t)
			redirected := new(atomic.Int64)
			trap := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { redirected.Add(1) }), nil)
			all := behaviors(random, trap)
			if !*full {
				all = slices.DeleteFunc(all, func(b behavior) bool { return b.slow })
			}
			for _, b := range sample(random, all, 1) {
				t.Run(b.name, func(t *testing.T) {
					t.Parallel()
					b.plays(t, h)
				})
			}
			t.Cleanup(func() {
				if hits := redirected.Load(); hits != 0 {
					t.Errorf("%d requests followed a redirect", hits)
				}
			})
		})
	}
}

// plays runs the configuration of a host against a server with a behavior. After that, the
// host is well again, and the next apply finds each order.
func (b behavior) plays(t *testing.T, h host) {
	key := emulator.DefaultCredential
	key.Denied = h.denied
	server, _ := account(t, emulator.Options{Quirks: emulator.Quirks{EnableDelay: time.Hour}, Credentials: []emulator.Credential{key}})
	hostile := &hostileServer{behavior: b}
	var well atomic.Bool
	abused := h.only(server, hostile)
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if well.Load() {
			server.ServeHTTP(w, r)
			return
		}
		abused.ServeHTTP(w, r)
	}), nil)
	instances := quickInstances
	if b.slow || !*full {
		instances = slowInstances
	}
	f := h.fleetAt(t, server, address, instances, nil)
	output := h.fails(t, f)
	if hostile.requests.Load() == 0 {
		t.Errorf("no request reached the hostile server:\n%s", output)
	}
	done.hostile.Add(1)
	if h.action == "" {
		return
	}
	well.Store(true)
	f.recovers()
}
