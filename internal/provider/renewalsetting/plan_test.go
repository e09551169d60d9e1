package renewalsetting_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestPlan_AutoRenewal_SaysWhatIsChargedAndWhen(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		circuit, _ := s.server.Circuit(acctest.Region, circuitID)
		first := circuit.EndTime.Add(8*time.Hour).AddDate(0, 0, -9).Format(time.DateOnly)
		s.settings = coretest.Values{"plan_prices": true}
		_, diags := s.Plan(auto(), coretest.Options{})
		messagetest.WantKinds(t, diags, message.RenewalPlanned)
		messagetest.WantValues(t, diags, "255.00 USD for 3 months", first, circuit.EndTime.UTC().Format(time.RFC3339), "charges nothing")

		s.MustApply(withStatus("ManualRenewal"))
		_, diags = s.Plan(auto("renewal_period", 1, "renewal_period_unit", "Year"), coretest.Options{})
		messagetest.WantKinds(t, diags, message.RenewalPlanned)
		messagetest.WantValues(t, diags, "1020.00 USD for 1 year", first)

		s.settings = nil // without prices
		_, diags = s.Plan(auto(), coretest.Options{})
		messagetest.WantValues(t, diags, "every 3 months", first)
		messagetest.WantNoValues(t, diags, "USD")
		if s.set() != "ManualRenewal" {
			t.Errorf("a plan set %q", s.set())
		}
	})
}

func TestPlan_PriceThatCannotBeHad_IsLeftOut(t *testing.T) {
	t.Parallel()
	for _, fault := range []emulator.Fault{{HTTPStatus: 403, Code: "NoPermission"}, {Kind: emulator.Hang}, {HTTPStatus: 400, Code: "InvalidParameter"}} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			s.settings = coretest.Values{"plan_prices": true}
			fault.Action, fault.Times = "GetSubscriptionPrice", -1
			s.server.AddFault(fault)
			_, diags := s.Plan(auto(), coretest.Options{})
			messagetest.WantKinds(t, diags, message.RenewalPlanned)
			messagetest.WantValues(t, diags, "every 3 months")
		})
	}
}

func TestPlan_OtherStatuses_HaveNoWarning(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		for _, status := range []string{"ManualRenewal", "NotRenewal"} {
			_, diags := s.Plan(withStatus(status), coretest.Options{})
			messagetest.WantKinds(t, diags)
		}
	})
}

func TestPlan_UnknownValues_AreCheckedLater(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		for _, name := range []string{"physical_connection_id", "region_id", "renewal_status", "renewal_period", "renewal_period_unit"} {
			plan, diags := s.Plan(auto(name, coretest.Unknown{}), coretest.Options{})
			if len(diags) != 0 || plan.Action != coretest.Create {
				t.Errorf("%s: %s\n%s", name, plan.Action, diags)
			}
		}
	})
}

func TestPlan_ShowsRegionUnitAndID(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		const id = "cn-hangzhou/" + circuitID
		for name, test := range map[string]struct {
			config           coretest.Values
			region, unit, id string
		}{
			"defaults":        {auto(), "cn-hangzhou", "Month", id},
			"configured":      {auto("region_id", "cn-hangzhou", "renewal_period_unit", "Year"), "cn-hangzhou", "Year", id},
			"no period":       {withStatus("NotRenewal"), "cn-hangzhou", "null", id},
			"unknown circuit": {auto("physical_connection_id", coretest.Unknown{}), "cn-hangzhou", "Month", "unknown"},
			"unknown region":  {auto("region_id", coretest.Unknown{}), "unknown", "Month", "unknown"},
			"unknown status":  {auto("renewal_status", coretest.Unknown{}), "cn-hangzhou", "unknown", id},
			"unknown unit":    {auto("renewal_period_unit", coretest.Unknown{}), "cn-hangzhou", "unknown", id},
		} {
			plan, _ := s.Plan(test.config, coretest.Options{})
			for attribute, want := range map[string]string{"region_id": test.region, "renewal_period_unit": test.unit, "id": test.id} {
				if got := planned(t, plan, attribute); got != want {
					t.Errorf("%s: %s is %q, want %q", name, attribute, got, want)
				}
			}
		}
	})
}

