package simulation

import (
	"context"
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// heldRun is an apply that waits after its search for orders and before its send.
type heldRun struct {
	machine *machine
	hold    *hold
	ended   chan struct{}
	result  outcome
	err     error
}

// overlap plays two or three runs on two machines. Each of them searches for orders before
// any of them sends. If two runs use one machine, it keeps the state of the second one.
func (w *world) overlap(ctx context.Context, s step) (outcome, error) {
	machines := []*machine{w.machines[s.machine], w.machines[1-s.machine]}
	if s.third {
		machines = append(machines, w.machines[s.machine])
	}
	var runs []*heldRun
	for _, m := range machines {
		copied := *m
		r := &heldRun{machine: &copied, hold: newHold(), ended: make(chan struct{})}
		go func() {
			defer close(r.ended)
			r.result, r.err = w.apply(ctx, r.machine, r.machine.config, run{interrupt: -1, held: r.hold})
		}()
		select {
		case <-r.hold.reached:
		case <-r.ended:
		}
		runs = append(runs, r)
	}
	for _, between := range s.between {
		w.happen(w.machines[between.machine], between)
	}
	order := slices.Clone(runs)
	if !s.first {
		slices.Reverse(order)
	}
	for _, r := range order {
		close(r.hold.released)
		<-r.ended
	}
	var diags coretest.Diagnostics
	for i, r := range runs {
		if r.err != nil {
			return outcome{}, r.err
		}
		machines[i].object = r.machine.object
		diags = append(diags, r.result.diags...)
	}
	return outcome{action: coretest.Create, config: coretest.Values{}, diags: diags, killed: true}, nil
}
