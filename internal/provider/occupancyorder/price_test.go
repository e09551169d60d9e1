package occupancyorder_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const priceAction = "GetSubscriptionPrice"

// priced returns a history whose plans show prices. A 1G port costs 85 a month.
func priced(t *testing.T, quirks emulator.Quirks) *history {
	t.Helper()
	h := newHistory(t, quirks)
	h.settings = coretest.Values{"plan_prices": true}
	return h
}

func TestPlan_NewOrder_ShowsItsPrice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks emulator.Quirks
		config coretest.Values
		values []string
	}{
		"charged":    {emulator.Quirks{}, paid(), []string{circuitID, "255.00 USD for 3 months", "charged by this apply"}},
		"to be paid": {emulator.Quirks{Currency: "CNY"}, paid("auto_pay", false, "period", 1, "pricing_cycle", "Year"), []string{"1020.00 CNY for 1 year", "in the console"}},
		"discounted": {emulator.Quirks{DiscountPercent: 20}, paid(), []string{"204.00 USD", "list price is 255.00 USD"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := priced(t, test.quirks)
				_, diags := h.Plan(test.config, coretest.Options{})
				messagetest.WantKinds(t, diags, message.PlannedPrice)
				messagetest.WantValues(t, diags, test.values...)
			})
		})
	}
}

func TestPlan_PriceThatCannotBeRead_IsNeitherAnErrorNorAWarning(t *testing.T) {
	t.Parallel()
	for name, prepare := range noPrice() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := priced(t, emulator.Quirks{})
				prepare(h)
				_, diags := h.Plan(paid(), coretest.Options{})
				if len(diags) != 0 {
					t.Errorf("%s", diags)
				}
				h.MustApply(paid())
				h.wantOrders(1, 1)
			})
		})
	}
}

// noPrice are ways in which the price of an order cannot be read, although billing answers.
func noPrice() map[string]func(h *history) {
	fault := func(fault emulator.Fault) func(h *history) {
		return func(h *history) {
			fault.Action, fault.Times = priceAction, -1
			h.server.AddFault(fault)
		}
	}
	return map[string]func(h *history){
		"no permission": fault(emulator.Fault{HTTPStatus: 403, Code: "NoPermission"}),
		"no price":      fault(emulator.Fault{HTTPStatus: 400, Code: "InvalidParameter"}),
		"down":          fault(emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable"}),
		"no answer":     fault(emulator.Fault{Kind: emulator.Hang}),
		"hostile":       fault(emulator.Fault{Kind: emulator.RawBody, Body: `{"Code":"Success","Success":true,"Data":{"TradePrice":-5,"Currency":"CNY"}}`}),
		"huge":          fault(emulator.Fault{Kind: emulator.HugeBody}),
		"unknown port": func(h *history) {
			h.server.ChangeCircuit("cn-hangzhou", circuitID, func(c *emulator.Circuit) { c.Spec, c.PortType = "400G", "" })
		},
	}
}

func TestMaxPrice_HigherPriceOrNone_RefusesPlanAndApply(t *testing.T) {
	t.Parallel()
	ways := noPrice()
	ways["a higher price"] = func(h *history) { h.server.SetQuirks(emulator.Quirks{PricePercent: 200}) }
	ways["billing off"] = func(h *history) { h.settings["billing"] = false }
	for name, prepare := range ways {
		for _, moment := range []string{"plan", "apply"} {
			t.Run(name+", in the "+moment, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h, config := priced(t, emulator.Quirks{}), paid("max_price", "300")
					plan, diags := h.Plan(config, coretest.Options{})
					if diags.HasError() {
						t.Fatal(diags)
					}
					prepare(h)
					if moment == "plan" {
						_, diags = h.Plan(config, coretest.Options{})
					} else {
						var err error
						if _, diags, err = h.start(t).Apply(t.Context(), plan, config); err != nil {
							t.Fatal(err)
						}
					}
					want := message.PriceUnchecked
					if name == "a higher price" {
						want = message.AboveMaxPrice
						messagetest.WantValues(t, diags.Errors(), "510.00 USD", "300 USD")
					}
					messagetest.WantError(t, diags.Errors(), "max_price", want)
					h.wantOrders(0, 0)
				})
			})
		}
	}
}

