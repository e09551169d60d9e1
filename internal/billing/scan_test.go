package billing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// found returns the results of a scan for circuits A and B, as "order of circuit".
func found(t *testing.T, fake billing.Client, most int) (orders []string, err error) {
	t.Helper()
	scan := billing.OrderScan{
		Circuits: []circuit.Circuit{ordertest.CircuitA("Confirmed"), {Region: ordertest.KeyB.Region, ID: ordertest.KeyB.CircuitID}}, From: ordertest.Ago(30 * ordertest.Day), To: time.Now(),
	}
	for order, failure := range scan.Orders(t.Context(), fake) {
		if err = failure; err != nil {
			continue
		}
		if orders = append(orders, order.Order.ID+" of "+order.Circuit.ID); len(orders) == most {
			break
		}
	}
	return orders, err
}

func TestOrderScan_YieldsLiveNewOrdersOfTheCircuits(t *testing.T) {
	t.Parallel()
	forB, forBoth, renewal, ecs := ordertest.LineOf("2", "Paid", ordertest.Ago(2*time.Hour)), ordertest.LineOf("3", "Unpaid", ordertest.Ago(3*time.Hour)), ordertest.LineOf("4", "Paid", ordertest.Ago(4*time.Hour)), ordertest.LineOf("5", "Paid", ordertest.Ago(time.Minute))
	forB.InstanceIDs, forBoth.InstanceIDs, renewal.OrderType, ecs.ProductCode = []string{"pc-b"}, []string{"pc-a", "pc-b"}, "Renew", "ecs"
	billing := ordertest.BillingWith(
		ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)), forB, forBoth, renewal, ecs,
		ordertest.LineOf("6", "Cancelled", ordertest.Ago(time.Hour)), ordertest.LineOf("7", "Paid", ordertest.Ago(31*ordertest.Day)), ordertest.LineFor("8", "pconn", "pc-c"),
	)
	want := []string{"1 of pc-a", "2 of pc-b", "3 of pc-a", "3 of pc-b", "5 of pc-a"}
	if got, err := found(t, billing, 0); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for most := 1; most < len(want); most++ {
		asked := len(billing.Reads)
		if got, _ := found(t, billing, most); !slices.Equal(got, want[:most]) {
			t.Errorf("the first %d: %q", most, got)
		}
		if most == 1 && len(billing.Reads)-asked > 3 {
			t.Errorf("%d orders were read before the first result", len(billing.Reads)-asked)
		}
	}
}

func TestOrderScan_Failure_EndsTheSequence(t *testing.T) {
	t.Parallel()
	down := ordertest.Answered(500, "InternalError")
	for name, test := range map[string]struct {
		spoil func(*ordertest.FakeBilling)
		want  []string
		why   error
	}{
		"the list fails":          {func(b *ordertest.FakeBilling) { b.ListErr = down }, nil, down},
		"an order cannot be read": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"2": down} }, []string{"1 of pc-a"}, down},
		"the list is cut":         {func(b *ordertest.FakeBilling) { b.Truncated = []string{""} }, []string{"1 of pc-a", "2 of pc-a", "3 of pc-a"}, billing.ErrTooManyOrders},
	} {
		billing := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)), ordertest.LineOf("2", "Unpaid", ordertest.Ago(2*time.Hour)), ordertest.LineOf("3", "Unpaid", ordertest.Ago(3*time.Hour)))
		test.spoil(billing)
		if got, err := found(t, billing, 0); !errors.Is(err, test.why) || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
