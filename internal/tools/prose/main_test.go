package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// copied returns the copy of a file that vale reads.
func copied(t *testing.T, name, content string) string {
	t.Helper()
	root, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyProse(root, dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // A file of this test.
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCopy_KeepsMarkdownAndBlanksMarksOfComments(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"page.md": "# Title\n", "page.md.tmpl": "# Title\n"} {
		if got := copied(t, name, content); got != content {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if got := copied(t, "main.tf", "a = 1 # b\n  # one\n  ## two\n"); got != "a = 1 # b\n    one\n     two\n" {
		t.Errorf("got %q", got)
	}
}

func TestCopy_KeepsCommentsStringsAndNamesOfGoFiles(t *testing.T) {
	t.Parallel()
	const code = "// Package a does.\npackage a\n\nimport \"fmt\"\n\nvar told = \"so:\\n\" +\n\t`raw` //nolint:gosec // Why.\n\n" +
		"func say(text string) { line := 1; /* so */ fmt.Print(line, told) }\n"
	for name, want := range map[string][]string{
		"a.go":      {"Package a does.", "a", "", "", "", "told so:", "raw Why.", "", "say text line so", ""},
		"a_test.go": {"Package a does.", "a", "", "", "", "told", "Why.", "", "say text line so", ""},
	} {
		got := copied(t, name, code)
		if strings.Index(got, "line") != strings.Index(code, "line") {
			t.Errorf("%s: words moved:\n%s", name, got)
		}
		for i, line := range strings.Split(got, "\n") {
			if words := strings.Join(strings.Fields(line), " "); words != want[i] {
				t.Errorf("%s:%d: got %q, want %q", name, i+1, words, want[i])
			}
		}
	}
}

func TestCopy_FailsForInvalidGoFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "a.go"), []byte("package"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyProse(root, t.TempDir()); err == nil {
		t.Error("no error")
	}
}
