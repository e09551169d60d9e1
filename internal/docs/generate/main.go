// Command generate writes the documentation in docs/. The error reference comes from
// the table of codes. tfplugindocs writes all other pages from templates, examples and
// schema. The command also updates the lists in the emulator's page. It reads the schema
// in process, so the result does not depend on the installed Terraform or OpenTofu.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func main() {
	if err := generate(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(ctx context.Context) error {
	root, err := acctest.ProjectRoot()
	if err != nil {
		return err
	}
	if err := writeEmulatorPage(root); err != nil {
		return err
	}
	if err := writeOpenAPI(root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "expressconnect-docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	schema, err := schemaJSON(ctx)
	if err != nil {
		return err
	}
	schemaFile := filepath.Join(dir, "schema.json")
	if err := os.WriteFile(schemaFile, schema, 0o600); err != nil {
		return err
	}
	// tfplugindocs reads one directory, so the templates are copied, and the error
	// reference is added to the copy.
	templates := filepath.Join(dir, "templates")
	if err := os.CopyFS(templates, os.DirFS(filepath.Join(root, "internal", "docs", "templates"))); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(templates, "guides"), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(templates, "guides", "error-reference.md"), []byte(errorReference()), 0o600); err != nil {
		return err
	}
	return tfplugindocs(ctx, root, schemaFile, templates)
}

func tfplugindocs(ctx context.Context, root, schemaFile, templates string) error {
	tool, err := acctest.Tool(ctx, root, "tfplugindocs")
	if err != nil {
		return err
	}
	source, err := filepath.Rel(root, templates)
	if err != nil {
		return err
	}
	run := exec.CommandContext(ctx, tool, "generate", //nolint:gosec // The tool that was just built.
		"--provider-name", "expressconnect", "--rendered-provider-name", "Express Connect",
		"--providers-schema", schemaFile, "--website-source-dir", source)
	run.Dir = root
	if out, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("tfplugindocs: %w\n%s", err, out)
	}
	return nil
}
