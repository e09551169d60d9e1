package billing_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// FuzzTotal checks that a total is the exact sum, in whatever order the lines are, and that
// there is none if a line has no amount or another currency.
func FuzzTotal(f *testing.F) {
	for _, seed := range [][3]string{{"0.1", "0.2", "0.30"}, {"-10", "10.000", "0"}, {"1234567890123456789.01", "0.99", "-1"}, {"", "1", "2"}, {"1", "x", "2"}, {"007", "00.10", "1"}} {
		f.Add(seed[0], seed[1], seed[2], "CNY")
	}
	f.Add("1", "2", "3", "USD")
	f.Fuzz(func(t *testing.T, a, b, c, currency string) {
		lines := []billing.OrderLine{{PretaxAmount: a, Currency: "CNY"}, {PretaxAmount: b, Currency: "CNY"}, {PretaxAmount: c, Currency: currency}}
		want, known := new(big.Rat), currency == "CNY"
		for _, line := range lines {
			if !isAmount(line.PretaxAmount) {
				if line.PretaxAmount != "" {
					t.Skip("no amount that the client returns")
				}
				known = false
				continue
			}
			part, _ := new(big.Rat).SetString(line.PretaxAmount)
			want.Add(want, part)
		}
		total := billing.Total(lines, billing.Pretax)
		if known != (total != "") {
			t.Fatalf("%q + %q + %q %s = %q", a, b, c, currency, total)
		}
		slices.Reverse(lines)
		if again := billing.Total(lines, billing.Pretax); known && again != total {
			t.Errorf("%s forwards, %s backwards", total, again)
		}
		if got, ok := new(big.Rat).SetString(total); known && (!ok || !isAmount(total) || got.Cmp(want) != 0) {
			t.Errorf("%q + %q + %q = %q", a, b, c, total)
		}
		if price := (billing.Price{Trade: total}); known && (price.Exceeds(total) || !price.Exceeds("-"+strings.Repeat("9", 99))) || !known && !price.Exceeds("1") {
			t.Errorf("%q is compared wrongly", total)
		}
	})
}

// isAmount reports whether a text has the form of the amounts that the client returns.
func isAmount(text string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	digits := func(part string) bool { return part != "" && strings.Trim(part, "0123456789") == "" }
	return len(text) <= 40+3 && digits(whole) && (!point || digits(fraction))
}

// FuzzLook checks that a look adds an order at most once: as live if a line of the circuit
// may not be cancelled, and never if all its lines are for others.
func FuzzLook(f *testing.F) {
	for _, seed := range [][4]string{
		{"Paid", "New", "pconn", ordertest.KeyA.CircuitID}, {"Cancelled", "new", "pconn", ""}, {"Canceled", "", "PCONN_intl", "pc-other"}, {"Unpaid", "Renew", "ecs", "i-1"},
		{"", "", "", ""}, {"paid", "Refund", "pconn", "PC-ALPHA"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], "Cancelled", "")
		f.Add(seed[0], seed[1], seed[2], seed[3], "Unpaid", ordertest.KeyA.CircuitID)
	}
	f.Fuzz(func(t *testing.T, status, kind, product, instance, status2, instance2 string) {
		lines := []billing.OrderLine{
			{OrderID: "1", OrderType: kind, ProductCode: product, PaymentStatus: status, InstanceIDs: named(instance)},
			{OrderID: "1", OrderType: "New", ProductCode: product, PaymentStatus: status2, InstanceIDs: named(instance2)},
		}
		var look billing.Look
		look.Add("1", lines, ordertest.KeyA.CircuitID)
		if len(look.Live)+len(look.Cancelled)+len(look.Unnamed) > 1 {
			t.Fatalf("%+v", look)
		}
		ours := strings.EqualFold(instance2, ordertest.KeyA.CircuitID)
		if ours && len(look.Live)+len(look.Cancelled) == 0 {
			t.Error("the order of the circuit is not in the look")
		}
		if ours && len(look.Cancelled) > 0 && !strings.EqualFold(status2, "Cancelled") && !strings.EqualFold(status2, "Canceled") {
			t.Errorf("a line with the status %q counts as cancelled", status2)
		}
		if instance != "" && instance2 != "" && !billing.NameInstance(lines, ordertest.KeyA.CircuitID) && len(look.Live)+len(look.Cancelled)+len(look.Unnamed) > 0 {
			t.Error("the order of others is in the look")
		}
		if got := billing.PaymentStatus(lines); !slices.Contains([]string{"", billing.Unpaid, billing.Paid, billing.Cancelled}, got) {
			t.Errorf("status %q", got)
		}
	})
}

func named(instance string) []string {
	if instance == "" {
		return nil
	}
	return []string{instance}
}
