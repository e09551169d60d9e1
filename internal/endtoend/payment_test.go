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

var unpaidOrder = strings.Replace(threeMonths, "auto_pay               = true", "auto_pay               = false", 1)

func TestExpiredOrder_IsReplacedInOneApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	server.Advance(8 * 24 * time.Hour)
	output := run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, output, message.OrderCancelled, "1 added, 0 changed, 0 destroyed", message.ReplacesCancelled)
	if orders := server.Orders(); len(orders) != 2 || orders[0].Status != emulator.OrderCancelled || orders[1].Status != emulator.OrderUnpaid {
		t.Errorf("orders %+v", orders)
	}
	run.EmptyPlan()
}

func TestExpiredOrder_AfterARefreshOnlyApply_IsReplaced(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("apply", "-auto-approve", "-no-color")
	server.Advance(8 * 24 * time.Hour)
	wantWords(t, run.OK("apply", "-refresh-only", "-auto-approve", "-no-color"), message.OrderCancelled)
	if state := run.OK("state", "list"); strings.TrimSpace(state) != "" {
		t.Errorf("the state still holds %s", state)
	}
	run.OK("apply", "-auto-approve", "-no-color")
	if orders := server.Orders(); len(orders) != 2 {
		t.Errorf("%d orders", len(orders))
	}
}

func TestNoMoney_FailsWithoutATaintAndOrdersAfterATopUp(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.SetBalance(1)
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.CancelledReturned)
	if state := run.OK("state", "list"); strings.TrimSpace(state) != "" {
		t.Errorf("the state holds %s", state)
	}
	server.TopUp(1_000_000_00)
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	if orders := server.Orders(); len(orders) != 2 || orders[1].Status != emulator.OrderPaid {
		t.Errorf("orders %+v", orders)
	}
}

func TestDestroy_WithCancelUnpaid_CancelsTheOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), strings.Replace(unpaidOrder, "period ", "cancel_unpaid_on_destroy = true\n  period ", 1))
	run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, run.OK("destroy", "-auto-approve", "-no-color"), message.DestroyCancels, message.CancelledNow)
	if orders := server.Orders(); orders[0].Status != emulator.OrderCancelled {
		t.Errorf("orders %+v", orders)
	}
}

func TestImport_ByCircuitAlone_ImportsTheOrderThatBillingReports(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{EnableDelay: -1})
	run.OK("state", "rm", address)
	wantWords(t, run.Fails("plan", "-no-color"), message.CircuitEnabled, "cn-hangzhou/"+examples.CircuitID+"/"+server.Orders()[0].ID)
	run.OK("import", "-no-color", address, "cn-hangzhou/"+examples.CircuitID)
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	wantOrders(t, server, 1)
}

func TestOrderLimit_RefusesAPlanWithTooManyOrders(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	ids := []string{"pc-one", "pc-two", "pc-three"}
	for _, id := range ids {
		server.AddCircuit(emulator.Circuit{ID: id})
	}
	config := func(limit string) string {
		return `
provider "expressconnect" {
  max_new_orders = ` + limit + `
}

resource "expressconnect_physical_connection_occupancy_order" "this" {
  for_each               = toset(["pc-one", "pc-two", "pc-three"])
  physical_connection_id = each.key
  period                 = 1
  auto_pay               = true
}
`
	}
	run := acctest.NewRun(t, acctest.Variables(server), config("2"))
	output := run.Fails("apply", "-auto-approve", "-no-color")
	wantWords(t, output, message.LimitExceeded)
	if errors := strings.Count(output, "Error:"); errors != 1 {
		t.Errorf("%d errors, want 1:\n%s", errors, output)
	}
	wantOrders(t, server, 0)
	run.Config(config("3"))
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 3)
	run.Config(config("0"))
	run.EmptyPlan()
}

func TestBillingForbidden_OfAFleet_IsOneWarning(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	withoutBilling(server)
	for _, id := range []string{"pc-one", "pc-two", "pc-three"} {
		server.AddCircuit(emulator.Circuit{ID: id})
	}
	run := acctest.NewRun(t, acctest.Variables(server), `
provider "expressconnect" {}

resource "expressconnect_physical_connection_occupancy_order" "this" {
  for_each               = toset(["pc-one", "pc-two", "pc-three"])
  physical_connection_id = each.key
  period                 = 1
  auto_pay               = true
}
`)
	for _, step := range []struct {
		command []string
		right   string
	}{{[]string{"plan", "-no-color"}, "bss:DescribeOrderList"}, {[]string{"apply", "-auto-approve", "-no-color"}, ""}, {[]string{"plan", "-no-color"}, "bss:DescribeOrderDetail"}} {
		output := run.OK(step.command...)
		wantWords(t, output, message.BillingForbidden, step.right, "billing = false")
		if warnings := strings.Count(output, "Warning:"); warnings != 1 || step.command[0] == "plan" && strings.Contains(output, "more similar") {
			t.Errorf("%v: %d warnings, want 1:\n%s", step.command, warnings, output)
		}
	}
	wantOrders(t, server, 3)
}
