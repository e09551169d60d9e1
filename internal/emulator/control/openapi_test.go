package control_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// description is the part of an OpenAPI description that the tests read.
type description struct {
	Paths map[string]map[string]struct {
		Parameters  []struct{ Name string }
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	Items      *schema
	Properties map[string]any
}

// names returns the names of the properties, also of the elements of an array.
func (d description) names(s schema) []string {
	for s.Items != nil {
		s = *s.Items
	}
	if s.Ref != "" {
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return apitest.SortedKeys(s.Properties)
}

func served(t *testing.T) (description, string) {
	t.Helper()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	var d description
	got := apitest.Control(t, e, "GET", "openapi.json", "")
	got.Decode(t, &d)
	return d, got.Body
}

func TestOpenAPI_DescribesExactlyTheRoutes(t *testing.T) {
	t.Parallel()
	d, _ := served(t)
	var described, want []string
	for path, operations := range d.Paths {
		for method, operation := range operations {
			described = append(described, strings.ToUpper(method)+" "+path)
			if params := regexp.MustCompile(`\{`).FindAllString(path, -1); len(params) != len(operation.Parameters) {
				t.Errorf("%s %s: parameters %+v", method, path, operation.Parameters)
			}
		}
	}
	for _, route := range emulator.ControlRoutes() {
		want = append(want, route.Method+" "+emulator.ControlPrefix+route.Path)
	}
	slices.Sort(described)
	slices.Sort(want)
	if !slices.Equal(described, want) {
		t.Errorf("described %q, want %q", described, want)
	}
}

func TestOpenAPI_FileOfTheRepository_IsTheServedOne(t *testing.T) {
	t.Parallel()
	_, text := served(t)
	file, err := os.ReadFile(filepath.Join("..", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	if string(file) != text {
		t.Error("internal/emulator/openapi.json is out of date: run make generate")
	}
}

func TestOpenAPI_EveryReference_LeadsToASchema(t *testing.T) {
	t.Parallel()
	d, text := served(t)
	references := regexp.MustCompile(`"\$ref": "#/components/schemas/([A-Za-z]+)"`).FindAllStringSubmatch(text, -1)
	if len(references) < 20 {
		t.Fatalf("%d references", len(references))
	}
	for _, reference := range references {
		if len(d.Components.Schemas[reference[1]].Properties) == 0 {
			t.Errorf("there is no schema %s", reference[1])
		}
	}
}

// The statuses and the names of all members of the answers and examples are as described.
func TestOpenAPI_AnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	d, _ := served(t)
	server, _, circuit := apitest.Serve(t, emulator.StartTLS)
	order := apitest.MustPlace(t, server.Emulator, circuit, nil)
	circuit.EndTime = apitest.Start
	for _, route := range emulator.ControlRoutes() {
		if strings.HasSuffix(route.Path, "/cancel") || strings.HasPrefix(route.Path, "ca.") || strings.HasPrefix(route.Path, "openapi") {
			continue // The order is paid by then; no JSON; any JSON.
		}
		server.AddCircuit(circuit) // An earlier route has removed it.
		id := circuit.ID
		if strings.HasPrefix(route.Path, "orders/") {
			id = order.ID
		}
		path := strings.NewReplacer("{region}", circuit.Region, "{id}", id, "{token}", "t").Replace(route.Path)
		body := map[string]string{
			"a `Circuit`": `{}`, "the fields to change": `{"Status":"Confirmed"}`, "an `Order`": `{}`, "`Quirks`": `{}`, "a `Fault`": `{"Skip":99}`,
			"a `ConsoleOrder`": `{"Region":"` + circuit.Region + `","CircuitID":"` + circuit.ID + `"}`,
		}[route.Body]
		if body == "" {
			body = route.Body
		}
		operation := d.Paths[emulator.ControlPrefix+route.Path][strings.ToLower(route.Method)]
		d.expectNames(t, route.Path+" request", body, operation.RequestBody.Content["application/json"].Schema)
		got := apitest.Control(t, server.Emulator, route.Method, path, body)
		answer, described := operation.Responses[strconv.Itoa(got.Status)]
		if !described {
			t.Errorf("%s %s: the status %d of %s is not described", route.Method, route.Path, got.Status, got.Body)
			continue
		}
		d.expectNames(t, route.Path, got.Body, answer.Content["application/json"].Schema)
	}
}

// expectNames checks that a JSON object, or the objects of an array, have only described names.
func (d description) expectNames(t *testing.T, about, text string, s schema) {
	t.Helper()
	if text == "" {
		return
	}
	var objects []map[string]any
	if json.Unmarshal([]byte(text), &objects) != nil {
		objects = make([]map[string]any, 1)
		if err := json.Unmarshal([]byte(text), &objects[0]); err != nil {
			t.Fatalf("%s: %v", about, err)
		}
	}
	for _, object := range objects {
		for _, name := range apitest.SortedKeys(object) {
			if !slices.Contains(d.names(s), name) {
				t.Errorf("%s: %s is not described", about, name)
			}
		}
	}
}
