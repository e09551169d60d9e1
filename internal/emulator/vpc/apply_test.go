package vpc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestApply_SetsTheAttributes(t *testing.T) {
	t.Parallel()
	e, first := apitest.NewEmulator(emulator.Quirks{})
	id := applied(t, e, apitest.Params{
		"AccessPointId": "ap-cn-hangzhou-xs-A", "LineOperator": "CU", "Type": "VPC", "PortType": "10GBase-LR",
		"CircuitCode": "longtel001", "PeerLocation": "杭州", "RedundantPhysicalConnectionId": first.ID, "Name": "杭州-1",
		"Description": "the first line", "ResourceGroupId": "rg-1", "Tag.1.Key": "env", "Tag.1.Value": "test", "Tag.2.Key": "alone",
	})
	got, _ := e.Circuit(apitest.Region, id)
	want := emulator.Circuit{
		Region: apitest.Region, ID: id, Status: "Initial", BusinessStatus: "Normal", CreationTime: apitest.Start,
		Name: "杭州-1", Description: "the first line", Type: "VPC", ProductType: "PhysicalConnection", Spec: "10G", Bandwidth: 10000,
		AccessPointID: "ap-cn-hangzhou-xs-A", AccessPointType: "VPC", PeerLocation: "杭州", LineOperator: "CU",
		CircuitCode: "longtel001", PortType: "10GBase-LR", OrderMode: "PayByPhysicalConnectionOwner", ResourceGroupID: "rg-1",
		RedundantPhysicalConnectionID: first.ID, Tags: map[string]string{"env": "test", "alone": ""},
	}
	if got, want := apitest.JSON(t, got), apitest.JSON(t, want); got != want {
		t.Errorf("circuit %s, want %s", got, want)
	}
	plain, _ := e.Circuit(apitest.Region, applied(t, e, nil))
	if plain.PortType != "" || plain.Bandwidth != 1000 || plain.Spec != "1G" {
		t.Errorf("circuit %+v", plain)
	}
}

func TestApply_InvalidAttributes_AreRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	initial := e.AddCircuit(emulator.Circuit{Status: "Initial"})
	for code, changes := range map[string]apitest.Params{
		"MissingAccessPointId":                          {"AccessPointId": ""},
		"MissingLineOperator":                           {"LineOperator": ""},
		"InvalidType.Malformd":                          {"Type": "VBR"},
		"InvalidLineOperator.Malformd":                  {"LineOperator": "BT"},
		"InvalidPortType.Malformd":                      {"PortType": "1Base-T"},
		"InvalidBandwidth":                              {"bandwidth": "1"},
		"InvalidName.Malformed":                         {"Name": strings.Repeat("n", 129)},
		"InvalidDescription.Malformed":                  {"Description": "https://example.com"},
		"InvalidRedundantPhysicalConnectionId.NotFound": {"RedundantPhysicalConnectionId": "pc-unknown"},
		"InvalidRedundantPhysicalConnectionStatus":      {"RedundantPhysicalConnectionId": initial.ID},
	} {
		apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(changes)), http.StatusBadRequest, code)
	}
	for _, name := range []string{"x", "1-line", "http://line"} {
		apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(apitest.Params{"Name": name})), http.StatusBadRequest, "InvalidName.Malformed")
	}
	if circuits := e.Circuits(); len(circuits) != 2 {
		t.Errorf("%d circuits, want the 2 of the test", len(circuits))
	}
}

func TestApply_Bandwidth_CanBeThatOfThePort(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	id := applied(t, e, apitest.Params{"PortType": "40GBase-LR", "bandwidth": "40000"})
	if got, _ := e.Circuit(apitest.Region, id); got.Bandwidth != 40000 || got.Spec != "40G" {
		t.Errorf("circuit %+v", got)
	}
	apitest.ExpectCode(t, apitest.Call(t, e, modifyCircuit, on(id, apitest.Params{"bandwidth": "30000"})), 200, "")
	apitest.ExpectCode(t, apitest.Call(t, e, modifyCircuit, on(id, apitest.Params{"bandwidth": "40001"})), 400, "InvalidBandwidth")
	slower := apitest.Params{"PortType": "10GBase-LR", "bandwidth": "40000"}
	apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(slower)), 400, "InvalidBandwidth")
}

