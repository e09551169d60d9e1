package emulator_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestARefusedChangeChangesNothing(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	e.AddCircuit(emulator.Circuit{ID: "pc-1", Tags: map[string]string{"a": "1"}, MacsecKeys: []emulator.MacsecKey{{CKN: "k"}}})
	got := control(t, e, "PATCH", "circuits/cn-hangzhou/pc-1", `{"Tags":{"a":"2","b":"3"},"MacsecKeys":[{"CKN":"other"}],"Statsu":"Enabled"}`)
	circuit, _ := e.Circuit("cn-hangzhou", "pc-1")
	if got.status != 400 || len(circuit.Tags) != 1 || circuit.Tags["a"] != "1" || circuit.MacsecKeys[0].CKN != "k" {
		t.Errorf("HTTP %d, circuit %+v", got.status, circuit)
	}
}
