package renewalsetting_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestSet_Faults_EndAsConfigured(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"lost answer":     {Kind: emulator.Reset, After: true},
		"lost request":    {Kind: emulator.Reset},
		"hangs":           {Kind: emulator.Hang},
		"server fault":    {HTTPStatus: 503, Code: "ServiceUnavailable"},
		"internal error":  {HTTPStatus: 400, Code: "InternalError"},
		"throttled":       {HTTPStatus: 400, Code: "Throttling.User"},
		"unreadable body": {Kind: emulator.RawBody, Body: "<html>"},
		"empty success":   {Kind: emulator.RawBody, Body: "{}"},
	} {
		for _, action := range []string{"SetRenewal", "QueryAvailableInstances"} {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
					fault.Action, fault.Times = action, 2
					s.server.AddFault(fault)
					s.MustApply(auto())
					if s.set() != "AutoRenewal 3 M" || s.inState() != "AutoRenewal 3 Month" {
						t.Errorf("set %q, state %q", s.set(), s.inState())
					}
				})
			})
		}
	}
}

func TestCreate_Refused_StoresNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  emulator.Fault
		kind   message.Kind
		values []string
	}{
		"no rights to set":   {emulator.Fault{Action: "SetRenewal", HTTPStatus: 403, Code: "NoPermission"}, message.RenewalNotSet, []string{"bss:ModifyPrepaidInstanceAutoRenew", "ManualRenewal"}},
		"no rights to read":  {emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission"}, message.RenewalNotSet, []string{"bss:DescribeInstances"}},
		"refused":            {emulator.Fault{Action: "SetRenewal", HTTPStatus: 400, Code: "InvalidParameter"}, message.RenewalNotSet, []string{"InvalidParameter", "ManualRenewal"}},
		"unknown code":       {emulator.Fault{Action: "SetRenewal", HTTPStatus: 400, Code: "Brand.New"}, message.RenewalNotSet, []string{"Brand.New"}},
		"refused with 200":   {emulator.Fault{Action: "SetRenewal", Kind: emulator.RawBody, Body: `{"Code":"NotAuthorized","Success":false}`}, message.RenewalNotSet, []string{"NotAuthorized"}},
		"never answered":     {emulator.Fault{Action: "SetRenewal", Kind: emulator.Reset}, message.RenewalUnsure, []string{"ManualRenewal", "Apply again"}},
		"always throttled":   {emulator.Fault{Action: "SetRenewal", HTTPStatus: 400, Code: "Throttling.User"}, message.RenewalNotSet, []string{"ManualRenewal"}},
		"always down":        {emulator.Fault{Action: "SetRenewal", HTTPStatus: 500}, message.RenewalUnsure, []string{"ManualRenewal"}},
		"reads always fail":  {emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 500}, message.RenewalNotSet, []string{"nothing was changed"}},
		"circuit unreadable": {emulator.Fault{Action: "DescribePhysicalConnections", HTTPStatus: 403, Code: "Forbidden.RAM"}, message.CircuitUnreadable, []string{"vpc:DescribePhysicalConnections"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
				test.fault.Times = -1
				s.server.AddFault(test.fault)
				errs := s.Apply(auto()).Errors()
				messagetest.WantKinds(t, errs, test.kind)
				messagetest.WantValues(t, errs, test.values...)
				if s.Object != nil || s.set() != "ManualRenewal" {
					t.Errorf("set %q, state %v", s.set(), s.Object)
				}
				s.server.ClearFaults()
				time.Sleep(2 * time.Minute)
				s.MustApply(auto())
				s.wantNoDiff(auto())
			})
		})
	}
}

func TestCreate_LaggingList_IsAwaitedUntilTheTimeout(t *testing.T) {
	t.Parallel()
	for lag, fails := range map[time.Duration]bool{time.Minute: false, 10 * time.Minute: true} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.server.SetQuirks(emulator.Quirks{RenewalLag: lag})
			s.server.Advance(time.Hour) // The circuit itself is listed.
			errs := s.Apply(auto()).Errors()
			if !fails {
				messagetest.WantKinds(t, errs)
				return
			}
			messagetest.WantError(t, errs, "", message.RenewalNotShown, "ManualRenewal", "timeouts.create")
			if s.Object != nil {
				t.Error("there is a state")
			}
			time.Sleep(lag)
			s.server.ClearJournal()
			s.MustApply(auto()) // The setting is so already.
			s.wantSent(0)
		})
	}
}

func TestUpdate_Failed_KeepsTheOldStateAndTheNextRefreshReadsTheTruth(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		s.server.AddFault(emulator.Fault{Action: "SetRenewal", Kind: emulator.Reset, After: true, Times: -1})
		s.server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 500, Times: -1})
		changed := auto("renewal_period", 6)
		process := s.Start(t)
		plan, _, err := process.Plan(t.Context(), s.Object, changed, coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		object, diags, err := s.Start(t).Apply(t.Context(), plan, changed)
		if err != nil || !diags.HasError() {
			t.Fatal(err, diags)
		}
		if s.Object = object; s.inState() != "AutoRenewal 3 Month" || s.Object.Tainted {
			t.Errorf("state %q", s.inState())
		}
		s.server.ClearFaults()
		s.wantNoDiffAfter(changed)
	})
}

// wantNoDiffAfter applies and checks that a plan changes nothing then.
func (s *scene) wantNoDiffAfter(config coretest.Values) {
	s.T.Helper()
	s.MustApply(config)
	s.wantNoDiff(config)
}

