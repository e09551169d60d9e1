package endtoend

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// limited is an order of 255 USD that may cost 300 USD.
var limited = strings.Replace(threeMonths, "period ", "max_price = \"300\"\n  period ", 1)

func TestPrice_IsShownInThePlanAndAfterTheCharge(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{DiscountPercent: 20})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	wantWords(t, run.OK("plan", "-no-color"), "Order for "+examples.CircuitID+": 204.00 USD for 3 months", "charged by this apply", "list price is 255.00 USD")
	wantOrders(t, server, 0)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), message.OrderCharged, "204 USD")
	wantWords(t, plain(run.OK("show", "-no-color")), `pretax_amount = "204"`, `currency = "USD"`, "payment_time")
	run.EmptyPlan()
}

func TestMaxPrice_RefusesThePlanOfAHigherPrice(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{PricePercent: 150})
	run := acctest.NewRun(t, acctest.Variables(server), limited)
	wantWords(t, run.Fails("plan", "-no-color"), message.AboveMaxPrice, "382.50 USD for 3 months", "max_price is 300 USD", "Nothing was ordered")
	wantOrders(t, server, 0)
}

func TestMaxPrice_RefusesASavedPlanAfterThePriceRose(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), limited)
	run.OK("plan", "-out=plan.bin", "-no-color")
	server.SetQuirks(emulator.Quirks{PricePercent: 150})
	wantWords(t, run.Fails("apply", "-no-color", "plan.bin"), message.AboveMaxPrice, "382.50 USD for 3 months", "Nothing was ordered")
	wantOrders(t, server, 0)
	if state := run.OK("state", "list"); strings.TrimSpace(state) != "" {
		t.Errorf("the state holds %s", state)
	}

	server.SetQuirks(emulator.Quirks{})
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	run.EmptyPlan()
}

func TestMaxPrice_WithoutAPrice_RefusesWhatAnOrderWithoutItAllows(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.AddFault(emulator.Fault{Action: "GetSubscriptionPrice", Times: -1, HTTPStatus: 403, Code: "NoPermission"})
	run := acctest.NewRun(t, acctest.Variables(server), limited)
	wantWords(t, run.Fails("plan", "-no-color"), message.PriceUnchecked, "bss:DescribePrice", "nothing was ordered")
	wantOrders(t, server, 0)
	run.Config(threeMonths)
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
}

// A state of an earlier version has no amounts.
func TestUpgradedState_GetsItsAmountsFromARefreshWithoutAChange(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	run.OK("apply", "-auto-approve", "-no-color")
	removeAmounts(t, run)

	before := server.CallCount("GetOrderDetail")
	for range 3 {
		run.EmptyPlan()
		run.OK("apply", "-auto-approve", "-no-color")
	}
	wantWords(t, run.OK("apply", "-refresh-only", "-auto-approve", "-no-color"), "0 added, 0 changed, 0 destroyed")
	wantWords(t, plain(run.OK("show", "-no-color")), `pretax_amount = "255"`)
	if calls := server.CallCount("GetOrderDetail") - before; calls > 8 {
		t.Errorf("%d reads of billing", calls)
	}
	before = server.CallCount("GetOrderDetail")
	run.EmptyPlan()
	if calls := server.CallCount("GetOrderDetail") - before; calls != 0 {
		t.Errorf("%d reads of billing for a paid order with amounts", calls)
	}
}

// removeAmounts makes the state that of a version without amounts.
func removeAmounts(t *testing.T, run *acctest.Run) {
	t.Helper()
	path := filepath.Join(run.Dir, "terraform.tfstate")
	content, err := os.ReadFile(path) //nolint:gosec // A file of this test.
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Version          int            `json:"version"`
		TerraformVersion string         `json:"terraform_version"`
		Serial           int            `json:"serial"`
		Lineage          string         `json:"lineage"`
		Outputs          map[string]any `json:"outputs"`
		Resources        []struct {
			Mode      string           `json:"mode"`
			Type      string           `json:"type"`
			Name      string           `json:"name"`
			Provider  string           `json:"provider"`
			Instances []map[string]any `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(content, &state); err != nil {
		t.Fatal(err)
	}
	instance := state.Resources[0].Instances[0]
	attributes, isObject := instance["attributes"].(map[string]any)
	if !isObject {
		t.Fatal("the state has no attributes")
	}
	for _, name := range []string{"pretax_amount", "after_tax_amount", "currency", "create_time", "payment_time", "max_price"} {
		delete(attributes, name)
	}
	private := map[string][]byte{}
	encoded, _ := json.Marshal(instance["private"])
	var decoded []byte
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(decoded, &private); err != nil {
		t.Fatal(err)
	}
	for key, value := range private {
		private[key] = []byte(strings.NewReplacer(`,"amounts_read":true`, "", `"amounts_read":true,`, "").Replace(string(value)))
	}
	if decoded, err = json.Marshal(private); err != nil {
		t.Fatal(err)
	}
	instance["private"] = decoded
	if content, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), "_amount") {
		t.Fatal("the state has amounts")
	}
	if err := run.Write("terraform.tfstate", string(content)); err != nil {
		t.Fatal(err)
	}
}

func TestUnpaidOrder_IsRememberedInEveryPlan(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("apply", "-auto-approve", "-no-color")
	server.Advance(4 * 24 * time.Hour)
	wantWords(t, run.OK("plan", "-no-color"), "No changes", "Order "+server.Orders()[0].ID+" of "+examples.CircuitID+" is not paid", "About 3 of the 7 days are left")
}

func TestFortyOrdersOfOneKind_AskForTheirPriceOnce(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{})
	for i := range 40 {
		server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-kind%04d", i)})
	}
	run := acctest.NewRun(t, acctest.Variables(server), `
provider "expressconnect" {}

resource "expressconnect_physical_connection_occupancy_order" "this" {
  count                  = 40
  physical_connection_id = format("pc-kind%04d", count.index)
  period                 = 3
  auto_pay               = true
}
`)
	output := run.OK("plan", "-no-color")
	if calls := server.CallCount("GetSubscriptionPrice"); calls == 0 || calls > 2 {
		t.Errorf("%d price requests", calls)
	}
	if own := strings.Count(output, "Warning: Order for pc-kind"); own != 5 {
		t.Errorf("%d warnings of their own, want 5", own)
	}
	if merged := strings.Count(output, "Warning: More orders cost 2"); merged != 1 {
		t.Errorf("%d merged warnings, want 1:\n%s", merged, output)
	}
}

func TestPriceDataSource_ReadsThePriceOfACircuitAndOfTerms(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{Currency: "CNY"})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Price+examples.PriceTerms)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), `"255.00 CNY"`, "9 months", "1 year", "2 years")
	wantOrders(t, server, 0)
	run.EmptyPlan()
}
