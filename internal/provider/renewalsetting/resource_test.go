package renewalsetting_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestCreate_SetsTheRenewalOnceAndHasNoDrift(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config              coretest.Values
		emulator, state     string
		productCode, typeOf string
	}{
		{auto(), "AutoRenewal 3 M", "AutoRenewal 3 Month", "", ""},
		{auto("renewal_period_unit", "Year", "renewal_period", 1), "AutoRenewal 1 Y", "AutoRenewal 1 Year", "pconn_intl", "pconn_pre"},
		{withStatus("NotRenewal"), "NotRenewal", "NotRenewal", "pconn_intl", ""},
	} {
		play(t, emulator.Quirks{ProductCode: test.productCode, ProductType: test.typeOf}, func(t *testing.T, s *scene) {
			s.MustApply(test.config)
			if s.set() != test.emulator || s.inState() != test.state {
				t.Errorf("set %q, state %q", s.set(), s.inState())
			}
			s.wantSent(1)
			s.wantNoDiff(test.config)
			s.wantSent(0)
			circuit, _ := s.server.Circuit(acctest.Region, circuitID)
			end := circuit.EndTime
			for name, want := range map[string]string{
				"id": "cn-hangzhou/" + circuitID, "region_id": "cn-hangzhou", "product_type": test.typeOf, "subscription_type": "Subscription",
				"end_time":     end.UTC().Format(time.RFC3339),
				"stop_time":    end.AddDate(0, 0, 15).UTC().Format(time.RFC3339),
				"release_time": end.AddDate(0, 0, 22).UTC().Format(time.RFC3339),
			} {
				if got := s.Object.String(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if want := test.productCode; want != "" && s.Object.String("product_code") != want {
				t.Errorf("product_code is %q", s.Object.String("product_code"))
			}
		})
	}
}

func TestCreate_SettingThatIsSoAlready_SendsNothing(t *testing.T) {
	t.Parallel()
	for _, renewal := range []emulator.Renewal{{Status: "AutoRenewal", Period: 12, Unit: "M"}, {Status: "AutoRenewal", Period: 1, Unit: "Y"}} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.inConsole(renewal)
			s.MustApply(auto("renewal_period", 12))
			s.wantSent(0)
			if s.Object.String("end_time") == "" || s.Object.String("subscription_type") != "Subscription" {
				t.Errorf("the term is %q, the type %q", s.Object.String("end_time"), s.Object.String("subscription_type"))
			}
			s.wantNoDiff(auto("renewal_period", 12))
			s.MustApply(auto("renewal_period", 1, "renewal_period_unit", "Year"))
			s.wantSent(0)
			if s.inState() != "AutoRenewal 1 Year" {
				t.Errorf("state %q", s.inState())
			}
		})
	}
}

func TestUpdate_ChangesTheSettingInPlace(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		for _, step := range []struct {
			config coretest.Values
			want   string
		}{
			{auto("renewal_period", 6), "AutoRenewal 6 M"},
			{auto("renewal_period", 1, "renewal_period_unit", "Year"), "AutoRenewal 1 Y"},
			{auto("renewal_period", 1), "AutoRenewal 1 M"},
			{withStatus("NotRenewal"), "NotRenewal"},
			{withStatus("ManualRenewal"), "ManualRenewal"},
			{auto(), "AutoRenewal 3 M"},
		} {
			s.server.ClearJournal()
			plan, _ := s.Plan(step.config, coretest.Options{})
			if plan.Action != coretest.Update {
				t.Errorf("%s: the plan is to %s", step.want, plan.Action)
			}
			s.MustApply(step.config)
			if s.set() != step.want {
				t.Errorf("set %q, want %q", s.set(), step.want)
			}
			s.wantSent(1)
			s.wantNoDiff(step.config)
		}
	})
}

