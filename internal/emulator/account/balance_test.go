package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestPrice_FollowsThePriceList(t *testing.T) {
	t.Parallel()
	for circuit, want := range map[[2]string]emulator.Money{
		{"cn-hangzhou", "1G"}:      85_00,
		{"cn-hangzhou", "10G"}:     720_00,
		{"cn-hangzhou", "40G"}:     2450_00,
		{"cn-hangzhou", "100G"}:    5200_00,
		{"cn-hongkong", "1G"}:      210_00,
		{"eu-central-1", "10G"}:    1600_00,
		{"ap-southeast-1", "100G"}: 11700_00,
		{"me-central-1", "40G"}:    6600_00,
		{"cn-hangzhou", "500M"}:    85_00,
	} {
		t.Run(fmt.Sprint(circuit), func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			added := e.AddCircuit(emulator.Circuit{Region: circuit[0], Spec: circuit[1]})
			month := apitest.MustPlace(t, e, added, apitest.Params{"Period": "1"})
			years := apitest.MustPlace(t, e, added, apitest.Params{"ClientToken": "2", "Period": "2", "PricingCycle": "Year"})
			if month.Price.Total() != want || years.Price.Total() != 24*want {
				t.Errorf("a month costs %s, two years %s, want %s and %s", month.Price.Total(), years.Price.Total(), want, 24*want)
			}
		})
	}
}

func TestPrice_DiscountAndTax_HaveTheirOwnAmounts(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{DiscountPercent: 15, TaxPercent: 6, ThousandsSeparators: true})
	circuit := e.AddCircuit(emulator.Circuit{Spec: "100G"})
	order := apitest.MustPlace(t, e, circuit, apitest.Params{"Period": "9"})
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{
		"PretaxGrossAmount": "46,800.00", "PretaxAmount": "39,780.00", "Tax": "2,386.80", "AfterTaxAmount": "42,166.80",
	})
	e.SetQuirks(emulator.Quirks{})
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{
		"PretaxGrossAmount": "46800", "PretaxAmount": "39780", "Tax": "2386.8", "AfterTaxAmount": "42166.8",
	})
}

func TestPayOrder_DebitsTheBalance(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.SetBalance(100_00)
	order := apitest.MustPlace(t, e, circuit, nil)
	if e.Balance() != 100_00 {
		t.Errorf("balance %s before the payment", e.Balance())
	}
	apitest.Pay(t, e, order)
	second := apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "2"})
	if err := e.PayOrder(second.ID); err == nil {
		t.Error("an order is paid without money")
	}
	e.TopUp(70_00)
	apitest.Pay(t, e, second)
	if e.Balance() != 0 {
		t.Errorf("balance %s, want 0.00", e.Balance())
	}
	automatic := apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "3", "AutoPay": "true"})
	if automatic.Status != emulator.OrderCancelled || e.Balance() != 0 {
		t.Errorf("order %+v, balance %s", automatic, e.Balance())
	}
}

func TestShortfallOutcome_AutoPayAboveTheBalance(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[emulator.AutoPayOutcome]emulator.OrderStatus{
		"":                         emulator.OrderCancelled,
		emulator.AutoPayCancelled:  emulator.OrderCancelled,
		emulator.AutoPayLeftUnpaid: emulator.OrderUnpaid,
		emulator.AutoPayRefused:    "",
	} {
		t.Run(string(outcome), func(t *testing.T) {
			t.Parallel()
			e, circuit := apitest.NewEmulator(emulator.Quirks{ShortfallOutcome: outcome})
			e.SetBalance(84_99)
			got := apitest.Order(t, e, circuit, apitest.Params{"AutoPay": "true"})
			if want == "" {
				apitest.ExpectCode(t, got, 400, "PAY.INSUFFICIENT_BALANCE")
				apitest.ExpectOrders(t, e, 0)
			} else {
				apitest.ExpectRow(t, apitest.Rows(t, e, got.OrderID(t))[0], apitest.Params{"PaymentStatus": string(want)})
			}
			if e.Balance() != 84_99 {
				t.Errorf("balance %s", e.Balance())
			}
			e.TopUp(1)
			apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true", "ClientToken": "after topping up"})
			e.Advance(time.Minute)
			if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Enabled" || e.Balance() != 0 {
				t.Errorf("circuit %s, balance %s", c.Status, e.Balance())
			}
		})
	}
}

