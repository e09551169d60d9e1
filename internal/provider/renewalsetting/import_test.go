package renewalsetting_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// imported imports a setting and keeps it as the object.
func (s *scene) imported(id string) coretest.Diagnostics {
	s.T.Helper()
	object, diags, err := s.Start(s.T).Import(s.T.Context(), id)
	if err != nil {
		s.T.Fatal(err)
	}
	s.Object = object
	return diags
}

func TestImport_ReadsTheSettingAndPlansNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		renewal emulator.Renewal
		config  coretest.Values
		state   string
	}{
		{emulator.Renewal{Status: "AutoRenewal", Period: 3, Unit: "M"}, auto(), "AutoRenewal 3 Month"},
		{emulator.Renewal{Status: "AutoRenewal", Period: 1, Unit: "Y"}, auto("renewal_period", 1, "renewal_period_unit", "Year"), "AutoRenewal 1 Year"},
		{emulator.Renewal{Status: "NotRenewal"}, withStatus("NotRenewal"), "NotRenewal"},
		{emulator.Renewal{}, withStatus("ManualRenewal"), "ManualRenewal"},
	} {
		play(t, emulator.Quirks{ProductCode: "pconn_intl"}, func(t *testing.T, s *scene) {
			s.inConsole(test.renewal)
			messagetest.WantKinds(t, s.imported("cn-hangzhou/"+circuitID))
			if s.inState() != test.state || s.Object.String("product_code") != "pconn_intl" || s.Object.Identity == nil {
				t.Errorf("state %q", s.inState())
			}
			s.wantNoDiff(test.config)
			s.wantSent(0)
		})
	}
}

func TestImport_WhatCannotBeImported_IsRefused(t *testing.T) {
	t.Parallel()
	for id, kind := range map[string]message.Kind{
		circuitID:                            message.WrongSettingImport,
		"cn-hangzhou/":                       message.WrongSettingImport,
		"cn-hangzhou/" + circuitID + "/5018": message.WrongSettingImport,
		"cn-hangzhou/vbr-1":                  message.WrongSettingImport,
		"cn hangzhou/" + circuitID:           message.WrongSettingImport,
		"cn-hangzhou/pc-none":                message.CircuitNotFound,
		"cn-beijing/" + circuitID:            message.CircuitNotFound,
		"cn-hangzhou/pc-unpaid":              message.SettingNotListed,
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.server.AddCircuit(emulator.Circuit{ID: "pc-unpaid"})
			diags := s.imported(id)
			messagetest.WantError(t, diags, "", kind)
		})
	}
}

func TestImport_WithoutBilling_IsRefused(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission", Times: -1})
		messagetest.WantError(t, s.imported("cn-hangzhou/"+circuitID), "", message.RenewalUnreadable, "bss:DescribeInstances")
		s.settings = coretest.Values{"billing": false}
		messagetest.WantError(t, s.imported("cn-hangzhou/"+circuitID), "", message.BillingOff)
	})
}

func TestQuery_ListsTheSettingsOfARegion(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		addCircuit(t, s.server, "pc-b")
		addCircuit(t, s.server, "pc-c")
		s.server.AddCircuit(emulator.Circuit{ID: "pc-unpaid"})
		s.server.AddCircuit(emulator.Circuit{ID: "pc-beijing", Region: "cn-beijing"})
		s.server.ChangeCircuit(acctest.Region, "pc-b", func(c *emulator.Circuit) { c.Renewal = emulator.Renewal{Status: "AutoRenewal", Period: 6, Unit: "M"} })
		for _, test := range []struct {
			config coretest.Values
			limit  int64
			want   []string
		}{
			{coretest.Values{}, 100, []string{"pc-b, AutoRenewal every 6 months", circuitID + ", ManualRenewal", "pc-c, ManualRenewal"}},
			{coretest.Values{"renewal_status": "ManualRenewal"}, 100, []string{circuitID + ", ManualRenewal", "pc-c, ManualRenewal"}},
			{coretest.Values{}, 1, []string{"pc-b, AutoRenewal every 6 months"}},
			{coretest.Values{"region_id": "cn-beijing"}, 100, nil},
		} {
			found, diags, err := s.Start(t).List(t.Context(), test.config, true, test.limit)
			if err != nil || len(diags) != 0 || len(found) != len(test.want) {
				t.Fatalf("%v: %d found, %v\n%s", test.config, len(found), err, diags)
			}
			for i, one := range found {
				if one.DisplayName != test.want[i] || one.Object.String("renewal_status") == "" || one.Object.String("end_time") == "" {
					t.Errorf("%v: %q, want %q", test.config, one.DisplayName, test.want[i])
				}
				if identity := identityText(t, one); identity != one.Object.String("id") {
					t.Errorf("identity %q", identity)
				}
			}
		}
	})
}

