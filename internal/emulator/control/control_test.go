package control_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestControl_Circuit_FromConstructionToDeletion(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	var circuit emulator.Circuit
	apitest.MustControl(t, e, "POST", "circuits", `{"ID":"pc-1","Region":"cn-beijing","Status":"Allocated","Tags":{"a":"1"}}`, &circuit)
	if circuit.ID != "pc-1" || circuit.PortType == "" {
		t.Errorf("circuit %+v", circuit)
	}
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Forbidden.NotAllowedInState")

	apitest.MustControl(t, e, "PATCH", "circuits/cn-beijing/pc-1", `{"Status":"Confirmed"}`, &circuit)
	if circuit.Status != "Confirmed" || circuit.Tags["a"] != "1" {
		t.Errorf("circuit %+v", circuit)
	}
	id := apitest.Order(t, e, circuit, nil).OrderID(t)

	var orders []emulator.Order
	apitest.MustControl(t, e, "GET", "orders", "", &orders)
	if len(orders) != 1 || orders[0].ID != id || orders[0].Status != emulator.OrderUnpaid {
		t.Errorf("orders %+v", orders)
	}
	var order emulator.Order
	apitest.MustControl(t, e, "POST", "orders/"+id+"/pay", "", &order)
	if order.Status != emulator.OrderPaid || !order.PaidAt.Equal(apitest.Start) {
		t.Errorf("order %+v", order)
	}

	var clock struct{ Now time.Time }
	apitest.MustControl(t, e, "POST", "clock", `{"advance":"30s"}`, &clock)
	if want := apitest.Start.Add(30 * time.Second); !clock.Now.Equal(want) || !e.Now().Equal(want) {
		t.Errorf("clock %s, want %s", clock.Now, want)
	}
	var circuits []emulator.Circuit
	apitest.MustControl(t, e, "GET", "circuits", "", &circuits)
	if len(circuits) != 1 || circuits[0].Status != "Enabled" {
		t.Errorf("circuits %+v", circuits)
	}
	apitest.MustControl(t, e, "DELETE", "circuits/cn-beijing/pc-1", "", nil)
	if _, found := e.Circuit("cn-beijing", "pc-1"); found {
		t.Error("the circuit is still there")
	}

	var journal []emulator.Call
	apitest.MustControl(t, e, "GET", "journal", "", &journal)
	if len(journal) != 2 || journal[1].OrderID != id {
		t.Errorf("journal %+v", journal)
	}
}

func TestControl_SetsQuirksAndFaults(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	want := emulator.Quirks{TokenWindow: time.Hour, EnableDelay: 90 * time.Second, WrongStateCode: "X", RequireLOA: true, BillingLag: time.Minute,
		ConstructionDelay: 3 * time.Second, TerminationDelay: -1, ConstructionEnd: "Rejected"}
	apitest.MustControl(t, e, "PUT", "quirks", `{"TokenWindow":"1h","EnableDelay":"1m30s","WrongStateCode":"X","RequireLOA":true,"BillingLag":"1m",
		"ConstructionDelay":"3s","TerminationDelay":"-1ns","ConstructionEnd":"Rejected"}`, nil)
	var quirks emulator.Quirks
	apitest.MustControl(t, e, "GET", "quirks", "", &quirks)
	if quirks != want || e.Quirks() != want {
		t.Errorf("quirks %+v and %+v, want %+v", quirks, e.Quirks(), want)
	}

	apitest.MustControl(t, e, "POST", "faults", `{"Action":"`+apitest.PlaceOrder+`","Code":"Throttling","Times":2}`, nil)
	apitest.MustControl(t, e, "POST", "faults", `{"Kind":"Slow","Delay":"2s","Skip":9}`, nil)
	var faults []emulator.Fault
	apitest.MustControl(t, e, "GET", "faults", "", &faults)
	if len(faults) != 2 || faults[0].Kind != emulator.AnswerError || faults[1].Delay != 2*time.Second {
		t.Errorf("faults %+v", faults)
	}
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Throttling")
	apitest.MustControl(t, e, "DELETE", "faults", "", nil)
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 200, "")
}