func TestUpdate_OfOtherArguments_SendsNothing(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		s.server.ClearJournal()
		diags := s.Apply(auto("reset_on_destroy", true, "timeouts", coretest.Values{"create": "1m"}))
		messagetest.WantKinds(t, diags)
		s.wantSent(0)
		if !s.Object.Bool("reset_on_destroy") {
			t.Error("the state has the old value")
		}
	})
}

func TestRead_ConsoleChange_IsDriftThatTheApplySetsBack(t *testing.T) {
	t.Parallel()
	for _, renewal := range []emulator.Renewal{
		{Status: "ManualRenewal"}, {Status: "NotRenewal"}, {Status: "AutoRenewal", Period: 1, Unit: "M"}, {Status: "AutoRenewal", Period: 3, Unit: "Y"},
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.MustApply(auto())
			s.inConsole(renewal)
			s.server.ClearJournal()
			plan, _ := s.Plan(auto(), coretest.Options{})
			if plan.Action != coretest.Update {
				t.Errorf("%v: the plan is to %s", renewal, plan.Action)
			}
			s.MustApply(auto())
			s.wantSent(1)
			if s.set() != "AutoRenewal 3 M" {
				t.Errorf("set %q", s.set())
			}
		})
	}
}

func TestCreate_UnlistedCircuit_IsSetAndKeptWithOneWarning(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.inConsole(emulator.Renewal{Unlisted: true})
		diags := s.Apply(auto())
		if diags.HasError() || !messagetest.Has(diags, message.RenewalUnverified) {
			t.Fatal(diags)
		}
		if s.set() != "AutoRenewal 3 M" || s.inState() != "AutoRenewal 3 Month" || s.Object.String("product_code") != "pconn" {
			t.Errorf("set %q, state %q, product %q", s.set(), s.inState(), s.Object.String("product_code"))
		}
		messagetest.WantKinds(t, s.wantNoDiff(auto()))
		s.inConsole(emulator.Renewal{Status: "NotRenewal", Unlisted: true})
		s.wantNoDiff(auto())

		s.inConsole(emulator.Renewal{Status: "NotRenewal"}) // Billing lists it now.
		if plan, _ := s.Plan(auto(), coretest.Options{}); plan.Action != coretest.Update {
			t.Errorf("the plan is to %s", plan.Action)
		}
	})
}

func TestRead_StateOfAnOldTerraform_GetsItsIdentity(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		s.Object.Identity = nil // Terraform before 1.12 stores none.
		if _, diags := s.Plan(auto(), coretest.Options{}); diags.HasError() || s.Object.Identity == nil {
			t.Errorf("identity %v:\n%s", s.Object.Identity, diags)
		}
	})
}

func TestRead_CircuitThatIsNoLongerListed_IsKept(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(withStatus("NotRenewal"))
		s.server.Advance(150 * 24 * time.Hour) // The circuit is released.
		messagetest.WantKinds(t, s.wantNoDiff(withStatus("NotRenewal")), message.NoLongerListed)
		if s.Object == nil || s.inState() != "NotRenewal" {
			t.Errorf("state %q", s.inState())
		}
	})
}

func TestRead_RenewedCircuit_ShowsTheNewTermWithoutADiff(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		end := s.Object.String("end_time")
		s.server.Advance(90 * 24 * time.Hour)
		messagetest.WantKinds(t, s.wantNoDiff(auto()))
		if later := s.Object.String("end_time"); later <= end {
			t.Errorf("the term ends at %s, before the renewal %s", later, end)
		}
	})
}

