package endtoend

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// The configuration is the example of the documentation.
func TestFleet_SelectedByTag_IsOrderedOnceAlsoAfterThePayment(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: time.Hour})
	tag := map[string]string{"order": "2026-q4"}
	var want []string
	for i := range 3 {
		want = append(want, server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-fleet%d", i), Tags: tag}).ID)
	}
	other := server.AddCircuit(emulator.Circuit{ID: "pc-other", Tags: map[string]string{"order": "2027-q1"}})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Fleet)

	run.OK("apply", "-auto-approve", "-no-color")

	var ordered []string
	for _, order := range server.Orders() {
		ordered = append(ordered, order.CircuitID)
	}
	slices.Sort(ordered)
	if !slices.Equal(ordered, want) {
		t.Fatalf("ordered %q, want %q", ordered, want)
	}
	run.EmptyPlan()
	server.Advance(2 * time.Hour)
	for _, id := range want {
		if circuit, _ := server.Circuit(examples.RegionID, id); circuit.Status != "Enabled" {
			t.Fatalf("circuit %s is %s", id, circuit.Status)
		}
	}
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	wantOrders(t, server, 3)

	// A circuit that is tagged later is the only one that is ordered.
	server.ChangeCircuit(examples.RegionID, other.ID, func(c *emulator.Circuit) { c.Tags = tag })
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 4)

	// If the list cannot be read, no order leaves the state. An order whose circuit lost its
	// tag stays too.
	before := run.OK("state", "list")
	server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Code: "Forbidden.RAM"})
	wantWords(t, run.Fails("plan", "-refresh=false", "-no-color"), message.CircuitsUnlisted, "vpc:DescribePhysicalConnections")
	server.ClearFaults()
	server.ChangeCircuit(examples.RegionID, other.ID, func(c *emulator.Circuit) { c.Tags = nil })
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), other.ID, "prevent_destroy")
	if after := run.OK("state", "list"); after != before {
		t.Errorf("the state has lost orders:\n%s\n%s", before, after)
	}
	wantOrders(t, server, 4)
}

// The configurations are the examples of the documentation.
func TestBilledOrder_ShowsAndChecksPaymentAndPrice(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{TaxPercent: 6, ThousandsSeparators: true, EnableDelay: time.Millisecond})
	const unpaid, soon = "The order is not paid", "ends within 30 days"
	config := emptyProvider + examples.Order + examples.BilledOrder
	run := acctest.NewRun(t, acctest.Variables(server), config+examples.BilledOrderChecks)

	output := run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, output, `payment = "Paid"`, `"before_tax" = "255.00"`, `"tax" = "15.30"`, `"with_tax" = "270.30"`, `"currency" = "USD"`)
	for _, warning := range []string{unpaid, soon} {
		if strings.Contains(output, warning) {
			t.Errorf("%q is shown for a paid order:\n%s", warning, output)
		}
	}
	run.EmptyPlan()
	wantOrders(t, server, 1)

	// Without the right, a data source in a check warns, and one outside a check fails.
	server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, Code: "NotAuthorized"})
	wantWords(t, run.Fails("plan", "-no-color"), "bss:DescribeOrderDetail", "account_type")
	run.Config(emptyProvider + examples.Order + examples.ScopedCheck)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "Warning: ", message.OrderUnreadable, "bss:DescribeOrderDetail")
	wantOrders(t, server, 1)
}

func TestBilledOrder_UnpaidOrEndingSoon_IsAWarning(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: -1})
	order := strings.NewReplacer("auto_pay               = true", "auto_pay               = false", "period                 = 3", "period                 = 1").Replace(threeMonths)
	config := strings.ReplaceAll(order+examples.BilledOrder+examples.BilledOrderChecks, "= expressconnect_physical_connection_occupancy_order.example", "= "+address)
	run := acctest.NewRun(t, acctest.Variables(server), config)
	output := run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, output, "Warning: Check block assertion failed", "The order is not paid", `payment = "Unpaid"`)
	if strings.Contains(output, "ends within 30 days") {
		t.Errorf("an unpaid order has no end:\n%s", output)
	}
	// Paid a while ago, so that the end of the term is near.
	server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, Kind: emulator.RawBody, Body: fmt.Sprintf(
		`{"Code":"Success","Success":true,"Data":{"OrderList":{"Order":[{"OrderId":%q,"PaymentStatus":"Paid","UsageEndTime":%q}]}}}`,
		server.Orders()[0].ID, time.Now().Add(29*24*time.Hour).UTC().Format(time.RFC3339))})
	output = run.OK("plan", "-no-color")
	wantWords(t, output, "ends within 30 days")
	if strings.Contains(output, "The order is not paid") {
		t.Errorf("there is a warning for a paid order:\n%s", output)
	}
}

// The configurations are those of the guide.
func TestFleetGuide_OrdersShowsAndImports(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
	for _, id := range []string{"pc-bp1hp0wr072f6abcd", "pc-bp1vtkh3oja9bdefg"} {
		server.AddCircuit(emulator.Circuit{ID: id, Tags: map[string]string{"order": "2026-q4"}})
	}
	run := acctest.NewRun(t, acctest.Variables(server), examples.FleetLimit+examples.Fleet+examples.FleetOverview)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "2 added", `"payment" = "Paid"`)
	run.EmptyPlan()

	// The configuration imports lost orders by their circuits alone.
	run.OK("state", "rm", "expressconnect_physical_connection_occupancy_order.fleet")
	wantWords(t, run.Fails("plan", "-no-color"), message.CircuitEnabled, server.Orders()[0].ID, server.Orders()[1].ID)
	run.Config(examples.FleetLimit + examples.Fleet + examples.FleetOverview + examples.FleetAdopt)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "2 imported, 0 added, 2 changed, 0 destroyed")
	run.EmptyPlan()
	wantOrders(t, server, 2)
}
