package physicalconnection_test

import (
	"fmt"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// inService returns a circuit in service that is renewed every three months.
func inService(id string) emulator.Circuit {
	return emulator.Circuit{
		ID: id, Status: "Enabled", EndTime: time.Now().AddDate(0, 3, 0).Truncate(time.Second), EnabledTime: time.Now(),
		Renewal: emulator.Renewal{Status: "AutoRenewal", Period: 3, Unit: "M"},
	}
}

// renewal returns the attributes of the renewal.
func (s state) renewal() string {
	var period *big.Float
	number := "-"
	if s["renewal_period"].As(&period) == nil && period != nil {
		number = period.String()
	}
	return fmt.Sprint(s.text("renewal_status"), " ", number, " ", s.text("renewal_period_unit"), " ", s.text("stop_time"), " ", s.text("release_time"))
}

func TestIncludeRenewal_ReadsTheRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		circuit := inService(circuitID)
		at := func(days int) string { return circuit.EndTime.AddDate(0, 0, days).UTC().Format(time.RFC3339) }
		want := "AutoRenewal 3 Month " + at(15) + " " + at(22)
		for include, want := range map[any]string{true: want, false: " -   ", nil: " -   "} {
			s := newSource(t, emulator.Quirks{}, circuit)
			if got := s.mustRead(arguments{"physical_connection_id": circuitID, "include_renewal": include}).renewal(); got != want {
				t.Errorf("%v: got %q, want %q", include, got, want)
			}
			if calls := s.emulator.CallCount("QueryAvailableInstances"); (calls == 1) != (include == true) {
				t.Errorf("%v: %d calls", include, calls)
			}
		}
	})
}

func TestIncludeRenewal_CircuitThatIsNotListed_HasNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
		if got := s.mustRead(arguments{"physical_connection_id": circuitID, "include_renewal": true}).renewal(); got != " -   " {
			t.Errorf("got %q", got)
		}
	})
}

func TestListIncludeRenewal_AsksForAHundredCircuitsAtOnce(t *testing.T) {
	t.Parallel()
	for size, calls := range map[int]int{0: 0, 1: 1, 100: 1, 120: 2} {
		synctest.Test(t, func(t *testing.T) {
			var circuits []emulator.Circuit
			for i := range size {
				circuits = append(circuits, inService(fmt.Sprintf("pc-%03d", i)))
			}
			s := newList(t, append(circuits, emulator.Circuit{ID: "pc-filtered", Name: "other"})...)
			listed := s.mustRead(arguments{"include_renewal": true, "name_regex": "^circuit-"}).circuits(t)
			if got := s.emulator.CallCount("QueryAvailableInstances"); len(listed) != size || got != calls {
				t.Errorf("%d circuits: %d listed with %d calls", size, len(listed), got)
			}
			for _, c := range listed {
				if c.text("renewal_status") != "AutoRenewal" || c.text("stop_time") == "" {
					t.Errorf("%s: %s", c.text("physical_connection_id"), c.renewal())
				}
			}
			s.emulator.ClearJournal()
			s.mustRead(arguments{})
			if got := s.emulator.CallCount("QueryAvailableInstances"); got != 0 {
				t.Errorf("%d calls without include_renewal", got)
			}
		})
	}
}

func TestIncludeRenewal_WithoutRights_IsAnErrorThatNamesTheAction(t *testing.T) {
	t.Parallel()
	for _, typeName := range []string{typeName, listTypeName} {
		synctest.Test(t, func(t *testing.T) {
			s := newSourceOf(t, typeName, emulator.Quirks{}, inService(circuitID))
			s.emulator.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission", Times: -1})
			config := arguments{"include_renewal": true}
			if typeName != listTypeName {
				config["physical_connection_id"] = circuitID
			}
			_, diags := s.read(t.Context(), config)
			messagetest.WantError(t, diags, "", message.RenewalUnreadable, "bss:DescribeInstances")
		})
	}
}

func TestIncludeRenewal_BillingOff_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := emulator.New(emulator.Options{})
		server.AddCircuit(inService(circuitID))
		s := newSourceOn(t, typeName, acctest.PipeTransport(t, server), arguments{
			"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
			"endpoints": arguments{"vpc": "http://127.0.0.1"}, "billing": false,
		})
		_, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID, "include_renewal": true})
		messagetest.WantError(t, diags, "", message.BillingOff)
	})
}
