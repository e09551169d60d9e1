package abuse

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const orderType = "expressconnect_physical_connection_occupancy_order"

// fleet is a workspace with one order for each of some circuits, and their account.
type fleet struct {
	run      *acctest.Run
	t        *testing.T
	account  *emulator.Emulator
	circuits int
}

// newFleet adds circuits to an account, and returns a workspace that orders all of them.
func newFleet(t *testing.T, account *emulator.Emulator, variables map[string]string, circuits int) *fleet {
	t.Helper()
	for i := range circuits {
		account.AddCircuit(emulator.Circuit{ID: circuitID(i)})
	}
	return &fleet{acctest.NewRun(t, variables, ordersOf(circuits)), t, account, circuits}
}

func circuitID(i int) string { return fmt.Sprintf("pc-fleet%d", i) }

// ordersOf returns a configuration with an order for each circuit.
func ordersOf(circuits int) string {
	return fmt.Sprintf(`
provider "expressconnect" {}

resource %q "fleet" {
  count                  = %d
  physical_connection_id = "pc-fleet${count.index}"
  period                 = 3
  auto_pay               = true
}
`, orderType, circuits)
}

// recoverable is what a message says about an order that exists: its circuit and its ID. For
// the first circuit with a cause, the message shows the whole import block.
var recoverable = regexp.MustCompile(`\bpc-fleet(\d+)(?:/| in cn-hangzhou is in service: order )(\d+)\b`)

// printedID is what a message says about an order that the state may hold.
var printedID = regexp.MustCompile(`\bpc-fleet(\d+) in cn-hangzhou is in service: its order exists already`)

// maxApplies is the number of applies after which a user has recovered every order: one that
// shows what to import, one that imports, and one for what a busy account refused meanwhile.
const maxApplies = 3

// recovers applies, and follows the messages if the apply fails. Then it checks that every
// circuit has one order, and that the state holds all orders.
func (f *fleet) recovers() {
	f.t.Helper()
	imports := map[string]string{}
	for apply := 1; ; apply++ {
		output, err := f.run.Run(f.t.Context(), "apply", "-auto-approve", "-no-color")
		if err != nil {
			f.t.Fatal(err)
		}
		if output.ExitCode == 0 {
			break
		}
		for _, match := range recoverable.FindAllStringSubmatch(strings.Join(strings.Fields(output.Text), " "), -1) {
			imports[match[1]] = "/" + match[2]
		}
		for _, match := range printedID.FindAllStringSubmatch(strings.Join(strings.Fields(output.Text), " "), -1) {
			imports[match[1]] = "" // Billing shows the order.
		}
		if apply == maxApplies {
			f.t.Fatalf("the orders are not recovered after %d applies:\n%s", apply, output.Text)
		}
		f.writeImports(imports)
	}
	f.run.EmptyPlan()
	f.holdsAllOrders()
}

// writeImports writes an import block for each order, from its circuit to its ID.
func (f *fleet) writeImports(imports map[string]string) {
	f.t.Helper()
	var blocks strings.Builder
	for index, order := range imports {
		fmt.Fprintf(&blocks, "import {\n  to = %s.fleet[%s]\n  id = \"cn-hangzhou/pc-fleet%[2]s%s\"\n}\n", orderType, index, order)
	}
	f.run.Files(map[string]string{"imports.tf": blocks.String()})
}

// holdsAllOrders checks that each circuit has one order, and that the state holds them all.
func (f *fleet) holdsAllOrders() {
	f.t.Helper()
	var placed []string
	ordered := map[string]int{}
	for _, order := range f.account.Orders() {
		placed = append(placed, order.ID)
		ordered[order.CircuitID]++
	}
	done.orders.Add(int64(len(placed)))
	for circuit, orders := range ordered {
		if orders > 1 {
			done.secondOrders.Add(int64(orders - 1))
			f.t.Errorf("%s has %d orders", circuit, orders)
		}
	}
	held := f.heldOrders()
	for _, order := range placed {
		if !slices.Contains(held, order) {
			done.lostOrders.Add(1)
			f.t.Errorf("the state does not hold order %s", order)
		}
	}
	if len(held) != f.circuits {
		f.t.Errorf("the state holds %d orders of %d circuits", len(held), f.circuits)
	}
}

// heldOrders returns the order IDs in the state.
func (f *fleet) heldOrders() []string {
	f.t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes struct {
					OrderID string `json:"order_id"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(f.run.OK("state", "pull")), &state); err != nil {
		f.t.Fatal(err)
	}
	var held []string
	for _, resource := range state.Resources {
		for _, instance := range resource.Instances {
			held = append(held, instance.Attributes.OrderID)
		}
	}
	return held
}
