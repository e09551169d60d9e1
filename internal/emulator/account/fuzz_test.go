package account

import (
	"cmp"
	"encoding/json"
	"math/big"
	"slices"
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

// FuzzRestore checks that a state that is restored is saved with the same values, as long as
// no change is due.
func FuzzRestore(f *testing.F) {
	f.Add([]byte(stateText(f, fullAccount(f))))
	for _, text := range []string{
		`{"Format":1}`, `{"Format":1,"Ahead":"-1h","Balance":"-0.01"}`, `{"Format":1,"Circuits":[{"EnableAt":"2022-01-01T00:00:00Z","PaidBy":"8"}]}`, `{"Format":1,"Orders":[{"ID":"8"}]}`,
		`{"Format":1,"Circuits":[{"EnableAt":"2022-01-01T00:00:00Z","PaidBy":"8"},{"PaidBy":"8"}],"OtherOrders":[{"ID":"8","Status":"Paid","Period":9,"CreatedAt":"0000-01-01T00:00:00+14:00"}]}`,
		`{"Format":1,"ClientTokens":[{"Token":"b","Spent":true},{"Token":"a","Result":"1","Params":{"a":"b"}},{"Token":"b"}]}`,
	} {
		f.Add([]byte(text))
	}
	longAgo := func() time.Time { return time.Date(-1000, 1, 1, 0, 0, 0, 0, time.UTC) }
	f.Fuzz(func(t *testing.T, text []byte) {
		var state State
		a := New(longAgo, Quirks{})
		if json.Unmarshal(text, &state) != nil || a.Restore(state) != nil {
			return
		}
		got, err := json.Marshal(inOneForm(a.state()))
		want, wantErr := json.Marshal(inOneForm(state))
		if err != nil || wantErr != nil || string(got) != string(want) {
			t.Errorf("%v, %v: saved\n%s\nwant\n%s", err, wantErr, got, want)
		}
	})
}

// inOneForm returns a state without the differences that have no meaning.
func inOneForm(s State) State {
	s.Circuits, s.Orders, s.OtherOrders = append([]CircuitState{}, s.Circuits...), append([]Order{}, s.Orders...), append([]Order{}, s.OtherOrders...)
	for i, circuit := range s.Circuits {
		if circuit.EnableAt.IsZero() {
			s.Circuits[i].PaidBy = ""
		}
	}
	slices.Reverse(s.ClientTokens) // The last token with a key counts.
	slices.SortStableFunc(s.ClientTokens, func(a, b TokenState) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Token, b.Token))
	})
	s.ClientTokens = append([]TokenState{}, slices.CompactFunc(s.ClientTokens, func(a, b TokenState) bool { return a.TokenKey == b.TokenKey })...)
	return s
}
