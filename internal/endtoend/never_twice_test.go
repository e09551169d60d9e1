package endtoend

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

var billingActions = []string{"GetOrderDetail", "QueryOrders", "CancelOrder", "GetSubscriptionPrice"}

// wantCounts checks the number of orders and of order requests at the emulator.
func wantCounts(t *testing.T, server *emulator.Server, orders, requests int) {
	t.Helper()
	if gotOrders, gotRequests := len(server.Orders()), acctest.OrderCalls(server); gotOrders != orders || gotRequests != requests {
		t.Errorf("orders: %d, order requests: %d, want %d and %d", gotOrders, gotRequests, orders, requests)
	}
}

// wantRefused checks that plan and apply refuse the circuit and show how to import the order.
func wantRefused(t *testing.T, run *acctest.Run, orderID string) {
	t.Helper()
	for _, arguments := range [][]string{{"plan", "-no-color"}, {"apply", "-auto-approve", "-no-color"}} {
		wantWords(t, run.Fails(arguments...), message.OrderExists,
			`id = "cn-hangzhou/`+examples.CircuitID+"/"+orderID+`"`)
	}
}

const placeOrder = "CreatePhysicalConnectionOccupancyOrder"

// placeInConsole places an order of some months, as a person does in the console.
func placeInConsole(t *testing.T, server *emulator.Server, circuitID string, createdAt time.Time, months int) emulator.Order {
	t.Helper()
	order, err := server.PlaceConsoleOrder(emulator.ConsoleOrder{Region: examples.RegionID, CircuitID: circuitID, CreatedAt: createdAt, Period: months})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

func TestConsoleOrder_RefusesPlanAndApplyUntilItIsImported(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	order := placeInConsole(t, server, examples.CircuitID, server.Now().Add(-24*time.Hour), 3)
	wantRefused(t, run, order.ID)
	wantCounts(t, server, 1, 0)

	run.Config(unpaidOrder + "import {\n  to = " + address + "\n  id = \"cn-hangzhou/" + examples.CircuitID + "/" + order.ID + "\"\n}\n")
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added")
	run.EmptyPlan()
	wantCounts(t, server, 1, 0)
}

func TestConsoleOrder_AfterASavedPlan_RefusesItsApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("plan", "-no-color", "-out=plan.bin")
	// The order is recent, but has another term than the configuration.
	order := placeInConsole(t, server, examples.CircuitID, time.Time{}, 1)
	if err := server.PayOrder(order.ID); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Second)
	wantWords(t, run.Fails("apply", "-no-color", "plan.bin"), message.OrderExists, order.ID)
	wantCounts(t, server, 1, 0)
}

// lose places an order that is in no state. The API has forgotten its client token.
func lose(t *testing.T, config string, by ...string) (*acctest.Run, *emulator.Server, string) {
	t.Helper()
	server := circuit(t, emulator.Quirks{EnableDelay: 24 * time.Hour})
	run := acctest.NewRun(t, acctest.Variables(server), config)
	run.OK("apply", "-auto-approve", "-no-color")
	wantCounts(t, server, 1, 1)
	run.OK(by...)
	server.ForgetTokens()
	return run, server, server.Orders()[0].ID
}

var losses = map[string]struct {
	config string
	by     []string
}{
	"unpaid, lost state":   {unpaidOrder, []string{"state", "rm", address}},
	"paid, slow circuit":   {threeMonths, []string{"state", "rm", address}},
	"unpaid, destroyed":    {unpaidOrder, []string{"destroy", "-auto-approve", "-no-color"}},
	"paid, then destroyed": {threeMonths, []string{"destroy", "-auto-approve", "-no-color"}},
}

func TestOrderOutsideTheState_OfTwoHours_RefusesPlanAndApply(t *testing.T) {
	t.Parallel()
	for name, test := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, server, orderID := lose(t, test.config, test.by...)
			server.Advance(2 * time.Hour)
			wantRefused(t, run, orderID)
			wantCounts(t, server, 1, 1)
		})
	}
}

func TestOrderOutsideTheState_OfAFewMinutes_IsRecoveredWithoutARequest(t *testing.T) {
	t.Parallel()
	for name, test := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, server, orderID := lose(t, test.config, test.by...)
			server.Advance(5 * time.Minute)
			if strings.Contains(test.config, "auto_pay               = false") != (server.Orders()[0].Status == emulator.OrderUnpaid) {
				t.Fatalf("orders %+v", server.Orders())
			}
			wantWords(t, run.OK("plan", "-no-color"), message.OrderFound, orderID)
			wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), message.OrderAdopted, orderID, "1 added")
			wantCounts(t, server, 1, 1)

			state := attributes(t, run)
			for name, want := range map[string]any{
				"order_id": orderID, "id": orderID, "region_id": examples.RegionID, "physical_connection_id": examples.CircuitID, "period": 3.0,
				"physical_connection_status": "Confirmed", "client_token": server.Orders()[0].ClientToken, "payment_status": string(server.Orders()[0].Status),
			} {
				if state[name] != want {
					t.Errorf("%s = %v, want %v", name, state[name], want)
				}
			}
			run.EmptyPlan()
			// A destroy does not cancel it, because it may belong to another workspace.
			run.Config(strings.Replace(test.config, "period ", "cancel_unpaid_on_destroy = true\n  period ", 1))
			run.OK("apply", "-auto-approve", "-no-color")
			run.OK("destroy", "-auto-approve", "-no-color")
			if status := server.Orders()[0].Status; status == emulator.OrderCancelled {
				t.Error("a recovered order is cancelled")
			}
			wantCounts(t, server, 1, 1)
		})
	}
}

