package occupancyorder

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// total adds up an amount of all lines. It is null if that is not possible.
func total(lines []billing.OrderLine, amount func(billing.OrderLine) string) types.String {
	return shared.Text(billing.Total(lines, amount))
}
