package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// clockStep is the time of one step of the clock. It is longer than tokenWindow, which is
	// longer than all applies. The lag of billing is two steps.
	clockStep   = time.Hour
	tokenWindow = 45 * time.Minute
	lagSteps    = 2
	// ageUnit is the exactness of ages in a fingerprint. Retries take a random time.
	ageUnit = 10 * time.Minute
)

// sendFaults are the faults of an order request and of its answer. The API gives the same
// answer until the run ends, or only once.
var sendFaults = []emulator.Fault{
	{Action: orderAction, Kind: emulator.Reset, Times: -1},
	{Action: orderAction, Kind: emulator.Reset, Times: -1, After: true},
	{Action: orderAction, Kind: emulator.AnswerError, Code: "InternalError", After: true},
	{Action: orderAction, Kind: emulator.AnswerError, Code: "InternalError", After: true, Times: -1},
	{Action: orderAction, Kind: emulator.AnswerError, Code: "InvalidPrice.NotFound"},
}

// disturbance describes what happens to a request.
func (s step) disturbance() string {
	if s.point != notKilled {
		return ", and is killed " + string(s.point)
	}
	if s.fault.Kind == "" {
		return ""
	}
	text := fmt.Sprintf(", and meets %s %s", s.fault.Kind, s.fault.Code)
	if s.fault.After {
		text += " after the commit"
	}
	if s.fault.Times < 0 {
		text += " in every try"
	}
	return text
}

// bound limits the histories of a search: the number of runs, and what their disturbances cost.
type bound struct{ runs, cost int }

// A request that meets a fault or a crash costs 1. An event, which can happen at more places,
// costs 2.
const faultCost, eventCost = 1, 2

// without returns what is left of the bound after a step.
func (b bound) without(s step) bound {
	if s.held {
		b.runs--
	}
	switch {
	case s.kind == apply, s.kind == arrive:
	case s.kind != resume:
		b.cost -= eventCost
	case s.point != notKilled, s.fault.Kind != "":
		b.cost -= faultCost
	}
	return b
}

// left returns what is left of the bound after a history.
func (b bound) left(h history) bound {
	for _, s := range h.steps {
		b = b.without(s)
	}
	return b
}

func (b bound) isOver() bool { return b.runs < 0 || b.cost < 0 }

// isWithin reports whether all histories within b are also within other.
func (b bound) isWithin(other bound) bool {
	return b.runs <= other.runs && b.cost <= other.cost
}

// moves returns the steps that are possible now.
func (w *world) moves(left bound) []step {
	var steps []step
	for machine := range w.machines {
		if machine == 1 && w.describe(0) == w.describe(1) {
			break // The steps of the other machine lead to the same states.
		}
		if w.held[machine] != nil {
			steps = append(steps, sends(machine)...)
		} else {
			steps = append(steps, w.commands(machine)...)
		}
	}
	if len(w.late) > 0 {
		steps = append(steps, step{kind: arrive})
	}
	steps = append(steps, w.events()...)
	return slices.DeleteFunc(steps, func(s step) bool { return left.without(s).isOver() })
}

// sends returns the ways in which a run that is held can continue.
func sends(machine int) []step {
	steps := []step{{kind: resume, machine: machine}}
	for _, point := range []killPoint{beforeSend, afterCommit, onTheWay} {
		steps = append(steps, step{kind: resume, machine: machine, point: point})
	}
	for _, fault := range sendFaults {
		steps = append(steps, step{kind: resume, machine: machine, fault: fault})
	}
	return steps
}

// commands returns the steps of a machine without a run.
func (w *world) commands(machine int) []step {
	m := w.machines[machine]
	kinds := []stepKind{apply}
	if m.object != nil {
		kinds = append(kinds, replace, destroy, keepOnDestroy)
		if m.object.Tainted {
			kinds = append(kinds, unrefreshed)
		}
	}
	var steps []step
	for _, kind := range kinds {
		steps = append(steps, step{kind: kind, machine: machine, held: true})
	}
	if m.object != nil {
		steps = append(steps, step{kind: loseState, machine: machine})
		if !m.object.Tainted {
			steps = append(steps, step{kind: taint, machine: machine})
		}
	}
	if m.config["period"] == 3 {
		steps = append(steps, step{kind: edit, machine: machine, argument: "period", value: 5})
	}
	if m.config["client_token"] == nil {
		steps = append(steps, step{kind: edit, machine: machine, argument: "client_token", value: deliberateToken})
	}
	return steps
}

// events returns the steps of persons and of the clock.
func (w *world) events() []step {
	steps := []step{{kind: consoleOrder, circuit: circuits[0]}}
	if len(w.server.Orders()) > 0 {
		steps = append(steps, step{kind: advance, after: clockStep})
	}
	for _, order := range w.server.Orders() {
		if order.Status == emulator.OrderUnpaid {
			return append(steps, step{kind: cancel}, step{kind: pay})
		}
	}
	return steps
}

// describe describes a machine, its state and its run.
func (w *world) describe(machine int) string {
	m, r := w.machines[machine], w.held[machine]
	text := fmt.Sprint(m.config)
	if o := m.object; o != nil {
		text += fmt.Sprint(o.Tainted, o.Deposed != nil, string(o.Private), o.Int("period"), o.String("request_id") != "")
		for _, name := range []string{"order_id", "payment_status", "client_token"} {
			text += " " + o.String(name)
		}
	}
	if r != nil {
		text += fmt.Sprint(r.step.kind, r.seen, r.hold.tokens, r.machine.config)
	}
	return text
}

// fingerprint identifies the state of the world. Worlds with the same fingerprint have the
// same future. The machines are alike, so their order does not matter.
func (w *world) fingerprint() string {
	machines := []string{w.describe(0), w.describe(1)}
	slices.Sort(machines)
	for _, r := range w.late {
		machines = append(machines, fmt.Sprint(r.hold.tokens, r.machine.config))
	}
	circuit, _ := w.server.Circuit(acctest.Region, circuits[0])
	return strings.Join(append(machines, w.orders(), circuit.Status), "\n")
}

// orders describes the orders, with their ages as far as these matter.
func (w *world) orders() string {
	var b strings.Builder
	now, longest := w.server.Now(), (lagSteps+1)*clockStep
	for _, order := range w.server.Orders() {
		fmt.Fprintln(&b, order.ClientToken, order.Status, order.Period, min(now.Sub(order.CreatedAt), longest).Round(ageUnit))
		if order.Status == emulator.OrderCancelled {
			fmt.Fprintln(&b, min(now.Sub(order.CancelledAt), longest).Round(ageUnit))
		}
	}
	return b.String()
}
