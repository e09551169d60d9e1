package message

import (
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// CycleRule names the valid pricing cycles: Month or Year.
func CycleRule() string { return strings.Join(order.CycleNames(), " or ") }

// TermRule names the valid periods: 1 to 9 with pricing_cycle = "Month", or 1 to 5 with
// pricing_cycle = "Year".
func TermRule() string {
	var rules []string
	for _, cycle := range order.Cycles() {
		rules = append(rules, fmt.Sprintf("1 to %d with pricing_cycle = %q", cycle.MaxPeriod, cycle.Name))
	}
	return strings.Join(rules, ", or ")
}

// periodUnit returns the unit of a pricing cycle's periods: months.
func periodUnit(cycle string) string {
	if cycle == "" {
		return ""
	}
	return " " + strings.ToLower(cycle) + "s"
}