func TestCreate_CircuitNotInService_IsAWarningThenAnError(t *testing.T) {
	t.Parallel()
	for status, place := range map[string]bool{"Confirmed": false, "Allocated": false, "Terminated": false, "paid, not enabled": true} {
		play(t, emulator.Quirks{EnableDelay: 2 * time.Hour}, func(t *testing.T, s *scene) {
			circuit := emulator.Circuit{ID: "pc-new", Status: status}
			if place {
				circuit.Status = "Confirmed"
			}
			s.server.AddCircuit(circuit)
			if place {
				if _, err := s.server.PlaceConsoleOrder(emulator.ConsoleOrder{Region: acctest.Region, CircuitID: "pc-new", Status: emulator.OrderPaid}); err != nil {
					t.Fatal(err)
				}
			}
			config := auto("physical_connection_id", "pc-new")
			_, diags := s.Plan(config, coretest.Options{})
			messagetest.WantKinds(t, diags, message.NotInService)
			if diags.HasError() {
				t.Errorf("%s: the plan fails", status)
			}
			diags = s.Apply(config).Errors()
			messagetest.WantError(t, diags, "physical_connection_id", message.NotInService, "Nothing was set")
			if status == "Confirmed" || place {
				messagetest.WantValues(t, diags, "is paid, wait")
				messagetest.WantValues(t, diags, "wait_for_status")
			}
			if s.Object != nil {
				t.Error("there is a state")
			}
			s.wantSent(0)
		})
	}
}

func TestCreate_UnknownCircuit_IsAnErrorOfThePlan(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		messagetest.WantError(t, s.Apply(auto("physical_connection_id", "pc-none")), "physical_connection_id", message.CircuitNotFound, "pc-none", acctest.Region)
		s.wantSent(0)
	})
}

func TestDestroy_LeavesTheSettingAndSaysSo(t *testing.T) {
	t.Parallel()
	for _, reset := range []any{nil, false} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.MustApply(auto("reset_on_destroy", reset))
			s.server.ClearJournal()
			diags := s.Apply(nil)
			messagetest.WantKinds(t, diags, message.DestroyKeepsSet)
			messagetest.WantValues(t, diags, circuitID, "AutoRenewal every 3 months")
			if s.set() != "AutoRenewal 3 M" || s.Object != nil {
				t.Errorf("set %q, state %v", s.set(), s.Object)
			}
			s.wantSent(0)
		})
	}
}

func TestDestroy_WithReset_SetsManualRenewal(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{ProductCode: "pconn_intl"}, func(t *testing.T, s *scene) {
		s.MustApply(auto("reset_on_destroy", true))
		s.server.ClearJournal()
		end := s.Object.String("end_time")
		diags := s.Apply(nil)
		messagetest.WantKinds(t, diags, message.DestroyResets)
		messagetest.WantValues(t, diags, circuitID, end)
		if s.set() != "ManualRenewal" || s.Object != nil {
			t.Errorf("set %q, state %v", s.set(), s.Object)
		}
		s.wantSent(1)
	})
}

func TestDestroy_WithReset_OfAManualSetting_SendsNothing(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(withStatus("ManualRenewal", "reset_on_destroy", true))
		s.server.ClearJournal()
		messagetest.WantKinds(t, s.Apply(nil), message.DestroyResets)
		s.wantSent(0)
	})
}

func TestDestroy_WithReset_OfAReleasedCircuit_RemovesTheRecord(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*scene){
		"released": func(s *scene) { s.server.Advance(150 * 24 * time.Hour) },
		"deleted":  func(s *scene) { s.server.RemoveCircuit(acctest.Region, circuitID) },
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.MustApply(withStatus("NotRenewal", "reset_on_destroy", true))
			remove(s)
			diags := s.Apply(nil)
			if s.Object != nil || diags.HasError() || !messagetest.Has(diags, message.ResetSkipped) {
				t.Errorf("%s: state %v\n%s", name, s.Object, diags)
			}
		})
	}
}

func TestDestroy_WithReset_Refused_KeepsTheState(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto("reset_on_destroy", true))
		s.server.AddFault(emulator.Fault{Action: "SetRenewal", HTTPStatus: 403, Code: "NoPermission", Times: -1})
		diags := s.Apply(nil).Errors()
		messagetest.WantError(t, diags, "", message.RenewalNotSet, "bss:ModifyPrepaidInstanceAutoRenew", "NoPermission")
		if s.Object == nil || s.set() != "AutoRenewal 3 M" {
			t.Errorf("set %q, state %v", s.set(), s.Object)
		}
	})
}

