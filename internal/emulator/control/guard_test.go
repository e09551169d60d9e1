package control_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestControl_RefusedChange_ChangesNothing(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Tags: map[string]string{"a": "1"}, MacsecKeys: []emulator.MacsecKey{{CKN: "k"}}})
	got := apitest.Control(t, e, "PATCH", "circuits/cn-hangzhou/pc-1", `{"Tags":{"a":"2","b":"3"},"MacsecKeys":[{"CKN":"other"}],"Statsu":"Enabled"}`)
	circuit, _ := e.Circuit("cn-hangzhou", "pc-1")
	if got.Status != 400 || len(circuit.Tags) != 1 || circuit.Tags["a"] != "1" || circuit.MacsecKeys[0].CKN != "k" {
		t.Errorf("HTTP %d, circuit %+v", got.Status, circuit)
	}
}

func TestControl_ChangedTagsAndKeys_ReplaceTheEarlierOnes(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Tags: map[string]string{"a": "1"}, MacsecKeys: []emulator.MacsecKey{{CKN: "k", CAK: "secret"}}})
	var got emulator.Circuit
	apitest.MustControl(t, e, "PATCH", "circuits/cn-hangzhou/pc-1", `{"tags":{"b":"2"},"MacsecKeys":[{"CKN":"other"}]}`, &got)
	if len(got.Tags) != 1 || got.Tags["b"] != "2" || got.MacsecKeys[0] != (emulator.MacsecKey{CKN: "other"}) {
		t.Errorf("circuit %+v", got)
	}
	apitest.MustControl(t, e, "PATCH", "circuits/cn-hangzhou/pc-1", `{"Name":"renamed"}`, &got)
	if len(got.Tags) != 1 || len(got.MacsecKeys) != 1 {
		t.Errorf("circuit %+v", got)
	}
}

func TestControl_InvalidValues_AreRefused(t *testing.T) {
	t.Parallel()
	for name, request := range map[string][3]string{
		"misspelled outcome":             {"PUT", "quirks", `{"AutoPayOutcome":"Canceled"}`},
		"misspelled shortfall":           {"PUT", "quirks", `{"ShortfallOutcome":"unpaid"}`},
		"state in another spelling":      {"PUT", "quirks", `{"ConstructionEnd":"AllocationFailed"}`},
		"negative rows":                  {"PUT", "quirks", `{"SubOrders":-1}`},
		"too many rows":                  {"PUT", "quirks", `{"SubOrders":1000000000}`},
		"negative cancelled rows":        {"PUT", "quirks", `{"CancelledRows":-1}`},
		"negative unnamed rows":          {"PUT", "quirks", `{"UnnamedUnpaidRows":-1}`},
		"negative term":                  {"PUT", "quirks", `{"DefaultPeriod":-1}`},
		"term of centuries":              {"PUT", "quirks", `{"DefaultPeriod":1201}`},
		"order with unknown status":      {"POST", "other-orders", `{"Status":"Done"}`},
		"order with negative period":     {"POST", "other-orders", `{"Period":-1}`},
		"order of centuries":             {"POST", "other-orders", `{"Period":1201}`},
		"order with a huge price":        {"POST", "other-orders", `{"Price":{"Tax":"10000000000000.01"}}`},
		"negative quota":                 {"PUT", "quirks", `{"CallQuota":-1}`},
		"discount above 100":             {"PUT", "quirks", `{"DiscountPercent":101}`},
		"negative tax":                   {"PUT", "quirks", `{"TaxPercent":-1}`},
		"unknown action":                 {"POST", "faults", `{"Action":"CreatePhysicalConnectionOccupancyOrders","Kind":"Reset"}`},
		"status below 100":               {"POST", "faults", `{"HTTPStatus":99}`},
		"status 101":                     {"POST", "faults", `{"HTTPStatus":101}`},
		"status of four digits":          {"POST", "faults", `{"Kind":"RawBody","HTTPStatus":1000}`},
		"token spent without failure":    {"POST", "faults", `{"Kind":"Slow","SpendToken":true}`},
		"other order without its ID":     {"POST", "faults", `{"Kind":"OtherOrder"}`},
		"other order for another action": {"POST", "faults", `{"Kind":"OtherOrder","OrderID":"1","Action":"DescribeRegions"}`},
		"clock that goes backwards":      {"POST", "clock", `{"advance":"-1h"}`},
		"more than one value":            {"POST", "clock", `{"advance":"1h"}{"advance":"1h"}`},
		"text after the value":           {"PUT", "quirks", `{"RequireLOA":true} and so on`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			before := apitest.JSON(t, []any{e.Quirks(), e.Faults(), e.Now(), e.OtherOrders()})
			got := apitest.Control(t, e, request[0], request[1], request[2])
			if after := apitest.JSON(t, []any{e.Quirks(), e.Faults(), e.Now(), e.OtherOrders()}); got.Status != 400 || after != before {
				t.Errorf("HTTP %d %s\n%s, before %s", got.Status, got.Body, after, before)
			}
		})
	}
}

func TestControl_MissingBody_IsRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	if got := apitest.Control(t, e, "POST", "clock", ""); got.Status != 400 || !strings.Contains(got.Body, "body") {
		t.Errorf("HTTP %d %s", got.Status, got.Body)
	}
}

// A page in a browser can send requests to any address that the browser reaches.
func TestControl_PagesOfOtherOrigins_AreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header, value string
		status        int
	}{
		"another site":       {"Sec-Fetch-Site", "cross-site", 403},
		"another origin":     {"Origin", "https://example.com", 403},
		"the emulator's own": {"Origin", "http://emulator.test", 200},
		"no browser":         {"User-Agent", "curl/8", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			before := e.Now()
			url, body := "http://emulator.test"+emulator.ControlPrefix+"clock", strings.NewReader(`{"advance":"1h"}`)
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
			request.Header.Set(test.header, test.value)
			recorder := httptest.NewRecorder()
			e.ServeHTTP(recorder, request)
			if moved := !e.Now().Equal(before); recorder.Code != test.status || moved != (test.status == 200) {
				t.Errorf("HTTP %d %s, want %d; moved: %t", recorder.Code, recorder.Body, test.status, moved)
			}
		})
	}
}