func TestControl_WrongRequests_HaveAStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path, body string
		status             int
	}{
		"misspelled circuit": {"POST", "circuits", `{"Statsu":"Confirmed"}`, 400},
		"misspelled field":   {"PUT", "quirks", `{"EnabledDelay":"1s"}`, 400},
		"not a duration":     {"PUT", "quirks", `{"EnableDelay":"soon"}`, 400},
		"no JSON":            {"POST", "circuits", `ID=pc-1`, 400},
		"unknown fault":      {"POST", "faults", `{"Kind":"Earthquake"}`, 400},
		"misspelled fault":   {"POST", "faults", `{"Type":"Reset"}`, 400},
		"bad change":         {"PATCH", "circuits/cn-hangzhou/pc-emu00000000000001", `{"Statsu":"Confirmed"}`, 400},
		"unknown circuit":    {"PATCH", "circuits/cn-hangzhou/pc-unknown", `{"Status":"Confirmed"}`, 404},
		"unknown order":      {"POST", "orders/1/pay", "", 404},
		"cancelled order":    {"POST", "orders/50187050000001/pay", "", 409},
		"unknown path":       {"GET", "nothing", "", 404},
		"wrong method":       {"DELETE", "orders", "", 405},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{})
			apitest.Order(t, e, circuit, nil).OrderID(t)
			e.Advance(8 * 24 * time.Hour)
			before := apitest.JSON(t, []any{e.Quirks(), e.Faults(), e.Circuits(), e.Orders()})
			got := apitest.Control(t, e, test.method, test.path, test.body)
			if got.Status != test.status {
				t.Errorf("HTTP %d %s, want %d", got.Status, got.Body, test.status)
			}
			if after := apitest.JSON(t, []any{e.Quirks(), e.Faults(), e.Circuits(), e.Orders()}); after != before {
				t.Errorf("state changed from %s to %s", before, after)
			}
		})
	}
}

func TestControl_Health_NeedsNoSignature(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	apitest.MustControl(t, e, "GET", "health", "", nil)
	if calls := e.Journal(); len(calls) != 0 {
		t.Errorf("control requests are in the journal: %+v", calls)
	}
}

func TestControl_ClearedJournal_CountsFromZero(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.MustPlace(t, e, circuit, nil)
	apitest.MustControl(t, e, "DELETE", "journal", "", nil)
	if calls := e.Journal(); len(calls) != 0 {
		t.Errorf("still there: %+v", calls)
	}
	apitest.Call(t, e, apitest.DescribeRegions, nil)
	if e.CallCount(apitest.DescribeRegions) != 1 || e.CallCount(apitest.PlaceOrder) != 0 {
		t.Errorf("journal %+v", e.Journal())
	}
	apitest.ExpectOrders(t, e, 1) // The orders stay.
}

func TestControl_EndsSessions(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	var session apitest.Session
	apitest.Call(t, e, "AssumeRole", apitest.AssumeRole).Decode(t, &session)
	apitest.MustControl(t, e, "DELETE", "sessions", "", nil)
	got := apitest.CallAs(t, e, session.Credential(), apitest.Params{"Action": apitest.DescribeRegions})
	apitest.ExpectCode(t, got, 404, "InvalidAccessKeyId.NotFound")
}

func TestControl_EveryRoute_IsServed(t *testing.T) {
	t.Parallel()
	server, _, circuit := apitest.Serve(t, emulator.StartTLS)
	e := server.Emulator
	order := apitest.MustPlace(t, e, circuit, nil)
	for _, route := range emulator.ControlRoutes() {
		id := circuit.ID
		if strings.HasPrefix(route.Path, "orders/") {
			id = order.ID
		}
		path := strings.NewReplacer("{region}", apitest.Region, "{id}", id).Replace(route.Path)
		if got := apitest.Control(t, e, route.Method, path, route.Body); got.Status == http.StatusNotFound || got.Status == http.StatusMethodNotAllowed {
			t.Errorf("%s %s: HTTP %d %s", route.Method, path, got.Status, got.Body)
		}
	}
}

func TestControl_EveryDurationOfAQuirk_IsAText(t *testing.T) {
	t.Parallel()
	var quirks emulator.Quirks
	fields := reflect.ValueOf(&quirks).Elem()
	durations := 0
	for i := range fields.NumField() {
		if _, is := fields.Field(i).Interface().(time.Duration); is {
			durations++
			fields.Field(i).SetInt(int64(time.Duration(durations) * time.Minute))
		}
	}
	e := emulator.New(emulator.Options{Quirks: quirks})
	got := apitest.Control(t, e, "GET", "quirks", "")
	if found := strings.Count(got.Body, `m0s"`); found != durations {
		t.Errorf("%d of %d durations are texts in %s", found, durations, got.Body)
	}
	apitest.MustControl(t, e, "PUT", "quirks", got.Body, nil)
	if e.Quirks() != quirks {
		t.Errorf("quirks %+v, want %+v", e.Quirks(), quirks)
	}
}
