package ordering_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestOnlyAnUnpaidOrderOfTheCircuitIsCancelled(t *testing.T) {
	t.Parallel()
	now := time.Now()
	unpaid, paid := rowOf("1", "Unpaid", now), rowOf("1", "Paid", now)
	cancelled, unknown := rowOf("1", "Cancelled", now), rowOf("1", "Frozen", now)
	foreign, renewal, unnamed := rowOf("1", "Unpaid", now), rowOf("1", "Unpaid", now), rowOf("1", "Unpaid", now)
	foreign.InstanceIDs, renewal.OrderType, unnamed.InstanceIDs = []string{"i-1"}, "Renew", nil
	for name, test := range map[string]struct {
		rows   []ordering.OrderRow
		origin ordering.Origin
		want   ordering.Cancellation
		sent   int
	}{
		"unpaid":              {[]ordering.OrderRow{unpaid}, ordering.Placed, ordering.CancelledNow, 1},
		"unpaid, imported":    {[]ordering.OrderRow{unpaid}, ordering.Imported, ordering.CancelledNow, 1},
		"in part cancelled":   {[]ordering.OrderRow{unpaid, cancelled}, ordering.Placed, ordering.CancelledNow, 1},
		"paid":                {[]ordering.OrderRow{paid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"in part paid":        {[]ordering.OrderRow{paid, unpaid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"in part paid, later": {[]ordering.OrderRow{unpaid, paid}, ordering.Placed, ordering.PaidMeanwhile, 0},
		"cancelled":           {[]ordering.OrderRow{cancelled}, ordering.Placed, ordering.CancelledBefore, 0},
		"unknown status":      {[]ordering.OrderRow{unpaid, unknown}, ordering.Placed, ordering.CancelInDoubt, 0},
		"unknown order":       {nil, ordering.Placed, ordering.CancelInDoubt, 0},
		"something else's":    {[]ordering.OrderRow{foreign}, ordering.Placed, ordering.CancelForeign, 0},
		"a renewal":           {[]ordering.OrderRow{renewal}, ordering.Placed, ordering.CancelForeign, 0},
		"unnamed, ours":       {[]ordering.OrderRow{unnamed}, ordering.Placed, ordering.CancelledNow, 1},
		"unnamed, imported":   {[]ordering.OrderRow{unnamed}, ordering.Imported, ordering.CancelForeign, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := &book{rows: map[string][]ordering.OrderRow{"1": test.rows}}
			record := ordering.Record{Region: keyA.Region, CircuitID: keyA.CircuitID, OrderID: "1", Origin: test.origin}
			got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), record)
			if got != test.want || len(orders.cancelled) != test.sent {
				t.Errorf("outcome %d with %d cancellations (%v), want %d with %d", got, len(orders.cancelled), err, test.want, test.sent)
			}
		})
	}
}

func TestACancellationIsRepeatedWithPausesAndNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		orders := &book{rows: map[string][]ordering.OrderRow{"1": {rowOf("1", "Unpaid", time.Now())}}, onCancel: func(string) error { return answered(500, "InternalError") }}
		begun := time.Now()
		got, err := ordering.NewPayments(orders).CancelUnpaid(t.Context(), ordering.Record{CircuitID: keyA.CircuitID, OrderID: "1", Origin: ordering.Placed})
		if got != ordering.CancelInDoubt || err == nil || len(orders.cancelled) != 4 || time.Since(begun) == 0 {
			t.Errorf("outcome %d after %d tries in %s: %v", got, len(orders.cancelled), time.Since(begun), err)
		}
	})
}
