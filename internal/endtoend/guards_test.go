package endtoend

import (
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

const address = "expressconnect_physical_connection_occupancy_order.this"

// ordered returns a run whose order is in the state.
func ordered(t *testing.T, quirks emulator.Quirks) (*acctest.Run, *emulator.Server) {
	t.Helper()
	server := circuit(t, quirks)
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	return run, server
}

// wantOrders checks the number of orders. Each of them needs exactly one request.
func wantOrders(t *testing.T, server *emulator.Server, want int) {
	t.Helper()
	if orders, calls := len(server.Orders()), acctest.OrderCalls(server); orders != want || calls != want {
		t.Errorf("orders: %d, order requests: %d, want %d", orders, calls, want)
	}
}

// wantWords checks that an output contains the strings, and messages of the kinds. It
// ignores line breaks.
func wantWords(t *testing.T, output string, words ...any) {
	t.Helper()
	printed := plain(output)
	for _, word := range words {
		switch word := word.(type) {
		case message.Kind:
			if !word.In(printed) {
				t.Errorf("no message is of the kind %q:\n%s", word, output)
			}
		case string:
			if !strings.Contains(printed, word) {
				t.Errorf("%q is missing in:\n%s", word, output)
			}
		}
	}
}

func TestReplace_IsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	before := run.OK("state", "pull")
	wantWords(t, run.Fails("plan", "-no-color", "-replace="+address), message.ReplaceRefused)
	wantWords(t, run.Fails("apply", "-no-color", "-auto-approve", "-replace="+address), message.ReplaceRefused)
	if after := run.OK("state", "pull"); after != before {
		t.Error("the state has changed")
	}
	run.EmptyPlan()
	wantOrders(t, server, 1)
}

func TestReplaceTriggeredBy_IsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	trigger := func(value string) string {
		return strings.Replace(threeMonths, "auto_pay               = true", "auto_pay = true\n  lifecycle { replace_triggered_by = [terraform_data.trigger] }", 1) +
			"\nresource \"terraform_data\" \"trigger\" { input = \"" + value + "\" }\n"
	}
	run := acctest.NewRun(t, acctest.Variables(server), trigger("one"))
	run.OK("apply", "-auto-approve", "-no-color")
	run.Config(trigger("two"))
	wantWords(t, run.Fails("plan", "-no-color"), message.ReplaceRefused)
	wantOrders(t, server, 1)
}

func TestTaint_EnabledCircuit_IsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: -1})
	run.OK("taint", "-no-color", address)
	wantWords(t, run.Fails("plan", "-no-color"), message.OrderInState, run.CLI.Name()+" untaint")
	run.OK("untaint", "-no-color", address)
	run.EmptyPlan()
	wantOrders(t, server, 1)
}

func TestTaint_PayableCircuit_IsRefusedInTheApply(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.OK("taint", "-no-color", address)
	wantWords(t, run.Fails("plan", "-no-color"), message.OrderInState, server.Orders()[0].ID, run.CLI.Name()+" untaint")
	for range 2 {
		wantWords(t, run.Fails("apply", "-auto-approve", "-no-color", "-refresh=false"), run.CLI.Name()+" untaint")
	}
	run.OK("untaint", "-no-color", address)
	// Without a refresh, only the data in the state protects the order.
	wantWords(t, run.Fails("plan", "-no-color", "-refresh=false", "-replace="+address), message.ReplaceRefused)
	run.EmptyPlan()
	run.Config(strings.Replace(threeMonths, "= 3", "= 4", 1))
	wantWords(t, run.Fails("plan", "-no-color"), message.ChangeRefused)
	wantOrders(t, server, 1)
}

func TestTaint_WithCreateBeforeDestroy_PlacesNoSecondOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	run := acctest.NewRun(t, acctest.Variables(server), strings.Replace(threeMonths, "auto_pay               = true", "auto_pay = true\n  lifecycle { create_before_destroy = true }", 1))
	run.OK("apply", "-auto-approve", "-no-color")
	run.OK("taint", "-no-color", address)
	server.ForgetTokens()
	for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
		wantWords(t, run.Fails("apply", "-auto-approve", "-no-color", refresh), message.OrderInState, server.Orders()[0].ID, run.CLI.Name()+" untaint")
	}
	run.OK("untaint", "-no-color", address)
	run.EmptyPlan()
	wantOrders(t, server, 1)
}

func TestOtherCircuit_ReplacesWithAWarning(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{})
	server.AddCircuit(emulator.Circuit{ID: "pc-second"})
	run.Config(strings.Replace(threeMonths, examples.CircuitID, "pc-second", 1))
	output := run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, output, "forces replacement", message.PlanReplaces, examples.CircuitID, server.Orders()[0].ID)
	run.EmptyPlan()
	wantOrders(t, server, 2)
}