// planned returns a string of a plan.
func planned(t *testing.T, plan coretest.Plan, name string) string {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := plan.Planned.As(&attributes); err != nil {
		t.Fatal(err)
	}
	switch value := attributes[name]; {
	case !value.IsKnown():
		return "unknown"
	case value.IsNull():
		return "null"
	}
	return (&coretest.Object{Value: plan.Planned}).String(name)
}

func TestPlan_UnreadableBilling_WarnsOnce(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission", Times: -1})
		plan, diags := s.Plan(auto(), coretest.Options{})
		messagetest.WantKinds(t, diags, message.RenewalsUnread)
		messagetest.WantValues(t, diags, "bss:DescribeInstances")
		if len(diags) != 1 || plan.Action != coretest.Create {
			t.Errorf("the plan is to %s", plan.Action)
		}
		addCircuit(t, s.server, "pc-other")
		configs := []coretest.Values{auto(), auto("physical_connection_id", "pc-other")}
		_, diags = planAll(t, s.Start(t), make([]*coretest.Object, len(configs)), configs)
		messagetest.WantKinds(t, diags, message.RenewalsUnread, message.RenewalPlanned)
	})
}

func TestPlan_ProviderOfAnotherRegion_KeepsTheRegionOfTheState(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.MustApply(auto())
		s.settings = coretest.Values{"region": "cn-beijing"}
		s.wantNoDiff(auto())
		plan, _ := s.Plan(auto("renewal_period", 6), coretest.Options{})
		if got := planned(t, plan, "region_id"); got != acctest.Region || plan.Action != coretest.Update {
			t.Errorf("the plan is to %s in %s", plan.Action, got)
		}
	})
}

func TestValidate_InvalidCombinations_AreRefused(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		process := s.Start(t)
		for name, test := range map[string]struct {
			config    coretest.Values
			attribute string
			kind      message.Kind
		}{
			"no period":               {coretest.Values{"physical_connection_id": circuitID, "renewal_status": "AutoRenewal"}, "renewal_period", message.MissingRenewPeriod},
			"no period, but a unit":   {withStatus("AutoRenewal", "renewal_period_unit", "Year"), "renewal_period", message.MissingRenewPeriod},
			"manual with period":      {withStatus("ManualRenewal", "renewal_period", 3), "renewal_period", message.PeriodWithoutAuto},
			"never with period":       {withStatus("NotRenewal", "renewal_period", 3), "renewal_period", message.PeriodWithoutAuto},
			"manual with unit":        {withStatus("ManualRenewal", "renewal_period_unit", "Month"), "renewal_period_unit", message.PeriodWithoutAuto},
			"never with unit":         {withStatus("NotRenewal", "renewal_period_unit", "Year"), "renewal_period_unit", message.PeriodWithoutAuto},
			"period of the order":     {auto("renewal_period", 9), "renewal_period", message.InvalidValue},
			"period 0":                {auto("renewal_period", 0), "renewal_period", message.InvalidValue},
			"negative period":         {auto("renewal_period", -3), "renewal_period", message.InvalidValue},
			"half a period":           {auto("renewal_period", 1.5), "renewal_period", message.InvalidValue},
			"wrong unit":              {auto("renewal_period_unit", "M"), "renewal_period_unit", message.InvalidValue},
			"wrong case of unit":      {auto("renewal_period_unit", "month"), "renewal_period_unit", message.InvalidValue},
			"wrong status":            {withStatus("Auto"), "renewal_status", message.InvalidValue},
			"misspelled status":       {auto("renewal_status", "AutoRenew"), "renewal_status", message.InvalidValue},
			"empty status":            {withStatus(""), "renewal_status", message.InvalidValue},
			"wrong circuit":           {auto("physical_connection_id", "vbr-1"), "physical_connection_id", message.InvalidValue},
			"empty circuit":           {auto("physical_connection_id", ""), "physical_connection_id", message.InvalidValue},
			"wrong region":            {auto("region_id", "Hangzhou "), "region_id", message.InvalidValue},
			"timeout of nothing":      {auto("timeouts", coretest.Values{"create": "0s"}), "timeouts.create", message.InvalidTimeout},
			"timeout without a unit":  {auto("timeouts", coretest.Values{"update": "5"}), "timeouts.update", message.InvalidTimeout},
			"negative delete timeout": {auto("timeouts", coretest.Values{"delete": "-5m"}), "timeouts.delete", message.InvalidTimeout},
		} {
			diags, err := process.Validate(t.Context(), test.config)
			if err != nil {
				t.Fatal(name, err)
			}
			t.Log(name)
			messagetest.WantError(t, diags, test.attribute, test.kind)
		}
		for _, config := range []coretest.Values{
			auto(), auto("renewal_period", 1), auto("renewal_period", 2), auto("renewal_period", 6), auto("renewal_period", 12, "renewal_period_unit", "Year"),
			auto("renewal_period_unit", "Month"), withStatus("NotRenewal"), withStatus("ManualRenewal"), withStatus("AutoRenewal", "renewal_period", coretest.Unknown{}),
			with(auto(), "renewal_status", coretest.Unknown{}), withStatus("ManualRenewal", "renewal_period", coretest.Unknown{}),
		} {
			if diags, err := process.Validate(t.Context(), config); err != nil || len(diags) != 0 {
				t.Errorf("%v: %v\n%s", config, err, diags)
			}
		}
	})
}

