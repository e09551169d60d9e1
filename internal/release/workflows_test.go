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
	pinned := regexp.MustCompile(`^([\w.-]+/[\w.-]+)(?:/[\w.-]+)?@([0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
	digests := map[string]string{}
	for name, text := range workflows(t) {
		for _, match := range uses.FindAllStringSubmatch(text, -1) {
			reference := match[1]
			if strings.HasPrefix(reference, "./") {
				continue
			}
			parts := pinned.FindStringSubmatch(reference)
			if parts == nil {
				t.Errorf("%s uses %q, want owner/action@<40 hex digits> # vX.Y.Z", name, reference)
				continue
			}
			action, version := parts[1], parts[2]
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

func TestWorkflows_EndInTimeAndNotTwiceAtOnce(t *testing.T) {
	t.Parallel()
	for name, text := range workflows(t) {
		if jobs, limits := strings.Count(text, "\n    runs-on:"), strings.Count(text, "\n    timeout-minutes:"); jobs != limits {
			t.Errorf("%s has %d jobs on runners, but %d time limits", name, jobs, limits)
		}
		if !strings.Contains(text, "\nconcurrency:\n") {
			t.Errorf("%s does not limit how many of its runs work at once", name)
		}
	}
}

func TestReleaseWorkflow_AttestsInAJobThatBuildsNothing(t *testing.T) {
	t.Parallel()
	build, provenance, found := strings.Cut(workflows(t)["release.yml"], "\n  provenance:\n")
	if !found {
		t.Fatal("release.yml has no job provenance")
	}
	for _, right := range []string{"attestations: write", "id-token: write"} {
		if strings.Contains(build, right) {
			t.Errorf("a job that builds has %s", right)
		}
		if !strings.Contains(provenance, right) {
			t.Errorf("the job provenance lacks %s", right)
		}
	}
	if strings.Contains(provenance, "run:") || strings.Contains(provenance, "contents:") {
		t.Error("the job provenance runs commands or reads the repository")
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
