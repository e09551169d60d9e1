package order_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

func TestPeriodAllowed_IsTrueForPeriodsOfTheAPI(t *testing.T) {
	t.Parallel()
	const lowest, highest = -1 << 63, 1<<63 - 1
	for _, test := range []struct {
		cycle   string
		allowed []int64
		refused []int64
	}{
		{"Month", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []int64{lowest, -1, 0, 10, 11, 12, highest}},
		{"Year", []int64{1, 2, 3, 4, 5}, []int64{lowest, -1, 0, 6, 9, 12, highest}},
		// An unknown or invalid cycle allows the periods of all cycles.
		{"", []int64{1, 5, 6, 9}, []int64{lowest, -1, 0, 10, highest}},
		{"Week", []int64{1, 5, 6, 9}, []int64{lowest, -1, 0, 10, highest}},
		{"month", []int64{1, 9}, []int64{0, 10}},
	} {
		for _, period := range test.allowed {
			if !order.PeriodAllowed(period, test.cycle) {
				t.Errorf("%d %q is refused", period, test.cycle)
			}
		}
		for _, period := range test.refused {
			if order.PeriodAllowed(period, test.cycle) {
				t.Errorf("%d %q is allowed", period, test.cycle)
			}
		}
	}
}

func TestCycleNames_BeginWithTheDefault(t *testing.T) {
	t.Parallel()
	if got := order.CycleNames(); !slices.Equal(got, []string{"Month", "Year"}) {
		t.Errorf("cycles %v, want the default first", got)
	}
}

func TestPatterns_MatchWholeValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		regexp *regexp.Regexp
		valid  []string
		wrong  []string
	}{
		{
			"circuit", circuit.IDPattern(),
			[]string{"pc-bp1hp0wr072f6abcd", "pc-1", "pc-a_b-C", "pc-" + strings.Repeat("x", 61)},
			[]string{"", "pc-", "pc-" + strings.Repeat("x", 62), "eip-1", "PC-1", "pc-1 ", " pc-1", "pc-1\n", "pc-1/x", "pc-1\x00", "xpc-1", "pc-ü"},
		},
		{
			"region", circuit.RegionPattern(),
			[]string{"cn-hangzhou", "cn-zhangjiakou-na62-a01", "ap-southeast-1"},
			// The same region in capitals would have another token, which would place a second order.
			[]string{"", "CN-HANGZHOU", "cn-Hangzhou", strings.Repeat("x", 65), "cn hangzhou", "cn-hangzhou\n", "cn-hangzhou.evil.example", "cn/hangzhou", "cn-hangzhou\x00", "ü"},
		},
		{
			"token", order.TokenPattern(),
			[]string{"a", "!~", strings.Repeat("x", 64)},
			[]string{"", " ", "a b", "a\n", "\t", "ü", "\x7f", strings.Repeat("x", 65)},
		},
		{
			"order", order.IDPattern(),
			[]string{"1", "50187055895123"},
			[]string{"", "1.0", "5018 7", "5018\n", "5018/7", "ORDER", "-", "٣"},
		},
	} {
		for _, text := range test.valid {
			if !test.regexp.MatchString(text) {
				t.Errorf("%s %q is refused", test.name, text)
			}
		}
		for _, text := range test.wrong {
			if test.regexp.MatchString(text) {
				t.Errorf("%s %q is accepted", test.name, text)
			}
		}
	}
}

func TestTermBetween_ReturnsTheOrderedPeriod(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 31, 3, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		months int
		period int64
		cycle  string // empty if no order lasts that long
	}{
		{0, 0, ""},
		{1, 1, "Month"},
		{3, 3, "Month"},
		{9, 9, "Month"},
		{10, 0, ""},
		{12, 1, "Year"},
		{18, 0, ""},
		{24, 2, "Year"},
		{60, 5, "Year"},
		{72, 0, ""},
	} {
		// A term ends at midnight in UTC+8 after its last day.
		for _, late := range []time.Duration{0, 13 * time.Hour, 24 * time.Hour} {
			period, cycle, ok := order.TermBetween(start, start.AddDate(0, test.months, 0).Add(late))
			if period != test.period || cycle != test.cycle || ok != (test.cycle != "") {
				t.Errorf("%d months and %s: %d %q %t, want %d %q", test.months, late, period, cycle, ok, test.period, test.cycle)
			}
		}
	}
	if _, _, ok := order.TermBetween(start, start.AddDate(0, -1, 0)); ok {
		t.Error("a term that ends before it begins has a period")
	}
}

func TestLasts_ComparesMonthsAndIgnoresDays(t *testing.T) {
	t.Parallel()
	// The example in the price list: one month from 9 August, 13:00 in UTC+8.
	start, end := time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC), time.Date(2022, 9, 9, 16, 0, 0, 0, time.UTC)
	for months, want := range map[int]bool{0: false, 1: true, 2: false, 12: false} {
		if got := order.Lasts(start, end, months); got != want {
			t.Errorf("%d months: %t", months, got)
		}
	}
	if order.Months(2, order.CycleYear) != 24 || order.Months(9, order.CycleMonth) != 9 {
		t.Error("a period is counted in months")
	}
	short := time.Date(2026, 1, 31, 3, 0, 0, 0, time.UTC) // no such day in February
	if !order.Lasts(short, time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC), 1) {
		t.Error("a term that ends in a short month")
	}
}
