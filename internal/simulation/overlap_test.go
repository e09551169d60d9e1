package simulation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// heldRun is an apply that waits before it first sends a client token.
type heldRun struct {
	step    step
	machine *machine // a copy: the state changes when the run ends
	hold    *hold
	runs    [2]int // its processes, from the first to before the second
	begun   time.Time
	seen    string // the orders at its begin
	ended   chan struct{}
	over    bool // It has ended.
	result  outcome
	err     error
}

// newRun begins a run. It returns when the run has searched for orders, or has ended.
func (w *world) newRun(ctx context.Context, s step) *heldRun {
	copied := *w.machines[s.machine]
	r := &heldRun{step: s, machine: &copied, hold: newHold(), begun: w.server.Now(), seen: w.orders(), ended: make(chan struct{})}
	r.runs[0] = len(w.runs)
	go func() {
		defer close(r.ended)
		r.result, r.err = w.command(ctx, r.machine, s, r.hold)
	}()
	r.await()
	r.runs[1] = len(w.runs)
	return r
}

func (r *heldRun) await() {
	select {
	case <-r.hold.reached:
	case <-r.ended:
		r.over = true
	}
}

// resume continues the run until it ends, or until it sends another token.
func (r *heldRun) resume(kill killPoint) {
	r.hold.resumed <- kill
	r.await()
}

// begin plays an apply until its first send.
func (w *world) begin(ctx context.Context, s step) (outcome, error) {
	if w.held[s.machine] != nil {
		return outcome{}, nil // The state is locked.
	}
	w.addFaults(s)
	defer w.server.ClearFaults()
	w.held[s.machine] = w.newRun(ctx, s)
	return w.progress(s.machine)
}

// resume continues the run of a machine, whose request meets the fault of the step.
func (w *world) resume(s step) (outcome, error) {
	r := w.held[s.machine]
	if r == nil {
		return outcome{}, nil
	}
	w.addFaults(s)
	defer w.server.ClearFaults()
	r.resume(s.point)
	return w.progress(s.machine)
}

func (w *world) addFaults(s step) {
	for _, f := range s.faults() {
		w.server.AddFault(f)
	}
}

// progress returns the result of a run, and saves its state, if it has ended.
func (w *world) progress(machine int) (outcome, error) {
	r := w.held[machine]
	if !r.over {
		return outcome{action: coretest.Create, config: r.machine.config, killed: true}, nil
	}
	w.held[machine], w.machines[machine].object = nil, r.machine.object
	if r.hold.late != nil {
		w.late = append(w.late, r)
	}
	return r.result, r.err
}

// arrive delivers a request that a killed run has left on the way.
func (w *world) arrive(s step) (outcome, error) {
	if s.late < len(w.late) {
		w.late[s.late].hold.late()
		w.late = slices.Delete(slices.Clone(w.late), s.late, s.late+1)
	}
	return outcome{}, nil
}

// abandon kills all runs that wait.
func (w *world) abandon() {
	for machine, r := range w.held {
		if r != nil {
			r.resume(beforeSend)
			_, _ = w.progress(machine) // Its result is lost.
		}
	}
}

// overlap plays two or three runs on two machines. Each of them searches for orders before
// any of them sends. If two runs use one machine, it keeps the state of the second one.
func (w *world) overlap(ctx context.Context, s step) (outcome, error) {
	machines := []int{s.machine, 1 - s.machine}
	if s.third {
		machines = append(machines, s.machine)
	}
	var runs []*heldRun
	for _, machine := range machines {
		runs = append(runs, w.newRun(ctx, step{kind: apply, machine: machine}))
	}
	for _, between := range s.between {
		w.happen(w.machines[between.machine], between)
	}
	order := slices.Clone(runs)
	if !s.first {
		slices.Reverse(order)
	}
	var diags coretest.Diagnostics
	for _, r := range order {
		for !r.over {
			r.resume(notKilled)
		}
		if err := cmp.Or(r.err, w.savesAnswers(w.server.Journal(), r.runs, r.machine.object, r.result.diags)); err != nil {
			return outcome{}, err
		}
	}
	for _, r := range runs {
		w.machines[r.step.machine].object = r.machine.object
		diags = append(diags, r.result.diags...)
	}
	return outcome{action: coretest.Create, config: coretest.Values{}, diags: diags, killed: true}, nil
}
