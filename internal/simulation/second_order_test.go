package simulation

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/model"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// begun describes a process of the provider.
type begun struct {
	// at is when the process began, or listed orders for the last time before it sent one.
	// orders is the number of orders at that time.
	at     time.Time
	orders int
	dark   bool // The process could not read billing.
	reads  bool // It plans, refreshes or imports, and must not order.
	sent   bool // It has sent an order request.
}

// neverTwice checks that a circuit has at most one live order, unless a user set the token
// that orders on purpose. There are no exceptions for the provider's own tokens while the
// API remembers every token of the circuit, and none for all orders if billing shows them.
// Other second orders are known limits, which are counted.
func (w *world) neverTwice(before snapshot) error {
	orders := w.server.Orders()
	for i, order := range orders {
		if _, sent := w.runOf(order); i < before.orders || !sent {
			continue
		}
		if !w.typed[order.ClientToken] && !w.isAllowedToken(order) {
			return fmt.Errorf("never twice: order %s for %s has the token %q, which no run may send", order.ID, order.CircuitID, order.ClientToken)
		}
		for _, other := range orders[:i] {
			if other.CircuitID != order.CircuitID || !liveAt(other, order.CreatedAt) || isOnPurpose(order, other) {
				continue
			}
			if limit := w.limitOf(order, other, orders[:i]); limit != "" {
				w.limits = append(w.limits, limit)
				continue
			}
			return fmt.Errorf("never twice: order %s for %s, although %s was live (placed %s, %s)", order.ID, order.CircuitID, other.ID, other.CreatedAt, other.Status)
		}
	}
	return nil
}

// isOnPurpose reports whether a user set the token that orders in addition to the other order.
func isOnPurpose(o, other emulator.Order) bool {
	return o.ClientToken == order.TokenAfter(order.DefaultToken(o.Region, o.CircuitID), other.ID)
}

func liveAt(order emulator.Order, at time.Time) bool {
	return order.Status != emulator.OrderCancelled || order.CancelledAt.After(at)
}

// limitOf returns the name of the known limit at which a second order was placed: why the client
// token did not repeat the other order, and why the search did not show it. It is empty if
// something could prevent the order.
func (w *world) limitOf(order, other emulator.Order, earlier []emulator.Order) string {
	run, sent := w.runOf(order)
	otherRun, otherSent := w.runOf(other)
	if !sent || otherSent && run == otherRun {
		return ""
	}
	var cause string
	switch {
	case w.typed[order.ClientToken], w.typed[other.ClientToken]:
		cause = model.TypedToken
	case !otherSent:
		cause = model.ConsoleOrder
	case !w.remembers(order, order.CreatedAt, earlier), !w.remembers(other, order.CreatedAt, earlier):
		cause = model.ForgottenToken
	default:
		return ""
	}
	begun, placed := w.runs[run], slices.IndexFunc(earlier, func(o emulator.Order) bool { return o.ID == other.ID })
	quirks := w.server.Quirks()
	switch {
	case begun.dark:
		return model.LimitName(cause, model.Unreadable)
	case placed >= begun.orders:
		return model.LimitName(cause, model.Overlap)
	case other.CreatedAt.Add(quirks.BillingLag).After(begun.at):
		return model.LimitName(cause, model.Lagging)
	case quirks.UnnamedUnpaidRows >= max(1, quirks.SubOrders) && other.StatusAt(begun.at.Add(-quirks.BillingLag)) == emulator.OrderUnpaid:
		return model.LimitName(cause, model.Unnamed)
	default:
		return ""
	}
}

// remembers reports whether the API remembered, at a time, the client token of an order and those
// of the cancelled orders that lead to it from the default token.
func (w *world) remembers(o emulator.Order, at time.Time, earlier []emulator.Order) bool {
	if window := w.server.Quirks().TokenWindow; window > 0 && at.Sub(o.CreatedAt) >= window {
		return false
	}
	for _, before := range earlier {
		if before.ClientToken != "" && order.TokenAfter(before.ClientToken, before.ID) == o.ClientToken {
			return w.remembers(before, at, earlier)
		}
	}
	return true
}

// runOf returns the run whose request placed the order. It is false for an order of the console.
func (w *world) runOf(order emulator.Order) (run int, sent bool) {
	for _, call := range w.server.Journal() {
		if call.Action == orderAction && call.OrderID == order.ID {
			return w.senderOf(call)
		}
	}
	return 0, false
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

// recordRun records the begin of a run, and whether the API has forgotten a token by then.
func (w *world) recordRun(reads bool) (index int) {
	orders, now, window := w.server.Orders(), w.server.Now(), w.server.Quirks().TokenWindow
	w.mu.Lock()
	defer w.mu.Unlock()
	w.runs = append(w.runs, begun{at: now, orders: len(orders), dark: w.dark, reads: reads})
	w.windowEnded = w.windowEnded || window > 0 && slices.ContainsFunc(orders, func(o emulator.Order) bool {
		return o.ClientToken != "" && now.Sub(o.CreatedAt) >= window
	})
	return len(w.runs) - 1
}

// recordRequest records the request of a run, by its nonce.
func (w *world) recordRequest(run int, action, nonce string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.senders[nonce] = run
	begun := &w.runs[run]
	switch {
	case action == orderAction:
		begun.sent = true
	case action == "QueryOrders" && !begun.sent:
		begun.at, begun.orders = w.server.Now(), len(w.server.Orders())
	}
}

// senderOf returns the run that sent a request.
func (w *world) senderOf(call emulator.Call) (run int, sent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	run, sent = w.senders[call.Params["SignatureNonce"]]
	return run, sent
}

// noteDenials records which runs could not read billing, by the answers of billing.
func (w *world) noteDenials(before snapshot) {
	for _, call := range w.server.Journal()[before.calls:] {
		denied := call.Code == "Forbidden.RAM" || call.Code == "NoPermission"
		if run, sent := w.senderOf(call); sent && denied && (call.Action == "QueryOrders" || call.Action == "GetOrderDetail") {
			w.runs[run].dark = true
		}
	}
}

// onlyAppliesOrder checks that no plan, refresh or import has ordered.
func (w *world) onlyAppliesOrder() error {
	if slices.ContainsFunc(w.runs, func(b begun) bool { return b.reads && b.sent }) {
		return errors.New("never by surprise: a plan, a refresh or an import has sent an order request")
	}
	return nil
}