func TestMove_ToAnotherCircuit_IsAReplacementThatLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	for reset, want := range map[bool]string{false: "AutoRenewal 3 M", true: "ManualRenewal"} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			addCircuit(t, s.server, "pc-other")
			s.MustApply(auto("reset_on_destroy", reset))
			config := auto("physical_connection_id", "pc-other", "reset_on_destroy", reset)
			plan, diags := s.Plan(config, coretest.Options{})
			kind := message.DestroyKeepsSet
			if reset {
				kind = message.DestroyResets
			}
			messagetest.WantKinds(t, diags, kind, message.RenewalPlanned)
			if plan.Action != coretest.Replace {
				t.Errorf("the plan is to %s", plan.Action)
			}
			s.MustApply(config)
			if s.set() != want || settingOf(s.server, "pc-other") != "AutoRenewal 3 M" {
				t.Errorf("set %q and %q", s.set(), settingOf(s.server, "pc-other"))
			}
		})
	}
}

func TestMove_ToACircuitThatIsNotKnownYet_SaysNothingAboutTheOldOne(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto("reset_on_destroy", true))
		plan, diags := s.Plan(auto("reset_on_destroy", true, "physical_connection_id", coretest.Unknown{}), coretest.Options{})
		messagetest.WantKinds(t, diags)
		if plan.Action != coretest.Replace {
			t.Errorf("the plan is to %s", plan.Action)
		}
	})
}

func TestCreate_ListedCircuitThatIsNotInService_WarnsInThePlan(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.rows(`{"InstanceID":"pc-new","ProductCode":"pconn","RenewStatus":"ManualRenewal","EndTime":"2027-03-01T16:00:00Z"}`)
		s.server.AddCircuit(emulator.Circuit{ID: "pc-new"})
		_, diags := s.Plan(auto("physical_connection_id", "pc-new"), coretest.Options{})
		messagetest.WantKinds(t, diags, message.NotInService)
	})
}

// rows makes billing list these instances.
func (s *scene) rows(rows ...string) {
	s.server.AddFault(emulator.Fault{
		Action: "QueryAvailableInstances", Kind: emulator.RawBody, Times: -1,
		Body: `{"Code":"Success","Success":true,"Data":{"TotalCount":` + strconv.Itoa(len(rows)) + `,"InstanceList":[` + strings.Join(rows, ",") + `]}}`,
	})
}

func TestCreate_ListedWithoutASetting_SaysSo(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.rows(`{"InstanceID":"` + circuitID + `","ProductCode":"pconn","RenewStatus":null,"EndTime":"2027-03-01T16:00:00Z"}`)
		diags := s.Apply(auto())
		if diags.HasError() || !messagetest.Has(diags, message.RenewalUnverified) || s.set() != "AutoRenewal 3 M" {
			t.Errorf("set %q\n%s", s.set(), diags)
		}
		messagetest.WantValues(t, diags, "without a renewal setting")
	})
}

func TestCreate_InternationalCircuitThatIsListedLater_IsSetWithItsOwnCode(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{ProductCode: "pconn_intl", RenewalLag: 3 * time.Minute}, func(t *testing.T, s *scene) {
		addCircuit(t, s.server, "pc-new")
		s.server.ChangeCircuit(acctest.Region, "pc-new", func(c *emulator.Circuit) { c.EnabledTime = time.Now().Add(time.Hour) })
		config := auto("physical_connection_id", "pc-new", "timeouts", coretest.Values{"create": "10m"})
		if diags := s.Apply(config).Errors(); len(diags) != 0 || settingOf(s.server, "pc-new") != "AutoRenewal 3 M" {
			t.Errorf("set %q\n%s", settingOf(s.server, "pc-new"), diags)
		}
	})
}

