package physicalconnection_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const describe = "DescribePhysicalConnections"

func TestRead_Payable_HasAReasonIfFalse(t *testing.T) {
	t.Parallel()
	// "-" is an empty value. The emulator replaces "" by its default.
	for _, test := range []struct {
		status, loa string
		payable     bool
		reason      string
	}{
		{"Confirmed", "Complete", true, ""},
		{"Confirmed", "-", true, ""},
		{"Confirmed", "Available", false, "CompletePhysicalConnectionLOA"},
		{"Confirmed", "Completing", false, "checked the construction"},
		{"Initial", "-", false, "approved the application"},
		{"Approved", "-", false, "allocated the port"},
		{"Allocating", "-", false, "allocated the port"},
		{"Allocated", "-", false, "ConfirmPhysicalConnection"},
		{"Allocated", "Available", false, "CompletePhysicalConnectionLOA"},
		{"Allocated", "Rejected", false, "ApplyPhysicalConnectionLOA"},
		{"Enabled", "Complete", false, "in service"},
		{"Rejected", "-", false, "ModifyPhysicalConnectionAttribute"},
		{"Canceled", "-", false, "Apply for another circuit"},
		{"Allocation Failed", "-", false, "another access point"},
		{"AllocationFailed", "-", false, "another access point"},
		{"Terminating", "Complete", false, "Apply for another circuit"},
		{"Terminated", "Complete", false, "Apply for another circuit"},
		{"BrandNew", "Complete", false, "BrandNew"},
	} {
		t.Run(test.status+" "+test.loa, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID, Status: test.status})
				loa := strings.Trim(test.loa, "-")
				s.emulator.ChangeCircuit(acctest.Region, circuitID, func(c *emulator.Circuit) { c.LOAStatus = loa })

				read := s.mustRead(arguments{"physical_connection_id": circuitID})

				reason := read.text("payable_reason")
				if read.payable() != test.payable || read["payable_reason"].IsNull() != test.payable || !strings.Contains(reason, test.reason) {
					t.Errorf("payable %t, reason %q, want %t with %q", read.payable(), reason, test.payable, test.reason)
				}
				if !test.payable && (!strings.HasPrefix(reason, "The circuit is "+test.status) || !strings.HasSuffix(reason, ".")) {
					t.Errorf("the reason %q does not begin with the state and end with a full stop", reason)
				}
				if read.text("status") != test.status || read.text("loa_status") != loa {
					t.Errorf("status %q, LOA %q", read.text("status"), read.text("loa_status"))
				}
			})
		})
	}
}

func TestRead_MissingField_IsNull(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]emulator.Quirks{"EmptyTexts": {}, "LeftOut": {OmitEmptyFields: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, quirks, emulator.Circuit{ID: circuitID})
				read := s.mustRead(arguments{"physical_connection_id": circuitID})
				for _, absent := range []string{
					"enabled_time", "end_time", "description", "expect_spec", "port_number", "circuit_code", "ad_location", "charge_type",
					"redundant_physical_connection_id", "parent_physical_connection_id", "vlan_id", "qos_id", "reservation_active_time",
				} {
					if !read[absent].IsNull() {
						t.Errorf("%s is %s, want null", absent, read[absent])
					}
				}
				if read["tags"].IsNull() {
					t.Error("no tags are null, so that tags[\"x\"] would fail for another reason than its absence")
				}
				for name, value := range read {
					if !value.IsFullyKnown() {
						t.Errorf("%s is unknown after the read", name)
					}
				}
			})
		})
	}
}

func TestRead_Region_DefaultsToTheProviders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config arguments
		region string
		status string
	}{
		"Default": {arguments{"physical_connection_id": circuitID}, "cn-hangzhou", "Confirmed"},
		"Named":   {arguments{"physical_connection_id": circuitID, "region_id": "cn-beijing"}, "cn-beijing", "Allocated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID}, emulator.Circuit{Region: "cn-beijing", ID: circuitID, Status: "Allocated"})
				read := s.mustRead(test.config)
				if read.text("region_id") != test.region || read.text("status") != test.status || read.text("id") != circuitID {
					t.Errorf("region %q, status %q, ID %q", read.text("region_id"), read.text("status"), read.text("id"))
				}
				if journal := s.emulator.Journal(); len(journal) != 1 || journal[0].Region != test.region {
					t.Errorf("calls %+v, want one in %s", journal, test.region)
				}
			})
		})
	}
}

func TestRead_MissingCircuit_IsAnErrorOnItsID(t *testing.T) {
	t.Parallel()
	for _, status := range []any{nil, "Enabled"} {
		synctest.Test(t, func(t *testing.T) {
			s := newSource(t, emulator.Quirks{}, emulator.Circuit{Region: "cn-beijing", ID: circuitID})
			begin := time.Now()
			_, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID, "wait_for_status": status})
			journal := s.emulator.Journal()
			if len(journal) != 1 || time.Since(begin) > batchWindow {
				t.Fatalf("%d calls in %s, want one at once", len(journal), time.Since(begin))
			}
			messagetest.WantError(t, diags, "physical_connection_id", message.CircuitNotFound, circuitID, "cn-hangzhou", "127.0.0.1", journal[0].RequestID)
		})
	}
}

