package endtoend

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The addresses of the guide.
const (
	lineCircuit = "alicloud_express_connect_physical_connection.line"
	lineOrder   = "expressconnect_physical_connection_occupancy_order.line"
	newCircuit  = "alicloud_express_connect_physical_connection.second"
	newOrder    = "expressconnect_physical_connection_occupancy_order.second"
)

const (
	placeOrder  = "CreatePhysicalConnectionOccupancyOrder"
	readCircuit = "DescribePhysicalConnections"
)

// atOnce builds circuits and brings paid ones into service without a wait.
var atOnce = emulator.Quirks{ConstructionDelay: -1, EnableDelay: -1}

// beside is a run of the guide's configuration beside the alicloud provider's
// stand-in, which stands for the real one wherever these tests speak of alicloud.
func beside(t *testing.T, quirks emulator.Quirks, config string) (*acctest.Run, *emulator.Server) {
	t.Helper()
	server := acctest.Emulator(t, quirks)
	files := map[string]string{"providers.tf": examples.MovingProviders, "main.tf": config}
	return acctest.NewRunBesideAlicloud(t, acctest.Variables(server), files), server
}

// orderedByAlicloud is a run whose circuit alicloud has ordered.
func orderedByAlicloud(t *testing.T) (*acctest.Run, *emulator.Server) {
	t.Helper()
	run, server := beside(t, atOnce, examples.MovingBefore)
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	return run, server
}

// use replaces the configuration.
func use(run *acctest.Run, config string) { run.Files(map[string]string{"main.tf": config}) }

// altered returns text with one part changed, which must be there.
func altered(t *testing.T, text, old, replacement string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q is there %d times in:\n%s", old, strings.Count(text, old), text)
	}
	return strings.Replace(text, old, replacement, 1)
}

// withoutImport cuts the import block out of a configuration.
func withoutImport(config string) string {
	head, tail, _ := strings.Cut(config, "import {")
	_, tail, _ = strings.Cut(tail, "\n}\n")
	return head + tail
}

// actions plans, and returns what would be done to each address. An import counts
// as an action of its own.
func actions(t *testing.T, run *acctest.Run) map[string]string {
	t.Helper()
	run.OK("plan", "-no-color", "-out=plan.bin")
	var plan struct {
		ResourceChanges []struct {
			Address string
			Change  struct {
				Actions   []string
				Importing *struct{}
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(run.OK("show", "-json", "plan.bin")), &plan); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, change := range plan.ResourceChanges {
		done := change.Change.Actions
		if change.Change.Importing != nil {
			done = append([]string{"import"}, done...)
		}
		found[change.Address] = strings.Join(done, " ")
	}
	return found
}

func wantActions(t *testing.T, run *acctest.Run, want map[string]string) {
	t.Helper()
	got := actions(t, run)
	for address, action := range want {
		if got[address] != action {
			t.Errorf("the plan for %s is %q, want %q", address, got[address], action)
		}
	}
	if len(got) != len(want) {
		t.Errorf("the plan is %v, want %v", got, want)
	}
}

// since returns the operations that the emulator was asked for after the first
// calls, without those that only read.
func since(server *emulator.Server, calls int) []string {
	var changes []string
	for _, call := range server.Journal()[calls:] {
		if slices.Contains([]string{readCircuit, "GetOrderDetail", "QueryOrders"}, call.Action) {
			continue
		}
		changes = append(changes, call.Action)
	}
	return changes
}

func TestTheStandInForAlicloudSendsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	_, server := orderedByAlicloud(t)
	want := []string{"CreatePhysicalConnection", "ConfirmPhysicalConnection", placeOrder}
	if got := since(server, 0); !slices.Equal(got, want) {
		t.Errorf("it sent %q, want %q", got, want)
	}
	for _, call := range server.Journal() {
		if call.Action == "CreatePhysicalConnection" && call.Params["bandwidth"] != "10000" {
			t.Errorf("it applied with %v", call.Params)
		}
	}
	order := server.Orders()[0]
	token := order.ClientToken
	if !strings.HasPrefix(token, "TF-"+placeOrder+"-") || len(token) != 64 {
		t.Errorf("client token %q", token)
	}
	for name, value := range map[string]string{"Period": "3", "PricingCycle": "Month", "AutoPay": "true", "InstanceChargeType": "PrePaid"} {
		if order.Params[name] != value {
			t.Errorf("%s = %q, want %q", name, order.Params[name], value)
		}
	}
}

func TestMovingOverKeepsTheCircuitAndImportsItsOneOrder(t *testing.T) {
	t.Parallel()
	const lifecycle = "  lifecycle {\n    # The circuit"
	for name, config := range map[string]string{
		"by the order":                   examples.MovingAfter,
		"by its circuit alone":           altered(t, examples.MovingAfter, "/${"+lineCircuit+".order_id}", ""),
		"with the lines left there":      altered(t, examples.MovingAfter, lifecycle, "  status = \"Enabled\"\n  period = 3\n  pricing_cycle = \"Month\"\n"+lifecycle),
		"with another period left there": altered(t, examples.MovingAfter, lifecycle, "  period = 6\n"+lifecycle),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, server := orderedByAlicloud(t)
			before := len(server.Journal())
			use(run, config)

			wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "import update"})
			output := run.OK("apply", "-auto-approve", "-no-color")
			wantWords(t, output, "1 imported, 0 added, 1 changed, 0 destroyed")
			if strings.Contains(output, "has another term") {
				t.Errorf("the order does not have the term of the circuit:\n%s", output)
			}
			run.EmptyPlan()
			wantWords(t, run.OK("state", "show", "-no-color", lineOrder), `"`+server.Orders()[0].ID+`"`, `"`+server.Circuits()[0].ID+`"`)

			use(run, withoutImport(config)) // which has done its work
			run.EmptyPlan()
			if changes := since(server, before); len(changes) != 0 {
				t.Errorf("moving over sent %q", changes)
			}
			wantOrders(t, server, 1)
		})
	}
}

