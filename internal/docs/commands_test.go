package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// notRun has the commands that no test of this package runs, and the reason.
var notRun = map[string]string{
	"make ":                          "jobs of their own; TestPages_NameTargetsOfMake checks the names",
	"go run ./internal/emulator/cmd": "runs until it is interrupted; the tests of the command start it",
	"go run github.com/":             "downloads a release",
	"go install github.com/":         "downloads a release",
	"expressconnect-emulator ":       "listens for other machines; the tests of the command start it",
	"terraform providers ":           "downloads from the registry",
	"terraform query":                "needs Terraform 1.14; endtoend runs it",
	"VERSION=":                       "downloads a release",
	"go version -m ":                 "reads a release; internal/release rehearses it",
	"gpg ":                           "reads a release; internal/release rehearses it",
	"gh ":                            "asks GitHub",
	"session=$(sh session.sh":        "needs the token of a CI job; endtoend runs the script",
	"docker ":                        "needs a container engine; the tests of the emulator start the command of the image",
	"aliyun ":                        "the CLI of Alibaba Cloud is not built here",
	"conftest ":                      "conftest is not built here; OPA runs the same file",
}

// reason returns why a block is not run.
func reason(text string) string {
	for command, why := range notRun {
		if strings.HasPrefix(text, command) || strings.Contains(text, "\n"+command) {
			return why
		}
	}
	return ""
}

// scenes prepare the workspaces of pages whose commands need more than an order that was
// not applied yet.
var scenes = map[string]func(run *acctest.Run, server *emulator.Server){
	"docs/guides/module-tests.md": func(run *acctest.Run, server *emulator.Server) {
		address := strings.TrimPrefix(server.URL(), "http://")
		run.Files(map[string]string{
			"main.tf": examples.Module, "tests/mocked.tftest.hcl": examples.ModuleMocked,
			"tests/emulator.tftest.hcl": strings.ReplaceAll(examples.ModuleEmulated, "127.0.0.1:8480", address),
		})
	},
	"docs/guides/support.md": func(run *acctest.Run, _ *emulator.Server) { run.OK("apply", "-auto-approve") },
	"docs/resources/physical_connection_renewal_setting.md": func(run *acctest.Run, _ *emulator.Server) {
		run.Config(examples.Renewal)
		run.OK("apply", "-auto-approve")
		run.OK("state", "rm", renewal+".example")
	},
}

// unpaid is the order of the workspaces. It passes the policies of the guides.
const unpaid = `
resource "expressconnect_physical_connection_occupancy_order" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  max_price              = "1000"
}
`

func TestPages_EveryCommandRuns(t *testing.T) {
	t.Parallel()
	bin, ran := tools(t), 0
	for page, content := range pages(t) {
		var scripts []block
		for _, b := range blocks(page, content, "shell") {
			if reason(b.text) == "" {
				scripts = append(scripts, b)
			}
		}
		ran += len(scripts)
		if len(scripts) > 0 {
			t.Run(page, func(t *testing.T) {
				t.Parallel()
				runScripts(t, bin, page, scripts)
			})
		}
	}
	if ran < 12 {
		t.Errorf("only %d commands ran", ran)
	}
}

// runScripts runs the commands of a page, one after the other, in one workspace.
func runScripts(t *testing.T, bin, page string, scripts []block) {
	t.Helper()
	server := acctest.Emulator(t, emulator.Quirks{EnableDelay: -1})
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID, Status: "Confirmed"})
	run := acctest.NewRun(t, acctest.Variables(server), unpaid)
	run.Files(map[string]string{"policy.jq": examples.FinancePolicy, "policy/orders.rego": examples.PlanPolicy})
	if scene := scenes[page]; scene != nil {
		scene(run, server)
	}
	run.OK("fmt")
	for _, script := range scripts {
		text := strings.ReplaceAll(script.text, "http://127.0.0.1:8480", server.URL())
		shell := exec.CommandContext(t.Context(), "sh", "-e", "-c", text) //nolint:gosec // A block of a page.
		shell.Dir = run.Dir
		shell.Env = append(run.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TF_CLI_ARGS_apply=-auto-approve", "TFC_WORKLOAD_IDENTITY_TOKEN=token")
		if output, err := shell.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script.name(), err, output)
		}
	}
}

// tools returns a directory with the commands that the pages use: terraform (or OpenTofu by
// that name), jq and opa.
func tools(t *testing.T) string {
	t.Helper()
	cli, err := acctest.FindCLI(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for name, path := range map[string]string{
		"terraform": cli.Path, "jq": acctest.Command(t, "jq", "gojq"), "opa": acctest.Command(t, "opa", "opa"),
	} {
		if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

func TestPages_NameTargetsOfMake(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(root(t), "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for page, content := range pages(t) {
		for _, match := range regexp.MustCompile("(?m)(?:^|`)make ([a-z-]+)").FindAllStringSubmatch(content, -1) {
			named++
			if !strings.Contains(string(makefile), "\n"+match[1]+":") {
				t.Errorf("%s names the target %s, which does not exist", page, match[1])
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d targets found", named)
	}
}
