package abuse

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// shortTimeout is the timeout of reads and of the creation, in configurations that have one.
	shortTimeout = 5 * time.Second
	// priceTimeout and answerTimeout are those of the provider: for a price, and for the
	// answer to an order, which is never cut.
	priceTimeout, answerTimeout = time.Minute, 30 * time.Second
	// slack is for the start of processes on a busy machine.
	slack = 2 * time.Minute

	// maxMemory and maxDescriptors bound the provider. Ten calls at the same time may each read
	// the largest answer.
	maxMemory      = 192 << 20
	maxDescriptors = 40
)

// host is a host that the provider talks to, and a configuration that talks to it.
type host struct {
	name, variable string
	block, config  string
	// action is the only action that is abused; empty means every one.
	action string
	// denied are the actions that the access key may not use.
	denied  []string
	command string
	// within bounds the command, without slack.
	within time.Duration
}

const (
	readsCircuits = `
data "expressconnect_physical_connection" "this" {
  count                  = %d
  physical_connection_id = "pc-fleet${count.index}"
  timeouts { read = "5s" }
}
`
	readsPrices = `
data "expressconnect_physical_connection_price" "this" {
  count                  = %d
  physical_connection_id = "pc-fleet${count.index}"
  period                 = 1 + count.index %% 9
}
`
	placesOrders = `
resource "expressconnect_physical_connection_occupancy_order" "fleet" {
  count                  = %d
  physical_connection_id = "pc-fleet${count.index}"
  period                 = 3
  auto_pay               = true
  timeouts { create = "5s" }
}
`
	assumesRole = "assume_role {\n    role_arn = \"acs:ram::1234567890123456:role/network\"\n  }"
)

var (
	vpcHost = host{"VPC", "ALIBABA_CLOUD_ENDPOINT_VPC", "", readsCircuits, "", nil, "plan", shortTimeout}
	bssHost = host{"BSS", "ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI", "", readsPrices, "", nil, "plan", priceTimeout}
	stsHost = host{"STS", "ALIBABA_CLOUD_ENDPOINT_STS", assumesRole, readsCircuits, "", nil, "plan", shortTimeout}
	// orderHost answers everything well but the order, which it has placed. Only its client
	// token finds that order, because billing is denied.
	orderHost = host{
		"order", "ALIBABA_CLOUD_ENDPOINT_VPC", "", placesOrders, "CreatePhysicalConnectionOccupancyOrder",
		[]string{"QueryOrders", "GetOrderDetail"}, "apply", shortTimeout + answerTimeout,
	}
)

// fleetAt returns a fleet whose provider finds one host at another address.
func (h host) fleetAt(t *testing.T, server *emulator.Server, address string, instances int, variables map[string]string) *fleet {
	t.Helper()
	all := acctest.Variables(server)
	maps.Copy(all, variables)
	all[h.variable] = address
	f := newFleet(t, server.Emulator, all, instances)
	f.run.Config(fmt.Sprintf("\nprovider \"expressconnect\" {\n  %s\n}\n", h.block) + fmt.Sprintf(h.config, instances))
	return f
}

// fails checks that the command ends in time with errors that a user can read, and that the
// provider stays within its bounds. It returns the output.
func (h host) fails(t *testing.T, f *fleet) string {
	t.Helper()
	begun := time.Now()
	output, usage, err := f.run.Measure(t.Context(), commands[h.command]...)
	if err != nil {
		t.Fatal(err)
	}
	if output.ExitCode != 1 || !strings.Contains(output.Text, "Error: ") {
		t.Errorf("exit code %d, want 1 and an error:\n%s", output.ExitCode, output.Text)
	}
	if took := time.Since(begun); took > h.within+slack {
		t.Errorf("%s, want at most %s", took, h.within+slack)
	}
	if usage.PeakMemory > maxMemory || usage.Descriptors > maxDescriptors {
		t.Errorf("%d MiB and %d descriptors, want at most %d and %d", usage.PeakMemory>>20, usage.Descriptors, maxMemory>>20, maxDescriptors)
	}
	for _, sign := range []string{"panic", "goroutine ", "runtime error", "plugin crashed", "\x1b"} {
		if strings.Contains(output.Text, sign) {
			t.Errorf("the output has %q:\n%s", sign, output.Text)
		}
	}
	done.usage(usage)
	return output.Text
}

// only returns a handler that abuses the requests of the host, after they have had their
// effect, and passes on the others.
func (h host) only(account *emulator.Server, abuse http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.action == "" || r.URL.Query().Get("Action") == h.action {
			if h.action != "" {
				account.ServeHTTP(discarded{}, r)
			}
			abuse.ServeHTTP(w, r)
			return
		}
		account.ServeHTTP(w, r)
	})
}

// discarded is an answer that is not sent.
type discarded struct{}

// Header implements http.ResponseWriter.
func (discarded) Header() http.Header { return http.Header{} }

// Write implements http.ResponseWriter.
func (discarded) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements http.ResponseWriter.
func (discarded) WriteHeader(int) {}
