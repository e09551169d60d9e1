package docs

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestPages_EveryConfigurationIsValid(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{})
	found := map[string]block{} // By text: the same example is on several pages.
	for page, content := range pages(t) {
		for _, b := range blocks(page, content, "terraform", "hcl") {
			found[b.text] = b
		}
	}
	if len(found) < 40 {
		t.Fatalf("%d configurations found; are the pages generated?", len(found))
	}
	t.Run("format", func(t *testing.T) {
		t.Parallel()
		wantFormatted(t, acctest.NewRun(t, nil, ""), found)
	})
	for text, b := range found {
		t.Run(b.name(), func(t *testing.T) {
			t.Parallel()
			run := acctest.NewRun(t, acctest.Variables(server), "")
			if strings.HasPrefix(text, "provider_installation") {
				wantCLIConfiguration(t, run, text)
				return
			}
			validate(t, run, text)
		})
	}
}

// wantFormatted checks the form of all blocks. The CLI's own configuration has another form.
func wantFormatted(t *testing.T, run *acctest.Run, found map[string]block) {
	t.Helper()
	for text, b := range found {
		if !strings.HasPrefix(text, "provider_installation") {
			run.Files(map[string]string{"blocks/" + strings.NewReplacer("/", "_", ":", "_").Replace(b.name()) + ".tf": text})
		}
	}
	run.OK("fmt", "-check", "-diff", "-no-color", "blocks")
}

// validate checks a block with the schema of the provider, or as what it is otherwise.
func validate(t *testing.T, run *acctest.Run, text string) {
	t.Helper()
	name, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), ":")
	switch {
	case strings.HasPrefix(text, "policy "):
		return // Of HCP Terraform. Its form was checked.
	case strings.HasSuffix(name, ".tfquery.hcl"):
		run.Files(map[string]string{name: text, "main.tf": examples.Provider})
	case strings.Contains(text, "\nrun \""):
		run.Files(map[string]string{"tests/block.tftest.hcl": text, "main.tf": examples.Module})
	default:
		config := acctest.OwnPart(complete(text), `"`+examples.CircuitID+`"`, `"`+examples.OrderID+`"`)
		if !strings.Contains(config, "required_providers") {
			config = acctest.RequiredProviders + config
		}
		run.Files(map[string]string{"main.tf": config})
	}
	if strings.Contains(text, "identity = {") && !run.CLI.KnowsIdentity {
		if output := run.Fails("validate", "-no-color"); !strings.Contains(output, "identity") {
			t.Errorf("the error of an older Terraform does not contain identity:\n%s", output)
		}
		return
	}
	run.OK("validate", "-no-color")
}

// wantCLIConfiguration checks that the CLI reads its configuration without a warning.
func wantCLIConfiguration(t *testing.T, run *acctest.Run, text string) {
	t.Helper()
	run.Files(map[string]string{"cli.tfrc": text})
	run.Env = append(run.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(run.Dir, "cli.tfrc"))
	if output := run.OK("version"); strings.Contains(output, "Warning") {
		t.Error(output)
	}
}

// parts are the examples that declare what other blocks refer to, by the reference and the
// declaration.
var parts = []struct{ reference, declaration, example string }{
	{"data." + order + ".example", `data "` + order + `" "example"`, examples.BilledOrder},
	{order + ".example", `resource "` + order + `" "example"`, examples.Order},
	{"data." + circuits + ".fleet", `data "` + circuits + `" "fleet"`, examples.RenewalFleet},
	{"to = " + renewal + ".example", `resource "` + renewal + `" "example"`, examples.Renewal},
	{order + ".fleet", `resource "` + order + `" "fleet"`, examples.Fleet},
}

const (
	order    = "expressconnect_physical_connection_occupancy_order"
	circuits = "expressconnect_physical_connections"
	renewal  = "expressconnect_physical_connection_renewal_setting"
)

// complete adds the blocks that a part of a configuration refers to.
func complete(text string) string {
	if strings.HasPrefix(text, "removed") {
		return text
	}
	if !strings.Contains(text, "expressconnect_") {
		return text + "\n" + examples.Circuit // Terraform does not validate a provider block that nothing uses.
	}
	for _, part := range parts {
		rest := text
		if !strings.HasPrefix(part.reference, "data.") {
			rest = strings.ReplaceAll(text, "data."+order, "")
		}
		if strings.Contains(rest, part.reference) && !strings.Contains(text, part.declaration) {
			text += "\n" + part.example
		}
	}
	return text
}

func TestPages_PinTheVersionOfTheProvider(t *testing.T) {
	t.Parallel()
	pinned := 0
	for page, content := range pages(t) {
		for _, b := range blocks(page, content, "terraform", "hcl") {
			if !strings.Contains(b.text, `"expressconnect/expressconnect"`) || !strings.Contains(b.text, "required_providers") {
				continue
			}
			pinned++
			if !strings.Contains(b.text, "source  = \"expressconnect/expressconnect\"\n      version = \"~> 0.1\"\n") {
				t.Errorf("%s has no version constraint, or another one", b.name())
			}
		}
	}
	if pinned < 6 {
		t.Errorf("%d configurations require the provider", pinned)
	}
}
