package account_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestAddCircuit_CanBeOrdered(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	first, second := e.AddCircuit(emulator.Circuit{}), e.AddCircuit(emulator.Circuit{})
	if first.ID == second.ID || first.Region != "cn-hangzhou" || first.Status != "Confirmed" ||
		first.LOAStatus != "Complete" || first.BusinessStatus != "Normal" || !first.CreationTime.Equal(apitest.Start) {
		t.Errorf("circuits %+v and %+v", first, second)
	}
	filled := apitest.FilledCircuit(t)
	if got, want := apitest.JSON(t, e.AddCircuit(filled)), apitest.JSON(t, filled); got != want {
		t.Errorf("a default has replaced a value: got %s, want %s", got, want)
	}
	if len(e.Circuits()) != 3 {
		t.Errorf("%d circuits, want 3", len(e.Circuits()))
	}
}

func TestAddCircuit_SameID_ReplacesTheFirst(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Name: "first"})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Name: "second"})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Region: "cn-beijing", Name: "third"})
	if all := e.Circuits(); len(all) != 2 || all[0].Name != "second" || all[1].Name != "third" {
		t.Errorf("circuits %+v", all)
	}
}

func TestCircuits_ReturnsCopies(t *testing.T) {
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

func TestChangeCircuit_KeepsRegionAndID(t *testing.T) {
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

func TestRemoveCircuit_KeepsItsOrder(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	apitest.Order(t, e, circuit, nil).OrderID(t)
	e.RemoveCircuit(circuit.Region, circuit.ID)
	if _, found := e.Circuit(circuit.Region, circuit.ID); found {
		t.Error("the circuit is still there")
	}
	apitest.ExpectCode(t, apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "other"}), 404, "InvalidPhysicalConnectionId.NotFound")
	apitest.ExpectOrders(t, e, 1)
}
