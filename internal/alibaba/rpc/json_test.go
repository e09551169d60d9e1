package rpc_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

func TestText_WithoutANumberOrABoolean_HasNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[rpc.Text]*int64{"-1": new(int64(-1)), "9223372036854775807": new(int64(math.MaxInt64)), "9223372036854775808": nil, "1.5": nil, "": nil} {
		if got := text.Number(); (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: got %v", text, got)
		}
	}
	for text, want := range map[rpc.Text]*bool{"true": new(true), "false": new(false), "yes": nil, "": nil} {
		if got := text.Bool(); (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestText_TimeThatCannotBeSavedOrHasNoZone_IsNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[rpc.Text]time.Time{
		"2017-06-08T09:41:30Z":      time.Date(2017, 6, 8, 9, 41, 30, 0, time.UTC),
		"2017-06-08T09:41Z":         time.Date(2017, 6, 8, 9, 41, 0, 0, time.UTC),
		"2017-06-08T17:41:30+08:00": time.Date(2017, 6, 8, 9, 41, 30, 0, time.UTC),
		"0000-01-01T00:00:00Z":      time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59Z":      time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		if got := text.Time(); got == nil || *got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
	for _, text := range []rpc.Text{"", "2017-06-08 09:41:30", "2017-06-08T09:41:30", "0000-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"} {
		if got := text.Time(); got != nil {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestIsID_IsTrueForTheIDOfAnOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"50187055895": true, "a-1": true, strings.Repeat("1", 64): true,
		"": false, "0": false, "a": false, "1 2": false, "1&2": false, strings.Repeat("1", 65): false,
	} {
		if rpc.IsID(text) != want {
			t.Errorf("%s: got %t", text, !want)
		}
	}
}

func TestRows_AreBelievedOnlyIfTheirListIsWhole(t *testing.T) {
	t.Parallel()
	const missing, tooLong, noFormat, noCount = "the list of rows is missing", "the list of rows is longer than what was asked for", "the list of rows is not in the format of the API", "the count of the rows is not in the format of the API"
	for body, test := range map[string]struct {
		rows    int
		total   *int64
		problem string
	}{
		`{"Count":3,"Rows":["a","b"]}`:       {2, new(int64(3)), ""},
		`{"Rows":["a"]}`:                     {1, nil, ""},
		`{"Count":"many","Rows":["a"]}`:      {1, nil, ""},
		`{"Rows":[]}`:                        {0, nil, ""},
		`{"Count":"1","Rows":[]}`:            {0, new(int64(1)), ""},
		`{"Count":0}`:                        {0, new(int64(0)), ""},
		`{"Count":"0","Rows":null}`:          {0, new(int64(0)), ""},
		`{"Count":1}`:                        {0, nil, missing},
		`{"Count":"many","Rows":null}`:       {0, nil, missing},
		`{}`:                                 {0, nil, missing},
		`{"Count":"many","Rows":[]}`:         {0, nil, noCount},
		`{"Count":3,"Rows":["a","b","c"]}`:   {0, nil, tooLong},
		`{"Count":2,"Rows":["a"],"rows":[]}`: {0, nil, tooLong},
		`{"Count":0,"Rows":{}}`:              {0, nil, noFormat},
		`{"Count":0,"Rows":"[]"}`:            {0, nil, noFormat},
		`{"Count":1,"Rows":["a"]`:            {0, nil, noFormat},
		`[]`:                                 {0, nil, noFormat},
	} {
		var list struct {
			Count rpc.Text
			Rows  rpc.Array[rpc.Text]
		}
		list.Rows.Max = 2
		rows, total, problem := rpc.Rows([]byte(body), "rows", &list, &list.Rows, &list.Count)
		if len(rows) != test.rows || (total == nil) != (test.total == nil) || total != nil && *total != *test.total || problem != test.problem {
			t.Errorf("%s: %d rows, %v, %q", body, len(rows), total, problem)
		}
	}
}
