// Package release tests releases. It checks that the hosted workflows use pinned actions.
// With the build tag "release", it also builds, signs and installs a whole release on this
// machine.
package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// projectFile returns the content of a file of the project.
func projectFile(t *testing.T, name string) string {
	t.Helper()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name))) //nolint:gosec // A file of this project.
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// workflows returns the hosted workflows by file name.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows found: %v", err)
	}
	found := map[string]string{}
	for _, path := range paths {
		found[filepath.Base(path)] = projectFile(t, ".github/workflows/"+filepath.Base(path))
	}
	return found
}

func TestWorkflows_PinEveryActionByDigest(t *testing.T) {
	t.Parallel()
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.+)$`)
	pinned := regexp.MustCompile(`^[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	digests := map[string]string{}
	for name, text := range workflows(t) {
		for _, match := range uses.FindAllStringSubmatch(text, -1) {
			reference := match[1]
			if strings.HasPrefix(reference, "./") {
				continue
			}
			if !pinned.MatchString(reference) {
				t.Errorf("%s uses %q, want owner/action@<40 hex digits> # vX.Y.Z", name, reference)
			}
			action, version, _ := strings.Cut(reference, "@")
			if other, ok := digests[action]; ok && other != version {
				t.Errorf("%s uses %s at %q, elsewhere it is %q", name, action, version, other)
			}
			digests[action] = version
		}
	}
}

func TestWorkflows_StartWithoutPermissions(t *testing.T) {
	t.Parallel()
	for name, text := range workflows(t) {
		if !strings.Contains(text, "\npermissions: {}\n") {
			t.Errorf("%s does not begin with permissions: {}", name)
		}
	}
}

func TestWorkflows_CallOnlyTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile := projectFile(t, "GNUmakefile")
	call := regexp.MustCompile(`(?m)\bmake ([a-z-]+)`)
	for name, text := range workflows(t) {
		for _, match := range call.FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`(?m)^` + match[1] + `\b[^=\n]*:`).MatchString(makefile) {
				t.Errorf("%s calls make %s, which GNUmakefile does not have", name, match[1])
			}
		}
	}
}

func TestWorkflowsAndMakefile_NameOnlyToolsThatExist(t *testing.T) {
	t.Parallel()
	texts := workflows(t)
	for _, name := range []string{"GNUmakefile", "CONTRIBUTING.md"} {
		texts[name] = projectFile(t, name)
	}
	tool := regexp.MustCompile(`internal/tools/[a-z-]+/go\.(?:mod|sum)`)
	named := 0
	for _, text := range texts {
		for _, file := range tool.FindAllString(text, -1) {
			named++
			projectFile(t, file) // fails if there is none
		}
	}
	if named < 6 {
		t.Errorf("only %d tools found", named)
	}
}

func TestReleaseWorkflow_UsesTheGoReleaserOfTheRehearsal(t *testing.T) {
	t.Parallel()
	module := projectFile(t, "internal/tools/goreleaser/go.mod")
	pinned := regexp.MustCompile(`github\.com/goreleaser/goreleaser/v2 (v\S+)`).FindStringSubmatch(module)
	if pinned == nil {
		t.Fatal("internal/tools/goreleaser/go.mod has no version of GoReleaser")
	}
	if !strings.Contains(workflows(t)["release.yml"], "version: "+pinned[1]+"\n") {
		t.Errorf("release.yml does not use GoReleaser %s, as the rehearsal does", pinned[1])
	}
}
