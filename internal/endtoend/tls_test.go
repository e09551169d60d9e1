package endtoend

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// overTLS starts an emulator with TLS. It returns the variables with which the provider
// trusts it.
func overTLS(t *testing.T) (*emulator.Server, map[string]string) {
	t.Helper()
	server, err := emulator.StartTLS(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID})
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, server.CACertificate(), 0o600); err != nil {
		t.Fatal(err)
	}
	variables := acctest.Variables(server)
	variables["SSL_CERT_FILE"] = authority
	return server, variables
}

func TestTLS_FailedHandshakes_AreRetriedAndOrderOnce(t *testing.T) {
	t.Parallel()
	server, variables := overTLS(t)
	run := acctest.NewRun(t, variables, threeMonths)
	run.OK("plan", "-no-color", "-out=plan.bin")
	server.DropConnections(2)
	run.OK("apply", "-no-color", "plan.bin")
	wantOrders(t, server, 1)
}

func TestTLS_UntrustedCertificate_FailsAtOnceAndSendsNothing(t *testing.T) {
	t.Parallel()
	server, variables := overTLS(t)
	delete(variables, "SSL_CERT_FILE")
	run := acctest.NewRun(t, variables, threeMonths)
	wantWords(t, run.OK("plan", "-no-color"), message.CircuitUnchecked, "certificate")
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.CircuitUnread, "certificate")
	if calls := len(server.Journal()); calls != 0 {
		t.Errorf("%d requests reached the server", calls)
	}
}
