package endtoend

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// A quoted message is a block of text in a guide.
var quoted = regexp.MustCompile("(?s)```text\n(.*?)```")

// wantQuotes checks that the quotes in a guide are exactly the output of the provider.
func wantQuotes(t *testing.T, guide string, outputs ...string) {
	t.Helper()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(root, "docs", "guides", guide)) //nolint:gosec // A page of the project.
	if err != nil {
		t.Fatal(err)
	}
	printed := plain(strings.Join(outputs, "\n"))
	quotes := quoted.FindAllStringSubmatch(string(content), -1)
	if len(quotes) == 0 {
		t.Fatal("the guide quotes nothing")
	}
	// The guides name the commands of Terraform, the messages those of the tool in use.
	cli, err := acctest.FindCLI(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, quote := range quotes {
		// An ellipsis replaces what is different in every run.
		if !strings.Contains(printed, plain(strings.ReplaceAll(strings.Trim(quote[1], "… \n"), "terraform ", cli.Name()+" "))) {
			t.Errorf("the provider does not print:\n%s", quote[1])
		}
	}
	if t.Failed() {
		t.Logf("it prints:\n%s", strings.Join(outputs, "\n"))
	}
}

// plain returns a text without frames and line breaks.
func plain(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " ")
}

func TestHandbook_QuotesTheOutputOfTheProvider(t *testing.T) {
	t.Parallel()
	wantQuotes(t, "what-happens-when.md",
		lostAnswer(t), changedAfterALostAnswer(t), killedAndInService(t), noMoney(t), expiredUnpaid(t),
		changedArgument(t), circuitGone(t), taintedOrder(t), termEnded(t), replaced(t),
		orderedInTheConsole(t), killedJustNow(t), billingDenied(t), billingDown(t), orderedTwice(t))
}

// short limits the retries of the provider to two seconds.
var short = strings.Replace(threeMonths, "period ", "timeouts { create = \"2s\" }\n  period ", 1)

func withoutBilling(server *emulator.Server) {
	for _, action := range billingActions {
		server.AddFault(emulator.Fault{Action: action, Times: -1, HTTPStatus: 403, Code: "NoPermission"})
	}
}

func lostAnswer(t *testing.T) string {
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	withoutBilling(server)
	server.AddFault(emulator.Fault{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: emulator.EmptyBody, After: true, Times: -1})
	return acctest.NewRun(t, acctest.Variables(server), short).Fails("apply", "-auto-approve", "-no-color")
}

func changedAfterALostAnswer(t *testing.T) string {
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	withoutBilling(server)
	server.AddFault(emulator.Fault{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: emulator.EmptyBody, After: true, Times: -1})
	run := acctest.NewRun(t, acctest.Variables(server), short)
	run.Fails("apply", "-auto-approve", "-no-color")
	server.ClearFaults()
	withoutBilling(server)
	run.Config(strings.Replace(threeMonths, "= 3", "= 5", 1))
	return run.Fails("apply", "-auto-approve", "-no-color")
}

func killedAndInService(t *testing.T) string {
	run, _ := ordered(t, emulator.Quirks{EnableDelay: -1})
	run.OK("state", "rm", address) // The result is the same if the run is killed before it saves the order.
	return run.Fails("plan", "-no-color")
}

func noMoney(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	server.SetBalance(1)
	return acctest.NewRun(t, acctest.Variables(server), threeMonths).Fails("apply", "-auto-approve", "-no-color")
}

func expiredUnpaid(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("apply", "-auto-approve", "-no-color")
	server.Advance(8 * 24 * time.Hour)
	return run.OK("plan", "-no-color")
}

func changedArgument(t *testing.T) string {
	run, _ := ordered(t, emulator.Quirks{})
	run.Config(strings.Replace(threeMonths, "= 3", "= 5", 1))
	return run.Fails("plan", "-no-color")
}

func replaced(t *testing.T) string {
	run, _ := ordered(t, emulator.Quirks{})
	return run.Fails("plan", "-no-color", "-replace="+address)
}

func circuitGone(t *testing.T) string {
	run, server := ordered(t, emulator.Quirks{})
	server.RemoveCircuit(examples.RegionID, examples.CircuitID)
	return run.OK("plan", "-no-color")
}

func taintedOrder(t *testing.T) string {
	run, _ := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.OK("taint", address)
	return run.Fails("plan", "-no-color")
}

func termEnded(t *testing.T) string {
	run, server := ordered(t, emulator.Quirks{EnableDelay: -1})
	server.ChangeCircuit(examples.RegionID, examples.CircuitID, func(c *emulator.Circuit) {
		c.EndTime = time.Date(2026, 1, 9, 16, 0, 0, 0, time.UTC)
	})
	return run.OK("plan", "-no-color")
}

func orderedInTheConsole(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	placeInConsole(t, server, examples.CircuitID, server.Now().Add(-24*time.Hour), 3)
	return acctest.NewRun(t, acctest.Variables(server), threeMonths).Fails("plan", "-no-color")
}

func killedJustNow(t *testing.T) string {
	run, _ := ordered(t, emulator.Quirks{EnableDelay: time.Hour})
	run.OK("state", "rm", address) // The result is the same if the run is killed before it saves the order.
	return run.OK("plan", "-no-color")
}

func billingDenied(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	withoutBilling(server)
	return acctest.NewRun(t, acctest.Variables(server), threeMonths).OK("plan", "-no-color")
}

func billingDown(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	server.AddFault(emulator.Fault{Action: "QueryOrders", Times: -1, HTTPStatus: 503, Code: "ServiceUnavailable"})
	output := acctest.NewRun(t, acctest.Variables(server), short).Fails("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 0)
	return output
}

func orderedTwice(t *testing.T) string {
	server := circuit(t, emulator.Quirks{})
	return acctest.NewRun(t, acctest.Variables(server), emptyProvider+orderBlock("this", "count = 2\n")).Fails("plan", "-no-color")
}
