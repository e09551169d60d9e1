package account

import (
	"math/big"
	"strings"
	"testing"
	"time"
)

// FuzzMoney checks that an amount that is read is written in each form with the same value.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"0", "0.05", "66", "100.5", "1234567.89", "92233720368547758.07", "92233720368547758.08", "007", "1.", ".5", "-1", "1,000", "1e3", "unlimited", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, err := ParseMoney(text)
		if err != nil {
			return
		}
		for _, written := range []string{amount.String(), amount.Short(), strings.ReplaceAll(amount.Separated(), ",", "")} {
			if again, err := ParseMoney(written); err != nil || again != amount {
				t.Errorf("%q is written as %q, and that is read as %s, %v", text, written, again, err)
			}
		}
		encoded, err := amount.MarshalText()
		var again Money
		if err != nil || again.UnmarshalText(encoded) != nil || again != amount {
			t.Errorf("%q is encoded as %q, %v", text, encoded, err)
		}
	})
}

// FuzzBalance checks that a top-up adds its amount to the balance, also to a debt, up to
// the balance without a limit.
func FuzzBalance(f *testing.F) {
	for _, seed := range [][2]int64{{0, 1}, {-50_00, 100_00}, {-1, int64(Unlimited)}, {int64(Unlimited), 1}, {int64(Unlimited) - 1, 1}, {int64(Unlimited) - 1, 2}, {-1 << 63, 1}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, balance, amount int64) {
		if amount < 0 {
			t.Skip("no top-up")
		}
		a := New(time.Now, Quirks{})
		a.SetBalance(Money(balance))
		a.TopUp(Money(amount))
		want := new(big.Int).Add(big.NewInt(balance), big.NewInt(amount))
		if most := big.NewInt(int64(Unlimited)); want.Cmp(most) > 0 || Money(amount) == Unlimited {
			want = most
		}
		if got := a.Balance(); big.NewInt(int64(got)).Cmp(want) != 0 {
			t.Errorf("%d and %d are %d, want %s", balance, amount, got, want)
		}
	})
}
