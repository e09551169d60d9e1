package ordering_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// found collects what an inventory of circuits A and B yields, as "order of circuit".
func found(t *testing.T, billing ordering.Billing, most int) (orders []string, err error) {
	t.Helper()
	inventory := ordering.Inventory{
		Circuits: []ordering.Circuit{circuitA("Confirmed"), {Region: keyB.Region, ID: keyB.CircuitID}}, From: ago(30 * day), To: time.Now(),
	}
	for order, failure := range inventory.Orders(t.Context(), billing) {
		if err = failure; err != nil {
			continue
		}
		if orders = append(orders, order.Order.ID+" of "+order.Circuit.ID); len(orders) == most {
			break
		}
	}
	return orders, err
}

func TestInventory_YieldsLiveNewOrdersOfTheCircuits(t *testing.T) {
	t.Parallel()
	forB, forBoth, renewal, ecs := rowOf("2", "Paid", ago(2*time.Hour)), rowOf("3", "Unpaid", ago(3*time.Hour)), rowOf("4", "Paid", ago(4*time.Hour)), rowOf("5", "Paid", ago(time.Minute))
	forB.InstanceIDs, forBoth.InstanceIDs, renewal.OrderType, ecs.ProductCode = []string{"pc-b"}, []string{"pc-a", "pc-b"}, "Renew", "ecs"
	billing := bookOf(
		rowOf("1", "Unpaid", ago(time.Hour)), forB, forBoth, renewal, ecs,
		rowOf("6", "Cancelled", ago(time.Hour)), rowOf("7", "Paid", ago(31*day)), rowFor("8", "pconn", "pc-c"),
	)
	want := []string{"1 of pc-a", "2 of pc-b", "3 of pc-a", "3 of pc-b", "5 of pc-a"}
	if got, err := found(t, billing, 0); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for most := 1; most < len(want); most++ {
		asked := len(billing.asked)
		if got, _ := found(t, billing, most); !slices.Equal(got, want[:most]) {
			t.Errorf("the first %d: %q", most, got)
		}
		if most == 1 && len(billing.asked)-asked > 3 {
			t.Errorf("%d orders are asked for before the first is found", len(billing.asked)-asked)
		}
	}
}

func TestInventory_Failure_EndsTheOrders(t *testing.T) {
	t.Parallel()
	down := answered(500, "InternalError")
	for name, test := range map[string]struct {
		spoil func(*book)
		want  []string
		why   error
	}{
		"the list fails":          {func(b *book) { b.listing = down }, nil, down},
		"an order cannot be read": {func(b *book) { b.failing = map[string]error{"2": down} }, []string{"1 of pc-a"}, down},
		"the list is cut":         {func(b *book) { b.truncated = []string{""} }, []string{"1 of pc-a", "2 of pc-a", "3 of pc-a"}, ordering.ErrTooManyOrders},
	} {
		billing := bookOf(rowOf("1", "Unpaid", ago(time.Hour)), rowOf("2", "Unpaid", ago(2*time.Hour)), rowOf("3", "Unpaid", ago(3*time.Hour)))
		test.spoil(billing)
		if got, err := found(t, billing, 0); !errors.Is(err, test.why) || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
