package emulator_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// FuzzSeed checks that a seed is an error about the seed, or the content of a usable
// emulator that a reset restores.
func FuzzSeed(f *testing.F) {
	for _, text := range []string{
		seed, `{}`, ``, `null`, `[]`, `{"Circuits":[{"ID":"pc-1"},{"ID":"pc-1"}]}`, `{"OtherOrders":[{"ID":"7"},{"ID":"7"}]}`, `{"Balance":"unlimited"}`, `{"Circuits":[{"Status":"confirmed"}]}`,
		`{"ConsoleOrders":[{"CircuitID":"pc-9"}]}`, `{"Faults":[{"Kind":"Held","Times":-1}],"Quirks":{"EnableDelay":"-1ns","TaxPercent":100}}`,
		`{"Circuits":[{"Status":"Enabled","EndTime":"0001-02-03T00:00:00Z","Renewal":{"Status":"AutoRenewal","Period":1}}]}`,
		`{"Circuits":[{"Status":"Enabled","EndTime":"9999-12-31T23:59:59Z","Renewal":{"Status":"AutoRenewal","Period":12,"Unit":"Y"}}]}`,
		`{"OtherOrders":[{"ID":"7","Status":"Done"}]}`, `{"Quirks":{"DefaultPeriod":2147483647,"TaxPercent":100},"ConsoleOrders":[{"CircuitID":"pc-1"}],"Circuits":[{"ID":"pc-1"}]}`,
		`{"Circuits":[{"ID":"pc-1","EndTime":"0000-01-01T00:00:00+14:00","CreationTime":"9999-12-31T23:59:59-14:00"}],"Quirks":{"EnableDelay":"2562047h"}}`,
		`{"Balance":"92233720368547758.06","OtherOrders":[{"Status":"Unpaid","Price":{"Pretax":"92233720368547758.06","Tax":"92233720368547758.06"}}]}`,
		`{"OtherOrders":[{"Type":"Renew","Period":-9223372036854775808,"Status":"Unpaid","CreatedAt":"2022-08-09T04:00:00Z","Price":{"Gross":"92233720368547758.07"}}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		content, err := emulator.ReadSeed(write(t, string(text)))
		state := filepath.Join(t.TempDir(), "state.json")
		var e *emulator.Emulator
		if err == nil {
			e, err = emulator.Create(emulator.Options{Clock: apitest.FixedClock, Seed: content, StateFile: state})
		}
		if err != nil {
			if !strings.Contains(err.Error(), "the seed") {
				t.Errorf("an error that is not about the seed: %v", err)
			}
			return
		}
		for _, circuit := range e.Circuits() {
			if err := circuit.Check(); err != nil {
				t.Error(err)
			}
		}
		skipCenturies(t, e)
		begun := contents(t, e)
		expectSaved(t, e, state)
		expectUsable(t, e)
		expectSaved(t, e, state)
		if apitest.MustControl(t, e, "POST", "reset", "", nil); contents(t, e) != begun {
			t.Errorf("after the reset\n%s\nwant\n%s", contents(t, e), begun)
		}
	})
}

// FuzzState checks that a state is an error that keeps the file, or that of a usable
// emulator, whose own state is read again without a change.
func FuzzState(f *testing.F) {
	f.Add(stateOf(f, `{}`))
	f.Add(stateOf(f, seed))
	for _, text := range []string{
		`{"Format":1}`, `{}`, ``, `{"Format":1,"Circuits":[{"Status":"Confirmed","EnableAt":"2022-01-01T00:00:00Z","PaidBy":"8"}]}`,
		`{"Format":1,"Ahead":"2562047h","Balance":"0","Circuits":[{"ID":"pc-1","Status":"Enabled","EndTime":"0001-02-03T00:00:00Z","Renewal":{"Status":"AutoRenewal"}}]}`,
		`{"Format":1,"Circuits":[{"Status":"Confirmed","EnableAt":"2022-01-01T00:00:00Z","PaidBy":"7"}],"Orders":[{"ID":"7","Status":"Paid","Period":9999,"PricingCycle":"Year"}]}`,
		`{"Format":1,"Circuits":[{"Status":"Enabled","EndTime":"2022-08-10T00:00:00Z","Renewal":{"Status":"AutoRenewal","Period":4611686018427387904}}]}`,
		`{"Format":1,"Circuits":[{"Status":"Enabled","EndTime":"2022-08-10T00:00:00Z","Renewal":{"Status":"AutoRenewal","Period":-9}},{}],"ClientTokens":[{},{}]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := write(t, string(text))
		e, err := emulator.Create(emulator.Options{Clock: apitest.FixedClock, StateFile: path})
		if err != nil {
			if kept := read(t, path); !strings.Contains(err.Error(), path) || !bytes.Equal(kept, text) {
				t.Errorf("%v; the file is now %q", err, kept)
			}
			return
		}
		skipCenturies(t, e)
		expectSaved(t, e, path)
		expectUsable(t, e)
		expectSaved(t, e, path)
	})
}