func TestMovingOverForgetfullyPlacesNoOrder(t *testing.T) {
	t.Parallel()
	ignored := altered(t, examples.MovingAfter, "ignore_changes = [status, period, pricing_cycle]", "")
	circuitAlone, _, _ := strings.Cut(examples.MovingAfter, "import {")

	t.Run("ignore_changes, the lines removed", func(t *testing.T) {
		t.Parallel()
		run, server := orderedByAlicloud(t)
		before := len(server.Journal())
		use(run, ignored)
		wantActions(t, run, map[string]string{lineCircuit: "update", lineOrder: "import update"})
		run.OK("apply", "-auto-approve", "-no-color")
		run.EmptyPlan()
		if changes := since(server, before); len(changes) != 0 {
			t.Errorf("moving over sent %q", changes)
		}
		wantOrders(t, server, 1)
	})
	t.Run("ignore_changes, the lines left", func(t *testing.T) {
		t.Parallel()
		run, server := orderedByAlicloud(t)
		use(run, examples.MovingBefore+strings.TrimPrefix(examples.MovingAfter, circuitAlone))
		wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "import update"})
		run.OK("apply", "-auto-approve", "-no-color")
		run.EmptyPlan()
		wantOrders(t, server, 1)
	})
	t.Run("that the circuit is not in service yet", func(t *testing.T) {
		t.Parallel()
		run, server := orderedByAlicloud(t)
		before := len(server.Journal())
		server.ChangeCircuit(examples.RegionID, server.Circuits()[0].ID, func(c *emulator.Circuit) { c.Status = emulator.StatusConfirmed })
		use(run, examples.MovingAfter)
		wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "import update"})
		run.OK("apply", "-auto-approve", "-no-color")
		run.EmptyPlan()
		if changes := since(server, before); len(changes) != 0 {
			t.Errorf("moving over sent %q", changes)
		}
		wantOrders(t, server, 1)
	})
	t.Run("the import block", func(t *testing.T) {
		t.Parallel()
		run, server := orderedByAlicloud(t)
		use(run, withoutImport(examples.MovingAfter))
		wantWords(t, run.Fails("plan", "-no-color"), "is in service, so its order exists already", "import {")
		wantOrders(t, server, 1)
	})
	t.Run("the order's ID, which an imported circuit lacks", func(t *testing.T) {
		t.Parallel()
		run, server := orderedByAlicloud(t)
		run.OK("state", "rm", lineCircuit)
		use(run, circuitAlone)
		run.OK("import", "-no-color", lineCircuit, server.Circuits()[0].ID)
		use(run, examples.MovingAfter)
		wantWords(t, run.Fails("plan", "-no-color"), lineCircuit+".order_id")
		use(run, altered(t, examples.MovingAfter, "/${"+lineCircuit+".order_id}", ""))
		wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added")
		run.EmptyPlan()
		wantOrders(t, server, 1)
	})
}

