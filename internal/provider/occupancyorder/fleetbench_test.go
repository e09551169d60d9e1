package occupancyorder_test

import (
	"fmt"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// BenchmarkRefreshOfAFleet refreshes and plans one order of a fleet, in one process.
func BenchmarkRefreshOfAFleet(b *testing.B) {
	const size = 50
	server := emulator.New(emulator.Options{})
	var objects []*coretest.Object
	var configs []coretest.Values
	start, unlooked := benchmarkProcess(b, server), benchmarkProcessWith(b, server, false) // A look is paced.
	for i := range size {
		id := fmt.Sprintf("pc-fleet%02d", i)
		server.AddCircuit(emulator.Circuit{ID: id})
		config := paid("physical_connection_id", id)
		plan, diags, err := unlooked().Plan(b.Context(), nil, config, coretest.Options{})
		if err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
		object, diags, err := unlooked().Apply(b.Context(), plan, config)
		if err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
		server.ChangeCircuit("cn-hangzhou", id, func(c *emulator.Circuit) { c.Status = "Enabled" })
		objects, configs = append(objects, object), append(configs, config)
	}
	process := start()
	for i, object := range objects { // The amounts are read once.
		refreshed, _, err := process.Refresh(b.Context(), object)
		if err != nil {
			b.Fatal(err)
		}
		objects[i] = refreshed
	}
	i := 0
	for b.Loop() {
		refreshed, _, err := process.Refresh(b.Context(), objects[i])
		if err != nil {
			b.Fatal(err)
		}
		plan, diags, err := process.Plan(b.Context(), refreshed, configs[i], coretest.Options{})
		if err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
		if plan.Action != coretest.NoOp {
			b.Fatal(plan.Action)
		}
		if i++; i == size {
			i, process = 0, start()
		}
	}
}
