package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// emulatorPage is the page on the emulator, from the project's root. Its lists of
// quirks, faults and control routes come from the emulator's own source, so that
// what is said there about each is said once.
const emulatorPage = "internal/emulator/README.md"

// writeEmulatorPage renews the lists in the page.
func writeEmulatorPage(root string) error {
	path := filepath.Join(root, filepath.FromSlash(emulatorPage))
	page, err := os.ReadFile(path) //nolint:gosec // A page of the project.
	if err != nil {
		return err
	}
	renewed, err := renewEmulatorPage(root, string(page))
	if err != nil {
		return fmt.Errorf("%s: %w", emulatorPage, err)
	}
	return os.WriteFile(path, []byte(renewed), 0o600) //nolint:gosec // A page of the project; it keeps its mode.
}

// renewEmulatorPage returns the page with lists that agree with the source.
func renewEmulatorPage(root, page string) (string, error) {
	source := filepath.Join(root, "internal", "emulator")
	quirks, err := structFields(filepath.Join(source, "account", "quirks.go"), "Quirks")
	if err != nil {
		return "", err
	}
	kinds, err := constants(filepath.Join(source, "gateway", "faults.go"), "FaultKind")
	if err != nil {
		return "", err
	}
	outcomes, err := constants(filepath.Join(source, "account", "quirks.go"), "AutoPayOutcome")
	if err != nil {
		return "", err
	}
	fields, err := structFields(filepath.Join(source, "gateway", "faults.go"), "Fault")
	if err != nil {
		return "", err
	}
	for name, list := range map[string]string{
		"routes": controlRoutes(), "quirks": quirks, "outcomes": outcomes, "fault kinds": kinds, "fault fields": fields,
	} {
		if page, err = replaceSection(page, name, list); err != nil {
			return "", err
		}
	}
	return page, nil
}

// replaceSection replaces what stands between two comments with a section's name.
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

// structFields lists the fields of a struct with their comments.
func structFields(file, name string) (string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, is := node.(*ast.TypeSpec)
		if !is || spec.Name.Name != name {
			return true
		}
		if fields, is := spec.Type.(*ast.StructType); is {
			for _, field := range fields.Fields.List {
				names := make([]string, 0, len(field.Names))
				for _, name := range field.Names {
					names = append(names, name.Name)
				}
				out.WriteString(item(field.Doc, names, names))
			}
		}
		return false
	})
	return out.String(), nil
}

// constants lists the values of a type's constants, which are texts, with their
// comments.
func constants(file, typeName string) (string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, is := node.(*ast.ValueSpec)
		if !is || len(spec.Names) != 1 || len(spec.Values) != 1 {
			return true
		}
		kind, typed := spec.Type.(*ast.Ident)
		literal, plain := spec.Values[0].(*ast.BasicLit)
		if typed && plain && kind.Name == typeName {
			value, unquoted := strconv.Unquote(literal.Value)
			if unquoted == nil && value != "" {
				out.WriteString(item(spec.Doc, []string{spec.Names[0].Name}, []string{value}))
			}
		}
		return false
	})
	return out.String(), nil
}

// item is one entry of a list: the comment on names, with what users write for
// them as code.
func item(comment *ast.CommentGroup, names, written []string) string {
	text := strings.Join(strings.Fields(comment.Text()), " ")
	for i, name := range names {
		text = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllString(text, "`"+written[i]+"`")
	}
	return "- " + text + "\n"
}
