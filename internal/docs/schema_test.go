package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

var schemaLine = regexp.MustCompile("(?m)^- `([a-z_]+)` \\((?:String|Number|Boolean|(?:Map|List|Set) of String|Block[^)]*|Attributes[^)]*)\\)(.*)$")

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

func TestCredentialsGuide_ListsTheModesOfProfilesThatWork(t *testing.T) {
	t.Parallel()
	_, list, _ := strings.Cut(pages(t)["docs/guides/credentials.md"], "[These modes work]")
	list, _, _ = strings.Cut(list, "\n")
	var listed []string
	for _, match := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(list, -1) {
		listed = append(listed, match[1])
	}
	if !slices.Equal(listed, sources.ProfileModes()) {
		t.Errorf("the page lists %q, want %q", listed, sources.ProfileModes())
	}
}

func TestPages_EveryPolicyIsJSON(t *testing.T) {
	t.Parallel()
	for page, content := range pages(t) {
		for _, b := range blocks(page, content, "json") {
			if !json.Valid([]byte(b.text)) {
				t.Errorf("%s is not JSON:\n%s", b.name(), b.text)
			}
		}
	}
}

// The pages that everybody reads first were twice as long once.
func TestIndexAndResource_AreShort(t *testing.T) {
	t.Parallel()
	found := pages(t)
	for page, limit := range map[string]int{"docs/index.md": 707, "docs/resources/physical_connection_occupancy_order.md": 868} {
		if words := len(strings.Fields(found[page])); words > limit || words < limit/2 {
			t.Errorf("%s has %d words, want at most %d: move details to a guide", page, words, limit)
		}
	}
}

var frontMatter = regexp.MustCompile(`(?s)^---\npage_title: "(.*?)"\nsubcategory: "(.*?)"\n`)

// The registry sorts subcategories and titles by name.
func TestGuides_AreInAnOrderThatHelps(t *testing.T) {
	t.Parallel()
	titles := map[string][]string{}
	for page, content := range pages(t) {
		if !strings.HasPrefix(page, "docs/guides/") {
			continue
		}
		match := frontMatter.FindStringSubmatch(content)
		if match == nil {
			t.Fatalf("%s has no title or subcategory", page)
		}
		titles[match[2]] = append(titles[match[2]], match[1])
	}
	for subcategory, numbered := range map[string]bool{"Getting started": true, "Operating": true, "Reference": false} {
		slices.Sort(titles[subcategory])
		for i, title := range titles[subcategory] {
			if number := string(rune('1'+i)) + ". "; strings.HasPrefix(title, number) != numbered || i > 8 {
				t.Errorf("%s: %q is number %d", subcategory, title, i+1)
			}
		}
		if len(titles[subcategory]) < 5 {
			t.Errorf("%s: only %q", subcategory, titles[subcategory])
		}
		delete(titles, subcategory)
	}
	if len(titles) > 0 {
		t.Errorf("other subcategories: %q", titles)
	}
}

// A file that was renamed makes the page on the architecture wrong.
func TestArchitecture_NamesFilesThatExist(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile("`([a-z_/]+\\.go)`").FindAllStringSubmatch(pages(t)["internal/docs/architecture.md"], -1)
	if len(names) < 30 {
		t.Fatalf("%d names of files", len(names))
	}
	for _, name := range names {
		found := false
		for _, root := range []string{"..", filepath.Join("..", "provider")} {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name[1])))
			found = found || err == nil
		}
		if !found {
			t.Errorf("there is no file %s", name[1])
		}
	}
}

func TestVersionsGuide_NamesTheOldestVersionsThatAreTested(t *testing.T) {
	t.Parallel()
	workflow, err := os.ReadFile(filepath.Join(root(t), ".github", "workflows", "test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	page := pages(t)["docs/guides/versions.md"]
	tested := regexp.MustCompile(`version: \["(1\.\d+)\.\*"`).FindAllStringSubmatch(string(workflow), -1)
	if len(tested) != 2 {
		t.Fatalf("%d matrices", len(tested))
	}
	for i, cli := range []string{"Terraform", "OpenTofu"} {
		if row := "| " + cli + " | " + tested[i][1] + " |"; !strings.Contains(page, row) {
			t.Errorf("the guide has no row %q", row)
		}
	}
}
