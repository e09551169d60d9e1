package circuit_test

import (
	"slices"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestReadiness_ConfirmedWithCompleteOrNoLOA_IsPayable(t *testing.T) {
	t.Parallel()
	for _, status := range ordertest.Statuses {
		for _, loa := range ordertest.LOAStatuses {
			want := circuit.Unsure
			switch status {
			case "Confirmed":
				if loa == "Complete" || loa == "" {
					want = circuit.Payable
				}
			case "Initial", "Approved", "Allocating", "Allocated":
				want = circuit.NotYet
			case "Enabled":
				want = circuit.InService
			case "Rejected", "Canceled", "Allocation Failed", "AllocationFailed", "Terminating", "Terminated":
				want = circuit.NeverPayable
			}
			circuit := circuit.Circuit{Status: status, LOAStatus: loa}
			if got := circuit.Readiness(); got != want {
				t.Errorf("status %q, LOA %q: readiness %d, want %d", status, loa, got, want)
			}
		}
	}
}

func TestState_UsesTheWordsOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ status, loa, want string }{
		{"Allocated", "Available", "Allocated (LOA Available)"},
		{"Confirmed", "Complete", "Confirmed (LOA Complete)"},
		{"Confirmed", "", "Confirmed"},
		{"Allocation Failed", "", "Allocation Failed"},
		{"BrandNew", "", "BrandNew"},
	} {
		if got := (circuit.Circuit{Status: test.status, LOAStatus: test.loa}).State(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestStatuses_AreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	want := []string{
		"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled",
		"Rejected", "Canceled", "Allocation Failed", "Terminating", "Terminated",
	}
	if got := circuit.Statuses(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCannotReach_FinalStatus(t *testing.T) {
	t.Parallel()
	inReach := map[string]string{"Terminating": "Terminated"}
	for _, status := range []string{"Rejected", "Canceled", "Allocation Failed", "Terminating", "Terminated"} {
		for _, wanted := range circuit.Statuses() {
			want := wanted != status && inReach[status] != wanted
			if got := (circuit.Circuit{Status: status}).CannotReach(wanted); got != want {
				t.Errorf("%s, wanted %s: out of reach %t, want %t", status, wanted, got, want)
			}
		}
	}
}

func TestCannotReach_LaterStatus_IsFalse(t *testing.T) {
	t.Parallel()
	life := []string{"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled", "Terminating", "Terminated"}
	for i, status := range life {
		for _, wanted := range life[i:] {
			if (circuit.Circuit{Status: status}).CannotReach(wanted) {
				t.Errorf("%s: %s is out of reach", status, wanted)
			}
		}
	}
	for _, test := range []struct{ status, wanted string }{
		{"Initial", "Rejected"}, {"Initial", "Canceled"}, {"Approved", "Canceled"}, {"Allocated", "Canceled"}, {"Confirmed", "Canceled"},
		{"Allocating", "Allocation Failed"}, {"Initial", "BrandNew"}, {"BrandNew", "Initial"}, {"BrandNew", "Enabled"}, {"BrandNew", "Rejected"}, {"", "Enabled"},
	} {
		if (circuit.Circuit{Status: test.status}).CannotReach(test.wanted) {
			t.Errorf("%q: %s is out of reach", test.status, test.wanted)
		}
	}
}

func TestCannotReach_EnabledCircuit_CannotBeRejectedOrCanceled(t *testing.T) {
	t.Parallel()
	for _, wanted := range []string{"Rejected", "Canceled", "Allocation Failed"} {
		if !(circuit.Circuit{Status: "Enabled"}).CannotReach(wanted) {
			t.Errorf("%s is in reach of a circuit in service", wanted)
		}
	}
}

// A data source that waits for Confirmed must not delay every plan until its timeout after
// the circuit is in service.
func TestCannotReach_EarlierStatus_IsTrue(t *testing.T) {
	t.Parallel()
	life := []string{"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled"}
	for i, status := range life {
		for _, passed := range life[:i] {
			if !(circuit.Circuit{Status: status}).CannotReach(passed) {
				t.Errorf("%s: %s is reachable, but it is an earlier status", status, passed)
			}
		}
	}
}

// Some answers spell "Allocation Failed" in one word.
func TestCannotReach_BothSpellingsOfAllocationFailed_AreOneStatus(t *testing.T) {
	t.Parallel()
	if (circuit.Circuit{Status: "AllocationFailed"}).CannotReach("Allocation Failed") {
		t.Error("the circuit already has this status")
	}
}

func TestIsLocked_IsTrueOnlyForABusinessStatusThatIsNotNormal(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{"": false, "Normal": false, "FinancialLocked": true, "SecurityLocked": true, "BrandNew": true} {
		if got := (circuit.Circuit{BusinessStatus: status}).IsLocked(); got != want {
			t.Errorf("%q: locked %t, want %t", status, got, want)
		}
	}
}

func TestIDs_AreThoseOfTheCircuitsInTheirOrder(t *testing.T) {
	t.Parallel()
	if got := circuit.IDs([]circuit.Circuit{{ID: "pc-b"}, {ID: "pc-a"}}); !slices.Equal(got, []string{"pc-b", "pc-a"}) {
		t.Errorf("got %q", got)
	}
}
