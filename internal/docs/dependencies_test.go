package docs

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modules runs "go list" on the project and returns its lines.
func modules(t *testing.T, arguments ...string) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", append([]string{"list"}, arguments...)...) //nolint:gosec // Arguments of this test.
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Fields(string(out))
}

func TestDependencies_OfGoModAreExplained(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \| [^|]+ \| (yes|no) \|`)
	linked := modules(t, "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".")
	var explained []string
	for _, match := range row.FindAllStringSubmatch(pages(t)["internal/docs/dependencies.md"], -1) {
		explained = append(explained, match[1])
		if stated, is := match[2] == "yes", slices.Contains(linked, match[1]); stated != is {
			t.Errorf("%s: in the binary %t, the page says %t", match[1], is, stated)
		}
	}
	direct := modules(t, "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}}{{end}}", "all")
	if slices.Sort(explained); !slices.Equal(explained, slices.Sorted(slices.Values(direct))) {
		t.Errorf("the page explains %v, want the direct dependencies %v", explained, direct)
	}
}
