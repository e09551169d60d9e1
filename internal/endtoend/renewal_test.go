package endtoend

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

const settingAddress = "expressconnect_physical_connection_renewal_setting.this"

// renewal returns a configuration with a setting, whose arguments follow the circuit.
func renewal(arguments string) string {
	return fmt.Sprintf(`
provider "expressconnect" {}

resource "expressconnect_physical_connection_renewal_setting" "this" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  %s
}
`, strings.ReplaceAll(arguments, ", ", "\n  "))
}

const quarterly = `renewal_status = "AutoRenewal", renewal_period = 3`

// inService adds the circuit of the examples, in service for three months.
func inService(t *testing.T, quirks emulator.Quirks) *emulator.Server {
	t.Helper()
	server := circuit(t, quirks)
	putIntoService(t, server, examples.CircuitID)
	return server
}

func putIntoService(t *testing.T, server *emulator.Server, id string) {
	t.Helper()
	if _, err := server.PlaceConsoleOrder(emulator.ConsoleOrder{Region: examples.RegionID, CircuitID: id, Period: 3, Status: emulator.OrderPaid}); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Hour)
}

// wantRenewal checks the setting at the emulator, and the number of changes so far.
func wantRenewal(t *testing.T, server *emulator.Server, status string, period int, changes int) {
	t.Helper()
	circuit, _ := server.Circuit(examples.RegionID, examples.CircuitID)
	if circuit.Renewal.Status != status || status == "AutoRenewal" && circuit.Renewal.Period != period {
		t.Errorf("the renewal is %+v, want %s %d", circuit.Renewal, status, period)
	}
	if got := server.CallCount("SetRenewal"); got != changes {
		t.Errorf("%d changes, want %d", got, changes)
	}
}

func TestRenewal_IsSetChangedAndLeft(t *testing.T) {
	t.Parallel()
	server := inService(t, emulator.Quirks{ProductCode: "pconn_intl", ProductType: "pconn_pre"})
	run := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly))
	wantWords(t, run.OK("plan", "-no-color"), message.RenewalPlanned, "255.00 USD for 3 months", "charges nothing")
	wantRenewal(t, server, "", 0, 0)
	run.OK("apply", "-auto-approve", "-no-color")
	wantRenewal(t, server, "AutoRenewal", 3, 1)
	run.EmptyPlan()

	// Drift from the console.
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Renewal = emulator.Renewal{Status: "NotRenewal"} })
	wantWords(t, run.OK("plan", "-no-color"), `"NotRenewal" -> "AutoRenewal"`, "0 to add, 1 to change, 0 to destroy")
	run.OK("apply", "-auto-approve", "-no-color")
	wantRenewal(t, server, "AutoRenewal", 3, 2)

	// In place, also between units.
	run.Config(renewal(`renewal_status = "AutoRenewal", renewal_period = 12`))
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "0 added, 1 changed, 0 destroyed")
	wantRenewal(t, server, "AutoRenewal", 12, 3)
	run.Config(renewal(`renewal_status = "AutoRenewal", renewal_period = 1, renewal_period_unit = "Year"`))
	run.OK("apply", "-auto-approve", "-no-color")
	wantRenewal(t, server, "AutoRenewal", 12, 3)
	run.EmptyPlan()
	run.Config(renewal(`renewal_status = "NotRenewal"`))
	run.OK("apply", "-auto-approve", "-no-color")
	wantRenewal(t, server, "NotRenewal", 0, 4)
	run.EmptyPlan()

	// A destroy that leaves, one that resets.
	wantWords(t, run.OK("destroy", "-auto-approve", "-no-color"), message.DestroyKeepsSet)
	wantRenewal(t, server, "NotRenewal", 0, 4)
	run.Config(renewal(quarterly + `, reset_on_destroy = true`))
	run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, run.OK("destroy", "-auto-approve", "-no-color"), message.DestroyResets)
	wantRenewal(t, server, "ManualRenewal", 0, 6)
}

func TestRenewal_OrderGateAndSetting_AreOneApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: -1})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Renewal)
	run.OK("plan", "-no-color")
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "2 added, 0 changed, 0 destroyed")
	wantOrders(t, server, 1)
	wantRenewal(t, server, "AutoRenewal", 3, 1)
	run.EmptyPlan()
}

