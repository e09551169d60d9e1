package occupancyorder_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// line returns a billing line with the same value in every amount.
func line(amount, currency, paymentCurrency string) string {
	fields := []string{`"Currency":"` + currency + `"`, `"PaymentCurrency":"` + paymentCurrency + `"`}
	for _, name := range []string{"PretaxGrossAmount", "PretaxAmount", "Tax", "AfterTaxAmount"} {
		fields = append(fields, `"`+name+`":`+amount)
	}
	return strings.Join(fields, ",")
}

func TestAmounts_AreExactDecimalSumsOrNull(t *testing.T) {
	t.Parallel()
	usd := func(amounts ...string) (lines []string) {
		for _, amount := range amounts {
			lines = append(lines, line(amount, "USD", "USD"))
		}
		return lines
	}
	for name, test := range map[string]struct {
		lines []string
		want  string
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
		"OtherCurrency":     {[]string{line(`"1"`, "USD", "USD"), line(`"1"`, "CNY", "USD")}, "null"},
		"OtherPayment":      {[]string{line(`"1"`, "USD", "USD"), line(`"1"`, "USD", "JPY")}, "null"},
		"CurrencyUnsaid":    {[]string{line(`"1"`, "", ""), line(`"2"`, "", "")}, "3"},
		"OneCurrencyUnsaid": {[]string{line(`"1"`, "USD", "USD"), line(`"2"`, "", "USD")}, "null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				s.answer("1", test.lines...)
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
		lines := read.subOrders(t)
		lines[0].want(t, map[string]string{"payment_status": "Paid", "after_tax_amount": "2600"})
		lines[1].want(t, map[string]string{"payment_status": "Cancelled", "after_tax_amount": "2600", "payment_time": "null"})
	})
}
