package circuit_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

func TestPortSpec_IsThatOfThePriceList(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ spec, port, want string }{
		{"10G", "", "10G"}, {"1G and below", "", "1G"}, {"1g", "", "1G"}, {" 100G ", "", "100G"}, {"40G", "10GBase-LR", "40G"},
		{"", "1000Base-LX", "1G"}, {"", "100Base-T", "1G"}, {"", "10GBase-LR", "10G"}, {"", "40GBase-LR", "40G"}, {"", "100GBase-LR", "100G"},
		{"400G", "10GBase-LR", ""}, {"", "400GBase", ""}, {"", "", ""},
	} {
		if got := (circuit.Circuit{Spec: test.spec, PortType: test.port}).PortSpec(); got != test.want {
			t.Errorf("%q, %q: %q, want %q", test.spec, test.port, got, test.want)
		}
	}
}
