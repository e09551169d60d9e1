package acctest

import (
	"context"
	"net"
	"net/http"
	"testing"

	"google.golang.org/grpc/test/bufconn"
)

// connectionBuffer is the size of the buffers of a connection, in bytes.
const connectionBuffer = 4 << 10

// PipeTransport serves handler over connections in memory, and returns a transport that
// reaches it under every loopback host. In a bubble of testing/synctest, all waiting uses
// the fake time.
func PipeTransport(t testing.TB, handler http.Handler) *http.Transport {
	t.Helper()
	listener := bufconn.Listen(connectionBuffer)
	server := &http.Server{Handler: handler} //nolint:gosec // In memory; a fault may be slow on purpose.
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return listener.DialContext(ctx) }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
	})
	return transport
}
