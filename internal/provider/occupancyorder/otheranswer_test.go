package occupancyorder_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// The account could not pay. It is topped up, and the next apply follows at once.
func TestCreate_ToppedUpAfterCancelledOrders_OrdersAtOnceWithAnyClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-10 * time.Minute, 0, 10 * time.Minute} {
		for _, cancelled := range []int{1, 4} {
			for _, pause := range []time.Duration{0, 81 * time.Second} {
				t.Run(fmt.Sprint(ahead, cancelled, pause), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						h := newHistory(t, emulator.Quirks{})
						h.answered = func(resp *http.Response) {
							resp.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
						}
						h.server.SetBalance(1)
						for n := 1; n <= cancelled; n++ {
							messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.CancelledReturned)
							if got := len(h.server.Orders()); got != n {
								t.Fatalf("%d orders after %d applies", got, n)
							}
							time.Sleep(pause)
						}
						h.server.TopUp(1_000_000_00)
						before := h.server.CallCount(orderAction)
						diags := h.Apply(paid())
						if diags.HasError() || messagetest.Has(diags, message.CancelledReturned) {
							t.Fatal(diags)
						}
						h.wantOrders(cancelled+1, before+cancelled+1)
						last := h.server.Orders()[cancelled]
						if h.Object.String("order_id") != last.ID || last.Status != emulator.OrderPaid {
							t.Errorf("order %s in the state, %+v", h.Object.String("order_id"), last)
						}
						// The provider uses a wrong clock only if that is the safe choice.
						if origin := h.recordOf(h.Object).Source; ahead <= 0 && origin != order.Placed {
							t.Errorf("origin %s", origin)
						}
					})
				})
			}
		}
	}
}

func TestCreate_NoMoneyAndAClockAhead_PlacesOneOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.answered = func(resp *http.Response) {
			resp.Header.Set("Date", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
		}
		h.server.SetBalance(1)
		messagetest.WantKinds(t, h.Apply(paid()).Errors(), message.CancelledReturned)
		h.wantOrders(1, 1)
	})
}

// The server places the order, and returns the ID of another circuit's order.
func TestCreate_AnswerWithTheOrderOfAnotherCircuit_IsReported(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]emulator.OrderStatus{"cancelled": emulator.OrderCancelled, "paid": emulator.OrderPaid, "unpaid": emulator.OrderUnpaid} {
		for _, instance := range []string{"pc-other", "i-1"} {
			t.Run(name+" "+instance, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
					other := h.server.AddOtherOrder(emulator.Order{
						CircuitID: instance, Region: "cn-hangzhou", ProductCode: "pconn", Status: status, CreatedAt: h.server.Now().Add(-48 * time.Hour),
					})
					h.server.AddFault(emulator.Fault{
						Action: orderAction, Kind: emulator.RawBody, After: true, Times: -1, Body: fmt.Sprintf(`{"RequestId":"R","Data":{"OrderId":%q}}`, other.ID),
					})
					diags := h.Apply(paid("auto_pay", false))
					h.wantOrders(1, 1)
					if diags.HasError() || h.Object.String("order_id") != other.ID {
						t.Fatalf("an answer is never lost:\n%s", diags)
					}
					messagetest.WantKinds(t, diags.Warnings(), message.OrderAdopted, message.OrderForOther)
					messagetest.WantValues(t, diags.Warnings(), instance)
					if payment := h.Object.String("payment_status"); payment != "" {
						t.Errorf("payment_status %q is that of the other order", payment)
					}
					plan, diags := h.Plan(paid("auto_pay", false), coretest.Options{})
					if plan.Action != coretest.NoOp || diags.HasError() {
						t.Errorf("%s:\n%s", plan.Action, diags)
					}
					messagetest.WantKinds(t, diags.Warnings(), message.OrderForOther)
					h.wantOrders(1, 1)
				})
			})
		}
	}
}

func TestCreate_SpentToken_GivesANewOneThatOrders(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config coretest.Values
		spent  string
	}{
		"the default token": {paid(), order.DefaultToken("cn-hangzhou", circuitID)},
		"a typed token":     {paid("client_token", "my-own"), "my-own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{EnableDelay: time.Hour})
				h.server.AddFault(emulator.Fault{
					Action: orderAction, Where: map[string]string{"ClientToken": test.spent}, HTTPStatus: 403, Code: "IdempotentFailed", Message: "The previous request failed.", Times: -1,
				})
				var token string
				for range 2 { // The same from every run.
					errs := h.Apply(test.config).Errors()
					messagetest.WantKinds(t, errs, message.OrderRefused)
					messagetest.WantValues(t, errs, "IdempotentFailed")
					token = printed(t, errs, printedToken)
					if want := order.TokenAfter(test.spent, "IdempotentFailed"); token != want {
						t.Errorf("the message gives %s, want %s", token, want)
					}
				}
				h.wantOrders(0, 2)
				h.MustApply(paid("client_token", token))
				h.wantOrders(1, 3)
			})
		})
	}
}

func TestCreate_UnknownCodeWithOrders_NamesThem(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{"Brand.New": 400, "Other.Code": 403, "Third.One": 404, "InvalidParameter.OfTomorrow": 409} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.server.AddFault(emulator.Fault{Action: orderAction, HTTPStatus: status, Code: code, Message: "What is this?", Times: -1})
				diags := h.Apply(paid())
				messagetest.WantKinds(t, diags.Errors(), message.OrderRefused)
				messagetest.WantValues(t, diags.Errors(), code)
				if text := strings.ToLower(diags.String()); strings.Contains(text, "nothing was ordered") || strings.Contains(text, "nothing was bought") {
					t.Errorf("more is said than is known:\n%s", diags)
				}
				h.wantOrders(0, 1)
			})
		})
	}
}
