package occupancyorder_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// The benchmarks run in one process with the emulator in memory. They measure the provider
// and the framework, without CLI and network. Compare them on one machine only.

// benchmarkProcess starts the provider with a new emulator.
func benchmarkProcess(b *testing.B, server *emulator.Emulator) func() *coretest.Process {
	b.Helper()
	return benchmarkProcessWith(b, server, true)
}

func benchmarkProcessWith(b *testing.B, server *emulator.Emulator, billing bool) func() *coretest.Process {
	b.Helper()
	newProvider := provider.NewWithTransport("test", acctest.PipeTransport(b, server))
	return func() *coretest.Process {
		process, diags, err := coretest.Start(b.Context(), newProvider, occupancyorder.TypeName, coretest.Values{
			"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
			"endpoints": coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"}, "billing": billing,
		})
		if err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
		return process
	}
}

// BenchmarkStart starts and configures a provider, which every run does.
func BenchmarkStart(b *testing.B) {
	start := benchmarkProcess(b, emulator.New(emulator.Options{}))
	for b.Loop() {
		start()
	}
}

// BenchmarkOrder plans and applies a new order, each in an account of its own: a plan
// reads all recent orders of the account, at a limited pace.
func BenchmarkOrder(b *testing.B) {
	for b.Loop() {
		server := emulator.New(emulator.Options{})
		server.AddCircuit(emulator.Circuit{ID: circuitID})
		start := benchmarkProcess(b, server)
		plan, diags, err := start().Plan(b.Context(), nil, paid(), coretest.Options{})
		if err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
		if _, diags, err := start().Apply(b.Context(), plan, paid()); err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
	}
}

// BenchmarkRefreshAndPlan refreshes a placed order and plans it unchanged.
func BenchmarkRefreshAndPlan(b *testing.B) {
	server := emulator.New(emulator.Options{})
	server.AddCircuit(emulator.Circuit{ID: circuitID})
	start := benchmarkProcess(b, server)
	plan, diags, err := start().Plan(b.Context(), nil, paid(), coretest.Options{})
	if err != nil || diags.HasError() {
		b.Fatal(err, diags)
	}
	object, diags, err := start().Apply(b.Context(), plan, paid())
	if err != nil || diags.HasError() {
		b.Fatal(err, diags)
	}
	for b.Loop() {
		process := start()
		refreshed, _, err := process.Refresh(b.Context(), object)
		if err != nil {
			b.Fatal(err)
		}
		if _, diags, err := process.Plan(b.Context(), refreshed, paid(), coretest.Options{}); err != nil || diags.HasError() {
			b.Fatal(err, diags)
		}
	}
}
