package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
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

// A gap that the page does not name is a promise that does not hold.
func TestPromises_NameEveryKnownGapOfTheModel(t *testing.T) {
	t.Parallel()
	gaps := found(t, `\{"(Gap_\w+)", `)
	var named []string
	for _, match := range regexp.MustCompile("`(Gap_\\w+)`").FindAllStringSubmatch(pages(t)[promises], -1) {
		named = append(named, match[1])
	}
	slices.Sort(named)
	if len(gaps) == 0 || !slices.Equal(gaps, named) {
		t.Errorf("the page has the gaps %q, the model %q", named, gaps)
	}
}

func TestPromises_CountTheFuzzTargets(t *testing.T) {
	t.Parallel()
	want := fmt.Sprintf("fuzz targets (`make fuzz`) | %d", len(found(t, `(?m)^(func Fuzz)\w`)))
	if !strings.Contains(pages(t)[promises], want) {
		t.Errorf("the page does not have %q", want)
	}
}
