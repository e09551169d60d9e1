package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// played plays the demo, and returns what it prints and what the emulator has then.
func played(t *testing.T) (string, result) {
	t.Helper()
	server := acctest.Emulator(t, usual)
	cli, err := acctest.FindCLI(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	run := acctest.NewWorkspace(t.TempDir(), cli, acctest.Installed(t), acctest.Variables(server))
	if err := (screen{&output, map[string]bool{}}).play(t.Context(), server, run); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	return output.String(), count(server)
}

func TestDemo_OrdersEachCircuitOnce(t *testing.T) {
	t.Parallel()
	output, got := played(t)
	if want := (result{requests: circuits + 1, orders: circuits, ordered: circuits, renewals: circuits, paid: circuits * 1020_00}); got != want {
		t.Errorf("the emulator has %+v, want %+v", got, want)
	}
	for _, want := range []string{
		"exceeds max_new_orders = 5", ": 1020.00 USD for 1 year", "costs more than max_price", "was recovered", "Warning: Renewal of ",
		"second orders     0\n", "paid              8160.00 USD\n",
	} {
		if !strings.Contains(output, want) {
			t.Errorf("the demo does not show %q", want)
		}
	}
	for line := range strings.Lines(output) {
		if len(strings.TrimSuffix(line, "\n")) > columns {
			t.Errorf("the line is too long: %s", line)
		}
	}
}

func TestShowOutput_SimilarParts_ShowsTheLongestAndTheirNumber(t *testing.T) {
	t.Parallel()
	const output = "Terraform plans.\n\nError: Order 1\n\nShort.\n\nError: Order 2\n\n  with a.b,\n  on main.tf line 1, in x:\n   1: x {\n\nNo money.\n\nWarning: Order 3 is paid\n"
	var shown bytes.Buffer
	s := screen{&shown, map[string]bool{}}
	s.showOutput(output, "Error: ")
	if want := "\nError: Order 2\n\n  with a.b\n\nNo money.\n  (and 1 more like this)\n\nWarning: Order 3 is paid\n"; shown.String() != want {
		t.Errorf("shown\n%s\nwant\n%s", shown.String(), want)
	}
	shown.Reset()
	s.showOutput("Warning: Order 4 is paid\n", "")
	if want := "\n(warnings as before: 1)\n"; shown.String() != want {
		t.Errorf("shown %q, want %q", shown.String(), want)
	}
}

func TestWrapped_LongText_BreaksBetweenWords(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("x", columns-10)
	got := wrapped("one  two "+word, "$ ", "    ")
	if want := []string{"$ one two", "    " + word}; strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := wrapped("one  two", "$ ", "    "); got[0] != "$ one  two" {
		t.Errorf("a short line became %q", got)
	}
}
