package occupancyorder_test

import (
	"cmp"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const orderAction = "CreatePhysicalConnectionOccupancyOrder"

func TestCreate_KnownCode_IsExplainedWithRequestID(t *testing.T) {
	t.Parallel()
	for _, family := range apierror.Families() {
		for _, spelling := range family.Spellings() {
			t.Run(spelling.Code, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{})
					text := cmp.Or(spelling.Message, "As the API says it.")
					h.server.AddFault(emulator.Fault{
						Action: orderAction, Times: -1, Kind: emulator.AnswerError,
						HTTPStatus: cmp.Or(spelling.HTTPStatus, 400), Code: spelling.Code, Message: text,
					})

					diags := h.Apply(paid())

					if len(diags.Errors()) != 1 {
						t.Fatalf("%d errors, want 1:\n%s", len(diags.Errors()), diags)
					}
					messagetest.WantValues(t, diags, circuitID, spelling.Code, text)
					var last emulator.Call
					for _, call := range h.server.Journal() {
						if call.Action == orderAction {
							last = call
						}
					}
					if family.Group != apierror.GroupWrongState {
						messagetest.WantValues(t, diags, last.RequestID)
					}
					if attribute := message.Explain(family).Attribute; attribute != "" && diags.Errors()[0].Attribute == nil {
						t.Errorf("the error is on no attribute, want %s", attribute)
					}
					if h.Object != nil {
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

func TestCreate_OtherSpellingOfACode_IsOfTheSameFamily(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status        int
		code, message string
		kind          message.Kind
	}{
		"UnpaidOrder":       {400, "OrderStatus.UnPaid", "", message.OrderRefused},
		"OtherArguments":    {400, "IdempotenceParamNotMatch", "", message.TokenUsed},
		"NoMoney":           {400, "Pay.InsufficientBalance", "", message.OrderRefused},
		"NoMoneyAsPrefixed": {400, "Order.not_enough_balance", "", message.OrderRefused},
		"SessionOver":       {400, "InvalidParameter", `The specified parameter "SecurityToken.Expired" is not valid.`, message.OrderRefused},
		"TokenSpent":        {403, "IdempotentFailed", "", message.OrderRefused},
		"NoSuchRegion":      {404, "InvalidRegionId.NotFound", "", message.OrderRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.AnswerError, HTTPStatus: test.status, Code: test.code, Message: test.message})

				diags := h.Apply(paid())

				messagetest.WantKinds(t, diags, test.kind)
				messagetest.WantValues(t, diags, test.code)
				h.wantOrders(0, 1)
			})
		})
	}
}

func TestCreate_EarlierRequestNotFinished_IsRetried(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"IdempotentProcessing", "Order.Pay.Processing", "idempotence_token_processing"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: orderAction, Times: 3, Kind: emulator.AnswerError, HTTPStatus: 403, Code: code})

				if diags := h.Apply(paid()); len(diags.Errors()) != 0 {
					t.Errorf("errors:\n%s", diags)
				}
				h.wantOrders(1, 4)
			})
		})
	}
}

func TestCreate_UnknownCode_IsShownUnchanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: orderAction, Kind: emulator.AnswerError, HTTPStatus: 409, Code: "Brand.NewCode", Message: "Never seen before."})

		diags := h.Apply(paid())

		messagetest.WantKinds(t, diags, message.OrderRefused)
		messagetest.WantValues(t, diags, "Brand.NewCode", "409")
		h.wantOrders(0, 1)
	})
}