// identityText returns the identity in the form of an import ID.
func identityText(t *testing.T, listed coretest.Listed) string {
	t.Helper()
	objectType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"region_id": tftypes.String, "physical_connection_id": tftypes.String}}
	value, err := listed.Object.Identity.IdentityData.Unmarshal(objectType)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	var region, circuit string
	if value.As(&attributes) != nil || attributes["region_id"].As(&region) != nil || attributes["physical_connection_id"].As(&circuit) != nil {
		t.Fatal(value)
	}
	return region + "/" + circuit
}

func TestQuery_WithoutBilling_IsAnError(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		list := func() coretest.Diagnostics {
			_, diags, err := s.Start(t).List(t.Context(), coretest.Values{}, false, 100)
			if err != nil {
				t.Fatal(err)
			}
			return diags
		}
		s.server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission", Times: -1})
		messagetest.WantError(t, list(), "", message.RenewalUnreadable, "bss:DescribeInstances")
		s.settings = coretest.Values{"billing": false}
		messagetest.WantError(t, list(), "", message.BillingOff)
	})
}

func TestQuery_Values_AreThoseOfAnImport(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{ProductCode: "pconn_intl", ProductType: "pconn_pre"}, func(t *testing.T, s *scene) {
		s.inConsole(emulator.Renewal{Status: "AutoRenewal", Period: 3, Unit: "M"})
		found, diags, err := s.Start(t).List(t.Context(), coretest.Values{}, true, 100)
		if err != nil || len(diags) != 0 || len(found) != 1 {
			t.Fatalf("%d found, %v\n%s", len(found), err, diags)
		}
		messagetest.WantKinds(t, s.imported("cn-hangzhou/"+circuitID))
		if listed := found[0].Object.Value; !listed.Equal(s.Object.Value) {
			t.Errorf("listed %s\nimported %s", listed, s.Object.Value)
		}
	})
}

func TestQuery_CircuitThatBillingSpellsInCapitals_HasTheIDOfTheCircuit(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.rows(`{"InstanceID":"` + strings.ToUpper(circuitID) + `","ProductCode":"pconn","RenewStatus":"NotRenewal"}`)
		found, diags, err := s.Start(t).List(t.Context(), coretest.Values{}, false, 100)
		if err != nil || len(diags) != 0 || len(found) != 1 {
			t.Fatalf("%d found, %v\n%s", len(found), err, diags)
		}
		if identity := identityText(t, found[0]); identity != "cn-hangzhou/"+circuitID || found[0].DisplayName != circuitID+", NotRenewal" {
			t.Errorf("identity %q, name %q", identity, found[0].DisplayName)
		}
	})
}

func TestQuery_InvalidArgument_IsRefusedWithoutACall(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.server.ClearJournal()
		for name, value := range map[string]string{"region_id": "Hangzhou ", "renewal_status": "Auto"} {
			_, diags, err := s.Start(t).List(t.Context(), coretest.Values{name: value}, false, 100)
			if err != nil {
				t.Fatal(err)
			}
			messagetest.WantError(t, diags, name, message.InvalidValue)
		}
		if calls := len(s.server.Journal()); calls != 0 {
			t.Errorf("%d calls", calls)
		}
	})
}
