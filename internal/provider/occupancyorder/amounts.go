package occupancyorder

import (
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// total adds up an amount of all rows, exactly. It is null where that says nothing: a
// row lacks the amount, or the rows are not all in one currency.
func total(rows []billing.OrderLine, amount func(billing.OrderLine) string) types.String {
	sum, decimals := new(big.Rat), 0
	for _, row := range rows {
		part, ok := new(big.Rat).SetString(amount(row))
		if !ok || row.Currency != rows[0].Currency || row.PaymentCurrency != rows[0].PaymentCurrency {
			return types.StringNull()
		}
		sum.Add(sum, part)
		_, fraction, _ := strings.Cut(amount(row), ".")
		decimals = max(decimals, len(fraction))
	}
	// So many decimals hold the sum without rounding.
	return types.StringValue(sum.FloatString(decimals))
}