func TestBalance_IsReturnedByBilling(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{Currency: "CNY"})
	ask := func() apitest.Row {
		var body struct{ Data apitest.Row }
		apitest.CallBilling(t, e, apitest.QueryBalance, nil).Decode(t, &body)
		return body.Data
	}
	apitest.ExpectRow(t, ask(), apitest.Params{"AvailableAmount": "1000000.00"})
	e.SetBalance(1234_50)
	apitest.ExpectRow(t, ask(), apitest.Params{
		"AvailableAmount": "1234.50", "AvailableCashAmount": "1234.50", "CreditAmount": "0.00", "MybankCreditAmount": "0.00",
		"QuotaLimit": "0.00\n", "Currency": "CNY",
	})
	e.SetQuirks(emulator.Quirks{ThousandsSeparators: true})
	apitest.ExpectRow(t, ask(), apitest.Params{"AvailableAmount": "1,234.50", "Currency": "USD"})
	e.SetBalance(emulator.Unlimited)
	e.TopUp(1)
	if e.Balance() != emulator.Unlimited {
		t.Errorf("balance %s", e.Balance())
	}
}

func TestRenew_Paid_MovesTheEndOfTheTerm(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	if _, err := e.Renew(apitest.Region, circuit.ID, 1); err == nil {
		t.Error("a circuit without a term is renewed")
	}
	apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	if _, err := e.Renew(apitest.Region, circuit.ID, 0); err == nil {
		t.Error("a renewal of no months is placed")
	}
	e.SetBalance(1000_00)
	renewal, err := e.Renew(apitest.Region, circuit.ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	end := func() string {
		c, _ := e.Circuit(apitest.Region, circuit.ID)
		return c.EndTime.Format(time.RFC3339)
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, renewal.ID)[0], apitest.Params{
		"OrderType": "Renew", "PaymentStatus": "Unpaid", "InstanceIDs": `["` + circuit.ID + `"]`, "AfterTaxAmount": "170",
	})
	if got := end(); got != "2022-09-09T16:00:00Z" {
		t.Errorf("before the payment the term ends at %s", got)
	}
	apitest.Pay(t, e, renewal)
	if got := end(); got != "2022-11-09T16:00:00Z" || e.Balance() != 830_00 {
		t.Errorf("after the payment the term ends at %s, balance %s", got, e.Balance())
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, renewal.ID)[0], apitest.Params{
		"PaymentStatus": "Paid", "UsageStartTime": "2022-09-09T16:00:00Z", "UsageEndTime": "2022-11-09T16:00:00Z",
	})
	apitest.ExpectOrders(t, e, 1)

	lapsing, err := e.Renew(apitest.Region, circuit.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	e.Advance(8 * apitest.Day)
	apitest.ExpectRow(t, apitest.Rows(t, e, lapsing.ID)[0], apitest.Params{"PaymentStatus": "Cancelled"})
	if got := end(); got != "2022-11-09T16:00:00Z" {
		t.Errorf("an expired renewal ends the term at %s", got)
	}
}

func TestTopUp_Unlimited_RemovesTheLimit(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	e.SetBalance(500_00)
	var account struct{ Balance emulator.Money }
	apitest.MustControl(t, e, "POST", "balance/top-up", `{"amount":"unlimited"}`, &account)
	if account.Balance != emulator.Unlimited {
		t.Errorf("balance %s", account.Balance)
	}
}
