package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// snapshot holds the values before a step that the invariants need.
type snapshot struct {
	requests int
	orders   int
	cancels  int
	calls    int
	runs     int // the number of processes before the first one of the step
	objects  [2]*coretest.Object
}

func (w *world) snapshot() snapshot {
	return snapshot{
		requests: w.server.CallCount(orderAction),
		orders:   len(w.server.Orders()),
		cancels:  w.server.CallCount(cancelAction),
		calls:    len(w.server.Journal()),
		runs:     len(w.runs),
		objects:  [2]*coretest.Object{w.machines[0].object, w.machines[1].object},
	}
}

// check checks the invariants after a step.
func (w *world) check(before snapshot, s step, o outcome) error {
	w.noteDenials(before)
	w.noteStates(before, s, o)
	return errors.Join(
		w.neverTwice(before),
		w.neverLost(before, s, o),
		w.neverBySurprise(before, s, o),
		w.neverSilent(before, s, o),
		w.stateIsCorrect(),
	)
}

// isCancelled reports whether the order of an object is cancelled and billing shows it.
func (w *world) isCancelled(object *coretest.Object) bool {
	order, ok := w.order(object.String("order_id"))
	shown := order.StatusAt(w.server.Now().Add(-w.server.Quirks().BillingLag))
	return ok && shown == emulator.OrderCancelled && !w.dark && object.String("payment_status") != "Paid"
}

// neverLost checks that an order leaves the state only by a destroy or for another
// circuit, that a successful apply saves one, and that the provider taints none.
func (w *world) neverLost(before snapshot, s step, o outcome) error {
	for i, m := range w.machines {
		old := before.objects[i]
		if m.object != nil && m.object.Tainted && (old == nil || !old.Tainted) && s.kind != taint {
			return fmt.Errorf("never lost: order %s of machine %d is tainted", m.object.String("order_id"), i)
		}
		allowed := i == s.machine && (s.kind == loseState || s.kind == destroy && !o.diags.HasError() || replaces(o.action) && w.moved(old, o))
		allowed = allowed || old != nil && i == s.machine && w.isCancelled(old)
		allowed = allowed || s.kind == overlap // each machine has its own plan
		if old != nil && !allowed && m.object.String("order_id") != old.String("order_id") {
			return fmt.Errorf("never lost: machine %d had order %s and has %q", i, old.String("order_id"), m.object.String("order_id"))
		}
	}
	m := w.machines[s.machine]
	if (o.action == coretest.Create || replaces(o.action)) && !o.killed && !o.diags.HasError() {
		order, ok := w.order(m.object.String("order_id"))
		if !ok || order.CircuitID != o.config["physical_connection_id"] {
			return fmt.Errorf("never lost: a successful apply saved order %q", m.object.String("order_id"))
		}
	}
	if o.killed || s.kind == overlap || s.kind == arrive {
		return nil // The result is lost, or each machine has its own.
	}
	return w.savesAnswers(w.server.Journal()[before.calls:], [2]int{0, len(w.runs)}, m.object, o.diags)
}

// savesAnswers checks that an object has each order whose ID calls have returned to some processes,
// from the first to before the second.
func (w *world) savesAnswers(calls []emulator.Call, processes [2]int, object *coretest.Object, diags coretest.Diagnostics) error {
	for _, call := range calls {
		run, sent := w.senderOf(call)
		if !sent || run < processes[0] || run >= processes[1] || !hasAnswer(call) {
			continue
		}
		order, ok := w.order(call.OrderID)
		if saved := object.String("order_id"); ok && order.Status != emulator.OrderCancelled && saved != order.ID {
			return fmt.Errorf("never lost: the API returned order %s, and the state has %q:\n%s", order.ID, saved, diags)
		}
	}
	return nil
}

// hasAnswer reports whether a call has returned an order ID, and no fault has damaged the answer.
func hasAnswer(call emulator.Call) bool {
	return call.Action == orderAction && call.HTTPStatus == http.StatusOK && call.Code == "" && call.Fault == "" && call.OrderID != ""
}

func replaces(action coretest.Action) bool {
	return action == coretest.Replace || action == coretest.CreateThenForget
}

// moved reports whether the configuration has another circuit than the old object.
func (w *world) moved(old *coretest.Object, o outcome) bool {
	return old != nil && o.config["physical_connection_id"] != old.String("physical_connection_id")
}

// neverBySurprise checks that an apply sends an order only if its plan shows it, and never
// replaces an order of the same circuit.
func (w *world) neverBySurprise(before snapshot, s step, o outcome) error {
	// A slow request of an earlier step may still arrive, for another circuit or with a token
	// that a user set.
	made := map[string]int{}
	for _, order := range w.server.Orders()[before.orders:] {
		if _, sent := w.runOf(order); w.typed[order.ClientToken] || !sent || s.kind == overlap {
			continue
		}
		if made[order.CircuitID]++; made[order.CircuitID] > 1 {
			return fmt.Errorf("never twice: several new orders for %s by %s", order.CircuitID, s)
		}
	}
	if err := w.onlyOwnCancellations(before, s); err != nil {
		return err
	}
	sent := w.server.CallCount(orderAction) - before.requests
	if sent == 0 || s.kind == overlap || s.kind == arrive {
		return nil
	}
	if o.action != coretest.Create && !replaces(o.action) {
		return fmt.Errorf("never by surprise: %d order requests by %s with plan %q", sent, s, o.action)
	}
	if old := before.objects[s.machine]; old != nil && !w.moved(old, o) && !w.isCancelled(old) {
		return fmt.Errorf("never by surprise: %d order requests for %s, whose order %s was in the state", sent, old.String("physical_connection_id"), old.String("order_id"))
	}
	return nil
}

