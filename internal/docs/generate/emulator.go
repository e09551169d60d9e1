package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// emulatorPage is the page about the emulator, from the project's root. Its lists of
// quirks, faults and control routes come from the source of the emulator.
const emulatorPage = "internal/emulator/README.md"

// emulatorLists are the lists that come from comments: the section of the page, the file,
// and the type.
var emulatorLists = []struct{ section, file, typeName string }{
	{"quirks", "account/quirks.go", "Quirks"},
	{"outcomes", "account/quirks.go", "AutoPayOutcome"},
	{"fault kinds", "gateway/faults.go", "FaultKind"},
	{"fault fields", "gateway/faults.go", "Fault"},
}

// openAPIFile is the description of the control routes, from the project's root.
const openAPIFile = "internal/emulator/openapi.json"

// writeOpenAPI writes the description of the control routes.
func writeOpenAPI(root string) error {
	var out bytes.Buffer
	if err := emulator.WriteOpenAPI(&out); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(openAPIFile)), out.Bytes(), 0o644) //nolint:gosec // A file of the project.
}

// writeEmulatorPage updates the lists in the page.
func writeEmulatorPage(root string) error {
	path := filepath.Join(root, filepath.FromSlash(emulatorPage))
	page, err := os.ReadFile(path) //nolint:gosec // A page of the project.
	if err != nil {
		return err
	}
	updated, err := updateEmulatorPage(root, string(page))
	if err != nil {
		return fmt.Errorf("%s: %w", emulatorPage, err)
	}
	return os.WriteFile(path, []byte(updated), 0o600) //nolint:gosec // A page of the project; it keeps its mode.
}

// updateEmulatorPage returns the page with the lists of the source.
func updateEmulatorPage(root, page string) (string, error) {
	page, err := replaceSection(page, "routes", controlRoutes())
	if err != nil {
		return "", err
	}
	for _, list := range emulatorLists {
		items, err := describe(filepath.Join(root, "internal", "emulator", list.file), list.typeName)
		if err != nil {
			return "", err
		}
		if page, err = replaceSection(page, list.section, items); err != nil {
			return "", err
		}
	}
	return page, nil
}

// replaceSection replaces the text between the two comments with the name of a section.
func replaceSection(page, name, content string) (string, error) {
	begin, end := "<!-- generated: "+name+" -->\n", "<!-- end of "+name+" -->\n"
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return "", errors.New("no section " + name)
	}
	return before + begin + content + end + after, nil
}

func controlRoutes() string {
	var out strings.Builder
	out.WriteString("| | path | body | |\n|---|---|---|---|\n")
	for _, route := range emulator.ControlRoutes() {
		body := route.Body
		if strings.HasPrefix(body, "{") {
			body = "`" + body + "`"
		}
		fmt.Fprintf(&out, "| %s | `%s%s` | %s | %s |\n", route.Method, emulator.ControlPrefix, route.Path, body, route.About)
	}
	return out.String()
}

// describe lists the fields of a struct, or the constants of a string type, with their
// comments.
func describe(file, typeName string) (string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch spec := node.(type) {
		case *ast.TypeSpec:
			if object, is := spec.Type.(*ast.StructType); is && spec.Name.Name == typeName {
				for _, field := range object.Fields.List {
					out.WriteString(item(field.Doc, field.Names))
				}
			}
		case *ast.ValueSpec:
			kind, typed := spec.Type.(*ast.Ident)
			if typed && kind.Name == typeName && len(spec.Values) == 1 {
				out.WriteString(item(spec.Doc, spec.Names, spec.Values...))
			}
		}
		return true
	})
	return out.String(), nil
}

// item returns the comment as an entry of a list. It writes the names as code: the values of
// constants, and the names of fields. An empty constant has no entry.
func item(comment *ast.CommentGroup, names []*ast.Ident, values ...ast.Expr) string {
	text := strings.Join(strings.Fields(comment.Text()), " ")
	for i, name := range names {
		written := name.Name
		if len(values) > 0 {
			literal, _ := values[i].(*ast.BasicLit)
			if literal == nil || literal.Value == `""` {
				return ""
			}
			written = strings.Trim(literal.Value, `"`)
		}
		text = regexp.MustCompile(`\b`+name.Name+`\b`).ReplaceAllString(text, "`"+written+"`")
	}
	return "- " + text + "\n"
}