func TestModify_ChangesOnlyTheGivenAttributes(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	changes := apitest.Params{"Name": "renamed", "Description": "", "PeerLocation": "here", "PortType": "10GBase-T", "bandwidth": "200"}
	apitest.ExpectCode(t, apitest.Call(t, e, modifyCircuit, on(circuit.ID, changes)), 200, "")
	got, _ := e.Circuit(apitest.Region, circuit.ID)
	want := circuit
	want.Name, want.PeerLocation, want.PortType, want.Spec, want.Bandwidth = "renamed", "here", "10GBase-T", "10G", 200
	if got, want := apitest.JSON(t, got), apitest.JSON(t, want); got != want {
		t.Errorf("circuit %s, want %s", got, want)
	}
	apitest.ExpectCode(t, apitest.Call(t, e, modifyCircuit, on(circuit.ID, apitest.Params{"LineOperator": "BT"})), 400, "InvalidLineOperator.Malformd")
}

func TestApply_CircuitIsConstructedStepByStep(t *testing.T) {
	t.Parallel()
	for delay, step := range map[time.Duration]time.Duration{0: time.Second, time.Minute: time.Minute} {
		e, _ := apitest.NewEmulator(emulator.Quirks{ConstructionDelay: delay})
		id := applied(t, e, nil)
		for _, status := range []string{"Initial", "Approved", "Allocating", "Allocated", "Allocated"} {
			expectStatus(t, e, id, status)
			e.Advance(step - 1)
			expectStatus(t, e, id, status)
			e.Advance(1)
		}
	}
	e, _ := apitest.NewEmulator(emulator.Quirks{ConstructionDelay: -1})
	expectStatus(t, e, applied(t, e, nil), "Allocated")
}

func TestConstructionEnd_StopsTheConstruction(t *testing.T) {
	t.Parallel()
	for end, later := range map[string]string{
		"Initial": "Allocated", "Approved": "Allocated", "Allocating": "Allocated",
		"Rejected": "Rejected", "Allocation Failed": "Allocation Failed",
	} {
		e, _ := apitest.NewEmulator(emulator.Quirks{ConstructionEnd: end})
		id := applied(t, e, nil)
		e.Advance(time.Hour)
		expectStatus(t, e, id, end)
		e.SetQuirks(emulator.Quirks{})
		expectStatus(t, e, id, later)
	}
}

func TestModify_RejectedApplication_BecomesInitial(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{ConstructionEnd: "Rejected", ConstructionDelay: -1})
	id := applied(t, e, nil)
	expectStatus(t, e, id, "Rejected")
	e.SetQuirks(emulator.Quirks{})
	apitest.Call(t, e, modifyCircuit, on(id, apitest.Params{"PeerLocation": "elsewhere"}))
	expectStatus(t, e, id, "Initial")
	e.Advance(3 * time.Second)
	expectStatus(t, e, id, "Allocated")
}

func TestAddCircuit_IsNotConstructed(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	added := e.AddCircuit(emulator.Circuit{Status: "Initial"})
	changed, cancelled := applied(t, e, nil), applied(t, e, nil)
	e.ChangeCircuit(apitest.Region, changed, func(c *emulator.Circuit) { c.Status = "Approved" })
	apitest.Call(t, e, cancelCircuit, on(cancelled, nil))
	e.Advance(time.Hour)
	expectStatus(t, e, added.ID, "Initial")
	expectStatus(t, e, changed, "Approved")
	expectStatus(t, e, cancelled, "Canceled")
}

func TestApply_CircuitIDs_AreUnique(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Quirks: emulator.Quirks{ConstructionDelay: -1}})
	mine := e.AddCircuit(emulator.Circuit{ID: "pc-emu00000000000001", Region: "cn-beijing"})
	first := applied(t, e, nil)
	apitest.Call(t, e, deleteCircuit, on(first, nil))
	second := applied(t, e, nil)
	if first == mine.ID || first == second {
		t.Errorf("IDs %s, %s and %s", mine.ID, first, second)
	}
}