// What the guide's table says of alicloud is what the stand-in was built to do; that
// it makes a difference is seen here.
func TestATermThatStaysWithAlicloudIsNotGuarded(t *testing.T) {
	t.Parallel()
	run, server := orderedByAlicloud(t)
	use(run, altered(t, examples.MovingBefore, "= 3", "= 6"))
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "0 added, 1 changed")
	wantWords(t, run.OK("state", "show", "-no-color", lineCircuit), "period = 6")
	wantOrders(t, server, 1)
	if period := server.Orders()[0].Period; period != 3 {
		t.Errorf("the order runs %d months", period)
	}

	// A circuit that is seen out of service is ordered again there, and is left alone
	// once it has moved over.
	id := server.Circuits()[0].ID
	outOfService := func() {
		server.ChangeCircuit(examples.RegionID, id, func(c *emulator.Circuit) { c.Status = emulator.StatusConfirmed })
	}
	use(run, examples.MovingAfter)
	run.OK("apply", "-auto-approve", "-no-color")
	outOfService()
	run.EmptyPlan()
	wantOrders(t, server, 1)

	use(run, examples.MovingBefore+examples.MovingBack)
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 2)
}

func TestANewCircuitIsOrderedHereOnceAndComesIntoServiceWithoutDrift(t *testing.T) {
	t.Parallel()
	circuitAlone, _, _ := strings.Cut(examples.MovingNew, "resource \"expressconnect")
	for name, steps := range map[string][]string{
		"in one apply":   {examples.MovingNew},
		"in two applies": {circuitAlone, examples.MovingNew},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, server := beside(t, atOnce, "")
			var plan string
			for _, step := range steps {
				use(run, step)
				plan = run.OK("plan", "-no-color")
				run.OK("apply", "-auto-approve", "-no-color")
			}
			// The plan names the circuit only where it was there before.
			if known := strings.Contains(plan, server.Circuits()[0].ID); known != (len(steps) == 2) {
				t.Errorf("the circuit is known: %t\n%s", known, plan)
			}
			wantWords(t, plan, "auto_pay = true", "period = 3", `region_id = "cn-hangzhou"`)
			if status := server.Circuits()[0].Status; status != emulator.StatusEnabled {
				t.Errorf("the circuit is %s", status)
			}
			run.EmptyPlan()
			wantOrders(t, server, 1)

			// Without ignore_changes the plan wants to take the circuit back.
			use(run, altered(t, examples.MovingNew, "ignore_changes = [status]", ""))
			wantWords(t, run.OK("plan", "-no-color"), `"Enabled" -> "Confirmed"`)
		})
	}
}

// The guide's way for a line that takes longer than alicloud waits.
func TestACircuitThatOutlastsAlicloudsPatienceIsOrderedOnceItIsUntainted(t *testing.T) {
	t.Parallel()
	impatient := altered(t, examples.MovingNew, "  lifecycle {", "  timeouts {\n    create = \"100ms\"\n  }\n\n  lifecycle {")
	building := atOnce
	building.ConstructionEnd = emulator.StatusAllocating
	run, server := beside(t, building, impatient)
	run.Fails("apply", "-auto-approve", "-no-color")
	id := server.Circuits()[0].ID
	wantActions(t, run, map[string]string{newCircuit: "delete create", newOrder: "create"})

	run.OK("untaint", newCircuit)
	server.SetQuirks(atOnce)
	wantActions(t, run, map[string]string{newCircuit: "no-op", newOrder: "create"}) // and is not confirmed
	use(run, altered(t, impatient, "ignore_changes = [status]", ""))
	wantWords(t, run.OK("plan", "-no-color"), "is not payable yet", `"Allocated" -> "Confirmed"`)
	run.OK("apply", "-auto-approve", "-no-color")
	use(run, impatient)
	run.EmptyPlan()
	wantOrders(t, server, 1)
	if circuits := server.Circuits(); len(circuits) != 1 || circuits[0].ID != id || circuits[0].Status != emulator.StatusEnabled {
		t.Errorf("circuits %+v", circuits)
	}
}

