package endtoend

import (
	"fmt"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestQuery_FindsALostOrderAndWritesItsImport(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	lost := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	lost.OK("apply", "-auto-approve", "-no-color")
	orderID := server.Orders()[0].ID

	// Another machine, without the state.
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider)
	run.Files(map[string]string{"orders.tfquery.hcl": examples.Query})
	if !run.CLI.KnowsQuery {
		// An older CLI ignores the file, and its plan stays the same.
		run.EmptyPlan()
		wantOrders(t, server, 1)
		return
	}
	wantWords(t, run.OK("query", "-no-color"), fmt.Sprintf("Order %s for circuit %s, Paid", orderID, examples.CircuitID))
	run.OK("query", "-no-color", "-generate-config-out=found.tf")
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added")
	run.EmptyPlan()
	wantOrders(t, server, 1)
}