func TestMaxPrice_AtOrAboveThePrice_AllowsTheOrder_AndCanBeChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		h.MustApply(paid("max_price", "255"))
		h.wantOrders(1, 1)
		for _, config := range []coretest.Values{paid("max_price", "1"), paid()} {
			plan, diags := h.Plan(config, coretest.Options{})
			if plan.Action != coretest.Update || len(diags) != 0 {
				t.Errorf("%s:\n%s", plan.Action, diags)
			}
			h.MustApply(config)
		}
		if plan, _ := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp {
			t.Errorf("it plans %s", plan.Action)
		}
		h.wantOrders(1, 1)
	})
}

func TestMaxPrice_ExistingOrderAboveIt_IsNotAdopted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		found := h.server.AddOtherOrder(emulator.Order{
			CircuitID: circuitID, Region: "cn-hangzhou", ProductCode: "pconn", Status: emulator.OrderUnpaid, CreatedAt: h.server.Now().Add(-time.Minute),
			Price: emulator.Price{Gross: 200_00, Pretax: 200_00},
		})
		config := paid("auto_pay", false, "max_price", "50")
		_, diags := h.Plan(config, coretest.Options{})
		messagetest.WantError(t, diags.Errors(), "max_price", message.OrderAboveMax, found.ID)
		h.wantOrders(0, 0)
		config = paid("auto_pay", false, "max_price", "300")
		h.MustApply(config)
		h.wantRecovered(h.Object)
	})
}

func TestMaxPrice_InvalidValue_IsRefusedInValidate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		process := newHistory(t, emulator.Quirks{}).start(t)
		for _, value := range []string{"-1", "ten", "", "1,000", "1e3", " 1", "1.", ".5", "00", "+1", "1/2", "9999999999999999", "1.1234567"} {
			diags, err := process.Validate(t.Context(), paid("max_price", value))
			if err != nil {
				t.Fatal(err)
			}
			messagetest.WantError(t, diags, "max_price", message.InvalidValue)
		}
		for _, value := range []any{"0", "0.01", "2500", "999999999999999.999999", coretest.Unknown{}} {
			if diags, err := process.Validate(t.Context(), paid("max_price", value)); err != nil || len(diags) != 0 {
				t.Errorf("%v: %v\n%s", value, err, diags)
			}
		}
	})
}

func TestPlan_FortyOrdersOfOneKind_ShareOnePriceAndOneSummary(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		process := h.start(t)
		single, merged := 0, 0
		for i := range 40 {
			id := fmt.Sprintf("pc-kind%04d", i)
			h.server.AddCircuit(emulator.Circuit{ID: id})
			_, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{})
			if err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
			if messagetest.Has(diags, message.PlannedPrice) {
				single++
			}
			if messagetest.Has(diags, message.MorePrices) {
				merged++
			}
		}
		if calls := h.server.CallCount(priceAction); calls > 2 || single != 5 || merged != 35 {
			t.Errorf("%d calls, %d summaries of their own, %d merged", calls, single, merged)
		}
	})
}

func TestPlan_MoveToAnotherCircuit_ShowsThePriceInItsOwnWarning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		h.settings = coretest.Values{"plan_prices": true}
		h.server.AddCircuit(emulator.Circuit{ID: "pc-second", Spec: "10G"})
		_, diags := h.Plan(paid("physical_connection_id", "pc-second"), coretest.Options{})
		if diags.HasError() || !messagetest.Has(diags, message.PlanReplaces) {
			t.Fatal(diags)
		}
		messagetest.WantValues(t, diags, "2160.00 USD for 3 months")
	})
}

func TestCreate_PaidOrder_KeepsAndReportsWhatItCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{TaxPercent: 6, SubOrders: 3})
		diags := h.Apply(paid())
		if !messagetest.Has(diags, message.OrderCharged) {
			t.Errorf("%s", diags)
		}
		messagetest.WantValues(t, diags, "270.3 USD")
		for name, want := range map[string]string{"pretax_amount": "255", "after_tax_amount": "270.3", "currency": "USD"} {
			if got := h.Object.String(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if h.Object.String("create_time") == "" || h.Object.String("payment_time") == "" {
			t.Error("a time is missing")
		}
	})
}

