package endtoend

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func TestImport_ByCommand_PlansNoOrder(t *testing.T) {
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

func TestImport_ByTheDocumentedBlock_PlansNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	// The example waits for the circuit, so it is in service here.
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = "Enabled" })
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Order+examples.ImportByID)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported, 0 added, 1 changed, 0 destroyed")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}

func TestImport_OfAnotherCircuit_IsRefused(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.AddCircuit(emulator.Circuit{ID: "pc-second"})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths+"import {\n  to = "+address+"\n  id = \"cn-hangzhou/pc-second/50187055895123\"\n}\n")
	wantWords(t, run.Fails("plan", "-no-color"), message.WrongImport)
	wantOrders(t, server, 0)
}

func TestImport_WithGeneratedConfiguration_PlansNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+strings.Replace(examples.ImportByID, ".example", ".this", 1))
	run.OK("plan", "-no-color", "-generate-config-out=generated.tf")
	run.OK("apply", "-auto-approve", "-no-color")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}

func TestImport_ByIdentity_PlansNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) { c.Status = "Enabled" })
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.Order)
	run.Config(emptyProvider + examples.Order + examples.ImportByIdentity)
	if !run.CLI.KnowsIdentity {
		// Terraform before 1.12 has no identity in import blocks. It must fail, and not plan
		// an order.
		wantWords(t, run.Fails("plan", "-no-color"), "identity")
		wantOrders(t, server, 0)
		return
	}
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "1 imported")
	run.EmptyPlan()
	wantOrders(t, server, 0)
}
