package endtoend

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// The addresses of the guide, with terraform_data for the circuits.
const (
	lineCircuit = "terraform_data.line"
	lineOrder   = "expressconnect_physical_connection_occupancy_order.line"
)

// atOnce brings circuits with a paid order into service without a wait.
var atOnce = emulator.Quirks{EnableDelay: -1}

// ownHalf returns the part of a configuration of the guide that this provider runs. An
// empty order ID becomes null, as after an import of the circuit.
func ownHalf(config, orderID string) string {
	id := "null"
	if orderID != "" {
		id = fmt.Sprintf("%q", orderID)
	}
	_, providers, _ := strings.Cut(examples.MovingProviders, "provider ")
	return acctest.OwnPart("provider "+providers+"\n"+config, fmt.Sprintf("%q", examples.CircuitID), id)
}

// orderedElsewhere starts an emulator whose circuit another tool ordered yesterday.
func orderedElsewhere(t *testing.T, status emulator.OrderStatus) (*emulator.Server, string) {
	t.Helper()
	server := circuit(t, atOnce)
	order, err := server.PlaceConsoleOrder(emulator.ConsoleOrder{
		Region: examples.RegionID, CircuitID: examples.CircuitID, Period: 3, CreatedAt: server.Now().Add(-24 * time.Hour), Status: status,
	})
	if err != nil {
		t.Fatal(err)
	}
	return server, order.ID
}

// beforeTheMove returns a run whose state holds only the circuit.
func beforeTheMove(t *testing.T, server *emulator.Server, orderID string) *acctest.Run {
	t.Helper()
	run := acctest.NewRun(t, acctest.Variables(server), ownHalf(examples.MovingBefore, orderID))
	run.OK("apply", "-auto-approve", "-no-color")
	return run
}

// movedOver returns a run that has moved a circuit in service.
func movedOver(t *testing.T) (*acctest.Run, *emulator.Server) {
	t.Helper()
	server, orderID := orderedElsewhere(t, emulator.OrderPaid)
	run := beforeTheMove(t, server, orderID)
	run.Config(ownHalf(examples.MovingAfter, orderID))
	run.OK("apply", "-auto-approve", "-no-color")
	return run, server
}

// altered returns text with one part changed. The part must occur once.
func altered(t *testing.T, text, old, replacement string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q occurs %d times in:\n%s", old, strings.Count(text, old), text)
	}
	return strings.Replace(text, old, replacement, 1)
}

// withoutImport removes the import block from a configuration of the guide.
func withoutImport(config string) string {
	head, tail, _ := strings.Cut(config, "import {")
	_, tail, _ = strings.Cut(tail, "\n}\n")
	return head + tail
}

// wantActions plans, and compares the actions of the plan for each address. An import is
// an action too.
func wantActions(t *testing.T, run *acctest.Run, want map[string]string) {
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
	got := map[string]string{}
	for _, change := range plan.ResourceChanges {
		actions := change.Change.Actions
		if change.Change.Importing != nil {
			actions = append([]string{"import"}, actions...)
		}
		got[change.Address] = strings.Join(actions, " ")
	}
	if !maps.Equal(got, want) {
		t.Errorf("the plan is %v, want %v", got, want)
	}
}

// wantOnlyReads checks that there is still one order, and that the provider only read.
func wantOnlyReads(t *testing.T, server *emulator.Server) {
	t.Helper()
	if orders := server.Orders(); len(orders) != 1 {
		t.Errorf("orders %+v, want one", orders)
	}
	for _, call := range server.Journal() {
		if !slices.Contains([]string{"DescribePhysicalConnections", "QueryOrders", "GetOrderDetail", "GetSubscriptionPrice"}, call.Action) {
			t.Errorf("the provider sent %s", call.Action)
		}
	}
}

func TestMovingOver_ImportsTheOneOrderAndSendsNothing(t *testing.T) {
	t.Parallel()
	circuitAlone := altered(t, examples.MovingAfter, "/${alicloud_express_connect_physical_connection.line.order_id}", "")
	for name, test := range map[string]struct {
		config  string
		status  emulator.OrderStatus
		orderID bool // whether the circuit's resource has it
	}{
		"by the order":                 {examples.MovingAfter, emulator.OrderPaid, true},
		"by its circuit alone":         {circuitAlone, emulator.OrderPaid, false},
		"before it comes into service": {examples.MovingAfter, emulator.OrderUnpaid, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, orderID := orderedElsewhere(t, test.status)
			inState := orderID
			if !test.orderID {
				inState = ""
			}
			run := beforeTheMove(t, server, inState)

			run.Config(ownHalf(test.config, inState))
			wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "import update"})
			output := run.OK("apply", "-auto-approve", "-no-color")
			wantWords(t, output, "1 imported, 0 added, 1 changed, 0 destroyed")
			if message.TermDiffers.In(output) {
				t.Errorf("the order does not have the term of the circuit:\n%s", output)
			}
			run.EmptyPlan()
			wantWords(t, run.OK("state", "show", "-no-color", lineOrder), `"`+orderID+`"`, `"`+examples.CircuitID+`"`)

			run.Config(ownHalf(withoutImport(test.config), inState))
			run.EmptyPlan()
			wantOnlyReads(t, server)
		})
	}
}

func TestMovingOver_WithAnIncompleteImport_IsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	const payable = emulator.OrderUnpaid // Its circuit can still be ordered.
	for name, test := range map[string]struct {
		config string
		status emulator.OrderStatus
		words  []any
	}{
		"no import, in service":          {withoutImport(examples.MovingAfter), emulator.OrderPaid, []any{message.CircuitEnabled, "import {"}},
		"no import, not in service":      {withoutImport(examples.MovingAfter), payable, []any{message.OrderExists, "import {"}},
		"the circuit's order ID is null": {examples.MovingAfter, emulator.OrderPaid, []any{lineCircuit + ".output.order_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, orderID := orderedElsewhere(t, test.status)
			run := beforeTheMove(t, server, "")
			run.Config(ownHalf(test.config, ""))
			output := run.Fails("plan", "-no-color")
			wantWords(t, output, test.words...)
			if len(test.words) > 1 {
				wantWords(t, output, orderID)
			}
			wantOnlyReads(t, server)
		})
	}
}