func TestKill_InTheMiddleOfAChange_EndsAsConfiguredInTheNextApply(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2, 3, 4, 5} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			requests := 0
			s.fails = func(string) error {
				if requests++; requests >= at {
					return errors.New("killed")
				}
				return nil
			}
			s.kill(auto())
			s.fails = nil
			time.Sleep(2 * time.Minute)
			s.wantNoDiffAfter(auto())
			if s.set() != "AutoRenewal 3 M" {
				t.Errorf("killed at request %d: set %q", at, s.set())
			}

			requests = 0
			s.fails = func(string) error {
				if requests++; requests >= at {
					return errors.New("killed")
				}
				return nil
			}
			s.kill(withStatus("NotRenewal"))
			s.fails = nil
			time.Sleep(2 * time.Minute)
			s.wantNoDiffAfter(withStatus("NotRenewal"))
			if s.set() != "NotRenewal" {
				t.Errorf("killed at request %d of an update: set %q", at, s.set())
			}
		})
	}
}

func TestRead_BillingDown_KeepsTheStateWithOneWarning(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"down":      {HTTPStatus: 503, Code: "ServiceUnavailable"},
		"no rights": {HTTPStatus: 403, Code: "NoPermission"},
		"hangs":     {Kind: emulator.Hang},
		"nonsense":  {Kind: emulator.RawBody, Body: `{"Success":true,"Data":{"InstanceList":"x"}}`},
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.MustApply(auto())
			fault.Action, fault.Times = "QueryAvailableInstances", -1
			s.server.AddFault(fault)
			diags := s.wantNoDiff(auto())
			messagetest.WantKinds(t, diags, message.RenewalsUnread)
			if len(diags) != 1 || s.inState() != "AutoRenewal 3 Month" {
				t.Errorf("%s: state %q\n%s", name, s.inState(), diags)
			}
		})
	}
}

func TestBillingOff_RefusesChangesAndKeepsTheState(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.settings = coretest.Values{"billing": false}
		messagetest.WantError(t, s.Apply(auto()), "", message.BillingOff)
		s.settings = nil
		s.MustApply(auto("reset_on_destroy", true))
		s.server.ClearJournal()

		s.settings = coretest.Values{"billing": false}
		messagetest.WantKinds(t, s.wantNoDiff(auto("reset_on_destroy", true)), message.RenewalsUnread)
		if errs := s.Apply(auto("renewal_period", 6, "reset_on_destroy", true)).Errors(); !messagetest.Has(errs, message.BillingOff) {
			t.Errorf("an update is no error:\n%s", errs)
		}
		messagetest.WantKinds(t, s.Apply(nil), message.RenewalsUnread, message.DestroyKeepsSet)
		if s.Object != nil || s.set() != "AutoRenewal 3 M" {
			t.Errorf("set %q, state %v", s.set(), s.Object)
		}
		if calls := s.server.CallCount("QueryAvailableInstances") + s.server.CallCount("SetRenewal"); calls != 0 {
			t.Errorf("%d calls of billing", calls)
		}
	})
}

func TestBillingOff_IsAnErrorOfEveryUpdate(t *testing.T) {
	t.Parallel()
	for _, config := range []coretest.Values{
		auto("renewal_period", 1, "renewal_period_unit", "Year"), auto("renewal_period", 12, "reset_on_destroy", true),
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.MustApply(auto("renewal_period", 12))
			s.settings = coretest.Values{"billing": false}
			messagetest.WantKinds(t, s.Apply(config).Errors(), message.BillingOff)
		})
	}
}

func TestRead_OneCircuitThatBillingRefuses_HidesNoDriftOfOthers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"refused": {HTTPStatus: 404, Code: "InvalidInstanceId.NotFound"}, "server fault": {HTTPStatus: 500}, "bad parameter": {HTTPStatus: 400, Code: "InvalidParameter"},
	} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			var configs []coretest.Values
			for i := range 30 {
				id := fmt.Sprintf("pc-fleet%02d", i)
				addCircuit(t, s.server, id)
				configs = append(configs, auto("physical_connection_id", id))
			}
			plans, _ := planAll(t, s.Start(t), make([]*coretest.Object, len(configs)), configs)
			objects := applyAll(t, s.Start(t), plans, configs)
			for i := range 30 {
				s.server.ChangeCircuit(acctest.Region, fmt.Sprintf("pc-fleet%02d", i), func(c *emulator.Circuit) {
					c.Renewal = emulator.Renewal{Status: "NotRenewal", Unlisted: i == 7}
				})
			}
			fault.Action, fault.Times, fault.Where = "QueryAvailableInstances", -1, map[string]string{"InstanceIDs": "pc-fleet07"}
			s.server.AddFault(fault)
			plans, _ = planAll(t, s.Start(t), objects, configs)
			changes := 0
			for _, plan := range plans {
				if plan.Action == coretest.Update {
					changes++
				}
			}
			if changes != 29 {
				t.Errorf("%s: the plan changes %d settings, want 29", name, changes)
			}
		})
	}
}

func TestInterrupt_DuringAChange_SaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		process := s.Start(t)
		plan, _ := s.Plan(auto(), coretest.Options{})
		s.fails = func(action string) error {
			if action == "SetRenewal" {
				_ = process.Stop(context.Background())
			}
			return nil
		}
		object, diags, err := process.Apply(t.Context(), plan, auto())
		if err != nil || diags.HasError() || inState(object) != "AutoRenewal 3 Month" {
			t.Errorf("state %q, %v\n%s", inState(object), err, diags)
		}
	})
}
