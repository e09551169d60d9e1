package endtoend

import (
	"fmt"
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

// planPolicies are the policies of the guides, as commands that read plan.json. Both have
// the same rules and messages.
func planPolicies(t *testing.T) map[string][]string {
	t.Helper()
	return map[string][]string{
		"jq":  {acctest.Command(t, "jq", "gojq"), "-er", "-f", "policy.jq", "plan.json"},
		"opa": {acctest.Command(t, "opa", "opa"), "eval", "--fail-defined", "-f", "pretty", "-d", "orders.rego", "-i", "plan.json", "data.main.deny[_]"},
	}
}

// wantPolicies checks that each policy denies the plan of a configuration with a message, or
// accepts it if there is none.
func wantPolicies(t *testing.T, server *emulator.Server, policies map[string][]string, config, want string) {
	t.Helper()
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider+config)
	run.OK("plan", "-out=plan.bin", "-no-color")
	run.Files(map[string]string{"policy.jq": examples.FinancePolicy, "orders.rego": examples.PlanPolicy, "plan.json": run.OK("show", "-json", "plan.bin")})
	for name, command := range policies {
		check := exec.CommandContext(t.Context(), command[0], command[1:]...) //nolint:gosec // A policy of the guides.
		check.Dir = run.Dir
		output, err := check.CombinedOutput()
		if (err == nil) != (want == "") || !strings.Contains(string(output), want) {
			t.Errorf("%s: %v: %s, want %q", name, err, output, want)
		}
	}
	wantOrders(t, server, 0)
}

func TestPolicyGuides_RefuseWhatWasNotApproved(t *testing.T) {
	t.Parallel()
	policies := planPolicies(t)
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
		"client token":      {"sets client_token", []string{"auto_pay ", "client_token = \"once-more\"\n  auto_pay "}},
		"no client token":   {"", []string{"auto_pay ", "client_token = null\n  auto_pay "}},
	}
	for argument, value := range map[string]string{
		"physical_connection_id": "pc-bp1hp0wr072f6abcd", "period": "1", "pricing_cycle": "Year", "auto_pay": "false", "auto_renew": "false", "max_price": "1100",
	} {
		tests["unknown "+argument] = change{unknown, []string{argument, value}}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := strings.NewReplacer(test.config...).Replace(examples.FinanceOrder)
			if test.want == unknown {
				config = withUnknown(test.config[0], test.config[1])
			}
			wantPolicies(t, circuit(t, emulator.Quirks{}), policies, config, test.want)
		})
	}
}

func TestPolicyGuide_RefusesManyOrdersAndAutomaticRenewal(t *testing.T) {
	t.Parallel()
	opa := map[string][]string{"opa": planPolicies(t)["opa"]}
	server := circuit(t, emulator.Quirks{})
	for i := range 6 {
		server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-many%d", i), Status: "Confirmed"})
	}
	const orders = `
resource "expressconnect_physical_connection_occupancy_order" "this" {
  count                  = 6
  physical_connection_id = "pc-many${count.index}"
  period                 = 1
  max_price              = "1000"
}
`
	const setting = `
resource "expressconnect_physical_connection_renewal_setting" "this" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  renewal_status         = "AutoRenewal"
  renewal_period         = 1
}
`
	manual := strings.NewReplacer("AutoRenewal", "ManualRenewal", "renewal_period ", "# renewal_period ").Replace(setting)
	wantPolicies(t, server, opa, orders, "6 new orders; the limit is 5")
	wantPolicies(t, server, opa, strings.Replace(orders, "= 6", "= 5", 1), "")
	wantPolicies(t, server, opa, setting, "sets automatic renewal")
	wantPolicies(t, server, opa, manual, "")
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
	source, err := os.ReadFile(filepath.Join(root, "internal", "emulator", "cmd", "expressconnect-emulator", "flags.go")) //nolint:gosec // A file of the project.
	if err != nil {
		t.Fatal(err)
	}
	const address = "127.0.0.1:8480"
	if !strings.Contains(string(source), `"`+address+`"`) || !strings.Contains(examples.ModuleEmulated, address) {
		t.Errorf("the command and the guide do not agree on %s", address)
	}
}
