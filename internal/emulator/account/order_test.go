package account

import (
	"testing"
	"time"
)

func TestTerm_EndsAtMidnightInUTCPlus8(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		start  string
		months int
		end    string
	}{
		"documented example":        {"2022-08-09T05:00:00Z", 1, "2022-09-09T16:00:00Z"},
		"documented answer":         {"2021-08-24T07:33:18Z", 8, "2022-04-24T16:00:00Z"},
		"already tomorrow in UTC+8": {"2022-08-09T16:00:00Z", 1, "2022-09-10T16:00:00Z"},
		"shorter month":             {"2023-01-31T04:00:00Z", 1, "2023-02-28T16:00:00Z"},
		"leap day":                  {"2024-02-29T04:00:00Z", 12, "2025-02-28T16:00:00Z"},
		"over the year":             {"2022-12-31T04:00:00Z", 9, "2023-09-30T16:00:00Z"},
		"five years":                {"2022-08-09T05:00:00Z", 60, "2027-08-09T16:00:00Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin, err := time.Parse(time.RFC3339, test.start)
			if err != nil {
				t.Fatal(err)
			}
			if got := endOfTerm(begin, test.months).Format(time.RFC3339); got != test.end {
				t.Errorf("%d months from %s end at %s, want %s", test.months, test.start, got, test.end)
			}
		})
	}
}

func TestTerm_Renewed_EndsAtMidnightInUTCPlus8(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before string
		months int
		after  string
	}{
		"one month":     {"2022-09-09T16:00:00Z", 1, "2022-10-09T16:00:00Z"},
		"shorter month": {"2023-01-30T16:00:00Z", 1, "2023-02-27T16:00:00Z"},
		"first of May":  {"2023-03-31T16:00:00Z", 1, "2023-04-30T16:00:00Z"},
		"three years":   {"2022-09-09T16:00:00Z", 36, "2025-09-09T16:00:00Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, err := time.Parse(time.RFC3339, test.before)
			if err != nil {
				t.Fatal(err)
			}
			if got := endOfRenewal(before, test.months).Format(time.RFC3339); got != test.after {
				t.Errorf("%d months from %s end at %s, want %s", test.months, test.before, got, test.after)
			}
		})
	}
}
