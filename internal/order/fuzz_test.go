package order_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// FuzzToken checks that each circuit and each cancelled order leads to one valid client
// token of its own.
func FuzzToken(f *testing.F) {
	f.Add("cn-hangzhou", "pc-1", "cn-hangzhou", "pc-2", "50187055895123")
	f.Add("a", "bc", "ab", "c", "1")
	f.Add("", "", "", "", "")
	f.Fuzz(func(t *testing.T, region, circuit, region2, circuit2, orderID string) {
		for _, part := range []string{region, circuit, region2, circuit2, orderID} {
			if bytes.IndexByte([]byte(part), 0) >= 0 {
				t.Skip("no ID has a NUL")
			}
		}
		first, second := order.DefaultToken(region, circuit), order.DefaultToken(region2, circuit2)
		next := order.TokenAfter(first, orderID)
		for _, token := range []string{first, second, next, order.TokenAfter(next, orderID)} {
			if !order.TokenPattern().MatchString(token) {
				t.Errorf("token %q", token)
			}
		}
		if same := region == region2 && circuit == circuit2; same != (first == second) || next == first || next != order.TokenAfter(first, orderID) {
			t.Errorf("the tokens are %s, %s and %s", first, second, next)
		}
		if request := (order.Request{Region: region, CircuitID: circuit}); request.ReorderToken(orderID) != next {
			t.Errorf("the order is repeated with %s, want %s", request.ReorderToken(orderID), next)
		}
	})
}

// FuzzTerm checks that the period of a term is one that can be ordered and lasts as long,
// and that each term that can be ordered has a period.
func FuzzTerm(f *testing.F) {
	start := time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC)
	for _, months := range []int{0, 1, 9, 10, 12, 60, 61, -1} {
		f.Add(start.Unix(), start.AddDate(0, months, 0).Unix(), int64(months), false)
	}
	f.Add(int64(1<<62), int64(-1<<62), int64(-1<<63), true)
	f.Add(time.Date(2024, 1, 31, 16, 0, 0, 0, time.UTC).Unix(), time.Date(2024, 2, 29, 16, 0, 0, 0, time.UTC).Unix(), int64(1<<63-1), true)
	f.Fuzz(func(t *testing.T, from, to, period int64, yearly bool) {
		start, end := time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
		if found, cycle, ok := order.TermBetween(start, end); ok && (!order.PeriodAllowed(found, cycle) || !order.Lasts(start, end, order.Months(found, cycle))) {
			t.Errorf("from %s to %s: %d %s", start, end, found, cycle)
		}
		cycle := order.CycleMonth
		if yearly {
			cycle = order.CycleYear
		}
		if !order.PeriodAllowed(period, cycle) || start.Year() < 1 || start.Year() > 9000 {
			return
		}
		months := order.Months(period, cycle)
		found, foundCycle, ok := order.TermBetween(start, start.AddDate(0, months, 0))
		if !ok || order.Months(found, foundCycle) != months {
			t.Errorf("%d %s from %s is read as %d %s", period, cycle, start, found, foundCycle)
		}
	})
}

// FuzzRecord checks that a record that is read is written and read again without a change.
func FuzzRecord(f *testing.F) {
	for _, seed := range []string{
		`{"region_id":"cn-hangzhou","physical_connection_id":"pc-1","order_id":"1","client_token":"t","sent_token":"u","origin":"placed"}`,
		`{"origin":"imported","term_start":"2022-08-09T05:00:00+08:00","term_end":"9999-12-31T23:59:59Z","new_import":true,"adopted":true}`,
		`{"origin":"adopted","lapsed":true,"amounts_read":true,"later_field":[1]}`, `{"term_end":"0000-01-01T00:00:00+23:59"}`, `null`, `{}`, `[]`, `{"order_id":1}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var record, again order.Record
		if json.Unmarshal(data, &record) != nil {
			return
		}
		written, err := json.Marshal(record) //nolint:gosec // A client token is no secret.
		if err != nil || json.Unmarshal(written, &again) != nil {
			t.Fatalf("%q cannot be written again: %q, %v", data, written, err)
		}
		rewritten, err := json.Marshal(again) //nolint:gosec // A client token is no secret.
		if err != nil || !bytes.Equal(written, rewritten) || again.Key() != record.Key() || again.OrderID != record.OrderID {
			t.Errorf("%s becomes %s, %v", written, rewritten, err)
		}
	})
}
