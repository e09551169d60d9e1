package endtoend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// The names of the states in testdata contain the release that wrote them, for the
// configuration threeMonths. These files never change. Later releases add files.
func TestState_OfEveryRelease_IsReadAndProtected(t *testing.T) {
	t.Parallel()
	states, err := filepath.Glob("testdata/states/*.tfstate")
	if err != nil || len(states) == 0 {
		t.Fatalf("%d states: %v", len(states), err)
	}
	for _, state := range states {
		t.Run(filepath.Base(state), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(state) //nolint:gosec // A file of this test.
			if err != nil {
				t.Fatal(err)
			}
			server := acctest.Emulator(t, emulator.Quirks{})
			server.AddCircuit(emulator.Circuit{ID: examples.CircuitID, Status: "Confirmed"})
			run := acctest.NewRun(t, acctest.Variables(server), threeMonths)
			if err := run.Write("terraform.tfstate", string(content)); err != nil {
				t.Fatal(err)
			}
			run.EmptyPlan()
			wantWords(t, run.Fails("plan", "-no-color", "-replace="+address), message.ReplaceRefused)
			run.Config(strings.Replace(threeMonths, "= 3", "= 4", 1))
			wantWords(t, run.Fails("plan", "-no-color"), message.ChangeRefused)
			if orders := len(server.Orders()); orders != 0 {
				t.Errorf("orders: %d, want none", orders)
			}
		})
	}
}
