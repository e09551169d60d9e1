package billing_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

func TestPaymentStatus_IsCancelledOnlyIfEveryLineIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"Cancelled"}, "Cancelled"},
		{[]string{"Cancelled", "Cancelled"}, "Cancelled"},
		{[]string{"Cancelled", "Paid"}, "Paid"},
		{[]string{"Paid", "Paid"}, "Paid"},
		{[]string{"Paid", "Unpaid"}, "Unpaid"},
		{[]string{"Unpaid", "Cancelled"}, "Unpaid"},
		{[]string{"Unpaid", "Paid", "Cancelled"}, "Unpaid"},
		{[]string{""}, ""},
		{[]string{"Cancelled", ""}, ""},
		{[]string{"Paid", "Refunded"}, ""},
		{[]string{"cancelled"}, "Cancelled"},
		{[]string{"CANCELLED", "Canceled"}, "Cancelled"},
		{[]string{"paid"}, "Paid"},
		{[]string{"UNPAID"}, "Unpaid"},
		{[]string{"Cancelling"}, ""},
	} {
		var lines []billing.OrderLine
		for _, status := range test.lines {
			lines = append(lines, billing.OrderLine{PaymentStatus: status})
		}
		if got := billing.PaymentStatus(lines); got != test.want {
			t.Errorf("%q: %q, want %q", test.lines, got, test.want)
		}
	}
}

func TestNameOnlyOthers_LinesWithoutIDs_IsFalse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		named []string
		want  bool
	}{{nil, false}, {[]string{"pc-a"}, false}, {[]string{"i-1", "pc-a"}, false}, {[]string{"i-1"}, true}} {
		if got := billing.NameOnlyOthers([]billing.OrderLine{{}, {InstanceIDs: test.named}}, "pc-a"); got != test.want {
			t.Errorf("%v: %t", test.named, got)
		}
	}
}

func TestLastCreated_LineWithoutATime_IsUnknown(t *testing.T) {
	t.Parallel()
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	for name, test := range map[string]struct {
		created []*time.Time
		want    *time.Time
	}{
		"no lines":       {nil, nil},
		"one line":       {[]*time.Time{&early}, &early},
		"newest first":   {[]*time.Time{&late, &early}, &late},
		"newest last":    {[]*time.Time{&early, &late}, &late},
		"one is unknown": {[]*time.Time{&early, nil}, nil},
	} {
		var lines []billing.OrderLine
		for _, at := range test.created {
			lines = append(lines, billing.OrderLine{CreateTime: at})
		}
		if got := billing.LastCreated(lines); (got == nil) != (test.want == nil) || got != nil && !got.Equal(*test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestTerm_IncludesAllLines(t *testing.T) {
	t.Parallel()
	at := func(day int) *time.Time { return new(time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)) }
	start, end := billing.Term([]billing.OrderLine{
		{UsageStartTime: at(3), UsageEndTime: at(20)}, {}, {UsageStartTime: at(2), UsageEndTime: at(22)}, {UsageStartTime: at(4), UsageEndTime: at(21)},
	})
	if !start.Equal(*at(2)) || !end.Equal(*at(22)) {
		t.Errorf("from %s to %s", start, end)
	}
	if start, end := billing.Term([]billing.OrderLine{{}}); start != nil || end != nil {
		t.Errorf("from %s to %s", start, end)
	}
}