func TestRefresh_UnpaidOrder_RemindsAndThenKeepsThePayment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		placedAt := h.Object.String("create_time")
		if placedAt == "" || h.Object.String("pretax_amount") != "255" || h.Object.String("payment_time") != "" {
			t.Errorf("created %q, amount %q, paid %q", placedAt, h.Object.String("pretax_amount"), h.Object.String("payment_time"))
		}
		time.Sleep(4 * 24 * time.Hour)
		_, diags := h.Plan(config, coretest.Options{})
		messagetest.WantKinds(t, diags, message.OrderUnpaid)
		messagetest.WantValues(t, diags, placedAt, "About 3 of the 7 days")
		h.mustPay()
		if plan, diags := h.Plan(config, coretest.Options{}); plan.Action != coretest.NoOp || len(diags) != 0 {
			t.Errorf("%s:\n%s", plan.Action, diags)
		}
	})
}

// States of earlier versions have no amounts. One read of billing fills them in.
func TestRefresh_PaidOrderOfAnEarlierVersion_IsReadOnce(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(h *history){
		"with amounts":    func(*history) {},
		"without amounts": func(h *history) { h.rewrite("255", "free") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				h.Object = h.withoutAmounts()
				prepare(h)
				before := h.server.CallCount("GetOrderDetail")
				for range 3 {
					plan, diags := h.Plan(paid(), coretest.Options{})
					if plan.Action != coretest.NoOp || len(diags) != 0 {
						t.Errorf("%s:\n%s", plan.Action, diags)
					}
				}
				if calls := h.server.CallCount("GetOrderDetail") - before; calls != 1 {
					t.Errorf("%d reads of billing, want 1", calls)
				}
				if got := h.Object.String("pretax_amount"); (got == "255") != (name == "with amounts") {
					t.Errorf("pretax_amount %q", got)
				}
			})
		})
	}
}

func TestImport_FirstRefresh_WritesTheTermOfBilling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{})
		id := shortImportID + "/" + h.Object.String("order_id")
		h.Object = nil
		if diags := h.importAs(id); diags.HasError() {
			t.Fatal(diags)
		}
		if h.Object.Int("period") != 3 || h.Object.String("pricing_cycle") != "Month" {
			t.Errorf("period %d, pricing_cycle %q", h.Object.Int("period"), h.Object.String("pricing_cycle"))
		}
		if strings.Contains(fmt.Sprint(h.recordOf(h.Object)), "NewImport:true") {
			t.Error("a second refresh would write the term again")
		}
	})
}

// withoutAmounts returns the object as a version without amounts has stored it.
func (h *history) withoutAmounts() *coretest.Object {
	h.T.Helper()
	value, err := tftypes.Transform(h.Object.Value, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		for _, name := range []string{"pretax_amount", "after_tax_amount", "currency", "create_time", "payment_time"} {
			if at.Equal(tftypes.NewAttributePath().WithAttributeName(name)) {
				return tftypes.NewValue(tftypes.String, nil), nil
			}
		}
		return value, nil
	})
	if err != nil {
		h.T.Fatal(err)
	}
	record := h.recordOf(h.Object)
	record.AmountsRead = false
	text, err := json.Marshal(record) //nolint:gosec // A client token is no secret.
	if err != nil {
		h.T.Fatal(err)
	}
	old := withPrivate(h.T, h.Object, "order", string(text))
	old.Value = value
	return old
}

// Paid is final. The read of the amounts must not remove the order or its payment.
func TestRefresh_PaidOrderOfAnEarlierVersion_StaysPaid(t *testing.T) {
	t.Parallel()
	denied := func(h *history) {
		h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, HTTPStatus: 403, Code: "NoPermission"})
	}
	empty := func(h *history) {
		h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, Kind: emulator.RawBody, Body: `{"Code":"Success","Success":true,"Data":{"OrderList":{"Order":[]}}}`})
	}
	for name, prepare := range map[string]func(h *history){
		"cancelled in billing": func(h *history) { h.rewrite("Paid", "Cancelled") },
		"unpaid in billing":    func(h *history) { h.rewrite("Paid", "Unpaid") },
		"no permission":        denied,
		"not in billing":       empty,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{})
				h.Object = h.withoutAmounts()
				prepare(h)
				before := h.server.CallCount("GetOrderDetail")
				for range 3 {
					plan, diags := h.Plan(paid(), coretest.Options{})
					if plan.Action != coretest.NoOp || len(diags) != 0 || h.Object.String("payment_status") != "Paid" {
						t.Fatalf("%s, %q:\n%s", plan.Action, h.Object.String("payment_status"), diags)
					}
				}
				if calls := h.server.CallCount("GetOrderDetail") - before; calls != 1 {
					t.Errorf("%d reads of billing, want 1", calls)
				}
			})
		})
	}
}