// attributes returns the attributes of the order in the state.
func attributes(t *testing.T, run *acctest.Run) map[string]any {
	t.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(run.OK("show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state.Values.RootModule.Resources {
		if resource.Address == address {
			return resource.Values
		}
	}
	t.Fatal("the state does not hold the order")
	return nil
}

func TestNoMoney_WithDatesAhead_PlacesOneOrderInOneApply(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{DateSkew: 10 * time.Minute, BillingDateSkew: 10 * time.Minute})
	server.SetBalance(1)
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.CancelledReturned)
	wantCounts(t, server, 1, 1)

	server.TopUp(1_000_000_00)
	run.OK("apply", "-auto-approve", "-no-color")
	wantCounts(t, server, 2, 3) // The default token once more, then the next one.
	run.EmptyPlan()
}

func TestAnswerWithTheOrderOfAnotherCircuit_PlacesOneOrderAndNamesTheOther(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*emulator.Emulator, string) error{"cancelled": (*emulator.Emulator).CancelOrder, "paid": (*emulator.Emulator).PayOrder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
			server.AddCircuit(emulator.Circuit{ID: "pc-second"})
			other := placeInConsole(t, server, "pc-second", server.Now().Add(-time.Hour), 1)
			if err := change(server.Emulator, other.ID); err != nil {
				t.Fatal(err)
			}
			server.AddFault(emulator.Fault{Action: placeOrder, Kind: emulator.OtherOrder, OrderID: other.ID})
			run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
			wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), message.OrderForOther, other.ID, "pc-second")
			wantCounts(t, server, 2, 1)
			wantWords(t, run.OK("plan", "-no-color"), message.OrderForOther, other.ID, "No changes")
			wantCounts(t, server, 2, 1)
		})
	}
}

func TestTaintWithDestroyFalse_WithoutRefresh_PlacesNoSecondOrder(t *testing.T) {
	t.Parallel()
	kept := strings.Replace(unpaidOrder, "period ", "lifecycle { destroy = false }\n  period ", 1)
	for name, test := range map[string]struct {
		config string
		denied bool
	}{
		"with billing":            {kept, false},
		"without billing rights":  {kept, true},
		"with billing turned off": {strings.Replace(kept, `provider "expressconnect" {}`, "provider \"expressconnect\" {\n  billing = false\n}", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := circuit(t, emulator.Quirks{})
			if test.denied {
				withoutBilling(server)
			}
			run := acctest.NewRun(t, acctest.Variables(server), "")
			run.Config(test.config)
			if !run.CLI.KnowsDestroyFalse {
				wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), `An argument named "destroy" is not expected here`)
				wantCounts(t, server, 0, 0)
				return
			}
			run.OK("apply", "-auto-approve", "-no-color")
			server.ForgetTokens()
			run.OK("taint", "-no-color", address)
			for _, refresh := range []string{"-refresh=false", "-refresh=true"} {
				wantWords(t, run.Fails("apply", "-auto-approve", "-no-color", refresh), message.OrderInState, server.Orders()[0].ID, run.CLI.Name()+" untaint")
			}
			wantCounts(t, server, 1, 1)
			run.OK("untaint", "-no-color", address)
			run.EmptyPlan()
		})
	}
}

func TestTwoResources_ByForEach_AreRefusedInThePlan(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+orderBlock("this", "for_each = toset([\"a\", \"b\"])\n"))
	wantWords(t, run.Fails("plan", "-no-color"), message.TwoResources, examples.CircuitID)
	wantCounts(t, server, 0, 0)
}

func TestTwoPlanRunsOfATest_OfOneNewOrder_Pass(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), theOrder)
	// With a provider block here, newer CLIs run both plans in one process.
	run.Files(map[string]string{"tests/plans.tftest.hcl": emptyProvider + "run \"first\" {\n  command = plan\n}\n\nrun \"second\" {\n  command = plan\n}\n"})
	wantWords(t, run.OK("test", "-no-color"), "2 passed, 0 failed")
	wantCounts(t, server, 0, 0)
}

func TestBillingTurnedOff_OrdersWithoutABillingCallOrWarning(t *testing.T) {
	t.Parallel()
	off := "provider \"expressconnect\" {\n  billing = false\n}\n"
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	run := acctest.NewRun(t, acctest.Variables(server), off+orderBlock("this", ""))
	output := run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	if message.BillingForbidden.In(output) || message.OrdersUnread.In(output) {
		t.Errorf("there is a warning about billing:\n%s", output)
	}
	calls := 0
	for _, call := range server.Journal() {
		if slices.Contains(billingActions, call.Action) {
			calls++
		}
	}
	if calls != 0 {
		t.Errorf("%d calls of billing", calls)
	}
	wantCounts(t, server, 1, 1)

	run.Config(off + orderBlock("this", "cancel_unpaid_on_destroy = true\n"))
	wantWords(t, run.Fails("plan", "-no-color"), message.BillingOff, "cancel_unpaid_on_destroy = true")
}

func TestImportOfAnUnknownOrder_WarnsInEveryPlan(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = emulator.StatusEnabled })
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	run.OK("import", "-no-color", address, "cn-hangzhou/"+examples.CircuitID+"/"+examples.OrderID)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), message.OrderNotShown, examples.OrderID)
	for range 2 {
		wantWords(t, run.OK("plan", "-no-color"), message.OrderNotShown, examples.OrderID, "No changes")
	}
	wantCounts(t, server, 0, 0)
}