func TestNewCircuit_IsOrderedOnceAndComesIntoServiceWithoutDrift(t *testing.T) {
	t.Parallel()
	circuitAlone, _, _ := strings.Cut(examples.MovingNew, "resource \"expressconnect")
	for name, steps := range map[string][]string{
		"in one apply":   {examples.MovingNew},
		"in two applies": {circuitAlone, examples.MovingNew},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := circuit(t, atOnce)
			run := acctest.NewRun(t, acctest.Variables(server), "")
			var plan string
			for _, step := range steps {
				run.Config(ownHalf(step, ""))
				plan = run.OK("plan", "-no-color")
				run.OK("apply", "-auto-approve", "-no-color")
			}
			// The plan of the order shows the circuit only if it existed before.
			if known := strings.Contains(plain(plan), `physical_connection_id = "`); known != (len(steps) == 2) {
				t.Errorf("the circuit is known: %t\n%s", known, plan)
			}
			wantWords(t, plan, "auto_pay = true", "period = 3", `region_id = "cn-hangzhou"`)
			if status := server.Circuits()[0].Status; status != emulator.StatusEnabled {
				t.Errorf("the circuit is %s", status)
			}
			run.EmptyPlan()
			wantOrders(t, server, 1)
		})
	}
}

func TestNewCircuit_ConfirmedAfterThePlan_IsOrderedByItsApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, atOnce)
	become := func(status string) {
		server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = status })
	}
	become(emulator.StatusAllocated)
	circuitAlone, _, _ := strings.Cut(examples.MovingNew, "resource \"expressconnect")
	run := acctest.NewRun(t, acctest.Variables(server), ownHalf(circuitAlone, ""))
	run.OK("apply", "-auto-approve", "-no-color")
	run.Config(ownHalf(examples.MovingNew, ""))
	wantWords(t, run.OK("plan", "-no-color", "-out=plan.bin"), message.CircuitNotPayable)
	become(emulator.StatusConfirmed)
	run.OK("apply", "-no-color", "plan.bin")
	run.EmptyPlan()
	wantOrders(t, server, 1)
}

func TestMovedOver_TerminatedCircuit_KeepsTheRecordUntilItsDestroy(t *testing.T) {
	t.Parallel()
	run, server := movedOver(t)
	orderID := server.Orders()[0].ID
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = emulator.StatusTerminated })
	run.EmptyPlan()
	run.Config(altered(t, ownHalf(examples.MovingAfter, orderID), "prevent_destroy = true", ""))
	wantWords(t, run.OK("destroy", "-auto-approve", "-no-color"), message.DestroyKeeps, "2 destroyed")
	wantOnlyReads(t, server)
}

func TestMovingBack_ForgetsTheRecordAndChangesNothingElse(t *testing.T) {
	t.Parallel()
	run, server := movedOver(t)
	orderID := server.Orders()[0].ID
	run.Config(ownHalf(examples.MovingBefore+examples.MovingBack, orderID))
	wantActions(t, run, map[string]string{lineCircuit: "no-op", lineOrder: "forget"})
	run.OK("apply", "-auto-approve", "-no-color")
	run.Config(ownHalf(examples.MovingBefore, orderID))
	run.EmptyPlan()
	wantOnlyReads(t, server)
}

func TestMovingGuide_QuotesTheOutputOfTheProvider(t *testing.T) {
	t.Parallel()
	server, orderID := orderedElsewhere(t, emulator.OrderPaid)
	run := beforeTheMove(t, server, orderID)
	run.Config(ownHalf(examples.MovingAfter, orderID))
	outputs := []string{run.OK("plan", "-no-color"), run.OK("apply", "-auto-approve", "-no-color")}
	run.Config(ownHalf(altered(t, examples.MovingAfter, "= 3", "= 6"), orderID))
	outputs = append(outputs, run.OK("plan", "-no-color"))

	// A new circuit that the alicloud provider ordered before this provider.
	other := acctest.NewRun(t, acctest.Variables(server), ownHalf(examples.MovingNew, ""))
	wantQuotes(t, "moving-over.md", append(outputs, other.Fails("apply", "-auto-approve", "-no-color"))...)
	wantOnlyReads(t, server)
}

func TestRouterGuide_WaitsForTheCircuitAndKeepsTheRouter(t *testing.T) {
	t.Parallel()
	const router = "terraform_data.line"
	server := circuit(t, atOnce)
	config := acctest.OwnPart(examples.RouterOrder, `"vbr-1"`, "null")
	// As with the router, another circuit is a replacement.
	_, argument, _ := strings.Cut(config, "order_id = null, physical_connection_id = ")
	argument, _, _ = strings.Cut(argument, " ")
	config = strings.Replace(config, "  input =", "  triggers_replace = "+argument+"\n  input =", 1)
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+config)
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	run.EmptyPlan()
	// A change of the order defers the data source to the apply. The router must stay.
	run.Config(emptyProvider + altered(t, config, "  auto_pay ", "  max_price              = \"99999\"\n  auto_pay "))
	if output := run.OK("plan", "-no-color"); !strings.Contains(output, "will be read during apply") || strings.Contains(output, router+" must be replaced") {
		t.Errorf("the plan replaces the router, or does not defer the data source:\n%s", output)
	}
}