func TestPlan_PricesThatHang_DelayAFleetOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: priceAction, Times: -1, Kind: emulator.Hang})
		process, begin := h.start(t), time.Now()
		for i := range 30 {
			id := fmt.Sprintf("pc-slow%04d", i)
			h.server.AddCircuit(emulator.Circuit{ID: id})
			if _, diags, err := process.Plan(t.Context(), nil, paid("physical_connection_id", id), coretest.Options{}); err != nil || diags.HasError() {
				t.Fatal(err, diags)
			}
		}
		if waited := time.Since(begin); waited > 30*time.Second {
			t.Errorf("the plan took %s", waited)
		}
	})
}

func TestPlan_UnknownAutoPay_DoesNotSayWhoPays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		_, diags := h.Plan(paid("auto_pay", coretest.Unknown{}), coretest.Options{})
		messagetest.WantValues(t, diags, "255.00 USD for 3 months", "the apply may charge it")
		messagetest.WantNoValues(t, diags, "in the console", "by this apply")
	})
}

func TestRefresh_UnpaidOrderWithAnUnreadableCircuit_StillReminds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, HTTPStatus: 403, Code: "Forbidden.RAM"})
		_, diags := h.Plan(config, coretest.Options{})
		if !messagetest.Has(diags, message.OrderUnpaid) {
			t.Errorf("%s", diags)
		}
	})
}

func TestMaxPrice_UnreadableCircuit_NamesTheReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		h.server.AddFault(emulator.Fault{Action: "DescribePhysicalConnections", Times: -1, HTTPStatus: 503, Code: "ServiceUnavailable"})
		_, diags := h.Plan(paid("max_price", "300"), coretest.Options{})
		messagetest.WantError(t, diags.Errors(), "max_price", message.PriceUnchecked, "could not be read")
	})
}

// Billing may report the payment time later than the payment.
func TestRefresh_PaidOrderWithoutPaymentTime_IsReadOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		h.rewrite("PaymentTime", "Later")
		h.MustApply(paid())
		if got := h.Object.String("payment_time"); got != "" {
			t.Fatalf("payment_time %q", got)
		}
		h.answered = nil
		before := h.server.CallCount("GetOrderDetail")
		for range 3 {
			if plan, diags := h.Plan(paid(), coretest.Options{}); plan.Action != coretest.NoOp || len(diags) != 0 {
				t.Errorf("%s:\n%s", plan.Action, diags)
			}
		}
		if calls := h.server.CallCount("GetOrderDetail") - before; calls != 1 || h.Object.String("payment_time") == "" {
			t.Errorf("%d reads, payment_time %q", calls, h.Object.String("payment_time"))
		}
	})
}

func TestRefresh_AnswerWithoutValues_KeepsWhatIsKnownOfAnUnpaidOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, config := unpaidOrder(t, emulator.Quirks{})
		created := h.Object.String("create_time")
		h.server.AddFault(emulator.Fault{Action: "GetOrderDetail", Times: -1, Kind: emulator.RawBody, Body: fmt.Sprintf(
			`{"Code":"Success","Success":true,"Data":{"OrderList":{"Order":[{"OrderId":%q,"PaymentStatus":"Unpaid"}]}}}`, h.Object.String("order_id"))})
		_, diags := h.Plan(config, coretest.Options{})
		if h.Object.String("pretax_amount") != "255" || h.Object.String("create_time") != created {
			t.Errorf("amount %q, created %q", h.Object.String("pretax_amount"), h.Object.String("create_time"))
		}
		messagetest.WantValues(t, diags, created)
	})
}

func TestMaxPrice_WithoutBilling_IsRefusedInThePlanAlsoIfTheTermIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := priced(t, emulator.Quirks{})
		h.settings["billing"] = false
		_, diags := h.Plan(paid("max_price", "300", "period", coretest.Unknown{}), coretest.Options{})
		messagetest.WantError(t, diags.Errors(), "max_price", message.PriceUnchecked)
	})
}
