package account

import "testing"

func TestMoney_IsReadAndWrittenExactly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		amount                   Money
		plain, order, separators string
	}{
		"0":          {0, "0.00", "0", "0.00"},
		"0.05":       {5, "0.05", "0.05", "0.05"},
		"66":         {66_00, "66.00", "66", "66.00"},
		"100.5":      {100_50, "100.50", "100.5", "100.50"},
		"999.99":     {999_99, "999.99", "999.99", "999.99"},
		"1000.00":    {1000_00, "1000.00", "1000", "1,000.00"},
		"1234567.89": {1234567_89, "1234567.89", "1234567.89", "1,234,567.89"},
	} {
		got, err := ParseMoney(text)
		if err != nil || got != want.amount {
			t.Errorf("%s is read as %d, %v", text, got, err)
		}
		if got.String() != want.plain || got.Short() != want.order || got.Separated() != want.separators {
			t.Errorf("%s is written as %s, %s and %s", text, got, got.Short(), got.Separated())
		}
	}
	if debt := Money(-1234_50); debt.String() != "-1234.50" || debt.Separated() != "-1,234.50" {
		t.Errorf("a debt is written as %s and %s", debt, debt.Separated())
	}
	for _, text := range []string{"", ".", ".5", "1.", "1.234", "-1", "+1", "1,000", "1e3", "1.-5", "99999999999999999999"} {
		if got, err := ParseMoney(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

func TestPrice_SharesAddUp(t *testing.T) {
	t.Parallel()
	price := Price{Gross: 100_01, Pretax: 99_98, Tax: 7}
	for of := range 9 {
		var sum Price
		for i := range of + 1 {
			share := price.Share(i, of+1)
			sum.Gross += share.Gross
			sum.Pretax += share.Pretax
			sum.Tax += share.Tax
		}
		if sum != price {
			t.Errorf("%d shares add up to %+v, want %+v", of+1, sum, price)
		}
	}
}
