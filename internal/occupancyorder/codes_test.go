package occupancyorder_test

import (
	"cmp"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

const orderAction = "CreatePhysicalConnectionOccupancyOrder"

func TestEveryKnownCodeIsExplainedWithRequestIDAndNextStep(t *testing.T) {
	t.Parallel()
	for _, family := range ordering.Families() {
		for _, spelling := range family.Spellings() {
			t.Run(spelling.Code, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{})
					message := cmp.Or(spelling.Message, "As the API says it.")
					h.server.AddFault(emulator.Fault{
						Action: orderAction, Times: -1, Kind: emulator.AnswerError,
						HTTPStatus: cmp.Or(spelling.HTTPStatus, 400), Code: spelling.Code, Message: message,
					})

					diags := h.apply(paid())

					if len(diags.Errors()) != 1 {
						t.Fatalf("%d errors, want 1:\n%s", len(diags.Errors()), diags)
					}
					wantText(t, diags, "Unable to place the occupancy order for "+circuitID, spelling.Code, message, "Next step")
					var last emulator.Call
					for _, call := range h.server.Journal() {
						if call.Action == orderAction {
							last = call
						}
					}
					if family.Group != ordering.GroupWrongState {
						wantText(t, diags, last.RequestID)
					}
					if family.Attribute != "" && diags.Errors()[0].Attribute == nil {
						t.Errorf("the error is on no attribute, want %s", family.Attribute)
					}
					if h.object != nil {
						t.Error("a refused order is in the state")
					}
					if orders := len(h.server.Orders()); orders != 0 {
						t.Errorf("orders at the emulator: %d, want none", orders)
					}
				})
			})
		}
	}
}

func TestAnUnknownCodePassesThroughWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.AnswerError, HTTPStatus: 409, Code: "Brand.NewCode", Message: "Never seen before."})

		diags := h.apply(paid())

		wantText(t, diags, "Brand.NewCode", "Never seen before.", "409", "Request ID")
		h.wantOrders(0, 1)
	})
}
