package simulation

import (
	"fmt"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/model"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// begun describes the begin of a run.
type begun struct {
	at     time.Time
	orders int  // at that time
	dark   bool // The run could not read billing.
}

// neverTwice checks that a circuit has at most one live order, unless a user set the token
// that orders on purpose. There are no exceptions for the provider's own tokens while the
// API remembers every token of the circuit, and none for all orders if billing shows them.
// Other second orders are known limits, which are counted.
func (w *world) neverTwice(before snapshot) error {
	orders := w.server.Orders()
	for i, order := range orders {
		if i < before.orders || order.ClientToken == "" {
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
	var cause string
	switch {
	case w.typed[order.ClientToken], w.typed[other.ClientToken]:
		cause = model.TypedToken
	case other.ClientToken == "":
		cause = model.ConsoleOrder
	case !w.remembers(order, order.CreatedAt, earlier), !w.remembers(other, order.CreatedAt, earlier):
		cause = model.ForgottenToken
	default:
		return ""
	}
	run, known := w.runOf(order)
	placed := slices.IndexFunc(earlier, func(o emulator.Order) bool { return o.ID == other.ID })
	quirks := w.server.Quirks()
	switch {
	case !known:
		return ""
	case run.dark:
		return model.LimitName(cause, model.Unreadable)
	case placed >= run.orders:
		return model.LimitName(cause, model.Overlap)
	case other.CreatedAt.Add(quirks.BillingLag).After(run.at):
		return model.LimitName(cause, model.Lagging)
	case quirks.UnnamedUnpaidRows >= max(1, quirks.SubOrders) && other.StatusAt(run.at.Add(-quirks.BillingLag)) == emulator.OrderUnpaid:
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

// runOf returns the run whose request placed the order.
func (w *world) runOf(order emulator.Order) (run begun, known bool) {
	for _, call := range w.server.Journal() {
		if sender, sent := w.senders[call.Params["SignatureNonce"]]; sent && call.OrderID == order.ID {
			return w.runs[sender], true
		}
	}
	return begun{}, false
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
func (w *world) recordRun() (index int) {
	orders, now, window := w.server.Orders(), w.server.Now(), w.server.Quirks().TokenWindow
	w.runs = append(w.runs, begun{now, len(orders), w.dark})
	w.windowEnded = w.windowEnded || window > 0 && slices.ContainsFunc(orders, func(o emulator.Order) bool {
		return o.ClientToken != "" && now.Sub(o.CreatedAt) >= window
	})
	return len(w.runs) - 1
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
