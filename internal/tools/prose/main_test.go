package main

import (
	"os"
	"path/filepath"
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