func TestFleet_OfSixtySettings_MakesAtMostThreeReadsAPlan(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		configs := []coretest.Values{}
		for i := range 60 {
			id := fmt.Sprintf("pc-fleet%02d", i)
			addCircuit(t, s.server, id)
			configs = append(configs, auto("physical_connection_id", id))
		}
		s.server.ClearJournal()
		plans, diags := planAll(t, s.Start(t), make([]*coretest.Object, 60), configs)
		if reads := s.server.CallCount("QueryAvailableInstances"); reads > 3 {
			t.Errorf("%d reads to plan new settings", reads)
		}
		wantShown(t, diags)

		s.server.ClearJournal()
		objects := applyAll(t, s.Start(t), plans, configs)
		if sets := s.server.CallCount("SetRenewal"); sets != 60 {
			t.Errorf("%d changes", sets)
		}
		t.Logf("an apply of 60: %d reads of settings, %d of circuits", s.server.CallCount("QueryAvailableInstances"), s.server.CallCount("DescribePhysicalConnections"))

		s.server.ClearJournal()
		plans, diags = planAll(t, s.Start(t), objects, configs)
		if reads := s.server.CallCount("QueryAvailableInstances"); reads > 3 || len(diags) != 0 {
			t.Errorf("%d reads to refresh\n%s", reads, diags)
		}
		if calls := len(s.server.Journal()); calls > 3 {
			t.Errorf("%d calls to refresh", calls)
		}
		if slices.ContainsFunc(plans, func(p coretest.Plan) bool { return p.Action != coretest.NoOp }) {
			t.Error("the plan changes something")
		}
	})
}

// wantShown checks that a few renewals have a summary of their own, and the others share one.
func wantShown(t *testing.T, diags coretest.Diagnostics) {
	t.Helper()
	summaries := map[string]bool{}
	for _, d := range diags {
		summaries[d.Summary] = true
	}
	if len(diags) != 60 || len(summaries) != 6 || !messagetest.Has(diags, message.MoreRenewals) {
		t.Errorf("%d warnings with %d summaries", len(diags), len(summaries))
	}
}

