package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// module has a function with a test that does not try the limit itself.
var module = map[string]string{
	"go.mod": "module example\n\ngo 1.26\n",
	"p/p.go": `package p

func allowed(n int) bool {
	if n > 3 {
		return false
	}
	return true
}
`,
	"p/p_test.go": `package p

import "testing"

func TestAllowed(t *testing.T) {
	if !allowed(1) || allowed(4) {
		t.Fail()
	}
}
`,
}

func TestRun_PrintsTheChangesThatNoTestNotices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range module {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mutants, err := mutantsOf(dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[verdict]int{}
	var survivors []string
	test := tester{root: dir, dir: t.TempDir(), workers: 2}
	err = test.test(t.Context(), mutants, func(m mutant, v verdict) {
		counts[v]++
		if v == survived {
			survivors = append(survivors, m.change())
		}
	})
	// Negated, two results and the number: a test fails. The operator: no test fails.
	if err != nil || counts[killed] != 4 || counts[survived] != 1 || counts[invalid] != 0 {
		t.Errorf("%v, %v", counts, err)
	}
	if got := strings.Join(survivors, "\n"); got != "p/p.go allowed: > => >=" {
		t.Errorf("survivors %q", got)
	}
}

func TestRun_TestsThatFailWithoutAChange_AreAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": module["go.mod"], "p.go": "package p\n\nconst n = 1\n",
		"p_test.go": "package p\n\nimport \"testing\"\n\nfunc TestN(t *testing.T) { t.Fail() }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	test := tester{root: dir, dir: t.TempDir(), workers: 1}
	err := test.test(t.Context(), []mutant{{file: "p.go"}}, func(mutant, verdict) { t.Error("a mutant was tried") })
	if err == nil {
		t.Error("all changes would count as noticed")
	}
}

func TestScore_LeavesOutAcceptedSurvivors(t *testing.T) {
	t.Parallel()
	score, summary := scoreOf(map[verdict]int{killed: 3, survived: 1, excluded: 4, invalid: 2})
	const want = "75.0 % of 4 changes were noticed; 1 survived; not counted: 4 accepted survivors, 2 changes that did not compile"
	if score != 75 || summary != want {
		t.Errorf("%v: %s", score, summary)
	}
}

func TestAllowed_SampleHasTwoMoreByChance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		counts map[verdict]int
		sample bool
		want   int
	}{
		{map[verdict]int{killed: 95, survived: 5}, false, 5},
		{map[verdict]int{killed: 37, survived: 2, excluded: 9}, false, 1},
		{map[verdict]int{killed: 37, survived: 2}, true, 3},
	} {
		if got := allowed(test.counts, 95, test.sample); got != test.want {
			t.Errorf("%v, a sample: %t: %d, want %d", test.counts, test.sample, got, test.want)
		}
	}
}

func TestMutants_ChangeOnePlaceEach(t *testing.T) {
	t.Parallel()
	const source = `package p

func f(a, b int) int {
	total := 0
	total = a + b
	if a == 1 && b > 2 {
		g()
	}
	return total
}
`
	mutants, err := mutantsIn("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"total = a + b => (removed)", "0 => 1", "+ => -", "a == 1 && b > 2 => !(a == 1 && b > 2)", "&& => ||", "a == 1 && b > 2 => a == 1", "a == 1 && b > 2 => b > 2",
		"== => !=", "1 => 2", "> => >=", "2 => 3", "g() => (removed)",
	}
	var got []string
	for _, m := range mutants {
		got = append(got, strings.TrimPrefix(m.change(), "p.go f: "))
		if !bytes.Equal(append(append(bytes.Clone(m.mutated()[:m.begin]), m.from...), m.mutated()[m.begin+len(m.to):]...), []byte(source)) {
			t.Errorf("%s changes another place", m.change())
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestScores_HaveEachGroup(t *testing.T) {
	t.Parallel()
	for group, packages := range groups {
		if _, err := goalOf(group); err != nil {
			t.Error(err)
		}
		for _, dir := range packages {
			if found, err := mutantsOf("../../..", dir); err != nil || len(found) == 0 {
				t.Errorf("%s: %d changes, %v", dir, len(found), err)
			}
		}
	}
	if _, err := goalOf("other"); err == nil {
		t.Error("another group has a score")
	}
}

func TestAccepted_AreChangesOfTheCodeWithAReason(t *testing.T) {
	t.Parallel()
	changes := map[string]bool{}
	for _, packages := range groups {
		for _, dir := range packages {
			found, err := mutantsOf("../../..", dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range found {
				changes[m.change()] = true
			}
		}
	}
	for line := range strings.Lines(accepted) {
		change, reason, _ := strings.Cut(strings.TrimSpace(line), " | ")
		if !strings.HasPrefix(line, "#") && (!changes[change] || reason == "") {
			t.Errorf("%q is no change of the code, or has no reason", change)
		}
	}
	if reasons := acceptedReasons(); len(reasons) == 0 {
		t.Error("no survivor is accepted")
	}
}
