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
	orderLost,
	{Action: orderAction, Kind: emulator.AnswerError, Code: "InvalidPrice.NotFound"},
}

// The faults of the requests that read.
var (
	circuitsFail = emulator.Fault{Action: "DescribePhysicalConnections", Kind: emulator.AnswerError, Code: "InternalError", Times: -1}
	listsFail    = emulator.Fault{Action: "QueryOrders", Kind: emulator.AnswerError, Code: "InternalError", Times: -1}
	detailsFail  = emulator.Fault{Action: "GetOrderDetail", Kind: emulator.AnswerError, Code: "InternalError", Times: -1}
)

// orderLost loses the answer to every try of an order request.
var orderLost = emulator.Fault{Action: orderAction, Kind: emulator.AnswerError, Code: "InternalError", After: true, Times: -1}

// cancelAction is the action of the request that cancels an order.
const cancelAction = "CancelOrder"

// cancelFaults are the faults of a request that cancels an order.
var cancelFaults = []emulator.Fault{
	{Action: cancelAction, Kind: emulator.AnswerError, Code: "InternalError", Times: -1},
	{Action: cancelAction, Kind: emulator.Reset, Times: -1, After: true},
}

// disturbance describes what happens to a request.
func (s step) disturbance() string {
	if s.point != notKilled {
		return ", and is killed " + string(s.point)
	}
	var text string
	for _, f := range s.faults() {
		text += fmt.Sprintf(", and %s meets %s %s", f.Action, f.Kind, f.Code)
		if f.After {
			text += " after the commit"
		}
		if f.Times < 0 {
			text += " in every try"
		}
	}
	return text
}

func (s step) faults() []emulator.Fault {
	return slices.DeleteFunc([]emulator.Fault{s.fault, s.reads}, func(f emulator.Fault) bool { return f.Kind == "" })
}

// bound limits the histories of a search: the number of runs, and what happens to them.
type bound struct{ runs, cost int }

// A crash and an error of an order request cost 1. All else costs 2, because it is possible at
// more places.
const sendCost, otherCost = 1, 2

// without returns what is left of the bound after a step.
func (b bound) without(s step) bound {
	if s.held {
		b.runs--
	}
	if s.point != notKilled || s.fault.Action == orderAction {
		b.cost -= sendCost
	}
	for _, other := range []bool{s.kind != apply && s.kind != resume && s.kind != arrive, s.reads.Kind != "", s.dark, s.fault.Action == cancelAction} {
		if other {
			b.cost -= otherCost
		}
	}
	return b
}

// left returns what is left of the bound after a history.
func (b bound) left(h history) bound {
	if h.isRare() {
		b.cost -= otherCost
	}
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
	for i := range w.late {
		steps = append(steps, step{kind: arrive, late: i})
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
	return append(steps,
		step{kind: resume, machine: machine, reads: circuitsFail},
		step{kind: resume, machine: machine, reads: detailsFail},
		step{kind: resume, machine: machine, reads: listsFail, fault: orderLost},
		step{kind: resume, machine: machine, reads: detailsFail, fault: orderLost},
	)
}

// begins returns the ways in which an apply can begin.
func (w *world) begins(machine int) []step {
	steps := []step{
		{kind: apply, machine: machine, held: true},
		{kind: apply, machine: machine, held: true, reads: circuitsFail},
		{kind: apply, machine: machine, held: true, reads: listsFail},
	}
	if len(w.server.Orders()) > 0 {
		steps = append(steps, step{kind: apply, machine: machine, held: true, reads: detailsFail})
	}
	if !w.dark {
		steps = append(steps, step{kind: apply, machine: machine, held: true, dark: true})
	}
	return steps
}

// commands returns the steps of a machine without a run.
func (w *world) commands(machine int) []step {
	m := w.machines[machine]
	var kinds []stepKind
	if m.object != nil {
		kinds = append(kinds, replace, destroy, keepOnDestroy)
		if m.object.Tainted {
			kinds = append(kinds, unrefreshed)
		}
	}
	steps := w.begins(machine)
	for _, kind := range kinds {
		steps = append(steps, step{kind: kind, machine: machine, held: true})
	}
	if m.object == nil {
		steps = append(steps, step{kind: importOrder, machine: machine})
	} else {
		steps = append(steps, step{kind: loseState, machine: machine})
		local := taint
		if m.object.Tainted {
			local = untaint
		}
		steps = append(steps, step{kind: local, machine: machine})
	}
	if m.object != nil && m.object.Bool("cancel_unpaid_on_destroy") {
		for _, fault := range cancelFaults {
			steps = append(steps, step{kind: destroy, machine: machine, held: true, fault: fault})
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
		text += fmt.Sprint(o.Tainted, o.Deposed != nil, string(o.Private), o.Int("period"), o.String("request_id") != "", o.Bool("cancel_unpaid_on_destroy"))
		for _, name := range []string{"order_id", "payment_status", "client_token"} {
			text += " " + o.String(name)
		}
	}
	if r != nil {
		text += w.describeRun(r)
	}
	return text
}

func (w *world) describeRun(r *heldRun) string {
	return fmt.Sprint(r.step.kind, r.step.dark, w.age(r.begun), r.seen, r.hold.tokens, r.machine.config)
}

// age returns the age of something, as far as it matters.
func (w *world) age(at time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return min(w.server.Now().Sub(at), (lagSteps+1)*clockStep).Round(ageUnit)
}

// fingerprint identifies the state of the world. Worlds with the same fingerprint have the
// same future. The machines are alike, so their order does not matter.
func (w *world) fingerprint() string {
	machines := []string{w.describe(0), w.describe(1)}
	slices.Sort(machines)
	for _, r := range w.late {
		machines = append(machines, w.describeRun(r))
	}
	circuit, _ := w.server.Circuit(acctest.Region, circuits[0])
	return strings.Join(append(machines, w.orders(), circuit.Status), "\n")
}

// orders describes the orders, with their ages as far as these matter.
func (w *world) orders() string {
	var b strings.Builder
	for _, order := range w.server.Orders() {
		fmt.Fprintln(&b, order.ClientToken, order.Status, order.Period, w.age(order.CreatedAt), w.age(order.PaidAt), w.age(order.CancelledAt))
	}
	return b.String()
}
