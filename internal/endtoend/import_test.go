package endtoend

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestImportCommandIntoAFullConfigurationPlansNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
	run.OK("import", "-no-color", address, "cn-hangzhou/"+examples.CircuitID+"/"+examples.OrderID)
	output := run.OK("plan", "-no-color")
	wantWords(t, output, "0 to add, 1 to change, 0 to destroy")
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}

func TestTheDocumentedImportBlockWorksBesideTheDocumentedResource(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	// The gate of the example waits for the circuit, so it is in service here.
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = "Enabled" })
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Order+examples.ImportByID)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added, 1 changed, 0 destroyed")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}

func TestImportBlockOfAnotherCircuitIsRefused(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.AddCircuit(emulator.Circuit{ID: "pc-second"})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths+"import {\n  to = "+address+"\n  id = \"cn-hangzhou/pc-second/50187055895123\"\n}\n")
	wantWords(t, run.Fails("plan", "-no-color"), "was imported for another circuit")
	wantOrders(t, server, 0)
}

func TestGeneratedConfigurationOfAnImportPlansNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+strings.Replace(examples.ImportByID, ".example", ".this", 1))
	run.OK("plan", "-no-color", "-generate-config-out=generated.tf")
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = "Enabled" })
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Order)
	run.Config(emptyProvider + examples.Order + examples.ImportByIdentity)
	if !run.CLI.KnowsIdentity {
		// Terraform before 1.12 knows no identity in an import block; it must say so
		// rather than plan an order.
		wantWords(t, run.Fails("plan", "-no-color"), "identity")
		wantOrders(t, server, 0)
		return
	}
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}
