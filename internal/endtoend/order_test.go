// Package endtoend runs the real binary of the provider under the real CLI, with the
// emulator behind a real socket.
package endtoend

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// circuit adds the circuit of the examples to a new emulator.
func circuit(t *testing.T, quirks emulator.Quirks) *emulator.Server {
	t.Helper()
	server := acctest.Emulator(t, quirks)
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID})
	return server
}

const threeMonths = `
provider "expressconnect" {}

resource "expressconnect_physical_connection_occupancy_order" "this" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  auto_pay               = true
}
`

func TestCreate_PlacesOneOrderWithExactlyTheGivenParameters(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)

	output := run.OK("apply", "-auto-approve", "-no-color")

	orders := server.Orders()
	if len(orders) != 1 || acctest.OrderCalls(server) != 1 {
		t.Fatalf("orders: %d, order requests: %d, want one of each\n%s", len(orders), acctest.OrderCalls(server), output)
	}
	want := map[string]string{
		"RegionId": "cn-hangzhou", "PhysicalConnectionId": "pc-bp1hp0wr072f6abcd", "Period": "3", "PricingCycle": "Month",
		"AutoPay": "true", "InstanceChargeType": "PrePaid", "ClientToken": orders[0].ClientToken,
	}
	for name, value := range want {
		if got := orders[0].Params[name]; got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if len(orders[0].Params) != len(want) {
		t.Errorf("parameters %v, want exactly %v", orders[0].Params, want)
	}
	run.EmptyPlan()
	if acctest.OrderCalls(server) != 1 {
		t.Errorf("order requests after a second plan: %d, want 1", acctest.OrderCalls(server))
	}
}

func TestPlan_ShowsEverythingThatDeterminesTheCost(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	run.OK("plan", "-no-color", "-out=plan.bin")

	var plan struct {
		ResourceChanges []struct {
			Change struct {
				Actions []string
				After   map[string]any
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(run.OK("show", "-json", "plan.bin")), &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.ResourceChanges) != 1 || strings.Join(plan.ResourceChanges[0].Change.Actions, " ") != "create" {
		t.Fatalf("changes: %+v, want one create", plan.ResourceChanges)
	}
	after := plan.ResourceChanges[0].Change.After
	for name, want := range map[string]any{
		"physical_connection_id": "pc-bp1hp0wr072f6abcd", "region_id": "cn-hangzhou", "period": 3.0, "pricing_cycle": "Month",
		"auto_pay": true, "auto_renew": false, "instance_charge_type": "PrePaid",
	} {
		if after[name] != want {
			t.Errorf("planned %s = %v, want %v", name, after[name], want)
		}
	}
	if token, _ := after["client_token"].(string); token == "" {
		t.Error("the plan does not show the client token")
	}
	if acctest.OrderCalls(server) != 0 {
		t.Errorf("a plan sent %d order requests", acctest.OrderCalls(server))
	}
}