func TestChange_OfACircuitThatIsNoLongerListed_NamesTheProductOfTheState(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]coretest.Values{"update": withStatus("NotRenewal"), "destroy": nil} {
		play(t, emulator.Quirks{ProductCode: "pconn_intl", ProductType: "pconn_pre"}, func(t *testing.T, s *scene) {
			s.MustApply(auto("reset_on_destroy", true))
			s.inConsole(emulator.Renewal{Status: "AutoRenewal", Period: 3, Unit: "M", Unlisted: true})
			s.server.ClearJournal()
			if diags := s.Apply(config); diags.HasError() || !messagetest.Has(diags, message.RenewalUnverified) {
				t.Errorf("%s: no warning, or an error\n%s", name, diags)
			}
			for _, call := range s.server.Journal() {
				got := call.Params["ProductCode"] + " " + call.Params["ProductType"] + " " + call.Params["SubscriptionType"]
				if call.Action == "SetRenewal" && got != "pconn_intl pconn_pre Subscription" {
					t.Errorf("%s: sent %q", name, got)
				}
			}
			s.wantSent(1)
		})
	}
}

func TestUpdate_BetweenUnits_ReadsTheSetting(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto("renewal_period", 12))
		year := auto("renewal_period", 1, "renewal_period_unit", "Year")
		plan, _ := s.Plan(year, coretest.Options{})
		s.inConsole(emulator.Renewal{Status: "NotRenewal"}) // after the plan
		object, diags, err := s.Start(t).Apply(t.Context(), plan, year)
		if s.Object = object; err != nil || diags.HasError() || s.set() != "AutoRenewal 1 Y" {
			t.Errorf("set %q, %v\n%s", s.set(), err, diags)
		}
	})
}

func TestUpdate_ThatMayHaveTakenEffect_IsSentAgainAlsoAfterARevert(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.inConsole(emulator.Renewal{Unlisted: true})
		s.MustApply(auto())
		s.server.AddFault(emulator.Fault{Action: "SetRenewal", Kind: emulator.Reset, After: true, Times: -1})
		messagetest.WantKinds(t, s.Apply(withStatus("NotRenewal")).Errors(), message.RenewalUnsure)
		s.server.ClearFaults()
		if s.set() != "NotRenewal" || s.inState() != "AutoRenewal 3 Month" {
			t.Fatalf("set %q, state %q", s.set(), s.inState())
		}
		s.MustApply(auto()) // The user reverts.
		if s.set() != "AutoRenewal 3 M" {
			t.Errorf("set %q", s.set())
		}
		s.wantNoDiff(auto())
	})
}

func TestPlan_TwoResourcesOfOneCircuit_AreAnErrorIfTheyDiffer(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		for _, test := range []struct {
			other coretest.Values
			kinds []message.Kind
		}{
			{auto("reset_on_destroy", true), []message.Kind{message.RenewalPlanned}},
			{withStatus("NotRenewal"), []message.Kind{message.RenewalTwice}},
		} {
			process := s.Start(t)
			if _, diags, err := process.Plan(t.Context(), nil, auto(), coretest.Options{}); err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
			_, diags, err := process.Plan(t.Context(), nil, test.other, coretest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			messagetest.WantKinds(t, diags, test.kinds...)
		}
	})
}

func TestPlan_TwoResourcesWithUnknownValues_AreNoConflict(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		for _, name := range []string{"physical_connection_id", "renewal_status", "renewal_period", "renewal_period_unit"} {
			process := s.Start(t)
			first := auto()
			if name == "physical_connection_id" {
				first = auto(name, coretest.Unknown{})
			}
			for _, config := range []coretest.Values{first, auto("renewal_period", 6, name, coretest.Unknown{})} {
				if _, diags, err := process.Plan(t.Context(), nil, config, coretest.Options{}); err != nil || diags.HasError() {
					t.Errorf("unknown %s: %v\n%s", name, err, diags)
				}
			}
		}
	})
}

