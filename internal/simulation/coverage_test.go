package simulation

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// rareState is a state that matters and that few histories meet.
type rareState string

// The rare states. A state that belongs to diagnostics is met if a step has one of them.
const (
	lostReplayed   rareState = "a lost answer: the request is repeated, and the API returns the same order"
	killedOrdered  rareState = "a run is killed after its order was placed"
	recoveredFirst rareState = "the order of a killed run is recovered without a request"
	recoveredAfter rareState = "an order whose answer was lost is recovered from billing"
	searchRefuses  rareState = "the search before an order finds one, and the apply refuses"
	searchSaves    rareState = "the API has forgotten the token, and only billing prevents a second order"
	searchFails    rareState = "billing cannot be searched, and nothing is ordered"
	unknownCode    rareState = "an unknown code refuses the order, and the apply fails"
	mayExist       rareState = "the order may exist, and its ID is not known"
	replaced       rareState = "a cancelled order is replaced"
	returned       rareState = "the API returns a cancelled order"
	otherParams    rareState = "the client token belongs to an order with other parameters"
	paidLate       rareState = "a payment is seen after the order"
	cancelledGone  rareState = "a cancelled order leaves the state"
	destroyCancels rareState = "a destroy cancels an unpaid order"
	cancelUnsure   rareState = "a destroy cannot cancel, and keeps the order"
	circuitGone    rareState = "the circuit of an order does not exist"
	lateCircuit    rareState = "the circuit changes between plan and apply"
)

// within is a number of histories that surely meet a state: about thirty times as many as it
// takes on average.
var within = map[rareState]uint64{
	lostReplayed:   700,
	killedOrdered:  400,
	recoveredFirst: 300,
	recoveredAfter: 10000,
	searchRefuses:  1700,
	searchSaves:    8000,
	searchFails:    6000,
	unknownCode:    20000,
	mayExist:       4000,
	replaced:       1000,
	returned:       5000,
	otherParams:    1200,
	paidLate:       1200,
	cancelledGone:  6000,
	destroyCancels: 2500,
	cancelUnsure:   5000,
	circuitGone:    900,
	lateCircuit:    600,
}

// shortForm is the number of histories of which even the short form surely meets the states
// that it checks. It ends sooner if it has met them.
const shortForm = 700

// shownBy are the diagnostics of a state.
var shownBy = map[rareState][]*regexp.Regexp{
	searchFails:    patterns(message.OrdersUnchecked),
	mayExist:       patterns(message.OrderMayExist, message.OrderProbablyExists),
	replaced:       patterns(message.ReplacesCancelled),
	returned:       patterns(message.CancelledReturned),
	otherParams:    patterns(message.TokenUsed),
	cancelledGone:  patterns(message.OrderCancelled),
	destroyCancels: patterns(message.CancelledNow),
	cancelUnsure:   patterns(message.CancelFailed),
	circuitGone:    patterns(message.CircuitGone),
	lateCircuit:    patterns(message.LateReplacement),
}

var (
	verb      = regexp.MustCompile(`%[a-z]`)
	exists    = patterns(message.OrderExists, message.OrdersExist)
	recovered = patterns(message.OrderAdopted)
)

// patterns returns patterns of the summaries of kinds, because a soak compares millions.
func patterns(kinds ...message.Kind) (all []*regexp.Regexp) {
	for _, kind := range kinds {
		all = append(all, regexp.MustCompile("^"+verb.ReplaceAllString(regexp.QuoteMeta(string(kind)), ".*")+"$"))
	}
	return all
}

func shows(diags coretest.Diagnostics, kinds []*regexp.Regexp) bool {
	return slices.ContainsFunc(kinds, func(kind *regexp.Regexp) bool {
		return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return kind.MatchString(d.Summary) })
	})
}

// coverage counts the histories that met each state.
type coverage struct {
	mu     sync.Mutex
	counts map[rareState]int
}

// add counts the states of a history.
func (c *coverage) add(met map[rareState]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[rareState]int{}
	}
	for state := range met {
		c.counts[state]++
	}
}

// isShort reports whether no history has met a state that the short form checks.
func (c *coverage) isShort() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for state, histories := range within {
		if histories <= shortForm && c.counts[state] == 0 {
			return true
		}
	}
	return false
}

// report prints how many histories met each state, and fails for a state that so many
// histories surely meet and that none of them met.
func (c *coverage) report(t *testing.T, played uint64) {
	t.Helper()
	rarest := func(a, b rareState) int { return cmp.Or(cmp.Compare(c.counts[b], c.counts[a]), cmp.Compare(a, b)) }
	for _, state := range slices.SortedFunc(maps.Keys(within), rarest) {
		t.Logf("%6d histories: %s", c.counts[state], state)
		if c.counts[state] == 0 && played >= within[state] {
			t.Errorf("none of %d histories meets the state: %s", played, state)
		}
	}
}

// noteStates notes the rare states that a step met.
func (w *world) noteStates(before snapshot, s step, o outcome) {
	sent := w.server.Journal()[before.calls:]
	sent = slices.DeleteFunc(sent, func(call emulator.Call) bool { return call.Action != orderAction })
	met := map[rareState]bool{
		lostReplayed:   isReplayed(sent),
		killedOrdered:  s.kind == crash && o.killed && len(w.server.Orders()) > before.orders,
		recoveredFirst: shows(o.diags, recovered) && len(sent) == 0,
		recoveredAfter: shows(o.diags, recovered) && len(sent) > 0 && s.kind != overlap,
		searchRefuses:  o.action == coretest.Create && shows(o.diags, exists),
		searchSaves:    w.isSaved(o),
		paidLate:       w.isPaidLate(before),
		unknownCode:    o.diags.HasError() && slices.ContainsFunc(sent, func(call emulator.Call) bool { return call.Code == "Never.SeenBefore" }),
	}
	for state, kinds := range shownBy {
		met[state] = shows(o.diags, kinds)
	}
	for state := range met {
		if met[state] {
			w.met[state] = true
		}
	}
}

// isReplayed reports whether a request received the order of an earlier one, whose answer a
// fault has damaged.
func isReplayed(sent []emulator.Call) bool {
	lost := map[string]bool{}
	for _, call := range sent {
		if call.OrderID != "" && call.Fault == "" && lost[call.OrderID] {
			return true
		}
		lost[call.OrderID] = lost[call.OrderID] || call.OrderID != "" && call.Fault != ""
	}
	return false
}

// isSaved reports whether billing has shown an order whose client token the API has
// forgotten, so that the same request would have placed a second one.
func (w *world) isSaved(o outcome) bool {
	window := w.server.Quirks().TokenWindow
	circuit, _ := o.config["physical_connection_id"].(string)
	order, live := w.orderOf(circuit)
	return o.action == coretest.Create && shows(o.diags, exists) && live && window > 0 && order.ClientToken != "" && w.server.Now().Sub(order.CreatedAt) >= window
}

// isPaidLate reports whether the state shows a payment for an order that it showed unpaid.
func (w *world) isPaidLate(before snapshot) bool {
	for i, m := range w.machines {
		old := before.objects[i]
		if m.object != nil && old != nil && old.String("order_id") == m.object.String("order_id") &&
			old.String("payment_status") == billing.Unpaid && m.object.String("payment_status") == billing.Paid {
			return true
		}
	}
	return false
}
