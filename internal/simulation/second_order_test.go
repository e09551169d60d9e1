package simulation

import (
	"fmt"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// begun describes the begin of a run.
type begun struct {
	at     time.Time
	orders int  // at that time
	dark   bool // The run could not read billing.
}

// gap is a second live order that nothing could prevent.
type gap struct {
	order, other emulator.Order
	why          string
}

func (g gap) String() string {
	return fmt.Sprintf("order %s in addition to %s: %s", g.order.ID, g.other.ID, g.why)
}

// neverTwice checks that a circuit has at most one live order, unless a user set a client
// token. There are no exceptions for the provider's orders while the API remembers every
// token of the circuit, and none for all orders if billing shows them. Other second orders
// are known gaps, which are counted.
func (w *world) neverTwice(before snapshot) error {
	orders := w.server.Orders()
	for i, order := range orders {
		if i < before.orders || order.ClientToken == "" || w.typed[order.ClientToken] {
			continue
		}
		if !w.isAllowedToken(order) {
			return fmt.Errorf("never twice: order %s for %s has the token %q, which no run may send", order.ID, order.CircuitID, order.ClientToken)
		}
		for _, other := range orders[:i] {
			if other.CircuitID != order.CircuitID || w.typed[other.ClientToken] || !liveAt(other, order.CreatedAt) {
				continue
			}
			if why := w.excuse(order, other, orders[:i]); why != "" {
				w.gaps = append(w.gaps, gap{order, other, why})
				continue
			}
			return fmt.Errorf("never twice: order %s for %s, although %s was live (placed %s, %s)", order.ID, order.CircuitID, other.ID, other.CreatedAt, other.Status)
		}
	}
	return nil
}

func liveAt(order emulator.Order, at time.Time) bool {
	return order.Status != emulator.OrderCancelled || order.CancelledAt.After(at)
}

// excuse returns why nothing could prevent a second order, empty if something could.
func (w *world) excuse(order, other emulator.Order, earlier []emulator.Order) string {
	if other.ClientToken != "" && w.remembers(order, earlier) {
		return ""
	}
	run := w.runOf(order)
	placed := slices.IndexFunc(earlier, func(o emulator.Order) bool { return o.ID == other.ID })
	switch {
	case run.dark:
		return "billing could not be read"
	case placed >= run.orders:
		return "it was placed during the run"
	case other.CreatedAt.Add(w.server.Quirks().BillingLag).After(run.at):
		return "billing did not show it yet"
	default:
		return ""
	}
}

// remembers reports whether the API remembers every token that was sent for the circuit
// before the order was placed.
func (w *world) remembers(order emulator.Order, earlier []emulator.Order) bool {
	window := w.server.Quirks().TokenWindow
	for _, other := range earlier {
		if window > 0 && other.CircuitID == order.CircuitID && order.CreatedAt.Sub(other.CreatedAt) >= window {
			return false
		}
	}
	return true
}

// runOf returns the run whose request placed the order.
func (w *world) runOf(order emulator.Order) begun {
	sent := order.CreatedAt
	for _, call := range w.server.Journal() {
		if call.OrderID == order.ID {
			sent = call.Time
			break
		}
	}
	for _, run := range slices.Backward(w.runs) {
		if !run.at.After(sent) {
			return run
		}
	}
	return begun{dark: true}
}

// isAllowedToken reports whether the provider may send the token of the order: it is the
// default token of the circuit, or it follows an order that was cancelled before.
func (w *world) isAllowedToken(o emulator.Order) bool {
	if o.ClientToken == order.DefaultToken(acctest.Region, o.CircuitID) {
		return true
	}
	for _, first := range w.server.Orders() {
		if first.CircuitID == o.CircuitID && !liveAt(first, o.CreatedAt) && order.TokenAfter(first.ClientToken, first.ID) == o.ClientToken {
			return true
		}
	}
	return false
}

// begin records the begin of a run, and whether the API has forgotten a token by then.
func (w *world) begin() {
	orders, now, window := w.server.Orders(), w.server.Now(), w.server.Quirks().TokenWindow
	w.runs = append(w.runs, begun{now, len(orders), w.dark})
	w.windowEnded = w.windowEnded || window > 0 && slices.ContainsFunc(orders, func(o emulator.Order) bool {
		return o.ClientToken != "" && now.Sub(o.CreatedAt) >= window
	})
}

// noteDenials records which runs could not read billing, by the answers of billing.
func (w *world) noteDenials(before snapshot) {
	for _, call := range w.server.Journal()[before.calls:] {
		if billingActions[call.Action] && (call.Code == "Forbidden.RAM" || call.Code == "NoPermission") {
			for i := range w.runs {
				if i >= before.runs {
					w.runs[i].dark = true
				}
			}
		}
	}
}