// onlyOwnCancellations checks that a step cancels only the order of its machine, and only
// with cancel_unpaid_on_destroy.
func (w *world) onlyOwnCancellations(before snapshot, s step) error {
	acting := []*coretest.Object{before.objects[s.machine]}
	if s.kind == overlap {
		acting = before.objects[:]
	}
	seen := 0
	for _, call := range w.server.Journal() {
		if call.Action != cancelAction {
			continue
		}
		if seen++; seen <= before.cancels {
			continue
		}
		if !slices.ContainsFunc(acting, func(old *coretest.Object) bool {
			return old.Bool("cancel_unpaid_on_destroy") && call.Params["OrderId"] == old.String("order_id")
		}) {
			return fmt.Errorf("never by surprise: order %s is cancelled by %s without cancel_unpaid_on_destroy", call.Params["OrderId"], s)
		}
	}
	return nil
}

// neverSilent checks that every diagnostic has a summary and a detail, and shows no secret.
// If an order exists outside the state, the error must name it, its token or the console,
// or must be about this run only.
func (w *world) neverSilent(before snapshot, s step, o outcome) error {
	text := o.diags.String()
	if strings.Contains(text, emulator.DefaultCredential.AccessKeySecret) || strings.Contains(text, "Signature=") {
		return fmt.Errorf("never silent: a diagnostic shows a secret:\n%s", text)
	}
	for _, d := range o.diags {
		if d.Summary == "" || d.Detail == "" {
			return fmt.Errorf("never silent: a diagnostic without a text: %q, %q", d.Summary, d.Detail)
		}
	}
	if o.action != coretest.Create || o.killed || !o.diags.HasError() || w.machines[s.machine].object != nil {
		return nil
	}
	circuit, _ := o.config["physical_connection_id"].(string)
	token, typed := o.config["client_token"].(string)
	if !typed {
		token = order.DefaultToken(acctest.Region, circuit)
	}
	for _, call := range w.server.Journal()[before.calls:] {
		sender, _ := w.senderOf(call)
		if sender >= before.runs && // not a slow request of an earlier step
			call.Action == orderAction && w.isNew(before, call.OrderID) && strings.Contains(text, "othing was ordered") {
			return fmt.Errorf("never silent: the error says that nothing was ordered, and order %s was placed:\n%s", call.OrderID, text)
		}
	}
	order, ok := w.orderOf(circuit)
	named := messagetest.Has(o.diags, message.OrdersUnchecked) || slices.ContainsFunc(
		[]string{"import {", token, "othing was ordered", "Orders in the console"},
		func(part string) bool { return strings.Contains(text, part) })
	if ok && order.ClientToken == token && !named {
		return fmt.Errorf("never silent: order %s for %s exists, and the error does not help to find it:\n%s", order.ID, circuit, text)
	}
	return nil
}

// stateIsCorrect checks that the state has the arguments with which an order was placed. It
// checks nothing if the API ignores changed parameters.
func (w *world) stateIsCorrect() error {
	if w.server.Quirks().IgnoreParameterMismatch {
		return nil
	}
	for i, m := range w.machines {
		if m.object == nil || m.object.String("request_id") == "" {
			continue
		}
		order, ok := w.order(m.object.String("order_id"))
		if !ok {
			return fmt.Errorf("state is correct: machine %d has order %q, which does not exist", i, m.object.String("order_id"))
		}
		if order.CircuitID != m.object.String("physical_connection_id") || order.Params["PricingCycle"] != m.object.String("pricing_cycle") ||
			cmp.Or(order.Params["Period"], "0") != strconv.FormatInt(m.object.Int("period"), 10) {
			return fmt.Errorf("state is correct: order %s was placed with %v; the state has %s, period %d, %s",
				order.ID, order.Params, m.object.String("physical_connection_id"), m.object.Int("period"), m.object.String("pricing_cycle"))
		}
	}
	return nil
}

// isNew reports whether an order was placed since a snapshot.
func (w *world) isNew(before snapshot, id string) bool {
	return slices.ContainsFunc(w.server.Orders()[before.orders:], func(o emulator.Order) bool { return o.ID == id })
}

func (w *world) order(id string) (emulator.Order, bool) {
	for _, order := range w.server.Orders() {
		if order.ID == id {
			return order, true
		}
	}
	return emulator.Order{}, false
}

