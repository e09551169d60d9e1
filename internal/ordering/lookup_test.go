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

func (hangingList) OrdersCreated(ctx context.Context, _ ordering.OrderQuery) (ordering.OrderListing, error) {
	<-ctx.Done()
	return ordering.OrderListing{}, ctx.Err()
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

func TestTheSearchForACircuitsOrderIsAsWideAsItsStatusNeeds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	enabled, created := now.Add(-days(100)), now.Add(-days(120))
	for name, test := range map[string]struct {
		circuit  ordering.Circuit
		from, to time.Time
	}{
		"in service":                          {ordering.Circuit{Status: "Enabled", AsOf: &now, EnabledTime: &enabled, CreationTime: &created}, enabled.Add(-days(8)), enabled.Add(time.Hour)},
		"in service, nobody knows since when": {ordering.Circuit{Status: "Enabled", AsOf: &now, CreationTime: &created}, created, now.Add(5 * time.Minute)},
		"waiting":                             {ordering.Circuit{Status: "Confirmed", AsOf: &now, CreationTime: &created}, now.Add(-days(8)), now.Add(5 * time.Minute)},
		"in service, nothing known":           {ordering.Circuit{Status: "Enabled", AsOf: &now}, now.Add(-days(8)), now.Add(5 * time.Minute)},
	} {
		search := ordering.SearchFor(test.circuit)
		if !search.From.Equal(test.from) || !search.To.Equal(test.to) || search.Cancelled {
			t.Errorf("%s: from %s to %s, want %s to %s", name, search.From, search.To, test.from, test.to)
		}
	}
}

// listing is a billing whose list of orders differs from what it says of each.
type listing struct {
	*asked
	listed    []ordering.OrderRow
	truncated bool
}

func (l listing) OrdersCreated(context.Context, ordering.OrderQuery) (ordering.OrderListing, error) {
	return ordering.OrderListing{Rows: l.listed, Truncated: l.truncated}, nil
}

func TestOnlyOrdersThatMayBeItAreAskedForAndEachOnce(t *testing.T) {
	t.Parallel()
	now := time.Now()
	renewal, old, cancelled, likely, unlikely := rowOf("1", "Unpaid", now), rowOf("2", "Unpaid", now.Add(-time.Hour)), rowOf("3", "Cancelled", now), rowOf("4", "Unpaid", now), rowOf("5", "Unpaid", now)
	renewal.OrderType, unlikely.ProductCode = "Renew", "ecs"
	undated := rowOf("6", "Unpaid", now)
	undated.CreateTime = nil
	for name, test := range map[string]struct {
		cancelled bool
		want      []string
	}{
		"live orders":         {false, []string{"4", "6", "5"}},
		"cancelled ones, too": {true, []string{"3", "4", "6", "5"}},
	} {
		billing := listing{asked: bookOf(), listed: []ordering.OrderRow{renewal, old, cancelled, unlikely, likely, likely, undated}}
		search := aroundNow(keyA.CircuitID)
		search.Cancelled = test.cancelled
		if _, complete, err := ordering.NewPayments(billing).Find(t.Context(), search); err != nil || !complete || !slices.Equal(billing.ids, test.want) {
			t.Errorf("%s: asked for %v, want %v (%v)", name, billing.ids, test.want, err)
		}
	}
}

func TestAnOrderIsTheCircuitsOnlyIfItSaysSoItself(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*ordering.OrderRow)
		found  bool
	}{
		"the circuit's":                 {func(*ordering.OrderRow) {}, true},
		"without a region":              {func(row *ordering.OrderRow) { row.Region = "" }, true},
		"in another region":             {func(row *ordering.OrderRow) { row.Region = "cn-shanghai" }, false},
		"another circuit's":             {func(row *ordering.OrderRow) { row.InstanceIDs = []string{"pc-b"} }, false},
		"nobody's":                      {func(row *ordering.OrderRow) { row.InstanceIDs = nil }, false},
		"cancelled since it was listed": {func(row *ordering.OrderRow) { row.PaymentStatus = "Cancelled" }, false},
	} {
		billing := listing{asked: bookOf(keyA.CircuitID), listed: []ordering.OrderRow{rowOf("1", "Unpaid", time.Now())}}
		test.change(&billing.rows["1"][0])
		if found, _, err := ordering.NewPayments(billing).Find(t.Context(), aroundNow(keyA.CircuitID)); err != nil || (len(found) == 1) != test.found {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

func TestAnOrderThatCannotBeReadLeavesTheLookUpIncomplete(t *testing.T) {
	t.Parallel()
	billing := bookOf(keyA.CircuitID, "pc-b")
	billing.failing = map[string]error{"2": answered(500, "InternalError")}
	if _, complete, err := ordering.NewPayments(billing).Find(t.Context(), aroundNow(keyA.CircuitID)); err == nil || complete {
		t.Errorf("complete: %t, %v", complete, err)
	}
}

func TestFind_TruncatedList_IsIncomplete(t *testing.T) {
	t.Parallel()
	billing := listing{asked: bookOf(keyA.CircuitID), listed: []ordering.OrderRow{rowOf("1", "Unpaid", time.Now())}, truncated: true}
	found, complete, err := ordering.NewPayments(billing).Find(t.Context(), aroundNow(keyA.CircuitID))
	if err != nil || complete || len(found) != 1 {
		t.Errorf("%d found, complete: %t, %v", len(found), complete, err)
	}
}

func TestInventory_TruncatedList_YieldsItsOrdersAndThenAnError(t *testing.T) {
	t.Parallel()
	billing := listing{asked: bookOf(keyA.CircuitID), listed: []ordering.OrderRow{rowOf("1", "Unpaid", time.Now())}, truncated: true}
	var found, failed int
	for _, err := range (ordering.Inventory{Circuits: []ordering.Circuit{{ID: keyA.CircuitID, Region: keyA.Region}}}).Orders(t.Context(), billing) {
		if err != nil {
			failed++
		} else if found++; failed > 0 {
			t.Error("an order follows the error")
		}
	}
	if found != 1 || failed != 1 {
		t.Errorf("%d orders, %d errors", found, failed)
	}
}

func TestALookUpThatIsNotPermittedIsNotTried(t *testing.T) {
	t.Parallel()
	billing := bookOf(keyA.CircuitID)
	billing.failing = map[string]error{"1": answered(400, "NoPermission")}
	payments := ordering.NewPayments(billing)
	_, _ = payments.Rows(t.Context(), "1")
	if _, complete, err := payments.Find(t.Context(), aroundNow(keyA.CircuitID)); err == nil || complete || len(billing.windows) != 0 {
		t.Errorf("complete: %t, %v, windows %v", complete, err, billing.windows)
	}
}

func TestALostOrderThatDoesNotSayWhenItWasPlacedIsNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := listing{asked: bookOf(keyA.CircuitID), listed: []ordering.OrderRow{rowOf("1", "Unpaid", time.Now())}}
		billing.rows["1"][0].CreateTime = nil
		placer := placerOf(&fakeAPI{send: always(lost()), read: asOf(present)})
		placer.Timeout = time.Minute
		placer.Payments = ordering.NewPayments(billing)
		_, err := placer.Place(t.Context(), wishA())
		if unplaced := unplacedOf(t, err); !slices.Equal(unplaced.Candidates, []string{"1"}) {
			t.Errorf("%+v", unplaced)
		}
	})
}
