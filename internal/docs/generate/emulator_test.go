package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func emulatorPageOf(t *testing.T) (root, page string) {
	t.Helper()
	root = filepath.Join("..", "..", "..")
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(emulatorPage))) //nolint:gosec // A page of the project.
	if err != nil {
		t.Fatal(err)
	}
	return root, string(content)
}

func TestEmulatorPage_ListsTheRoutesQuirksAndFaultsOfTheSource(t *testing.T) {
	t.Parallel()
	root, page := emulatorPageOf(t)
	updated, err := updateEmulatorPage(root, page)
	if err != nil {
		t.Fatal(err)
	}
	if updated != page {
		t.Errorf("%s is out of date: run make generate", emulatorPage)
	}
	// The lists come from the source. The types show whether they are complete.
	for _, value := range []any{emulator.Quirks{}, emulator.Fault{}} {
		fields := reflect.TypeOf(value)
		for i := range fields.NumField() {
			if name := fields.Field(i).Name; !strings.Contains(page, "`"+name+"`") {
				t.Errorf("%s does not name %s of %s", emulatorPage, name, fields.Name())
			}
		}
	}
	for _, outcome := range []emulator.AutoPayOutcome{emulator.AutoPayRefused, emulator.AutoPayLeftUnpaid, emulator.AutoPayCancelled} {
		if !strings.Contains(page, "- `"+string(outcome)+"` ") {
			t.Errorf("%s does not list the outcome %s", emulatorPage, outcome)
		}
	}
	for _, kind := range []emulator.FaultKind{
		emulator.AnswerError, emulator.Reset, emulator.Hang, emulator.Slow, emulator.Held, emulator.OtherOrder, emulator.TruncatedBody, emulator.WrongContentLength,
		emulator.HTMLPage, emulator.EmptyBody, emulator.RawBody, emulator.Redirect, emulator.HugeBody,
	} {
		if !strings.Contains(page, "- `"+string(kind)+"` ") {
			t.Errorf("%s does not list the fault %s", emulatorPage, kind)
		}
	}
}

func TestEmulatorPage_ListsTheOperationsOfTheEmulator(t *testing.T) {
	t.Parallel()
	_, page := emulatorPageOf(t)
	played := []string{}
	for _, operation := range emulator.Operations() {
		played = append(played, operation.Action)
	}
	_, section, _ := strings.Cut(page, "\n## Supported operations\n")
	section, lacking, found := strings.Cut(section, "\n## Limits\n")
	if !found {
		t.Fatal("the sections have other names")
	}
	listed := []string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` \\|").FindAllStringSubmatch(section, -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if !slices.Equal(listed, played) {
		t.Errorf("%s lists %q, the emulator plays %q", emulatorPage, listed, played)
	}
	lacking, _, _ = strings.Cut(lacking, "\n## ")
	for _, action := range played {
		if strings.Contains(lacking, "`"+action+"`") {
			t.Errorf("%s lists %s as an operation that the emulator does not play", emulatorPage, action)
		}
	}
}

func TestEmulatorPage_MissingSection_IsAnError(t *testing.T) {
	t.Parallel()
	root, page := emulatorPageOf(t)
	if _, err := updateEmulatorPage(root, strings.Replace(page, "<!-- end of quirks -->", "", 1)); err == nil {
		t.Error("a section without an end is accepted")
	}
}
