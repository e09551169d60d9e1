package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/model"
)

const promises = "docs/guides/promises.md"

// found returns what the pattern finds in all tests of the project.
func found(t *testing.T, pattern string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") || strings.Contains(path, ".tools") {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // A file of the project.
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(content), -1) {
			all = append(all, match[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// A limit that the page does not name is a promise that does not hold.
func TestPromises_NameEveryKnownLimitOfTheModel(t *testing.T) {
	t.Parallel()
	page := pages(t)[promises]
	rows := regexp.MustCompile(`(?m)^\| (\w+ (?:token|order), [a-z ]+) \|`).FindAllStringSubmatch(page, -1)
	var named []string
	for _, row := range rows {
		named = append(named, row[1])
	}
	limits := model.Limits()
	slices.Sort(named)
	slices.Sort(limits)
	if !slices.Equal(limits, named) {
		t.Errorf("the page has the limits %q, the model %q", named, limits)
	}
}

func TestPromises_CountTheFuzzTargets(t *testing.T) {
	t.Parallel()
	want := fmt.Sprintf("fuzz targets (`make fuzz`) | %d", len(found(t, `(?m)^(func Fuzz)\w`)))
	if !strings.Contains(pages(t)[promises], want) {
		t.Errorf("the page does not have %q", want)
	}
}
