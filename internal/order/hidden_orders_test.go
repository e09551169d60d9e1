package order_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestAdopt_Order_IsReadTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(10*time.Minute)))
		billing.OnDetail = func(_ string, n int) {
			if n == 3 {
				billing.Lines["1"][0].PaymentStatus = "Cancelled"
			}
		}
		placement, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.UnpaidA())
		if err != nil || placement.Receipt.OrderID != "1" || billing.TimesRead("1") != 2 {
			t.Errorf("%+v, %v, read %d times", placement.Receipt, err, billing.TimesRead("1"))
		}
		ordertest.WantSends(t, api, 0)
	})
}

func TestReconcile_OrderThatIsHardToSee_SendsNothing(t *testing.T) {
	t.Parallel()
	denied := ordertest.Answered(400, "NoPermission")
	for name, test := range map[string]struct {
		request order.Request
		lines   func() []billing.OrderLine
		prepare func(context.Context, *ordertest.FakeBilling, order.Placer)
		kind    order.PlaceErrorKind
	}{
		"listed without details": {
			ordertest.UnpaidA(), func() []billing.OrderLine { return nil }, func(_ context.Context, b *ordertest.FakeBilling, _ order.Placer) {
				b.Listed = []billing.OrderLine{ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Minute))}
			}, order.BillingUnread,
		},
		"second read denied": {ordertest.UnpaidA(), lineA("Unpaid", 10*time.Minute), func(_ context.Context, b *ordertest.FakeBilling, _ order.Placer) {
			b.OnDetail = func(_ string, n int) {
				if n == 2 {
					b.ReadErrs = map[string]error{"1": denied}
				}
			}
		}, order.OrdersExist},
		"another order denied": {
			ordertest.UnpaidA(), lineA("Paid", ordertest.Day, func() billing.OrderLine { return ordertest.LineFor("2", "ecs", "i-1") }), func(_ context.Context, b *ordertest.FakeBilling, _ order.Placer) {
				b.ReadErrs = map[string]error{"2": ordertest.Answered(400, "NotAuthorized")}
			}, order.OrdersExist,
		},
		"imported, of two circuits": {ordertest.RequestA(), lineA("Paid", ordertest.Day), func(_ context.Context, b *ordertest.FakeBilling, placer order.Placer) {
			b.Lines["1"][0].InstanceIDs = []string{"pc-a", "pc-b"}
			placer.Registry.RecordRefreshed(ordertest.KeyB, "1", "", false)
		}, order.OrdersExist},
		"lost, and another one denied": {ordertest.RequestA(), lineA("Paid", 2*time.Hour, newer("9")), func(_ context.Context, b *ordertest.FakeBilling, _ order.Placer) {
			b.ReadErrs = map[string]error{"9": denied, "1": ordertest.Lost()}
			b.OnDetail = func(id string, n int) {
				if id == "1" && n > 1 {
					delete(b.ReadErrs, "1") // Billing is up again.
				}
			}
		}, order.OrdersExist},
		"not read by a look that ended": {ordertest.RequestA(), lineA("Paid", 2*time.Hour, newer("9")), func(ctx context.Context, b *ordertest.FakeBilling, placer order.Placer) {
			b.ReadErrs, b.DetailTakes = map[string]error{"9": denied}, 10*time.Second
			placer.LookForMessage(ctx, circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-b", Status: "Enabled"})
			b.DetailTakes = 0
		}, order.OrdersExist},
		"after orders of another payer": {
			ordertest.RequestA(), lineA("Paid", 2*time.Hour, newer("91"), newer("92"), newer("93"), newer("94"), newer("95")),
			func(_ context.Context, b *ordertest.FakeBilling, _ order.Placer) {
				b.ReadErrs = map[string]error{"91": denied, "92": denied, "93": denied, "94": denied, "95": denied}
			}, order.OrdersExist,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, fake := &ordertest.FakeAPI{}, ordertest.BillingWith(test.lines()...)
				placer := ordertest.PlacerWith(api, fake)
				placer.Timeout = time.Minute
				test.prepare(t.Context(), fake, placer)
				_, err := placer.Place(t.Context(), test.request)
				_ = ordertest.PlaceError(t, err, test.kind)
				ordertest.WantSends(t, api, 0)
			})
		})
	}
}

// lineA returns a function for the line of order "1" of circuit A and other lines. The
// clock of the test decides when they were created.
func lineA(status string, age time.Duration, others ...func() billing.OrderLine) func() []billing.OrderLine {
	return func() []billing.OrderLine {
		lines := []billing.OrderLine{ordertest.LineOf("1", status, ordertest.Ago(age))}
		for _, other := range others {
			lines = append(lines, other())
		}
		return lines
	}
}

// newer returns a function for a line of another circuit, created a minute ago.
func newer(id string) func() billing.OrderLine {
	return func() billing.OrderLine {
		line := ordertest.LineFor(id, "pconn", "pc-other")
		line.CreateTime = new(ordertest.Ago(time.Minute))
		return line
	}
}
