package ordering_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// asked is a billing that notes which orders it was asked for.
type asked struct {
	*book
	ids []string
}

func (a *asked) OrderRows(ctx context.Context, orderID string) ([]ordering.OrderRow, error) {
	a.ids = append(a.ids, orderID)
	return a.book.OrderRows(ctx, orderID)
}

// bookOf holds one order of each of the circuits, "1" for the first.
func bookOf(circuits ...string) *asked {
	orders := &book{rows: map[string][]ordering.OrderRow{}}
	for i, circuit := range circuits {
		row := rowOf(fmt.Sprint(i+1), "Unpaid", time.Now())
		row.InstanceIDs = []string{circuit}
		orders.rows[row.OrderID] = []ordering.OrderRow{row}
	}
	return &asked{book: orders}
}

func aroundNow(circuitID string) ordering.Search {
	return ordering.SearchSince(ordering.CircuitKey{Region: keyA.Region, CircuitID: circuitID}, time.Now(), time.Now())
}

func foundIDs(found []ordering.FoundOrder) []string {
	var ids []string
	for _, order := range found {
		ids = append(ids, order.ID)
	}
	return ids
}

func TestWhatAnOrderIsForIsAskedOnceAndItsPaymentEachTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf("pc-a", "pc-b", "pc-c")
		payments := ordering.NewPayments(billing)
		for i, circuit := range []string{"pc-a", "pc-b", "pc-c"} {
			found, complete, err := payments.Find(t.Context(), aroundNow(circuit))
			if err != nil || !complete || !slices.Equal(foundIDs(found), []string{fmt.Sprint(i + 1)}) {
				t.Errorf("%s: %v, %t, %v", circuit, found, complete, err)
			}
		}
		slices.Sort(billing.ids)
		if want := []string{"1", "2", "2", "3", "3"}; !slices.Equal(billing.ids, want) {
			t.Errorf("asked for %v, want %v", billing.ids, want)
		}
		billing.rows["1"][0].PaymentStatus = "Cancelled"
		if found, _, err := payments.Find(t.Context(), aroundNow("pc-a")); err != nil || len(found) != 0 {
			t.Errorf("%v, %v: an older reading was believed", found, err)
		}
	})
}

func TestAnOrderThatDoesNotSayWhatItIsForIsAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf("pc-a")
		billing.rows["1"][0].InstanceIDs = nil // not yet
		payments := ordering.NewPayments(billing)
		_, _, _ = payments.Find(t.Context(), aroundNow("pc-a"))
		billing.rows["1"][0].InstanceIDs = []string{"pc-a"}
		if found, _, err := payments.Find(t.Context(), aroundNow("pc-a")); err != nil || len(found) != 1 {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestALookUpWaitsForAnotherNoLongerThanItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		payments := ordering.NewPayments(hangingList{})
		go func() { _, _, _ = payments.Find(t.Context(), aroundNow("pc-a")) }()
		synctest.Wait()
		begun := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, complete, err := payments.Find(ctx, aroundNow("pc-b")); !errors.Is(err, context.DeadlineExceeded) || complete || time.Since(begun) != time.Second {
			t.Errorf("%t, %v after %s", complete, err, time.Since(begun))
		}
	})
}

// hangingList is a billing that does not answer until it is cut off.
type hangingList struct{ ordering.Billing }

func (hangingList) OrdersCreated(ctx context.Context, _, _ time.Time) ([]ordering.OrderRow, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestALookUpEndsAfterThirtySeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		_, _, err := ordering.NewPayments(hangingList{}).Find(t.Context(), aroundNow("pc-a"))
		if err == nil || time.Since(begun) != 30*time.Second {
			t.Errorf("%v after %s", err, time.Since(begun))
		}
	})
}

func TestOfUnlikelyProductsOnlySomeAreAskedForAndThatIsSaid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		likely, others, asked int
		complete              bool
	}{
		{0, 40, 40, true},
		{0, 41, 40, false},
		{1, 39, 40, true},
		{1, 40, 40, false},
		{60, 0, 60, true},
		{60, 1, 60, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			billing := bookOf(make([]string, test.likely+test.others)...)
			for id, rows := range billing.rows {
				if n, err := strconv.Atoi(id); err != nil || n > test.likely {
					rows[0].ProductCode = "ecs"
				}
			}
			_, complete, err := ordering.NewPayments(billing).Find(t.Context(), aroundNow("pc-a"))
			if err != nil || complete != test.complete || len(billing.ids) != test.asked {
				t.Errorf("%d and %d orders: asked for %d, complete %t, %v", test.likely, test.others, len(billing.ids), complete, err)
			}
		})
	}
}
