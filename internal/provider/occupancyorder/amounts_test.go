package occupancyorder_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// row is a row of billing with one amount in every field of one.
func row(amount, currency, paymentCurrency string) string {
	fields := []string{`"Currency":"` + currency + `"`, `"PaymentCurrency":"` + paymentCurrency + `"`}
	for _, name := range []string{"PretaxGrossAmount", "PretaxAmount", "Tax", "AfterTaxAmount"} {
		fields = append(fields, `"`+name+`":`+amount)
	}
	return strings.Join(fields, ",")
}

func TestAmounts_AreExactDecimalSumsOrNull(t *testing.T) {
	t.Parallel()
	usd := func(amounts ...string) (rows []string) {
		for _, amount := range amounts {
			rows = append(rows, row(amount, "USD", "USD"))
		}
		return rows
	}
	for name, test := range map[string]struct {
		rows []string
		want string
	}{
		"One":               {usd(`"66"`), "66"},
		"DigitForDigit":     {usd(`"720.10"`), "720.10"},
		"Separators":        {usd(`"1,234.56"`), "1234.56"},
		"SeparatorsAdded":   {usd(`"1,234.56"`, `"12,000,000.44"`), "12001235.00"},
		"Nought":            {usd(`"0"`, `"0"`), "0"},
		"NoFloat":           {usd(`"0.1"`, `"0.2"`), "0.3"},
		"MoreDecimals":      {usd(`"0.1"`, `"0.005"`, `"1"`), "1.105"},
		"Negative":          {usd(`"10.00"`, `"-12.50"`), "-2.50"},
		"BeyondFloats":      {usd(`"9007199254740993.01"`, `"0.01"`), "9007199254740993.02"},
		"BareNumber":        {usd(`12345678901234567890.1`, `"0.1"`), "12345678901234567890.2"},
		"OneLacksIt":        {usd(`"1"`, `null`), "null"},
		"OneIsEmpty":        {usd(`""`, `"1"`), "null"},
		"NoNumber":          {usd(`"free"`), "null"},
		"OtherCurrency":     {[]string{row(`"1"`, "USD", "USD"), row(`"1"`, "CNY", "USD")}, "null"},
		"OtherPayment":      {[]string{row(`"1"`, "USD", "USD"), row(`"1"`, "USD", "JPY")}, "null"},
		"CurrencyUnsaid":    {[]string{row(`"1"`, "", ""), row(`"2"`, "", "")}, "3"},
		"OneCurrencyUnsaid": {[]string{row(`"1"`, "USD", "USD"), row(`"2"`, "", "USD")}, "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				s.answer("1", test.rows...)
				read := s.mustRead("1")
				for _, amount := range []string{"pretax_gross_amount", "pretax_amount", "tax", "after_tax_amount"} {
					read.want(t, map[string]string{amount: test.want})
				}
			})
		})
	}
}

func TestAmounts_IncludeCancelledSubOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{SubOrders: 2, CancelledRows: 1})
		read := s.mustRead(s.order(true))
		read.want(t, map[string]string{"payment_status": "Paid", "after_tax_amount": "5200"})
		rows := read.subOrders(t)
		rows[0].want(t, map[string]string{"payment_status": "Paid", "after_tax_amount": "2600"})
		rows[1].want(t, map[string]string{"payment_status": "Cancelled", "after_tax_amount": "2600", "payment_time": "null"})
	})
}
