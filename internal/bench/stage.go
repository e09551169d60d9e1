package main

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// stage is where the two providers are measured.
type stage struct {
	floor, ours *contender
	// sample is a circuit in service, whose order the state of ours holds.
	sample emulator.Circuit
}

// newStage installs both providers and lets each place one order.
func newStage(ctx context.Context, dir string, cli acctest.CLI) (*stage, error) {
	st := &stage{}
	var err error
	if st.floor, err = newContender(ctx, cli, filepath.Join(dir, "floor"), "./internal/bench/floor"); err != nil {
		return nil, err
	}
	if st.ours, err = newContender(ctx, cli, filepath.Join(dir, "ours"), "."); err != nil {
		return nil, err
	}
	if err := st.floor.learn(ctx, nil); err != nil {
		return nil, err
	}
	server, err := st.serve(operation{place, 1}, 0) //nolint:contextcheck // It lives until Close.
	if err != nil {
		return nil, err
	}
	defer func() { _ = server.Close() }()
	if err := st.ours.learn(ctx, server); err != nil {
		return nil, err
	}
	st.sample = server.Circuits()[0]
	return st, nil
}

// serve starts an emulator with the circuits of the operation: paid and in service,
// or waiting for their order. It admits as many calls as the API does.
func (st *stage) serve(o operation, latency time.Duration) (*emulator.Server, error) {
	server, err := emulator.Start(emulator.Options{Latency: latency, Quirks: emulator.Quirks{EnableDelay: -1, CallQuota: 300}})
	if err != nil {
		return nil, err
	}
	for i := range o.orders {
		var circuit emulator.Circuit
		if o.kind == refresh {
			circuit = st.sample
		}
		circuit.ID, circuit.Region = circuitID(i), acctest.Region
		server.AddCircuit(circuit)
	}
	return server, nil
}

// measure runs an operation with the floor and, at each latency, with ours: once to
// warm up and to see the memory, which would disturb the clock, and then repeatedly,
// in turn, back and forth.
func (st *stage) measure(ctx context.Context, o operation, latencies []time.Duration, repeats int) ([]row, error) {
	if o.kind == schemaLoad {
		latencies = latencies[:1] // It asks nobody.
	}
	rows := make([]row, len(latencies))
	for i, latency := range latencies {
		rows[i] = row{operation: o, latency: latency}
	}
	if err := st.warmUp(ctx, o, rows); err != nil {
		return nil, err
	}

	var floor []time.Duration
	turns := []func() error{func() error {
		if err := st.floor.prepare(o); err != nil {
			return err
		}
		took, err := st.floor.run(ctx, nil, o.arguments()...)
		floor = append(floor, took)
		return err
	}}
	for i := range rows {
		r := &rows[i]
		turns = append(turns, func() error {
			return st.against(r, func(server *emulator.Server) error { //nolint:contextcheck // The server has none.
				took, err := st.ours.run(ctx, server, o.arguments()...)
				r.ours = append(r.ours, took)
				return err
			})
		})
	}
	for range repeats {
		for _, turn := range turns {
			if err := turn(); err != nil {
				return nil, err
			}
		}
		slices.Reverse(turns)
	}
	for i := range rows {
		rows[i].floor = floor
	}
	return rows, nil
}

// warmUp runs an operation once for each row, and notes the memory.
func (st *stage) warmUp(ctx context.Context, o operation, rows []row) error {
	if err := st.floor.prepare(o); err != nil {
		return err
	}
	floorMemory, err := st.floor.peakMemory(ctx, nil, o)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		r.floorMemory = floorMemory
		err := st.against(r, func(server *emulator.Server) (err error) { //nolint:contextcheck // The server has none.
			r.memory, err = st.ours.peakMemory(ctx, server, o)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// against lets ours ask an emulator of its own, and notes the calls.
func (st *stage) against(r *row, ask func(*emulator.Server) error) error {
	if err := st.ours.prepare(r.operation); err != nil {
		return err
	}
	server, err := st.serve(r.operation, r.latency)
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	err = ask(server)
	r.calls = append(r.calls, server.Journal())
	return err
}
