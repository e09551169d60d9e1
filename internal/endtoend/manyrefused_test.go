package endtoend

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// fleetOf returns the configuration of many orders.
func fleetOf(n int, name string) string {
	return fmt.Sprintf(`
provider "expressconnect" {}

resource "expressconnect_physical_connection_occupancy_order" %q {
  count                  = %d
  physical_connection_id = format("pc-many%%03d", count.index)
  period                 = 3
  auto_pay               = true
}
`, name, n)
}

func TestRenameOfMany_RefusesEachWithOneLineAndExplainsOnce(t *testing.T) {
	t.Parallel()
	const orders = 40
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
	for i := range orders {
		server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-many%03d", i)})
	}
	run := acctest.NewRun(t, acctest.Variables(server), fleetOf(orders, "fleet"))
	run.OK("apply", "-auto-approve", "-no-color")
	run.Config(fleetOf(orders, "renamed"))
	output := run.Fails("plan", "-no-color")
	for i := range orders {
		if id := fmt.Sprintf("pc-many%03d already", i); !strings.Contains(output, id) {
			t.Errorf("%s: no error of its own", id)
		}
	}
	wantWords(t, output, message.OrderInState, "moved {")
	if blocks := strings.Count(output, "moved {"); blocks != 1 || strings.Contains(output, "import {") {
		t.Errorf("%d moved blocks, or an import block, in\n%s", blocks, output)
	}
	// The lines of the plan itself begin with a sign or are in a block.
	_, after, _ := strings.Cut(output, "encountered a problem")
	own := 0
	for line := range strings.Lines(after) {
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "-") && !strings.HasPrefix(trimmed, "}") {
			own++
		}
	}
	if own > 10*orders {
		t.Errorf("%d lines besides the plan, want at most 10 for each order", own)
	}
	t.Logf("%d lines besides the plan", own)
}

func TestNewKeysOfMany_HaveOneErrorEachAndNeverAnImport(t *testing.T) {
	t.Parallel()
	const orders = 40
	for name, pay := range map[string]bool{"in service": true, "unpaid": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
			for i := range orders {
				server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-many%03d", i)})
			}
			config := func(prefix, limit string) string {
				return fmt.Sprintf(`
provider "expressconnect" {
  %s
}

resource "expressconnect_physical_connection_occupancy_order" "fleet" {
  for_each               = { for i in range(%d) : "%s${i}" => format("pc-many%%03d", i) }
  physical_connection_id = each.value
  period                 = 3
  auto_pay               = %t
}
`, limit, orders, prefix, pay)
			}
			run := acctest.NewRun(t, acctest.Variables(server), config("a", ""))
			run.OK("apply", "-auto-approve", "-no-color")
			server.Advance(time.Hour) // so that no plan takes these orders over
			run.Config(config("b", "max_new_orders = 2"))
			output := run.Fails("plan", "-no-color")
			errors := strings.Count(output, "Error: ")
			for i := range orders {
				id, own := fmt.Sprintf("pc-many%03d", i), 0
				for _, summary := range []string{" already\n", " is already Enabled\n", " already has order "} {
					own += strings.Count(output, id+summary)
				}
				if own != 1 {
					t.Errorf("%s: %d errors of its own", id, own)
				}
			}
			if errors != orders || strings.Contains(output, "import {") || !strings.Contains(output, "moved {") || strings.Contains(output, "max_new_orders") {
				t.Errorf("%d errors, an import block, no moved block, or a limit, in\n%s", errors, output)
			}
		})
	}
}