func TestRead_Outage_IsAnErrorWithDetails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
		s.emulator.AddFault(emulator.Fault{Action: describe, Times: -1, Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable", Message: "As the API says it."})
		begin := time.Now()

		read, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID})

		journal := s.emulator.Journal()
		messagetest.WantError(t, diags, "", message.CircuitUnreadable, circuitID, describe, "127.0.0.1", "ServiceUnavailable", "As the API says it.", "503", journal[len(journal)-1].RequestID)
		if len(journal) < 2 || time.Since(begin) > 2*time.Minute {
			t.Errorf("%d tries in %s, want several in a bounded time", len(journal), time.Since(begin))
		}
		if !read["status"].IsNull() {
			t.Errorf("a circuit that was not read has the status %s", read["status"])
		}
	})
}

// refusing is a transport that refuses every connection.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

func TestRead_UnreachableHost_IsAnErrorWithItsName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSourceOn(t, typeName, refusing{}, arguments{
			"region": "cn-hangzhou", "access_key": canary, "secret_key": canary, "security_token": canary, "endpoints": arguments{"vpc": "vpc.example"},
		})
		_, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID})
		messagetest.WantError(t, diags, "", message.CircuitUnreadable, circuitID, "vpc.example")
		messagetest.WantNoValues(t, diags, canary)
	})
}

func TestRead_MissingPermission_FailsAtOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []any{nil, "Enabled"} {
		synctest.Test(t, func(t *testing.T) {
			s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
			s.emulator.AddFault(emulator.Fault{Action: describe, Times: -1, Kind: emulator.AnswerError, Code: "Forbidden.RAM"})
			begin := time.Now()
			_, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID, "wait_for_status": status})
			messagetest.WantError(t, diags, "", message.CircuitUnreadable, circuitID, "Forbidden.RAM", "403", s.emulator.Journal()[0].RequestID)
			if s.reads() != 1 || time.Since(begin) > batchWindow {
				t.Errorf("%d reads in %s, want one at once", s.reads(), time.Since(begin))
			}
		})
	}
}

func TestRead_UnconfiguredProvider_MakesNoCall(t *testing.T) {
	t.Parallel()
	s := newSourceOn(t, typeName, refusing{}, arguments{"region": unknown{}})
	_, diags := s.read(t.Context(), arguments{"physical_connection_id": circuitID})
	messagetest.WantError(t, diags, "", message.NotConfigured, "-target")
}

func TestRead_State_ContainsNoSecret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, everything())
		for name, value := range s.mustRead(arguments{"physical_connection_id": circuitID}) {
			if strings.Contains(value.String(), canary) {
				t.Errorf("%s holds key material: %s", name, value)
			}
		}
	})
}

func TestValidate_InvalidValue_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config    arguments
		attribute string
		values    []string
	}{
		"CircuitOfAnotherKind": {arguments{"physical_connection_id": "eip-1"}, "physical_connection_id", []string{"pc-"}},
		"CircuitEmpty":         {arguments{"physical_connection_id": ""}, "physical_connection_id", []string{"pc-"}},
		"Region":               {arguments{"physical_connection_id": circuitID, "region_id": "cn hangzhou"}, "region_id", []string{"cn-hangzhou"}},
		"RegionInCapitals":     {arguments{"physical_connection_id": circuitID, "region_id": "CN-HANGZHOU"}, "region_id", []string{"cn-hangzhou"}},
		"RegionEmpty":          {arguments{"physical_connection_id": circuitID, "region_id": ""}, "region_id", []string{"cn-hangzhou"}},
		"StatusLowerCase":      {arguments{"physical_connection_id": circuitID, "wait_for_status": "enabled"}, "wait_for_status", []string{"Enabled", "Confirmed", "Allocation Failed", "Terminated"}},
		"StatusOfAnLOA":        {arguments{"physical_connection_id": circuitID, "wait_for_status": "Complete"}, "wait_for_status", []string{"Enabled"}},
		"TimeoutNoDuration":    {arguments{"physical_connection_id": circuitID, "timeouts": arguments{"read": "soon"}}, "timeouts.read", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				messagetest.WantError(t, s.validate(test.config), test.attribute, invalid(test.attribute), test.values...)
				if s.reads() != 0 {
					t.Error("validate has asked the API")
				}
			})
		})
	}
}

// A timeout that is over before the first read would end it without a cause.
func TestValidate_TimeoutNotPositive_IsAnError(t *testing.T) {
	t.Parallel()
	for _, timeout := range []string{"0s", "-5m"} {
		synctest.Test(t, func(t *testing.T) {
			s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
			config := arguments{"physical_connection_id": circuitID, "timeouts": arguments{"read": timeout}}
			diags := s.validate(config)
			if len(diags) == 0 {
				_, diags = s.read(t.Context(), config)
			}
			messagetest.WantError(t, diags, "timeouts.read", message.InvalidTimeout)
		})
	}
}

func TestValidate_ValidOrUnknownValues_AreAccepted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		for _, config := range []arguments{
			{"physical_connection_id": circuitID},
			{"physical_connection_id": unknown{}, "region_id": unknown{}, "wait_for_status": unknown{}, "timeouts": arguments{"read": unknown{}}},
			{"physical_connection_id": circuitID, "region_id": "cn-beijing", "wait_for_status": "Allocation Failed", "timeouts": arguments{"read": "1h30m"}},
		} {
			if diags := s.validate(config); len(diags) > 0 {
				t.Errorf("%v:\n%s", config, diags)
			}
		}
	})
}