func TestUnconfiguredProvider_KeepsTheStateAndSetsNothing(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		config := auto("reset_on_destroy", true)
		s.MustApply(config)
		s.server.ClearJournal()
		s.settings = coretest.Values{"region": coretest.Unknown{}}
		messagetest.WantKinds(t, s.wantNoDiff(config))
		for _, change := range []coretest.Values{auto("renewal_period", 6), nil} {
			messagetest.WantKinds(t, s.Apply(change).Errors(), message.NotConfigured)
		}
		_, diags, err := s.Start(t).List(t.Context(), coretest.Values{"region_id": acctest.Region}, false, 100)
		if err != nil {
			t.Fatal(err)
		}
		messagetest.WantKinds(t, diags, message.NotConfigured)
		if s.inState() != "AutoRenewal 3 Month" || len(s.server.Journal()) != 0 {
			t.Errorf("state %q after %d calls", s.inState(), len(s.server.Journal()))
		}
		messagetest.WantKinds(t, s.imported("cn-hangzhou/"+circuitID), message.NotConfigured)
		messagetest.WantKinds(t, s.Apply(auto()), message.NotConfigured)
	})
}

func TestDestroy_OfAnOldObject_DoesNotResetWhatAnotherResourceSets(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		config := auto("reset_on_destroy", true)
		s.MustApply(config)
		for name, liveFirst := range map[string]bool{"live object first": true, "old object first": false} {
			process := s.Start(t)
			var removal coretest.Plan
			var diags coretest.Diagnostics
			plans := []func(){
				func() {
					_, more, err := process.Plan(t.Context(), s.Object, config, coretest.Options{})
					if diags = append(diags, more...); err != nil {
						t.Fatal(err)
					}
				},
				func() {
					var more coretest.Diagnostics
					var err error
					removal, more, err = process.Plan(t.Context(), s.Object, nil, coretest.Options{})
					if diags = append(diags, more...); err != nil {
						t.Fatal(err)
					}
				},
			}
			if !liveFirst {
				plans[0], plans[1] = plans[1], plans[0]
			}
			plans[0]()
			plans[1]()
			if !liveFirst {
				messagetest.WantKinds(t, diags, message.DestroyResets, message.RenewalOverwritten)
				continue // The next plan shows the drift.
			}
			messagetest.WantKinds(t, diags)
			if _, diags, err := s.Start(t).Apply(t.Context(), removal, nil); err != nil || len(diags) != 0 || s.set() != "AutoRenewal 3 M" {
				t.Errorf("%s: set %q, %v\n%s", name, s.set(), err, diags)
			}
		}
	})
}

func TestReplace_CreatingFirst_KeepsTheSettingAndSaysNothingFalse(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		config := auto("reset_on_destroy", true)
		s.MustApply(config)
		plan, _ := s.Plan(config, coretest.Options{Replace: true, CreateBeforeDestroy: true})
		object, diags, err := s.Start(t).Apply(t.Context(), plan, config)
		if s.Object = object; err != nil || messagetest.Has(diags, message.DestroyResets) || s.set() != "AutoRenewal 3 M" {
			t.Errorf("set %q, %v\n%s", s.set(), err, diags)
		}
		s.wantNoDiff(config)
	})
}

func TestRead_AnswerWithoutAProductCode_KeepsTheLearnedOne(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{ProductCode: "pconn_intl"}, func(t *testing.T, s *scene) {
		s.MustApply(withStatus("NotRenewal"))
		s.rows(`{"InstanceID":"` + circuitID + `","RenewStatus":"NotRenewal"}`)
		s.Plan(withStatus("NotRenewal"), coretest.Options{})
		if code := s.Object.String("product_code"); code != "pconn_intl" {
			t.Errorf("product_code is %q", code)
		}
	})
}
