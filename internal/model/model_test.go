//go:build prove

package model

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const file = "order.pml"

// modelCase is a case of the model: its macros, and whether a circuit can have two live orders.
type modelCase struct {
	name   string
	macros []string
	twice  bool
}

// cases returns the known limits, and the cases that are safe: those with at most one of the two
// reasons of a limit.
func cases() []modelCase {
	all := []modelCase{
		{"remembered token, billing is current", []string{"BILLING"}, false},
		{"remembered token, " + Unreadable, nil, false},
		{"remembered token, billing lags and does not name the circuit", []string{"BILLING", "LAG", "UNNAMED"}, false},
		{"all causes, billing is current", []string{"BILLING", "WINDOW", "TYPED", "CONSOLE"}, false},
	}
	for cause, macros := range causes {
		all = append(all, modelCase{cause + ", billing is current", append([]string{"BILLING"}, macros...), false})
		for blind, hides := range blindness {
			all = append(all, modelCase{LimitName(cause, blind), slices.Concat(hides, macros), true})
		}
	}
	return all
}

func TestModel_OrdersTwiceOnlyAtTheKnownLimits(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"spin", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: install Spin and a C compiler, for example with apt-get install spin gcc libc6-dev", err)
		}
	}
	model, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range cases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var macros []string
			for _, macro := range test.macros {
				macros = append(macros, "-D"+macro)
			}
			run(t, dir, "spin", append(macros, "-a", model)...)
			run(t, dir, "cc", "-O2", "-w", "-o", "check", "pan.c")
			result := run(t, dir, "./check", "-m100000")
			states := find(t, result, `(\d+) states, stored`)
			twice := find(t, result, `errors: (\d+)`) != "0"
			if strings.Contains(result, "max search depth too small") {
				t.Fatalf("the search is not complete:\n%s", result)
			}
			if twice != test.twice {
				t.Errorf("two live orders: %t, want %t", twice, test.twice)
				if twice {
					t.Log(run(t, dir, "spin", append(macros, "-p", "-g", "-k", file+".trail", model)...))
				}
			}
			t.Logf("%s states, two live orders: %t", states, twice)
		})
	}
}

// run runs a command in dir, and returns its output.
func run(t *testing.T, dir, name string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = dir
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, arguments, err, output)
	}
	return string(output)
}

func find(t *testing.T, text, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no %q in:\n%s", pattern, text)
	}
	return found[1]
}
