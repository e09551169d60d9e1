// Command prose checks the language of the project with vale and the rules in its
// directory styles. Vale reads a copy of the files that contains only prose, because it
// cannot read the strings of Go files.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// extensions are those of the files that are checked.
var extensions = []string{".go", ".hcl", ".jq", ".md", ".sh", ".tf", ".tmpl", ".yml"}

// skipped are directories and files without prose of their own: docs is generated, and
// the styles contain the words that they forbid.
var skipped = []string{".git", ".tools", "dist", "docs", "internal/tools/prose/styles"}

// comment begins a line of a comment. Without it, vale reads the lines as one text.
var comment = regexp.MustCompile(`(?m)^[ \t]*#+`)

func main() {
	if err := check(context.Background(), ".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "prose:", err)
		os.Exit(1)
	}
}

// check runs vale with the arguments on the files below root.
func check(ctx context.Context, root string, arguments []string) error {
	dir, err := os.MkdirTemp("", "expressconnect-prose-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := copyProse(root, dir); err != nil {
		return err
	}
	config, err := filepath.Abs(filepath.Join(root, ".vale.ini"))
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "tool", "-n", "-modfile", "internal/tools/vale/go.mod", "vale")
	build.Dir = root
	build.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=1") // A workspace accepts no -modfile; vale has parsers in C.
	build.Stderr = os.Stderr
	vale, err := build.Output()
	if err != nil {
		return fmt.Errorf("unable to build vale: %w", err)
	}
	arguments = append([]string{"--config", config, "--output", "line"}, append(arguments, ".")...)
	run := exec.CommandContext(ctx, strings.TrimSpace(string(vale)), arguments...) //nolint:gosec // The tool that was just built.
	run.Dir, run.Stdout, run.Stderr = dir, os.Stdout, os.Stderr
	return run.Run()
}

// copyProse copies the prose of all files to dir, with the same paths and lines.
func copyProse(root, dir string) error {
	return fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(skipped, path) && entry.IsDir():
			return fs.SkipDir
		case entry.IsDir() || slices.Contains(skipped, path) || !slices.Contains(extensions, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, path)) //nolint:gosec // A file of the project.
		if err != nil {
			return err
		}
		switch filepath.Ext(path) {
		case ".md", ".tmpl":
		case ".go":
			if text, err = goProse(path, text); err != nil {
				return err
			}
		default:
			text = comment.ReplaceAllFunc(text, blank)
		}
		target := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o600) //nolint:gosec // A copy in a directory of this program.
	})
}

// blank returns as many spaces, and keeps line ends.
func blank(text []byte) []byte {
	blanks := bytes.Repeat([]byte{' '}, len(text))
	for i, c := range text {
		if c == '\n' {
			blanks[i] = c
		}
	}
	return blanks
}
