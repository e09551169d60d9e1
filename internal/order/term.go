package order

import (
	"slices"
	"time"
)

// Pricing cycles: the units of an order's period.
const (
	CycleMonth = "Month"
	CycleYear  = "Year"
)

// ChargeTypePrePaid is the only billing method that the API takes for an
// occupancy order.
const ChargeTypePrePaid = "PrePaid"

// Cycle is a pricing cycle with the periods that can be ordered in it.
type Cycle struct {
	Name      string
	MaxPeriod int64
}

// cycles is the one list behind validator, description and error reference.
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

// PeriodAllowed reports whether a period can be ordered. An empty cycle stands
// for one that is not known yet: the period is then allowed if any cycle takes
// it. So does a cycle that does not exist, whose own error is enough.
func PeriodAllowed(period int64, cycle string) bool {
	i := slices.IndexFunc(cycles, func(c Cycle) bool { return c.Name == cycle })
	if i >= 0 {
		return 1 <= period && period <= cycles[i].MaxPeriod
	}
	return slices.ContainsFunc(cycles, func(c Cycle) bool { return 1 <= period && period <= c.MaxPeriod })
}

// MonthsOfYear is the length of a year in months.
const MonthsOfYear = 12

// Months returns the length of a period in months.
func Months(period int64, cycle string) int {
	if cycle == CycleYear {
		return int(MonthsOfYear * period)
	}
	return int(period)
}

// Lasts reports whether a term is of that many months. A term ends at midnight in
// UTC+8 after its last day, so that a few days are not counted.
func Lasts(start, end time.Time, months int) bool {
	const few = 4 * 24 * time.Hour
	return end.Sub(start.AddDate(0, months, 0)).Abs() < few
}

// TermBetween returns the period and pricing cycle that fit a term, in years if they do.
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