// stateOf returns the state of an emulator with a seed.
func stateOf(f *testing.F, text string) []byte {
	f.Helper()
	path := filepath.Join(f.TempDir(), "state.json")
	var content emulator.Seed
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		f.Fatal(err)
	}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, StateFile: path, Seed: content})
	e.SpendToken(account.TokenKey{Action: apitest.PlaceOrder, Region: apitest.Region, Token: "a"})
	return read(f, path)
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // The file of this test.
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// expectSaved checks that an emulator with the state file of another one has its content,
// and writes the same file.
func expectSaved(t *testing.T, e *emulator.Emulator, path string) {
	t.Helper()
	e.Circuits() // Saves changes that are due.
	saved := read(t, path)
	copied := write(t, string(saved))
	again, err := emulator.Create(emulator.Options{Clock: apitest.FixedClock, StateFile: copied})
	if err != nil || e.StateError() != nil {
		t.Fatalf("%v, %v:\n%s", err, e.StateError(), saved)
	}
	e.ClearJournal() // It is not part of the state, nor are faults.
	e.ClearFaults()
	if got, want := contents(t, again), contents(t, e); got != want || !bytes.Equal(read(t, copied), saved) {
		t.Errorf("read again\n%s\n%s\nwant\n%s\n%s", got, read(t, copied), want, saved)
	}
}

// expectUsable checks that an emulator answers, and that its time can pass.
func expectUsable(t *testing.T, e *emulator.Emulator) {
	t.Helper()
	e.ClearFaults()
	circuit := e.AddCircuit(emulator.Circuit{})
	for _, later := range []time.Duration{0, time.Hour, 24 * time.Hour, 400 * 24 * time.Hour} {
		e.Advance(later)
		payAll(e)
		for _, route := range emulator.ControlRoutes() {
			if route.Method != "GET" || route.Path == "openapi.json" {
				continue // The description never changes.
			}
			if got := apitest.Control(t, e, route.Method, route.Path, ""); got.Status >= 500 || got.Status == 200 && !json.Valid([]byte(got.Body)) {
				t.Fatalf("%s: HTTP %d %q", route.Path, got.Status, got.Body)
			}
		}
		for _, action := range []string{apitest.PlaceOrder, apitest.DescribeCircuits, "QueryOrders", "QueryAvailableInstances"} {
			if got := apitest.Call(t, e, action, apitest.OrderFor(circuit, nil)); got.Status >= 500 || !json.Valid([]byte(got.Body)) {
				t.Fatalf("%s: HTTP %d %q", action, got.Status, got.Body)
			}
		}
	}
}

// skipCenturies skips an emulator in which a circuit was renewed for centuries: it saves all
// orders after every change.
func skipCenturies(t *testing.T, e *emulator.Emulator) {
	t.Helper()
	if orders := len(e.OtherOrders()); orders > 1000 {
		t.Skip("too many orders: ", orders)
	}
}

// payAll renews all circuits and pays all orders, as far as that is possible.
func payAll(e *emulator.Emulator) {
	for _, circuit := range e.Circuits() {
		_, _ = e.Renew(circuit.Region, circuit.ID, 12)
	}
	for _, order := range append(e.Orders(), e.OtherOrders()...) {
		_ = e.PayOrder(order.ID)
	}
}