func TestRenewal_CircuitNotInService_IsAnErrorThatNamesTheGate(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly))
	wantWords(t, run.OK("plan", "-no-color"), message.NotInService, "Warning")
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.NotInService, "wait_for_status", "Nothing was set")
	wantRenewal(t, server, "", 0, 0)
	if state := run.OK("state", "list"); strings.TrimSpace(state) != "" {
		t.Errorf("the state holds %s", state)
	}
}

func TestRenewal_WithoutRights_NamesTheActions(t *testing.T) {
	t.Parallel()
	for action, right := range map[string]string{"QueryAvailableInstances": "bss:DescribeInstances", "SetRenewal": "bss:ModifyPrepaidInstanceAutoRenew"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			server := inService(t, emulator.Quirks{})
			server.AddFault(emulator.Fault{Action: action, HTTPStatus: 403, Code: "NoPermission", Times: -1})
			run := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly))
			wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.RenewalNotSet, right)
			server.ClearFaults()
			run.OK("apply", "-auto-approve", "-no-color")
			wantRenewal(t, server, "AutoRenewal", 3, server.CallCount("SetRenewal"))
		})
	}
}

func TestRenewal_KilledInTheMiddleOfAChange_EndsAsConfigured(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]holdPoint{"before": beforeCommit, "after": afterCommit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newHeldAPI(t, emulator.Quirks{}, hold)
			g.action = "SetRenewal"
			if _, err := g.PlaceConsoleOrder(emulator.ConsoleOrder{Region: examples.RegionID, CircuitID: examples.CircuitID, Period: 3, Status: emulator.OrderPaid}); err != nil {
				t.Fatal(err)
			}
			g.Advance(time.Hour)
			run := acctest.NewRun(t, g.variables(), renewal(quarterly))
			killed := startApply(t, run, g)
			signal(t, killed.provider(t), syscall.SIGKILL)
			killed.end(t)
			g.pass()
			run.OK("apply", "-auto-approve", "-no-color")
			run.EmptyPlan()
			if c, _ := g.Circuit(examples.RegionID, examples.CircuitID); c.Renewal.Status != "AutoRenewal" || c.Renewal.Period != 3 {
				t.Errorf("the renewal is %+v", c.Renewal)
			}
		})
	}
}

func TestRenewal_LostAnswers_EndAsConfigured(t *testing.T) {
	t.Parallel()
	server := inService(t, emulator.Quirks{})
	server.AddFault(emulator.Fault{Action: "SetRenewal", Kind: emulator.Reset, After: true, Times: 2})
	server.AddFault(emulator.Fault{Action: "QueryAvailableInstances", Kind: emulator.TruncatedBody, Times: 2})
	run := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly))
	run.OK("apply", "-auto-approve", "-no-color")
	wantRenewal(t, server, "AutoRenewal", 3, server.CallCount("SetRenewal"))
	run.EmptyPlan()
}

func TestRenewal_Import_PlansNothing(t *testing.T) {
	t.Parallel()
	server := inService(t, emulator.Quirks{})
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) {
		c.Renewal = emulator.Renewal{Status: "AutoRenewal", Period: 3, Unit: "M"}
	})
	run := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly)+strings.Replace(examples.RenewalImportByID, ".example", ".this", 1))
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added, 0 changed, 0 destroyed")
	run.EmptyPlan()

	generated := acctest.NewRun(t, acctest.Variables(server), emptyProvider+strings.Replace(examples.RenewalImportByID, ".example", ".this", 1))
	generated.OK("plan", "-no-color", "-generate-config-out=generated.tf")
	generated.OK("apply", "-auto-approve", "-no-color")
	generated.EmptyPlan()

	command := acctest.NewRun(t, acctest.Variables(server), renewal(quarterly))
	command.OK("import", "-no-color", settingAddress, examples.RegionID+"/"+examples.CircuitID)
	command.EmptyPlan()
	wantRenewal(t, server, "AutoRenewal", 3, 0)
}

func TestRenewal_ImportByIdentity_PlansNothing(t *testing.T) {
	t.Parallel()
	server := inService(t, emulator.Quirks{})
	config := renewal(`renewal_status = "ManualRenewal"`)
	run := acctest.NewRun(t, acctest.Variables(server), config)
	run.Config(config + strings.Replace(examples.RenewalImportByIdentity, ".example", ".this", 1))
	if !run.CLI.KnowsIdentity {
		run.Fails("plan", "-no-color") // The tests in process cover it.
		return
	}
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added, 0 changed, 0 destroyed")
	run.EmptyPlan()
}

