package abuse

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// serve serves a handler until the end of the test: HTTPS with a configuration, otherwise
// HTTP. It returns the URL.
func serve(t *testing.T, handler http.Handler, secured *tls.Config) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // Clients break connections here.
	server.TLS = secured
	if secured == nil {
		server.Start()
	} else {
		server.StartTLS()
	}
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// account serves an account, and returns the variables for it.
func account(t *testing.T, options emulator.Options) (*emulator.Server, map[string]string) {
	t.Helper()
	server, err := emulator.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server, acctest.Variables(server)
}