func TestACircuitThatMovedOverEndsWithItsRecordOfTheOrder(t *testing.T) {
	t.Parallel()
	run, server := orderedByAlicloud(t)
	use(run, examples.MovingAfter)
	run.OK("apply", "-auto-approve", "-no-color")

	ignoring := altered(t, examples.MovingAfter, "  bandwidth       = \"10000\"\n", "  bandwidth       = \"10000\"\n  status = \"Terminated\"\n")
	use(run, ignoring)
	run.EmptyPlan()
	ending := altered(t, ignoring, "ignore_changes = [status, period, pricing_cycle]", "")
	use(run, ending)
	wantActions(t, run, map[string]string{lineCircuit: "update", lineOrder: "no-op"})
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	use(run, altered(t, ending, "prevent_destroy = true", ""))
	wantWords(t, run.OK("destroy", "-auto-approve", "-no-color"), "is neither cancelled nor refunded", "2 destroyed")
	if circuits := server.Circuits(); len(circuits) != 0 {
		t.Errorf("circuits %+v", circuits)
	}
	wantOrders(t, server, 1)
}

func TestADestroyOfACircuitInServiceLosesTheRecordAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	run, server := beside(t, atOnce, examples.MovingNew)
	run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, run.Fails("destroy", "-auto-approve", "-no-color"), "left the state", "Forbidden.NotAllowedInState")
	if list := strings.TrimSpace(run.OK("state", "list")); list != newCircuit {
		t.Errorf("the state holds %q", list)
	}
	wantWords(t, run.Fails("plan", "-no-color"), "is in service, so its order exists already", "import {")
	wantOrders(t, server, 1)
}

// What is taken out of the configuration stays at the circuit, so that such a plan is
// never empty and has to be settled before a move.
func TestWhatAlicloudDoesNotClearIsWantedInEachPlan(t *testing.T) {
	t.Parallel()
	run, server := orderedByAlicloud(t)
	server.ChangeCircuit(examples.RegionID, server.Circuits()[0].ID, func(c *emulator.Circuit) { c.Name = "by-hand" })
	run.OK("apply", "-auto-approve", "-no-color")
	wantActions(t, run, map[string]string{lineCircuit: "update"})
	use(run, altered(t, examples.MovingAfter, "  lifecycle {\n    # The circuit", "  physical_connection_name = \"by-hand\"\n  lifecycle {\n    # The circuit"))
	wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "import update"})
}

// bothOrder is a new circuit that alicloud and this provider are told to order.
func bothOrder(t *testing.T) string {
	run, server := beside(t, atOnce, altered(t, examples.MovingNew, `"Confirmed"`, "\"Enabled\"\n  period = 3"))
	output := run.Fails("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	return inTheGuide(server, output)
}

func TestACircuitThatAlicloudOrdersIsNotOrderedAgainHere(t *testing.T) {
	t.Parallel()
	wantWords(t, bothOrder(t), "is in service, so its order exists already. Nothing was ordered.")
}

func TestMovingBackChangesNeitherCircuitNorOrder(t *testing.T) {
	t.Parallel()
	run, server := orderedByAlicloud(t)
	use(run, examples.MovingAfter)
	run.OK("apply", "-auto-approve", "-no-color")
	before := len(server.Journal())

	use(run, examples.MovingBefore+examples.MovingBack)
	if got := actions(t, run)[lineCircuit]; got != "no-op" {
		t.Errorf("the plan for the circuit is %q", got)
	}
	run.OK("apply", "-auto-approve", "-no-color")
	use(run, examples.MovingBefore)
	run.EmptyPlan()
	if changes := since(server, before); len(changes) != 0 {
		t.Errorf("moving back sent %q", changes)
	}
	wantOrders(t, server, 1)
}

func TestTheGuideToMoveOverQuotesWhatIsPrinted(t *testing.T) {
	t.Parallel()
	run, server := orderedByAlicloud(t)
	outputs := []string{run.OK("plan", "-no-color")}
	use(run, examples.MovingAfter)
	outputs = append(outputs, run.OK("plan", "-no-color"), run.OK("apply", "-auto-approve", "-no-color"))
	use(run, altered(t, examples.MovingAfter, "= 3", "= 6"))
	outputs = append(outputs, run.OK("plan", "-no-color"))
	for i := range outputs {
		outputs[i] = inTheGuide(server, outputs[i])
	}
	wantQuotes(t, "moving-over.md", append(outputs, bothOrder(t))...)
}

// inTheGuide gives the circuit of an output the ID that it has in the guide.
func inTheGuide(server *emulator.Server, output string) string {
	return strings.ReplaceAll(output, server.Circuits()[0].ID, examples.CircuitID)
}
