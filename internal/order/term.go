package order

import (
	"slices"
	"time"
)

// Pricing cycles, the units of the period of an order.
const (
	CycleMonth = "Month"
	CycleYear  = "Year"
)

// ChargeTypePrePaid is the only billing method that the API accepts for an occupancy order.
const ChargeTypePrePaid = "PrePaid"

// Cycle is a pricing cycle with its longest period. The shortest period is 1.
type Cycle struct {
	Name      string
	MaxPeriod int64
}

// cycles are the valid pricing cycles, the default first.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html
var cycles = []Cycle{
	{Name: CycleMonth, MaxPeriod: 9},
	{Name: CycleYear, MaxPeriod: 5},
}

// CycleNames returns the valid pricing cycles, the default first.
func CycleNames() []string {
	names := make([]string, len(cycles))
	for i, cycle := range cycles {
		names[i] = cycle.Name
	}
	return names
}

// Cycles returns the valid pricing cycles, the default first.
func Cycles() []Cycle { return slices.Clone(cycles) }

// PeriodAllowed reports whether a period can be ordered. If the cycle is empty (not known
// yet) or invalid (another validator reports it), the period is allowed if any cycle has it.
func PeriodAllowed(period int64, cycle string) bool {
	i := slices.IndexFunc(cycles, func(c Cycle) bool { return c.Name == cycle })
	if i >= 0 {
		return 1 <= period && period <= cycles[i].MaxPeriod
	}
	return slices.ContainsFunc(cycles, func(c Cycle) bool { return 1 <= period && period <= c.MaxPeriod })
}

// MonthsOfYear is the number of months in a year.
const MonthsOfYear = 12

// Months returns the length of a period in months.
func Months(period int64, cycle string) int {
	if cycle == CycleYear {
		return int(MonthsOfYear * period)
	}
	return int(period)
}

// Lasts reports whether a term has that many months. It ignores differences of less than
// four days, because a term ends at midnight in UTC+8 after its last day.
func Lasts(start, end time.Time, months int) bool {
	const tolerance = 4 * 24 * time.Hour
	return end.Sub(start.AddDate(0, months, 0)).Abs() < tolerance
}

// TermBetween returns the period and pricing cycle of a term, in years if possible. It
// returns false if no period has that length.
func TermBetween(start, end time.Time) (period int64, cycle string, ok bool) {
	for _, cycle := range slices.Backward(cycles) {
		for period := int64(1); period <= cycle.MaxPeriod; period++ {
			if Lasts(start, end, Months(period, cycle.Name)) {
				return period, cycle.Name, true
			}
		}
	}
	return 0, "", false
}
