package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mutant is one small change of a file.
type mutant struct {
	file, function string
	line           int
	from, to       string
	source         []byte
	begin, end     int // of from in source
}

// change describes the mutant without its line, so that a list of survivors stays valid when
// other lines of the file change.
func (m mutant) change() string {
	return m.file + " " + m.function + ": " + oneLine(m.from) + " => " + cmp.Or(oneLine(m.to), "(removed)")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// mutated returns the changed file.
func (m mutant) mutated() []byte {
	return slices.Concat(m.source[:m.begin], []byte(m.to), m.source[m.end:])
}

// mutantsOf returns the mutants of all files of a package that are not tests.
func mutantsOf(root, dir string) ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return nil, err
		}
		found, err := mutantsIn(filepath.ToSlash(name), source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func mutantsIn(name string, source []byte) ([]mutant, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &finder{set: set, name: name, source: source}
	for _, declared := range file.Decls {
		if function, ok := declared.(*ast.FuncDecl); ok && function.Body != nil {
			f.function = function.Name.Name
			ast.Inspect(function.Body, f.visit)
		}
	}
	return f.found, nil
}

// finder collects the mutants of a file.
type finder struct {
	set            *token.FileSet
	name, function string
	source         []byte
	found          []mutant
}

// opposites are the operators that replace others.
var opposites = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND, token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO,
}

func (f *finder) visit(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.BlockStmt:
		f.removeEach(n.List)
	case *ast.CaseClause:
		f.removeEach(n.Body)
	case *ast.IfStmt:
		f.replace(n.Cond, "!("+f.text(n.Cond)+")")
	case *ast.BinaryExpr:
		if to, known := opposites[n.Op]; known {
			f.add(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), to.String())
		}
		if n.Op == token.LAND || n.Op == token.LOR {
			f.replace(n, f.text(n.X))
			f.replace(n, f.text(n.Y))
		}
	case *ast.ReturnStmt:
		for _, result := range n.Results {
			switch f.text(result) {
			case "true":
				f.replace(result, "false")
			case "false":
				f.replace(result, "true")
			}
		}
	case *ast.BasicLit:
		if value, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
			f.replace(n, strconv.Itoa(value+1))
		}
	}
	return true
}

// removeEach adds the mutants without one of the statements. A statement that declares a name
// is needed by the others.
func (f *finder) removeEach(statements []ast.Stmt) {
	for _, statement := range statements {
		switch s := statement.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt:
			f.replace(s, "")
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.replace(s, "")
			}
		}
	}
}

func (f *finder) replace(node ast.Node, to string) { f.add(node.Pos(), node.End(), to) }

func (f *finder) add(begin, end token.Pos, to string) {
	at := f.set.Position(begin)
	b, e := at.Offset, f.set.Position(end).Offset
	f.found = append(f.found, mutant{
		file: f.name, function: f.function, line: at.Line, from: string(f.source[b:e]), to: to, source: f.source, begin: b, end: e,
	})
}

func (f *finder) text(node ast.Node) string {
	return string(f.source[f.set.Position(node.Pos()).Offset:f.set.Position(node.End()).Offset])
}
