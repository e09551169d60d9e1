package main

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// providers are the two providers to compare.
type providers struct {
	noop, real *installed
	// sample is a circuit in service. The state of the real provider has its order.
	sample emulator.Circuit
}

// installBoth installs both providers and lets each place one order.
func installBoth(ctx context.Context, dir string, cli acctest.CLI) (*providers, error) {
	p := &providers{}
	var err error
	if p.noop, err = install(ctx, cli, filepath.Join(dir, "noop"), "./internal/bench/noop"); err != nil {
		return nil, err
	}
	if p.real, err = install(ctx, cli, filepath.Join(dir, "real"), "."); err != nil {
		return nil, err
	}
	if err := p.noop.createSample(ctx, nil); err != nil {
		return nil, err
	}
	server, err := p.start(operation{place, 1}, 0) //nolint:contextcheck // It runs until Close.
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	if err := p.real.createSample(ctx, server); err != nil {
		return nil, err
	}
	p.sample = server.Circuits()[0]
	return p, nil
}

// start starts an emulator with the circuits of the operation: in service for a refresh,
// else payable. It has the quota of the API.
func (p *providers) start(o operation, latency time.Duration) (*emulator.Server, error) {
	server, err := emulator.Start(emulator.Options{Latency: latency, Quirks: emulator.Quirks{EnableDelay: -1, CallQuota: 300}})
	if err != nil {
		return nil, err
	}
	for i := range o.orders {
		var circuit emulator.Circuit
		if o.kind == refresh {
			circuit = p.sample
		}
		circuit.ID, circuit.Region = circuitID(i), acctest.Region
		server.AddCircuit(circuit)
	}
	return server, nil
}

// measure measures an operation with the no-op provider, and with the real provider at
// each latency. A first run of each reads the memory, which would disturb the times. Then
// the runs of both alternate.
func (p *providers) measure(ctx context.Context, o operation, latencies []time.Duration, repeats int) ([]row, error) {
	if o.kind == schemaLoad {
		latencies = latencies[:1] // It makes no API call.
	}
	noop := row{operation: o}
	rows := make([]row, len(latencies))
	runs := []func(measureRun) error{func(run measureRun) error {
		if err := p.noop.prepare(o); err != nil {
			return err
		}
		return run(p.noop, nil, &noop)
	}}
	for i, latency := range latencies {
		rows[i] = row{operation: o, latency: latency}
		runs = append(runs, func(run measureRun) error { return p.withEmulator(&rows[i], run) }) //nolint:contextcheck // The server has none.
	}
	all := func(run measureRun) error {
		for _, each := range runs {
			if err := each(run); err != nil {
				return err
			}
		}
		return nil
	}

	err := all(func(provider *installed, server *emulator.Server, r *row) (err error) {
		r.memory, err = provider.peakMemory(ctx, server, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	for range repeats {
		err := all(func(provider *installed, server *emulator.Server, r *row) error {
			took, err := provider.run(ctx, server, o.arguments...)
			r.times = append(r.times, took)
			return err
		})
		if err != nil {
			return nil, err
		}
		slices.Reverse(runs)
	}
	for i := range rows {
		rows[i].noopTimes, rows[i].noopMemory = noop.times, noop.memory
	}
	return rows, nil
}

// measureRun runs a provider once and adds the result to the row.
type measureRun func(provider *installed, server *emulator.Server, r *row) error

// withEmulator runs the real provider with a new emulator, and keeps the API calls.
func (p *providers) withEmulator(r *row, run measureRun) error {
	if err := p.real.prepare(r.operation); err != nil {
		return err
	}
	server, err := p.start(r.operation, r.latency)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	err = run(p.real, server, r)
	r.calls = append(r.calls, server.Journal())
	return err
}