func TestRenewal_Query_WritesImports(t *testing.T) {
	t.Parallel()
	server := inService(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider)
	run.Files(map[string]string{"renewals.tfquery.hcl": examples.RenewalQuery})
	if !run.CLI.KnowsQuery {
		run.EmptyPlan() // An older CLI ignores the file. The tests in process cover the query.
		return
	}
	wantWords(t, run.OK("query", "-no-color"), examples.CircuitID+", ManualRenewal")
	run.OK("query", "-no-color", "-generate-config-out=found.tf")
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added")
	run.EmptyPlan()
}

func TestKeepInServiceGuide_RenewsAFleetAndWarnsBeforeAnEnd(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{})
	for _, id := range []string{"pc-a", "pc-b"} {
		server.AddCircuit(emulator.Circuit{ID: id, Tags: map[string]string{"renew": "yes"}})
		putIntoService(t, server, id)
	}
	server.AddCircuit(emulator.Circuit{ID: "pc-new", Tags: map[string]string{"renew": "yes"}})
	check := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.RenewalFleet+examples.RenewalCheck+examples.RenewalOverview)
	wantWords(t, check.OK("apply", "-auto-approve", "-no-color"), "2 added", "released")
	check.OK("apply", "-auto-approve", "-no-color") // The output shows the new settings.
	check.EmptyPlan()
	if sets := server.CallCount("SetRenewal"); sets != 2 {
		t.Errorf("%d changes", sets)
	}

	// A circuit without a renewal: 60 days before its end the check warns.
	unrenewed := strings.Split(examples.RenewalFleet, "# Renews")[0]
	server.ChangeCircuit(examples.RegionID, "pc-b", func(c *emulator.Circuit) { c.Renewal = emulator.Renewal{Status: "ManualRenewal"} })
	watch := acctest.NewRun(t, acctest.Variables(server), emptyProvider+unrenewed+examples.RenewalCheck+examples.RenewalOverview)
	if output := watch.OK("apply", "-auto-approve", "-no-color"); strings.Contains(output, "Check block assertion failed") {
		t.Errorf("a warning three months before the end:\n%s", output)
	}
	server.ChangeCircuit(examples.RegionID, "pc-b", func(c *emulator.Circuit) { c.EndTime = time.Now().AddDate(0, 0, 50) })
	wantWords(t, watch.OK("apply", "-auto-approve", "-no-color"), "Check block assertion failed", "it is not renewed")

	// An automatic renewal that has not succeeded.
	server.ChangeCircuit(examples.RegionID, "pc-b", func(c *emulator.Circuit) {
		c.Renewal, c.EndTime = emulator.Renewal{Status: "AutoRenewal", Period: 1, Unit: "Y"}, time.Now().AddDate(0, 0, 30)
	})
	if output := watch.OK("apply", "-auto-approve", "-no-color"); strings.Contains(output, "Check block assertion failed") {
		t.Errorf("a warning before the renewal is due:\n%s", output)
	}
	server.SetBalance(0)
	server.ChangeCircuit(examples.RegionID, "pc-b", func(c *emulator.Circuit) { c.EndTime = time.Now().AddDate(0, 0, 5) })
	wantWords(t, watch.OK("apply", "-auto-approve", "-no-color"), "Check block assertion failed")
}

func TestRenewal_OverTwoYears_KeepsTheFleetWithTheSettingInService(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
	for _, tag := range []string{"yes", "no"} {
		for i := range 3 {
			id := fmt.Sprintf("pc-%s%d", tag, i)
			server.AddCircuit(emulator.Circuit{ID: id, Tags: map[string]string{"renew": tag}})
			putIntoService(t, server, id)
		}
	}
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.RenewalFleet)
	run.OK("apply", "-auto-approve", "-no-color")
	for range 24 {
		server.Advance(30 * 24 * time.Hour)
		for _, c := range server.Circuits() {
			if c.Tags["renew"] == "yes" && (c.Status != "Enabled" || c.BusinessStatus != "Normal" || c.EndTime.Before(server.Now())) {
				t.Fatalf("circuit %s is %s (%s) until %s at %s", c.ID, c.Status, c.BusinessStatus, c.EndTime, server.Now())
			}
		}
	}
	run.EmptyPlan()
	for _, c := range server.Circuits() {
		if c.Tags["renew"] == "no" && c.Status == "Enabled" {
			t.Errorf("circuit %s is still in service, and was not renewed", c.ID)
		}
	}
}
