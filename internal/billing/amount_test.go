package billing_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

func TestTotal_IsExact_OrEmptyIfAPartIsUnknown(t *testing.T) {
	t.Parallel()
	line := func(pretax, afterTax, currency, payment string) billing.OrderLine {
		return billing.OrderLine{PretaxAmount: pretax, AfterTaxAmount: afterTax, Currency: currency, PaymentCurrency: payment}
	}
	for name, test := range map[string]struct {
		lines            []billing.OrderLine
		pretax, afterTax string
	}{
		"no lines":                {nil, "", ""},
		"one line":                {[]billing.OrderLine{line("5", "5.30", "CNY", "CNY")}, "5", "5.30"},
		"decimals":                {[]billing.OrderLine{line("0.1", "1", "CNY", "CNY"), line("0.20", "2", "CNY", "CNY")}, "0.30", "3"},
		"one amount unknown":      {[]billing.OrderLine{line("1", "", "CNY", "CNY"), line("2", "3", "CNY", "CNY")}, "3", ""},
		"two currencies":          {[]billing.OrderLine{line("1", "1", "CNY", "CNY"), line("1", "1", "USD", "CNY")}, "", ""},
		"two payment currencies":  {[]billing.OrderLine{line("1", "1", "CNY", "CNY"), line("1", "1", "CNY", "USD")}, "", ""},
		"an amount with no digit": {[]billing.OrderLine{line("x", "1", "CNY", "CNY")}, "", "1"},
	} {
		if pretax, afterTax := billing.Total(test.lines, billing.Pretax), billing.Total(test.lines, billing.AfterTax); pretax != test.pretax || afterTax != test.afterTax {
			t.Errorf("%s: %q and %q, want %q and %q", name, pretax, afterTax, test.pretax, test.afterTax)
		}
	}
}
