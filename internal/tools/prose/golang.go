package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// noProse is an escape sequence in a string, a JSON key, a mark of a comment, or a directive.
var noProse = regexp.MustCompile(`\\.|json:"[^"]*"|//(?:(?:go|nolint):\S*)?|/\*|\*/`)

// goProse returns a Go file with only its comments, its strings and the names that it
// declares. Everything else is blank, so that lines and columns stay. Strings of tests
// are left out.
func goProse(path string, source []byte) ([]byte, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	text := blank(source)
	keep := func(from, to token.Pos) {
		begin, end := files.Position(from).Offset, files.Position(to).Offset
		copy(text[begin:end], noProse.ReplaceAllFunc(source[begin:end], blank))
	}
	for _, group := range file.Comments {
		for _, line := range group.List {
			keep(line.Pos(), line.End())
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if node.Kind == token.STRING && !strings.HasSuffix(path, "_test.go") {
				keep(node.Pos()+1, node.End()-1)
			}
		default:
			for _, name := range declared(node) {
				keep(name.Pos(), name.End())
			}
		}
		return true
	})
	return text, nil
}

// declared returns the names that a node declares.
func declared(node ast.Node) []*ast.Ident {
	switch node := node.(type) {
	case *ast.File:
		return []*ast.Ident{node.Name}
	case *ast.Field:
		return node.Names
	case *ast.FuncDecl:
		return []*ast.Ident{node.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{node.Name}
	case *ast.ValueSpec:
		return node.Names
	case *ast.AssignStmt:
		var names []*ast.Ident
		for _, left := range node.Lhs {
			if name, ok := left.(*ast.Ident); ok && node.Tok == token.DEFINE {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}
