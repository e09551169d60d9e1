package endtoend

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestFirstOrderGuide_PlacesOneOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: -1})
	run := acctest.NewRun(t, acctest.Variables(server), "")
	if err := run.Write("main.tf", examples.FirstOrderCircuit); err != nil {
		t.Fatal(err)
	}
	wantWords(t, run.OK("plan", "-no-color"), `can_be_ordered = "yes"`)
	wantOrders(t, server, 0)
	if err := run.Write("order.tf", examples.FirstOrder); err != nil {
		t.Fatal(err)
	}
	wantQuotes(t, "first-order.md", run.OK("apply", "-auto-approve", "-no-color"))
	wantOrders(t, server, 1)
	if err := server.PayOrder(server.Orders()[0].ID); err != nil {
		t.Fatal(err)
	}
	wantWords(t, run.OK("plan", "-no-color"), "without changing any real infrastructure")
}

func TestPayment_IsShownInAPlanWithoutChanges(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+examples.FinanceOrder)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), `"payment" = "Unpaid"`)
	if err := server.PayOrder(server.Orders()[0].ID); err != nil {
		t.Fatal(err)
	}
	wantWords(t, run.OK("plan", "-no-color"), `~ payment = "Unpaid" -> "Paid"`, "without changing any real infrastructure")
	wantOrders(t, server, 1)
}

func TestFinanceGuide_PolicyRefusesWhatWasNotApproved(t *testing.T) {
	t.Parallel()
	jq := findJQ(t)
	const unknown = "the plan does not say what it orders"
	type change struct {
		want   string
		config []string // Old and new text, in pairs.
	}
	tests := map[string]change{
		"as documented":     {},
		"automatic payment": {"charges the account by itself", []string{"= false ", "= true "}},
		"renewal":           {"renews itself", []string{"auto_pay ", "auto_renew = true\n  auto_pay "}},
		"years":             {"orders 3 years", []string{"= 1\n", "= 3\n", "1100", "5000"}},
		"no term":           {"without a period", []string{"1\n  pricing_cycle          = \"Year\"\n  auto_pay", "null\n  auto_pay", "max_price ", "# max_price "}},
		"no limit":          {"without max_price", []string{"max_price ", "# max_price "}},
		"high limit":        {"may cost 5000.01", []string{"1100", "5000.01"}},
	}
	for argument, value := range map[string]string{
		"physical_connection_id": "pc-bp1hp0wr072f6abcd", "period": "1", "pricing_cycle": "Year", "auto_pay": "false", "auto_renew": "false", "max_price": "1100",
	} {
		tests["unknown "+argument] = change{unknown, []string{argument, value}}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := circuit(t, emulator.Quirks{})
			config := strings.NewReplacer(test.config...).Replace(examples.FinanceOrder)
			if test.want == unknown {
				config = withUnknown(test.config[0], test.config[1])
			}
			run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+config)
			if err := run.Write("policy.jq", examples.FinancePolicy); err != nil {
				t.Fatal(err)
			}
			run.OK("plan", "-out=plan.bin", "-no-color")
			check := exec.CommandContext(t.Context(), jq, "-er", "-f", "policy.jq")
			check.Dir = run.Dir
			check.Stdin = strings.NewReader(run.OK("show", "-json", "plan.bin"))
			output, err := check.CombinedOutput()
			if test.want == "" && (err != nil || strings.TrimSpace(string(output)) != "ok") || test.want != "" && (err == nil || !strings.Contains(string(output), test.want)) {
				t.Errorf("%v: %s, want %q", err, output, test.want)
			}
			wantOrders(t, server, 0)
		})
	}
}

// withUnknown returns the order of the guide with an argument that is known after the
// apply.
func withUnknown(argument, value string) string {
	before, order, _ := strings.Cut(examples.FinanceOrder, "resource ")
	lines := strings.Split(order, "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "  "+argument+" ") })
	lines = slices.Insert(lines, 1, "  "+argument+" = terraform_data.later.output")
	return before + "resource \"terraform_data\" \"later\" {\n  input = \"" + value + "\"\n}\n\nresource " + strings.Join(lines, "\n")
}

// findJQ returns the jq on the PATH, or builds one.
func findJQ(t *testing.T) string {
	t.Helper()
	if jq, err := exec.LookPath("jq"); err == nil {
		return jq
	}
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	jq, err := acctest.Tool(t.Context(), root, "gojq")
	if err != nil {
		t.Fatal("the guide's policy needs jq, which is not on the PATH:", err)
	}
	return jq
}

func TestDrift_OfStatusAndPayment_IsNoChange(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), unpaidOrder)
	run.OK("apply", "-auto-approve", "-no-color")
	if err := server.PayOrder(server.Orders()[0].ID); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Hour)
	run.EmptyPlan() // -detailed-exitcode ends with 0
	server.Advance(400 * 24 * time.Hour)
	run.EmptyPlan()
}

func TestModuleGuide_TestsRunOffline(t *testing.T) {
	t.Parallel()
	const fromTheGuide = "127.0.0.1:8480"
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, nil, "")
	for name, content := range map[string]string{
		"main.tf": examples.Module, "tests/mocked.tftest.hcl": examples.ModuleMocked,
		"tests/emulator.tftest.hcl": strings.ReplaceAll(examples.ModuleEmulated, fromTheGuide, strings.TrimPrefix(server.URL(), "http://")),
	} {
		if err := run.Write(name, content); err != nil {
			t.Fatal(err)
		}
	}
	output := run.OK("test", "-no-color")
	wantWords(t, output, "4 passed, 0 failed")
	wantOrders(t, server, 1)
}

func TestModuleGuide_UsesTheDefaultAddressOfTheEmulator(t *testing.T) {
	t.Parallel()
	// The guide uses the default address of the command.
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "internal", "emulator", "cmd", "expressconnect-emulator", "main.go")) //nolint:gosec // A file of the project.
	if err != nil {
		t.Fatal(err)
	}
	const address = "127.0.0.1:8480"
	if !strings.Contains(string(source), `"`+address+`"`) || !strings.Contains(examples.ModuleEmulated, address) {
		t.Errorf("the command and the guide do not agree on %s", address)
	}
}
