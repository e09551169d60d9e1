// Package docs contains the sources of the documentation. Its tests check what users
// read: README and the generated pages.
package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// pages returns README and the generated pages by their path in the project.
func pages(t *testing.T) map[string]string {
	t.Helper()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "internal/docs/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path) //nolint:gosec // A page of the project.
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			found[name] = string(content)
		}
	}
	return found
}

var hclBlock = regexp.MustCompile("(?s)```(?:terraform|hcl)\n(.*?)```")

func TestPages_EveryConfigurationIsValid(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{})
	blocks := map[string]string{}
	for page, content := range pages(t) {
		for i, match := range hclBlock.FindAllStringSubmatch(content, -1) {
			blocks[match[1]] = fmt.Sprintf("%s/%d", page, i+1)
		}
	}
	if len(blocks) < 8 {
		t.Fatalf("%d configurations found; are the pages generated?", len(blocks))
	}
	for block, name := range blocks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := acctest.NewRun(t, acctest.Variables(server), "")
			if strings.Contains(block, "alicloud") {
				// The schema of that provider is not available. The end-to-end tests run our
				// part.
				run.Files(map[string]string{"main.tf": block})
				run.OK("fmt", "-check", "-no-color")
				return
			}
			if strings.Contains(block, "provider_installation") {
				if err := run.Write("cli.tfrc", block); err != nil {
					t.Fatal(err)
				}
				run.Env = append(run.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(run.Dir, "cli.tfrc"))
				if output := run.OK("version"); strings.Contains(output, "Warning") {
					t.Error(output)
				}
				return
			}
			if name, _, _ := strings.Cut(strings.TrimPrefix(block, "# "), ":"); strings.HasSuffix(name, ".tfquery.hcl") {
				if err := run.Write(name, block); err != nil {
					t.Fatal(err)
				}
				block = examples.Provider
			}
			if strings.Contains(block, "\nrun \"") {
				if err := run.Write("tests/block.tftest.hcl", block); err != nil {
					t.Fatal(err)
				}
				block = examples.Module
			}
			if strings.Contains(block, "required_providers") {
				if err := run.Write("main.tf", block); err != nil {
					t.Fatal(err)
				}
			} else {
				run.Config(complete(block))
			}
			if strings.Contains(block, "identity = {") && !run.CLI.KnowsIdentity {
				if output := run.Fails("validate", "-no-color"); !strings.Contains(output, "identity") {
					t.Errorf("the error of an older Terraform does not contain identity:\n%s", output)
				}
				return
			}
			run.OK("validate", "-no-color")
		})
	}
}

// complete adds the resources that a configuration refers to: the order of the examples,
// and its data source.
func complete(block string) string {
	const order = "expressconnect_physical_connection_occupancy_order"
	declares := func(kind string) bool { return strings.Contains(block, kind+` "`+order+`" "example"`) }
	if strings.Contains(block, "data."+order+".example") && !declares("data") {
		block += "\n" + examples.BilledOrder
	}
	refers := strings.Contains(strings.ReplaceAll(block, "data."+order, ""), order+".example") && !strings.HasPrefix(block, "removed")
	if refers && !declares("resource") {
		return block + "\n" + examples.Order
	}
	const circuits = "expressconnect_physical_connections"
	if strings.Contains(block, "data."+circuits+".fleet") && !strings.Contains(block, `data "`+circuits+`" "fleet"`) {
		return block + "\n" + examples.RenewalFleet
	}
	const renewal = "expressconnect_physical_connection_renewal_setting"
	if strings.Contains(block, "to = "+renewal+".example") {
		return block + "\n" + examples.Renewal
	}
	if strings.Contains(block, order+".fleet") && !strings.Contains(block, `resource "`+order+`" "fleet"`) {
		return block + "\n" + examples.Fleet
	}
	return block
}

var relativeLink = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

func TestPages_EveryRelativeLinkLeadsToAFile(t *testing.T) {
	t.Parallel()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	for page, content := range pages(t) {
		for _, match := range relativeLink.FindAllStringSubmatch(content, -1) {
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), match[1])); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, match[1])
			}
		}
	}
}

// registryLink is a link in the index. Relative links do not work there, because its
// address in the registry does not end in a slash.
var registryLink = regexp.MustCompile(`https://registry\.terraform\.io/providers/expressconnect/expressconnect/latest/docs/([a-z_/-]+)`)

func TestIndex_LinksToPagesByTheirAddressInTheRegistry(t *testing.T) {
	t.Parallel()
	found := pages(t)
	links := registryLink.FindAllStringSubmatch(found[filepath.Join("docs", "index.md")], -1)
	if len(links) < 5 {
		t.Errorf("only %d links found", len(links))
	}
	for _, link := range links {
		if _, exists := found[filepath.Join("docs", link[1]+".md")]; !exists {
			t.Errorf("there is no page %s", link[1])
		}
	}
	for _, link := range relativeLink.FindAllStringSubmatch(found[filepath.Join("docs", "index.md")], -1) {
		t.Errorf("the index links to %s relatively", link[1])
	}
}

var schemaLine = regexp.MustCompile("(?m)^- `([a-z_]+)` \\((?:String|Number|Boolean|(?:Map|List|Set) of String|Block[^)]*|Attributes[^)]*)\\)(.*)$")

func TestIndex_ListsTheModesOfProfilesThatWork(t *testing.T) {
	t.Parallel()
	_, list, _ := strings.Cut(pages(t)[filepath.Join("docs", "index.md")], "[These modes work]")
	list, _, _ = strings.Cut(list, "\n")
	var listed []string
	for _, match := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(list, -1) {
		listed = append(listed, match[1])
	}
	if !slices.Equal(listed, sources.ProfileModes()) {
		t.Errorf("the page lists %q, want %q", listed, sources.ProfileModes())
	}
}

func TestPages_DescribeEveryArgument(t *testing.T) {
	t.Parallel()
	described := 0
	for page, content := range pages(t) {
		for _, match := range schemaLine.FindAllStringSubmatch(content, -1) {
			described++
			text, _, _ := strings.Cut(match[2], "(see [below")
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s has no description", page, match[1])
			}
		}
	}
	if described < 150 {
		t.Errorf("only %d arguments found in the pages", described)
	}
}

// A file that was renamed makes the page on the architecture wrong.
func TestArchitecture_NamesFilesThatExist(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`([a-z_/]+\\.go)`").FindAllStringSubmatch(string(page), -1)
	if len(names) < 30 {
		t.Fatalf("%d names of files", len(names))
	}
	for _, name := range names {
		found := false
		for _, root := range []string{"..", filepath.Join("..", "provider")} {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name[1]))) //nolint:gosec // Files of the project.
			found = found || err == nil
		}
		if !found {
			t.Errorf("there is no file %s", name[1])
		}
	}
}
