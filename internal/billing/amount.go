package billing

import (
	"math/big"
	"strings"
)

// Total adds up an amount of all lines, exactly. It is empty if a line lacks the amount,
// if the lines have different currencies, or if there are no lines.
func Total(lines []OrderLine, amount func(OrderLine) string) string {
	if len(lines) == 0 {
		return ""
	}
	sum, decimals := new(big.Rat), 0
	for _, line := range lines {
		part, ok := new(big.Rat).SetString(amount(line))
		if !ok || line.Currency != lines[0].Currency || line.PaymentCurrency != lines[0].PaymentCurrency {
			return ""
		}
		sum.Add(sum, part)
		_, fraction, _ := strings.Cut(amount(line), ".")
		decimals = max(decimals, len(fraction))
	}
	return sum.FloatString(decimals) // This number of decimals needs no rounding.
}

// Pretax returns the pre-tax amount of a line.
func Pretax(line OrderLine) string { return line.PretaxAmount }

// AfterTax returns the amount of a line with tax.
func AfterTax(line OrderLine) string { return line.AfterTaxAmount }
