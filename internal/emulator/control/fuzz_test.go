package control_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// FuzzRoutes checks that each route answers with JSON, that a request that is refused
// changes nothing, that all that can be read stays readable, and that a restart changes
// nothing.
func FuzzRoutes(f *testing.F) {
	routes := emulator.ControlRoutes()
	bodies := map[string]string{
		"a `Circuit`": `{"Region":"cn-beijing","Status":"Enabled","Renewal":{"Status":"AutoRenewal","Period":1},"EndTime":"2023-01-01T00:00:00Z"}`, "the fields to change": `{"Status":"Enabled","EndTime":"2023-01-01T00:00:00Z"}`,
		"a `ConsoleOrder`": `{"Region":"cn-hangzhou","CircuitID":"pc-1","Status":"Paid","Period":1}`, "an `Order`": `{"ProductCode":"ecs","Status":"Unpaid"}`,
		"`Quirks`": `{"EnableDelay":"-1ns","DiscountPercent":10}`, "a `Fault`": `{"Kind":"Slow","Delay":"1s"}`,
	}
	for i, route := range routes {
		body := bodies[route.Body]
		if body == "" {
			body = route.Body
		}
		f.Add(uint8(i), uint8(i), "pc-1", body)
		f.Add(uint8(i), uint8(i), "1", `{"a":1}`)
		f.Add(uint8(i), uint8(i), "pc-1", `{"Months":1}`)
		f.Add(uint8(i), uint8(i), "7", `{"ID":"7","Status":"Done"}`)
		f.Add(uint8(i), uint8(i), "7", `{"ID":"7","Status":"Unpaid","Price":{"Pretax":"92233720368547758.06","Tax":"92233720368547758.06"}}`)
		f.Add(uint8(i), uint8(i), "pc-1", `{"Months":99999999}`)
		f.Add(uint8(i), uint8(i), "pc-1", `{"EndTime":"9999-12-31T23:59:59-01:00"}`)
		f.Add(uint8(i), uint8(i), "", `{"advance":"99w"}`)
		f.Add(uint8(i), uint8(i), "", `{"advance":"2000000h"}`)
	}
	f.Fuzz(func(t *testing.T, first, second uint8, id, body string) {
		e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
		var saved account.State
		e.OnChange(func(state account.State) { saved = state })
		e.AddCircuit(emulator.Circuit{ID: "pc-1", Region: "cn-hangzhou", Status: "Enabled", EndTime: apitest.Start.AddDate(0, 3, 0)})
		before := readAll(t, e)
		for _, index := range []uint8{first, second} {
			route := routes[int(index)%len(routes)]
			path := strings.NewReplacer("{region}", "cn-hangzhou", "{id}", url.PathEscape(id), "{token}", url.PathEscape(id)).Replace(route.Path)
			began := e.Now()
			got := apitest.Control(t, e, route.Method, path, body)
			after := readAll(t, e)
			switch {
			case got.Status >= 500 || got.Body != "" && got.Header.Get("Content-Type") == "application/json" && !json.Valid([]byte(got.Body)):
				t.Errorf("%s %s %s: HTTP %d %s", route.Method, path, body, got.Status, got.Body)
			case got.Status >= 400 && before != after:
				t.Errorf("%s %s %s is refused, and changes\n%s to\n%s", route.Method, path, body, before, after)
			case e.Now().Before(began) && route.Path != "reset":
				t.Errorf("%s %s %s moves the clock from %s to %s", route.Method, path, body, began, e.Now())
			}
			before = after
		}
		for _, order := range append(e.Orders(), e.OtherOrders()...) {
			apitest.Control(t, e, "POST", "orders/"+url.PathEscape(order.ID)+"/pay", "")
		}
		e.ClearFaults() // A restart forgets faults and journal.
		e.ClearJournal()
		if got, want := readAll(t, restarted(t, saved)), readAll(t, e); got != want {
			t.Errorf("after a restart\n%s\nwant\n%s", got, want)
		}
	})
}

// restarted returns an emulator with a state that was saved.
func restarted(t *testing.T, saved account.State) *emulator.Emulator {
	t.Helper()
	text, err := json.Marshal(saved)
	if err != nil {
		t.Fatal(err)
	}
	var state account.State
	if err := json.Unmarshal(text, &state); err != nil {
		t.Fatal(err)
	}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	if err := e.Restore(state); err != nil {
		t.Fatal(err)
	}
	return e
}

// readAll returns the answers of all routes that only read.
func readAll(t *testing.T, e *emulator.Emulator) string {
	t.Helper()
	var all strings.Builder
	for _, route := range emulator.ControlRoutes() {
		if route.Method != "GET" || route.Path == "openapi.json" {
			continue // The description never changes.
		}
		got := apitest.Control(t, e, route.Method, route.Path, "")
		if !json.Valid([]byte(got.Body)) {
			t.Fatalf("%s is not readable: HTTP %d %q", route.Path, got.Status, got.Body)
		}
		all.WriteString(got.Body)
	}
	return all.String()
}