func TestOtherCircuit_KnownOnlyDuringTheApply_IsOrderedInASecondApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.AddCircuit(emulator.Circuit{ID: "pc-second"})
	config := func(id string) string {
		return strings.Replace(threeMonths, `"`+examples.CircuitID+`"`, "terraform_data.circuit.output", 1) +
			"\nresource \"terraform_data\" \"circuit\" {\n  input            = \"" + id + "\"\n  triggers_replace = \"" + id + "\"\n}\n"
	}
	run := acctest.NewRun(t, acctest.Variables(server), config(examples.CircuitID))
	run.OK("apply", "-auto-approve", "-no-color")

	run.Config(config("pc-second"))
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.LateReplacement)
	wantOrders(t, server, 1)
	wantWords(t, run.OK("state", "show", "-no-color", address), server.Orders()[0].ID)

	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), message.PlanReplaces)
	wantOrders(t, server, 2)
	run.EmptyPlan()
}

func TestTaint_WithoutRefresh_IsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.OK("taint", "-no-color", address)
	wantWords(t, run.Fails("plan", "-no-color", "-refresh=false", "-out=plan.bin"), run.CLI.Name()+" untaint")
	wantOrders(t, server, 1)
}

func TestDestroy_WarnsAndSendsNothing(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{})
	output := run.OK("destroy", "-auto-approve", "-no-color")
	wantWords(t, output, message.DestroyKeeps, server.Orders()[0].ID, "import cn-hangzhou/")
	wantOrders(t, server, 1)
	if status := server.Orders()[0].Status; status != "Paid" {
		t.Errorf("the order is %s, want Paid", status)
	}
}

func TestTwoResources_OfOneCircuit_AreRefused(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	both := emptyProvider + orderBlock("this", "") + orderBlock("that", "")
	run := acctest.NewRun(t, acctest.Variables(server), both)
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.TwoResources, examples.CircuitID)
	wantOrders(t, server, 0)

	run.Config(threeMonths)
	run.OK("apply", "-auto-approve", "-no-color")
	run.Config(both)
	wantWords(t, run.Fails("plan", "-no-color"), message.OrderInState, server.Orders()[0].ID)
	wantOrders(t, server, 1)
}

func TestTwoResources_OfOneCircuitKnownOnlyDuringTheApply_OrderOnce(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), `
provider "expressconnect" {}
resource "terraform_data" "circuit" { input = "pc-bp1hp0wr072f6abcd" }
resource "expressconnect_physical_connection_occupancy_order" "this" {
  count                  = 2
  physical_connection_id = terraform_data.circuit.output
}
`)
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), examples.CircuitID)
	wantOrders(t, server, 1)
}

func TestRename_WithoutMovedBlock_IsRefused(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.Config(strings.Replace(threeMonths, `"this"`, `"renamed"`, 1))
	wantWords(t, run.Fails("plan", "-no-color"), message.OrderInState, server.Orders()[0].ID, "moved {")
	wantOrders(t, server, 1)
}

func TestTaint_ImportedOrderWithCreateBeforeDestroy_PlacesNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	// Terraform applies create_before_destroy to the order, because this resource depends on
	// it.
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths+`
resource "terraform_data" "user" {
  input = expressconnect_physical_connection_occupancy_order.this.order_id
  lifecycle { create_before_destroy = true }
}
`)
	run.OK("import", "-no-color", address, "cn-hangzhou/"+examples.CircuitID+"/"+examples.OrderID)
	run.OK("apply", "-auto-approve", "-no-color")
	run.OK("taint", "-no-color", address)
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.OrderInState, examples.OrderID, run.CLI.Name()+" untaint")
	wantOrders(t, server, 0)
}

func TestDestroy_OfATaintedOrder_WorksWithoutRefresh(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.OK("taint", "-no-color", address)
	wantWords(t, run.Fails("destroy", "-auto-approve", "-no-color"), message.OrderInState, "-refresh=false")
	run.OK("destroy", "-auto-approve", "-no-color", "-refresh=false")
	wantOrders(t, server, 1)
}

func TestProviderBlock_ValuesUnknownInThePlan_AreNoError(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	variables := acctest.Variables(server)
	delete(variables, "ALIBABA_CLOUD_ENDPOINT_VPC")
	run := acctest.NewRun(t, variables, strings.Replace(threeMonths, `provider "expressconnect" {}`, `
resource "terraform_data" "endpoint" { input = "`+server.URL()+`" }
provider "expressconnect" {
  endpoints { vpc = terraform_data.endpoint.output }
}`, 1))
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	run.EmptyPlan()
}
