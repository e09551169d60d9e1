//go:build npm

package sdkcompat

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// make sdkcompat-npm installs the clients and runs this test.
func TestNPMClients_DefaultSettings_PlaceReadAndRenew(t *testing.T) {
	t.Parallel()
	for name, credential := range map[string]emulator.Credential{
		"access key": emulator.DefaultCredential, "security token": temporary,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, circuits := serveWith(t, emulator.StartTLS)
			authority := filepath.Join(t.TempDir(), "ca.pem")
			if err := os.WriteFile(authority, server.CACertificate(), 0o600); err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), "node", "order.js", circuits[0].ID)
			command.Dir = "npm"
			command.Env = append(os.Environ(),
				"NODE_EXTRA_CA_CERTS="+authority,
				"ALIBABA_CLOUD_ENDPOINT_VPC="+server.URL(),
				"ALIBABA_CLOUD_REGION="+region,
				"ALIBABA_CLOUD_ACCESS_KEY_ID="+credential.AccessKeyID,
				"ALIBABA_CLOUD_ACCESS_KEY_SECRET="+credential.AccessKeySecret,
				"ALIBABA_CLOUD_SECURITY_TOKEN="+credential.SecurityToken,
			)
			output, err := command.CombinedOutput()
			orders := server.Orders()
			if err != nil || len(orders) != 1 {
				t.Fatalf("%v, orders %+v\n%s", err, orders, output)
			}
			if want := "order " + orders[0].ID + "\nstatus Enabled\nrenewal AutoRenewal\n"; string(output) != want {
				t.Errorf("got\n%swant\n%s", output, want)
			}
			for _, call := range server.Journal() {
				if method := call.Params["SignatureMethod"]; method != "ACS3-HMAC-SHA256" {
					t.Errorf("%s is signed with %q", call.Action, method)
				}
			}
		})
	}
}
