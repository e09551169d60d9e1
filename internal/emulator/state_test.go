package emulator_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func withState(path string) *emulator.Emulator {
	return emulator.New(emulator.Options{Clock: apitest.FixedClock, StateFile: path})
}

func TestStateFile_SurvivesARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	first := withState(path)
	if first.Restored() {
		t.Error("there was no state")
	}
	circuit := first.AddCircuit(emulator.Circuit{})
	order := apitest.MustPlace(t, first, circuit, apitest.Params{"AutoPay": "true"})
	first.SetBalance(99_50)
	first.SetQuirks(emulator.Quirks{RequireLOA: true})
	first.Advance(time.Hour)

	second := emulator.New(emulator.Options{Clock: apitest.FixedClock, StateFile: path, Seed: emulator.Seed{
		Circuits: []emulator.Circuit{{ID: "pc-seed"}}, Faults: []emulator.Fault{{}},
	}})
	first.ClearJournal() // It is not part of the state.
	if got, want := contents(t, second), contents(t, first); got != want || !second.Restored() {
		t.Errorf("after the restart\n%s\nwant\n%s", got, want)
	}
	if again := apitest.Order(t, second, circuit, apitest.Params{"AutoPay": "true"}).OrderID(t); again != order.ID {
		t.Errorf("the client token leads to order %s, want %s", again, order.ID)
	}
	apitest.MustControl(t, second, "POST", "reset", "", nil)
	if circuits := withState(path).Circuits(); len(circuits) != 1 || circuits[0].ID != "pc-seed" {
		t.Errorf("after reset and restart: %+v", circuits)
	}
}

// A process that is killed after an answer has already saved what it answered.
func TestStateFile_ContainsEveryAnsweredChange(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	e := withState(path)
	circuit := e.AddCircuit(emulator.Circuit{})
	for _, token := range []string{"a", "b", "c"} {
		id := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": token}).OrderID(t)
		content, err := os.ReadFile(path) //nolint:gosec // The file of this test.
		if err != nil || !strings.Contains(string(content), id) {
			t.Errorf("order %s is not in the file, %v", id, err)
		}
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
}

func TestStateFile_Broken_IsRefusedAndKept(t *testing.T) {
	t.Parallel()
	valid := filepath.Join(t.TempDir(), "state.json")
	withState(valid)
	whole, err := os.ReadFile(valid) //nolint:gosec // The file of this test.
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ content, want string }{
		"empty":          {" \n", "the file is empty"},
		"cut off":        {string(whole[:len(whole)/2]), "unexpected EOF"},
		"no JSON":        {"state\n", "line 1"},
		"a seed":         {seed, `"ConsoleOrders"`},
		"later format":   {strings.Replace(string(whole), `"Format": 1`, `"Format": 2`, 1), "format of the state is 2"},
		"no format":      {`{}`, "format of the state is 0"},
		"two at once":    {string(whole) + string(whole), "more text"},
		"unknown quirk":  {strings.Replace(string(whole), `"RequireLOA"`, `"RequireLetter"`, 1), `"RequireLetter"`},
		"invalid amount": {strings.Replace(string(whole), `"unlimited"`, `"much"`, 1), `"much"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, test.content)
			server, err := emulator.Start(emulator.Options{StateFile: path})
			if err == nil {
				_ = server.Close()
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "delete it") {
				t.Errorf("%v, want an error with %s and the path", err, test.want)
			}
			if kept, err := os.ReadFile(path); err != nil || string(kept) != test.content { //nolint:gosec // The file of this test.
				t.Errorf("the file is now %s, %v", kept, err)
			}
		})
	}
}

func TestStateFile_BrokenSeed_LeavesNoState(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	_, err := emulator.Start(emulator.Options{StateFile: path, Seed: emulator.Seed{
		Circuits: []emulator.Circuit{{ID: "pc-1"}}, ConsoleOrders: []emulator.ConsoleOrder{{CircuitID: "pc-2"}},
	}})
	if _, missing := os.Stat(path); err == nil || !os.IsNotExist(missing) {
		t.Errorf("%v; the file: %v", err, missing)
	}
}

func TestStateFile_FailedWrite_IsReportedUntilTheNextSuccess(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dir")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	e := withState(filepath.Join(dir, "state.json"))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	e.AddCircuit(emulator.Circuit{})
	if got := apitest.Control(t, e, "GET", "health", ""); got.Status != 503 || !strings.Contains(got.Body, "write the state") || e.StateError() == nil {
		t.Errorf("HTTP %d %s", got.Status, got.Body)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	e.Circuits()
	if got := apitest.Control(t, e, "GET", "health", ""); got.Status != 200 || e.StateError() != nil {
		t.Errorf("HTTP %d %s", got.Status, got.Body)
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, "state.json")), os.Mkdir(filepath.Join(dir, "state.json"), 0o700)); err != nil {
		t.Fatal(err)
	}
	e.AddCircuit(emulator.Circuit{})
	if files, err := os.ReadDir(dir); e.StateError() == nil || len(files) != 1 {
		t.Errorf("%v; the failed write leaves %v, %v", e.StateError(), files, err)
	}
	if _, err := emulator.Start(emulator.Options{StateFile: filepath.Join(dir, "missing", "state.json")}); err == nil {
		t.Error("a directory that does not exist is accepted")
	}
}
