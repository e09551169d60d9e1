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
)

// The configuration is the example of the documentation.
func TestAFleetChosenByTagIsOrderedOnceAlsoAfterItIsPaidAndInService(t *testing.T) {
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

	// A list that cannot be read drops no order, and one that lost its tag is kept.
	before := run.OK("state", "list")
	server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, Code: "Forbidden.RAM"})
	wantWords(t, run.Fails("plan", "-refresh=false", "-no-color"), "Unable to list the circuits", "vpc:DescribePhysicalConnections")
	server.ClearFaults()
	server.ChangeCircuit(examples.RegionID, other.ID, func(c *emulator.Circuit) { c.Tags = nil })
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), other.ID, "prevent_destroy")
	if after := run.OK("state", "list"); after != before {
		t.Errorf("the state has lost orders:\n%s\n%s", before, after)
	}
	wantOrders(t, server, 4)
}

// The configurations are the examples of the documentation.
func TestPaymentAndPriceAreShownAndChecked(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{TaxPercent: 6, ThousandsSeparators: true, EnableDelay: time.Millisecond})
	const unpaid, soon = "The order is not paid", "ends within 30 days"
	config := emptyProvider + examples.Order + examples.BilledOrder
	run := acctest.NewRun(t, acctest.Variables(server), config+examples.BilledOrderChecks)

	output := run.OK("apply", "-auto-approve", "-no-color")
	wantWords(t, output, `payment = "Paid"`, `"before_tax" = "255.00"`, `"tax" = "15.30"`, `"with_tax" = "270.30"`, `"currency" = "USD"`)
	for _, warning := range []string{unpaid, soon} {
		if strings.Contains(output, warning) {
			t.Errorf("%q is said of a paid order:\n%s", warning, output)
		}
	}
	run.EmptyPlan()
	wantOrders(t, server, 1)

	// Without the right, the check inside warns and the data source outside fails.
	server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, Code: "NotAuthorized"})
	wantWords(t, run.Fails("plan", "-no-color"), "bss:DescribeOrderDetail", "account_type")
	run.Config(emptyProvider + examples.Order + examples.ScopedCheck)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "Warning: Unable to read order", "bss:DescribeOrderDetail")
	wantOrders(t, server, 1)
}

func TestAnUnpaidOrderAndATermThatEndsSoonAreWarnings(t *testing.T) {
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
		t.Errorf("a paid order is warned of:\n%s", output)
	}
}

// The configurations are those of the guide.
func TestTheGuideForFleetsOrdersShowsAndAdopts(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
	for _, id := range []string{"pc-bp1hp0wr072f6abcd", "pc-bp1vtkh3oja9bdefg"} {
		server.AddCircuit(emulator.Circuit{ID: id, Tags: map[string]string{"order": "2026-q4"}})
	}
	run := acctest.NewRun(t, acctest.Variables(server), examples.FleetBrake+examples.Fleet+examples.FleetOverview)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "2 added", `"payment" = "Paid"`)
	run.EmptyPlan()

	// A configuration that has lost them takes them back by their circuits alone.
	run.OK("state", "rm", "expressconnect_physical_connection_occupancy_order.fleet")
	wantWords(t, run.Fails("plan", "-no-color"), "is already Enabled", server.Orders()[0].ID, server.Orders()[1].ID)
	run.Config(examples.FleetBrake + examples.Fleet + examples.FleetOverview + examples.FleetAdopt)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "2 imported, 0 added, 2 changed, 0 destroyed")
	run.EmptyPlan()
	wantOrders(t, server, 2)
}
