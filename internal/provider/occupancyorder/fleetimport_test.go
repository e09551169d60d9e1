package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// A fleet was ordered on one day, so the search for one circuit finds the orders of all
// others.
const fleet = 60

// addFleet adds circuits that were just ordered elsewhere, and returns their IDs.
func (h *history) addFleet() []string {
	ids := make([]string, fleet)
	for i := range ids {
		ids[i] = fmt.Sprintf("pc-fleet%04d", i)
		h.server.AddCircuit(emulator.Circuit{ID: ids[i]})
		h.server.AddOtherOrder(emulator.Order{CircuitID: ids[i], Region: "cn-hangzhou", ProductCode: "pconn", Status: emulator.OrderUnpaid})
	}
	return ids
}

func TestImport_Fleet_NeedsOnlyItsCircuits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		ids := h.addFleet()
		process := h.start(t)
		atATime(fleet, func(i int) {
			object, diags, err := process.Import(t.Context(), "cn-hangzhou/"+ids[i])
			if err != nil || diags.HasError() || object.String("physical_connection_id") != ids[i] {
				t.Errorf("%s: %v\n%s", ids[i], err, diags)
			}
		})
		// For each order: its instances, the found order, and its payment.
		if calls := h.server.CallCount("GetOrderDetail"); calls > 3*fleet {
			t.Errorf("%d calls for %d imports", calls, fleet)
		}
	})
}

func TestCreate_LostResponseInAFleet_IsRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.addFleet()
		lostForGood(h)
		h.MustApply(paid())
		if order := h.server.Orders()[0].ID; h.Object.String("order_id") != order {
			t.Errorf("order %q, want %s", h.Object.String("order_id"), order)
		}
		h.wantOrders(1, 2)
	})
}