// recover removes the faults and follows the messages until the plan is empty. That must
// always succeed.
func (w *world) recover(ctx context.Context, i int) error {
	w.server.ClearFaults()
	w.server.SetBalance(emulator.Unlimited)
	m := w.machines[i]
	var before, last string // messages
	for range 8 {
		w.server.Advance(2 * time.Minute)
		began := w.snapshot()
		result, err := w.apply(ctx, m, m.config, run{interrupt: -1})
		if err != nil {
			return err
		}
		if err := w.check(began, step{kind: apply, machine: i}, result); err != nil {
			return err
		}
		if !result.diags.HasError() {
			made, _, diags, err := w.plan(ctx, m, m.config, coretest.Options{}, 0)
			if err != nil || made.Action != coretest.NoOp || diags.HasError() {
				return fmt.Errorf("recover: after a clean apply machine %d plans %q: %w\n%s", i, made.Action, err, diags)
			}
			return nil
		}
		before, last = last, result.diags.Errors().String()
		if err := w.follow(ctx, m, result.diags.Errors(), before); err != nil {
			return err
		}
	}
	return fmt.Errorf("recover: machine %d cannot resolve:\n%s", i, last)
}

// typeToken copies the client token of a message to the configuration.
func (w *world) typeToken(m *machine, text string) {
	_, token, _ := strings.Cut(text, "client_token = \"")
	token, _, _ = strings.Cut(token, "\"")
	w.typed[token] = true
	m.config = maps.Clone(m.config)
	m.config["client_token"] = token
}

// keepOne cancels all orders of the circuit but one, and imports that one. A tainted order
// is untainted first.
func (w *world) keepOne(ctx context.Context, m *machine) error {
	if m.object != nil && m.object.Tainted {
		w.happen(m, step{kind: untaint})
		return nil
	}
	kept, _ := w.orderOf(circuitOf(m))
	for _, order := range w.server.Orders() {
		if order.CircuitID == kept.CircuitID && order.ID != kept.ID {
			_ = w.server.CancelOrder(order.ID) // Only an unpaid order can be cancelled.
		}
	}
	result, err := w.importOrder(ctx, m, 0, false)
	if err != nil || result.diags.HasError() {
		return fmt.Errorf("recover: the import fails: %w\n%s", err, result.diags)
	}
	m.config = configOf(kept)
	return nil
}

// live reports whether the console shows an order of the circuit that is not cancelled.
func (w *world) live(circuit string) bool {
	_, ok := w.orderOf(circuit)
	return ok
}

// follow follows the next step of an error. before is the message of the apply before.
func (w *world) follow(ctx context.Context, m *machine, errs coretest.Diagnostics, before string) error {
	text, is := errs.String(), func(kinds ...message.Kind) bool {
		return slices.ContainsFunc(kinds, func(k message.Kind) bool { return messagetest.Has(errs, k) })
	}
	exist := is(message.OrderExists, message.OrdersExist)
	switch {
	case m.object != nil && m.object.Tainted && is(message.OrderInState, message.TaintRefused, message.CircuitEnabled):
		w.happen(m, step{kind: untaint})
	case strings.Contains(text, "terraform apply -refresh-only"):
		if _, err := w.refresh(ctx, m, 0); err != nil {
			return err
		}
	case is(message.CancelFailed):
		w.server.Advance(w.server.Quirks().BillingLag) // "run the same command again", later
	case m.object != nil && strings.Contains(text, "set physical_connection_id back to"):
		m.config = configIn(m.object)
	case exist && w.live(circuitOf(m)):
		return w.keepOne(ctx, m)
	case exist:
		w.server.Advance(w.server.Quirks().BillingLag) // "apply again in some minutes"
	case is(message.CancelledReturned) && strings.Contains(text, "cancelled before this apply"), is(message.OrderRefused) && strings.Contains(text, "IdempotentFailed"),
		is(message.CancelledReturned, message.OrderMayExist) && strings.Contains(text, "client_token = ") && text == before,
		is(message.TokenUsed) && strings.Contains(text, "no other so far") && !w.live(circuitOf(m)):
		w.typeToken(m, text)
	case m.object != nil && is(message.ChangeRefused):
		m.config = configIn(m.object)
	case m.object != nil && is(message.WrongImport):
		m.config = configFor(m.object.String("physical_connection_id"))
	case !is(message.CircuitEnabled) && !strings.Contains(text, "exists already") && (strings.Contains(text, "lan again") || strings.Contains(text, "pply again")):
	case is(message.TokenUsed):
		// If no order of this circuit has the token, it belongs to another circuit.
		m.config = configFor(circuitOf(m))
		for _, order := range w.server.Orders() {
			if order.CircuitID == circuitOf(m) && order.ClientToken != "" && strings.Contains(text, order.ClientToken) {
				m.config = configOf(order)
			}
		}
	case strings.Contains(text, "emove client_token"):
		m.config = maps.Clone(m.config)
		delete(m.config, "client_token")
	case strings.Contains(text, "import"):
		result, err := w.importOrder(ctx, m, 0, false)
		if err != nil || result.diags.HasError() {
			return fmt.Errorf("recover: the import fails: %w\n%s", err, result.diags)
		}
		if order, ok := w.orderOf(circuitOf(m)); ok {
			m.config = configOf(order)
		}
	}
	return nil
}
