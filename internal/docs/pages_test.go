// Package docs contains the sources of the documentation. Its tests check what users
// read: README, CONTRIBUTING, the emulator's page and the generated pages.
package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// root returns the directory of the project.
func root(t *testing.T) string {
	t.Helper()
	dir, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// pages returns all pages by their path in the project, with slashes.
func pages(t *testing.T) map[string]string {
	t.Helper()
	dir := root(t)
	found := map[string]string{}
	for _, pattern := range []string{"*.md", ".github/*.md", "docs/*.md", "docs/*/*.md", "internal/docs/*.md", "internal/emulator/README.md"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no page %s: %v", pattern, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path) //nolint:gosec // A page of the project.
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(dir, path)
			if err != nil {
				t.Fatal(err)
			}
			found[filepath.ToSlash(name)] = string(content)
		}
	}
	return found
}

// block is a block of code in a page.
type block struct {
	page, language, text string
	line                 int
}

// name returns the block's place, as the name of a test.
func (b block) name() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

var fence = regexp.MustCompile("(?ms)^ *```([a-z]*)\n(.*?)^ *```$")

// blocks returns the blocks of a page in one of the languages, in their order. Without
// languages, it returns all blocks.
func blocks(page, content string, languages ...string) []block {
	var found []block
	for _, at := range fence.FindAllStringSubmatchIndex(content, -1) {
		b := block{page: page, language: content[at[2]:at[3]], text: content[at[4]:at[5]], line: 1 + strings.Count(content[:at[4]], "\n")}
		if len(languages) == 0 || strings.Contains(" "+strings.Join(languages, " ")+" ", " "+b.language+" ") {
			found = append(found, b)
		}
	}
	return found
}

// prose returns a page without its blocks and inline code.
func prose(content string) string {
	return regexp.MustCompile("`[^`\n]*`").ReplaceAllString(fence.ReplaceAllString(content, ""), "")
}

// checked are the languages whose blocks a test checks. The tests in endtoend compare text
// with the output of the provider, and run rego, jq and yaml. Those in emulator/sdkcompat
// compare go and js with code that runs.
var checked = map[string]string{
	"terraform": "TestPages_EveryConfigurationIsValid", "hcl": "TestPages_EveryConfigurationIsValid", "json": "TestPages_EveryPolicyIsJSON",
	"shell": "TestPages_EveryCommandRuns", "text": "endtoend", "jq": "endtoend", "rego": "endtoend", "yaml": "endtoend",
	"go": "sdkcompat", "js": "sdkcompat",
	"powershell": "not run: PowerShell runs on no machine of this project",
}

func TestPages_EveryBlockHasALanguageThatIsChecked(t *testing.T) {
	t.Parallel()
	for page, content := range pages(t) {
		for _, b := range blocks(page, content) {
			drawing := page == "internal/docs/architecture.md" && b.language == ""
			if checked[b.language] == "" && !drawing {
				t.Errorf("%s: no test checks blocks of the language %q", b.name(), b.language)
			}
		}
	}
}
