package circuit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// FuzzReadiness checks that only confirmed circuits are payable, and that a circuit can
// always reach the status that it has.
func FuzzReadiness(f *testing.F) {
	for _, status := range append(circuit.Statuses(), "AllocationFailed", "confirmed", "New", "") {
		f.Add(status, circuit.LOAComplete, circuit.StatusEnabled)
		f.Add(status, "", status)
	}
	f.Fuzz(func(t *testing.T, status, loa, wanted string) {
		c := circuit.Circuit{Status: status, LOAStatus: loa}
		payable := status == circuit.StatusConfirmed && (loa == "" || loa == circuit.LOAComplete)
		if (c.Readiness() == circuit.Payable) != payable {
			t.Errorf("%s: readiness %d", c.State(), c.Readiness())
		}
		if c.CannotReach(status) {
			t.Errorf("%s cannot reach %s", c.State(), status)
		}
		if !slices.Contains(circuit.Statuses(), status) && status != "AllocationFailed" && c.CannotReach(wanted) {
			t.Errorf("the unknown status %q cannot reach %s", status, wanted)
		}
	})
}

// FuzzPortSpec checks that the port of a circuit is one with a price, or unknown.
func FuzzPortSpec(f *testing.F) {
	for _, seed := range [][2]string{{"1G", ""}, {" 10g and below", ""}, {"", "100GBase-LR"}, {"", "100Base-T"}, {"1000", "10GBase-LR"}, {"100G", "1000Base-T"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, spec, port string) {
		found := circuit.Circuit{Spec: spec, PortType: port}.PortSpec()
		if !slices.Contains([]string{"", "1G", "10G", "40G", "100G"}, found) {
			t.Errorf("%q and %q become %q", spec, port, found)
		}
		if text := strings.ToUpper(strings.TrimSpace(spec)); found != "" && text != "" && strings.Fields(text)[0] != found {
			t.Errorf("%q becomes %q", spec, found)
		}
	})
}
