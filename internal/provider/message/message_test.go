package message_test

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

var update = flag.Bool("update", false, "write the golden files")

// columns is the width of a text in a terminal of 80 columns.
const columns = 78

// TestMessages_AreAsInTheGoldenFiles checks the wording of each kind. To change a text, run
// it with -update and read the diff.
func TestMessages_AreAsInTheGoldenFiles(t *testing.T) {
	t.Parallel()
	kinds := declaredKinds(t)
	shown := map[string]string{}
	for _, sample := range samples() {
		for _, d := range sample {
			name := kindOf(t, kinds, d.Summary())
			shown[name] += rendered(d) + "\n"
		}
	}
	for name := range kinds {
		if shown[name] == "" {
			t.Errorf("no sample shows the kind %s", name)
		}
	}
	for name, text := range shown {
		path := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path) //nolint:gosec // A golden file.
		if err != nil {
			t.Error(err)
		} else if string(want) != text {
			t.Errorf("%s differs. Got:\n%s", path, text)
		}
	}
}

func TestMessages_FitATerminalOf80Columns(t *testing.T) {
	t.Parallel()
	for _, sample := range samples() {
		for _, d := range sample {
			if width := len("Warning: " + d.Summary()); width > 80 {
				t.Errorf("%d columns: %s", width, d.Summary())
			}
			text := rendered(d)
			for line := range strings.Lines(text) {
				if line = strings.TrimRight(line, "\n"); len(line) > columns && strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "  ") {
					t.Errorf("%s: a line to copy has %d columns: %s", d.Summary(), len(line), line)
				}
			}
			if steps := strings.Count(text, "Next step:"); steps > 1 {
				t.Errorf("%d next steps:\n%s", steps, text)
			}
		}
	}
}

// The most common messages have at most 12 lines below the summary.
func TestCommonMessages_HaveAtMostTwelveLines(t *testing.T) {
	t.Parallel()
	kinds := declaredKinds(t)
	common := []string{
		"CircuitEnabled", "CircuitNotPayable", "CircuitUnpayable", "CircuitNotFound", "OrderFound", "OrderToPay", "OrderUnpaid", "DestroyKeeps", "DestroyCancels",
		"BillingForbidden", "TermEnded", "CircuitLocked", "TaintRefused", "OrderAdopted", "LimitExceeded", "NotConfigured", "CostUnknown", "TermNotSet", "CancelledReturned",
	}
	for _, sample := range samples() {
		for _, d := range sample {
			if name := kindOf(t, kinds, d.Summary()); slices.Contains(common, name) {
				if lines := strings.Count(rendered(d), "\n") - 2; lines > 12 {
					t.Errorf("%s has %d lines:\n%s", name, lines, rendered(d))
				}
			}
		}
	}
}

func TestExplain_KnowsEveryFamilyOfCodes(t *testing.T) {
	t.Parallel()
	arguments := map[apierror.Group]string{
		apierror.GroupOtherOrder: "physical_connection_id", apierror.GroupWrongState: "physical_connection_id", apierror.GroupNotFound: "physical_connection_id",
		apierror.GroupMismatch: "client_token", apierror.GroupSpent: "client_token", apierror.GroupToken: "client_token", apierror.GroupRegion: "region_id",
	}
	for _, family := range apierror.Families() {
		code := message.Explain(family)
		for _, text := range []string{code.Meaning, code.NextStep} {
			if !strings.HasSuffix(text, ".") || strings.Contains(text, "  ") {
				t.Errorf("%s: %q is no sentence", family.Name, text)
			}
		}
		if want, ok := arguments[family.Group]; ok && code.Attribute != want || family.Class == apierror.Ambiguous && code.Attribute != "" {
			t.Errorf("%s is about %q, want %q", family.Name, code.Attribute, want)
		}
		if message.GroupTitle(family.Group) == "" {
			t.Errorf("the group %s has no title", family.Group)
		}
	}
}

// declaredKinds are the constants of type Kind in the package, by name.
func declaredKinds(t *testing.T) map[string]message.Kind {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]message.Kind{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Kind" {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value) //nolint:forcetypeassert // A string constant.
				if err != nil {
					t.Fatal(err)
				}
				kinds[spec.Names[0].Name] = message.Kind(value)
			}
			return true
		})
	}
	return kinds
}

// kindOf returns the one kind that has the summary.
func kindOf(t *testing.T, kinds map[string]message.Kind, summary string) string {
	t.Helper()
	var found []string
	for name, kind := range kinds {
		if kind.Matches(summary) {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%q is of the kinds %q, want one", summary, found)
	}
	return found[0]
}

// rendered is a diagnostic as Terraform shows it. Indented lines are not wrapped.
func rendered(d diag.Diagnostic) string {
	var b strings.Builder
	at := ""
	if with, ok := d.(diag.DiagnosticWithPath); ok {
		at = " [" + with.Path().String() + "]"
	}
	fmt.Fprintf(&b, "%s: %s%s\n\n", d.Severity(), d.Summary(), at)
	for line := range strings.Lines(d.Detail()) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, " ") {
			b.WriteString(line + "\n")
			continue
		}
		width := 0
		for i, word := range strings.Fields(line) {
			switch {
			case i == 0:
			case width+1+len(word) > columns:
				b.WriteString("\n")
				width = 0
			default:
				b.WriteString(" ")
				width++
			}
			b.WriteString(word)
			width += len(word)
		}
		b.WriteString("\n")
	}
	return b.String()
}

var errCanary = errors.New("canary")

func TestAPIDetails_ShowTheAnswerAndNotTheCause(t *testing.T) {
	t.Parallel()
	failure := answered(409, "Brand.NewCode")
	failure.Message, failure.Recommend, failure.Cause = "As the API says it.", "https://api.aliyun.com/troubleshoot?q=Brand.NewCode", errCanary
	text := message.OrderRead(failure, "1").Detail()
	for _, fact := range []string{failure.Action, failure.Host, failure.Code, failure.Message, "409", failure.RequestID, failure.Recommend} {
		if !strings.Contains(text, fact) {
			t.Errorf("%s is missing in:\n%s", fact, text)
		}
	}
	if strings.Contains(text, "canary") {
		t.Errorf("the cause is shown:\n%s", text)
	}
	for _, absent := range []string{"Error code", "HTTP status", "Request ID"} {
		if bare := message.OrderRead(notSent(apierror.CauseRefused), "1").Detail(); strings.Contains(bare, absent) {
			t.Errorf("%s is there without a value:\n%s", absent, bare)
		}
	}
}

func TestMissingPermission_IsNamed(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"CreatePhysicalConnectionOccupancyOrder": "vpc:CreatePhysicalConnectionOccupancyOrder on acs:vpc:*:*:physicalconnection/*",
		"DescribePhysicalConnections":            "vpc:DescribePhysicalConnections on acs:vpc:*:*:physicalconnection/*",
		"QueryOrders":                            "bss:DescribeOrderList on *",
	} {
		for _, code := range []string{"Forbidden.RAM", "Forbidden", "NoPermission", "NotAuthorized"} {
			failure := answered(403, code)
			failure.Action = action
			if text := message.OrderList("cn-hangzhou", failure).Detail(); !strings.Contains(text, want) {
				t.Errorf("%s, %s: %q is missing in:\n%s", action, code, want, text)
			}
		}
	}
}

func TestTermRule_NamesEveryCycleWithItsPeriods(t *testing.T) {
	t.Parallel()
	if got, want := message.TermRule(), `1 to 9 with pricing_cycle = "Month", or 1 to 5 with pricing_cycle = "Year"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := message.CycleRule(), "Month or Year"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
