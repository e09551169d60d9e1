package emulator_test

import (
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// filledCircuit returns a circuit with another value in every field.
func filledCircuit(t *testing.T) emulator.Circuit {
	t.Helper()
	var c emulator.Circuit
	fields := reflect.ValueOf(&c).Elem()
	for i := range fields.NumField() {
		switch field := fields.Field(i); field.Interface().(type) {
		case string:
			field.SetString("value-of-" + fields.Type().Field(i).Name)
		case int64:
			field.SetInt(int64(900000 + i))
		case bool:
			field.SetBool(true)
		case time.Time:
			field.Set(reflect.ValueOf(start.AddDate(i, 0, 0)))
		case []emulator.MacsecKey:
			c.MacsecKeys = []emulator.MacsecKey{{CAK: "cak", CipherSuite: "suite", CKN: "ckn", StartOn: "soon", Status: "key-status"}}
		case map[string]string:
			c.Tags = map[string]string{"tag-key": "tag-value"}
		default:
			t.Fatalf("field %s has a type that this test does not know", fields.Type().Field(i).Name)
		}
	}
	return c
}

// markers returns how the values of filledCircuit look in an answer.
func markers(c emulator.Circuit) []string {
	texts := []string{`"cak"`, `"suite"`, `"ckn"`, `"soon"`, `"key-status"`, `"tag-key"`, `"tag-value"`, `:true`}
	fields := reflect.ValueOf(c)
	for i := range fields.NumField() {
		switch value := fields.Field(i).Interface().(type) {
		case string:
			if fields.Type().Field(i).Name != "Region" { // Not part of the answer.
				texts = append(texts, fmt.Sprintf("%q", value))
			}
		case int64:
			texts = append(texts, strconv.FormatInt(value, 10))
		case time.Time:
			texts = append(texts, fmt.Sprintf("%q", value.Format(time.RFC3339)))
		}
	}
	return texts
}

func TestAddedCircuitWaitsForItsPayment(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: fixedClock})
	first, second := e.AddCircuit(emulator.Circuit{}), e.AddCircuit(emulator.Circuit{})
	if first.ID == second.ID || first.Region != "cn-hangzhou" || first.Status != "Confirmed" ||
		first.LOAStatus != "Complete" || first.BusinessStatus != "Normal" || !first.CreationTime.Equal(start) {
		t.Errorf("circuits %+v and %+v", first, second)
	}
	filled := filledCircuit(t)
	if got, want := printed(t, e.AddCircuit(filled)), printed(t, filled); got != want {
		t.Errorf("a default has replaced a value: got %s, want %s", got, want)
	}
	if len(e.Circuits()) != 3 {
		t.Errorf("%d circuits, want 3", len(e.Circuits()))
	}
}

func TestCircuitAddedAgainReplacesTheFirst(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Name: "first"})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Name: "second"})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Region: "cn-beijing", Name: "third"})
	if all := e.Circuits(); len(all) != 2 || all[0].Name != "second" || all[1].Name != "third" {
		t.Errorf("circuits %+v", all)
	}
}

func TestCircuitsHandedOutAreCopies(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	tags := map[string]string{"env": "test"}
	added := e.AddCircuit(emulator.Circuit{Tags: tags})
	tags["env"] = "changed"
	added.Tags["env"] = "changed"
	read, _ := e.Circuit(added.Region, added.ID)
	read.Tags["env"] = "changed"
	var kept map[string]string
	e.ChangeCircuit(added.Region, added.ID, func(c *emulator.Circuit) { kept = c.Tags })
	kept["env"] = "changed"
	if c, _ := e.Circuit(added.Region, added.ID); c.Tags["env"] != "test" {
		t.Error("the stored circuit was changed from outside")
	}
}

func TestChangeKeepsTheIdentityOfACircuit(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	circuit := e.AddCircuit(emulator.Circuit{})
	changed := e.ChangeCircuit(circuit.Region, circuit.ID, func(c *emulator.Circuit) {
		c.ID, c.Region, c.Status = "pc-other", "cn-beijing", "Allocated"
	})
	if c, found := e.Circuit(circuit.Region, circuit.ID); !changed || !found || c.Status != "Allocated" {
		t.Errorf("circuit %+v, %t", c, found)
	}
	if e.ChangeCircuit(circuit.Region, "pc-unknown", func(*emulator.Circuit) { t.Error("called") }) {
		t.Error("an unknown circuit was changed")
	}
}

func TestRemovedCircuitIsUnknownButItsOrderStays(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	e.RemoveCircuit(circuit.Region, circuit.ID)
	if _, found := e.Circuit(circuit.Region, circuit.ID); found {
		t.Error("the circuit is still there")
	}
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "other"})), 404, "InvalidPhysicalConnectionId.NotFound")
	expectOrders(t, e, 1)
}