// planAll refreshes and plans all settings in one process, ten at a time.
func planAll(t *testing.T, process *coretest.Process, objects []*coretest.Object, configs []coretest.Values) ([]coretest.Plan, coretest.Diagnostics) {
	t.Helper()
	var mu sync.Mutex
	plans, all := make([]coretest.Plan, len(configs)), coretest.Diagnostics{}
	tenAtATime(len(configs), func(i int) {
		var diags, more coretest.Diagnostics
		var err error
		if objects[i] != nil {
			if objects[i], diags, err = process.Refresh(t.Context(), objects[i]); err != nil {
				t.Error(err)
			}
		}
		if plans[i], more, err = process.Plan(t.Context(), objects[i], configs[i], coretest.Options{}); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(append(all, diags...), more...)
	})
	if all.HasError() {
		t.Fatal(all)
	}
	return plans, all
}

func applyAll(t *testing.T, process *coretest.Process, plans []coretest.Plan, configs []coretest.Values) []*coretest.Object {
	t.Helper()
	objects := make([]*coretest.Object, len(plans))
	tenAtATime(len(plans), func(i int) {
		var diags coretest.Diagnostics
		var err error
		if objects[i], diags, err = process.Apply(t.Context(), plans[i], configs[i]); err != nil || diags.HasError() {
			t.Error(err, diags)
		}
	})
	return objects
}

func tenAtATime(n int, run func(i int)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, 10)
	for i := range n {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			run(i)
		})
	}
	running.Wait()
}

func TestFleet_WithoutRights_WarnsOnceInARefresh(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		var configs []coretest.Values
		for i := range 25 {
			id := fmt.Sprintf("pc-fleet%02d", i)
			addCircuit(t, s.server, id)
			configs = append(configs, auto("physical_connection_id", id))
		}
		plans, _ := planAll(t, s.Start(t), make([]*coretest.Object, len(configs)), configs)
		objects := applyAll(t, s.Start(t), plans, configs)
		s.server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", HTTPStatus: 403, Code: "NoPermission", Times: -1})
		s.server.ClearJournal()
		_, diags := planAll(t, s.Start(t), objects, configs)
		if reads := s.server.CallCount("QueryAvailableInstances"); len(diags) != 1 || reads > 2 {
			t.Errorf("%d reads, %d warnings:\n%s", reads, len(diags), strings.TrimSpace(diags.String()))
		}
	})
}

func TestPlan_AutoRenewalLate_NamesADayInTheFuture(t *testing.T) {
	t.Parallel()
	for name, days := range map[string]int{"in the last nine days": -4, "after the end": 4} {
		play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
			end := time.Now().AddDate(0, 0, -days)
			s.server.ChangeCircuit(acctest.Region, circuitID, func(c *emulator.Circuit) { c.EndTime = end })
			_, diags := s.Plan(auto(), coretest.Options{})
			messagetest.WantKinds(t, diags, message.RenewalPlanned)
			zone := time.FixedZone("UTC+8", 8*60*60)
			next := time.Now().In(zone)
			if next.Hour() >= 8 {
				next = next.AddDate(0, 0, 1)
			}
			t.Log(name)
			messagetest.WantValues(t, diags, next.Format(time.DateOnly)+" (08:00 UTC+8)")
		})
	}
}

func TestPlan_AutoRenewalOfASuspendedCircuit_PromisesNoRenewal(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.server.ChangeCircuit(acctest.Region, circuitID, func(c *emulator.Circuit) { c.EndTime = time.Now().AddDate(0, 0, -16) })
		_, diags := s.Plan(auto(), coretest.Options{})
		messagetest.WantKinds(t, diags, message.RenewalPlanned)
		messagetest.WantValues(t, diags, "suspended", "not documented")
		messagetest.WantNoValues(t, diags, "usually")
	})
}

func TestPlan_AutoRenewalOfACircuitWithoutABusinessStatus_IsNotCalledSuspended(t *testing.T) {
	t.Parallel()
	play(t, emulator.Quirks{}, func(t *testing.T, s *scene) {
		s.server.AddFault(emulator.Fault{
			Action: "DescribePhysicalConnections", Kind: emulator.RawBody, Times: -1,
			Body: `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + circuitID + `","Status":"Enabled"}]}}`,
		})
		_, diags := s.Plan(auto(), coretest.Options{})
		messagetest.WantKinds(t, diags, message.RenewalPlanned)
		messagetest.WantNoValues(t, diags, "suspended")
	})
}
