package occupancyorder

import (
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// total returns the exact sum of an amount of all lines. It is null if a line has no
// amount, or if the currencies differ.
func total(lines []billing.OrderLine, amount func(billing.OrderLine) string) types.String {
	sum, decimals := new(big.Rat), 0
	for _, line := range lines {
		part, ok := new(big.Rat).SetString(amount(line))
		if !ok || line.Currency != lines[0].Currency || line.PaymentCurrency != lines[0].PaymentCurrency {
			return types.StringNull()
		}
		sum.Add(sum, part)
		_, fraction, _ := strings.Cut(amount(line), ".")
		decimals = max(decimals, len(fraction))
	}
	// With the most decimals of a line, the sum is not rounded.
	return types.StringValue(sum.FloatString(decimals))
}
