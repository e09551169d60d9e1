package quiet_test

import (
	"go/parser"
	"go/token"
	"testing"

	_ "github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/quiet"
)

// Another import could put this package behind those that read DEBUG.
func TestNothingButOSIsImported(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "quiet.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Imports) != 1 || file.Imports[0].Path.Value != `"os"` {
		t.Errorf("%d imports, the first of which is %s", len(file.Imports), file.Imports[0].Path.Value)
	}
}
