package account

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Money is an amount in hundredths of the account's currency.
type Money int64

// Unlimited is a balance that payments do not change.
const Unlimited Money = math.MaxInt64

const unlimitedText = "unlimited"

var amount = regexp.MustCompile(`^[0-9]+(\.[0-9]{1,2})?$`)

// String returns the amount with two decimals, such as "1234.56".
func (m Money) String() string {
	sign, hundredths := "", int64(m)
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

// ParseMoney reads an amount such as "1234.56", "1234.5" or "1234".
func ParseMoney(text string) (Money, error) {
	if !amount.MatchString(text) {
		return 0, fmt.Errorf("%q is not an amount of money", text)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	hundredths, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	return Money(hundredths), err
}

// MarshalText writes the amount as String does, and Unlimited as "unlimited".
func (m Money) MarshalText() ([]byte, error) {
	if m == Unlimited {
		return []byte(unlimitedText), nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (m *Money) UnmarshalText(text []byte) error {
	if string(text) == unlimitedText {
		*m = Unlimited
		return nil
	}
	parsed, err := ParseMoney(string(text))
	*m = parsed
	return err
}

// Short returns the amount without trailing zeros, such as "66", as orders contain it.
func (m Money) Short() string {
	return strings.TrimRight(strings.TrimRight(m.String(), "0"), ".")
}

// Separated returns the amount with separators, such as "1,234.50".
func (m Money) Separated() string {
	whole, fraction, _ := strings.Cut(m.String(), ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return sign + whole + "." + fraction
}

// Price is what an order costs.
type Price struct {
	// Gross is the list price, Pretax the price after the discount. Tax is added to it.
	Gross, Pretax, Tax Money
}

// Total returns the amount to pay.
func (p Price) Total() Money { return p.Pretax + p.Tax }

// Share returns the part of sub-order i, counted from 0. The last one gets the remainder.
func (p Price) Share(i, of int) Price {
	part := func(m Money) Money {
		if i == of-1 {
			return m - m/Money(of)*Money(of-1)
		}
		return m / Money(of)
	}
	return Price{Gross: part(p.Gross), Pretax: part(p.Pretax), Tax: part(p.Tax)}
}

// monthlyFee is the resource occupation fee of a port per month, in whole units of the currency.
type monthlyFee struct{ mainland, outside, riyadh int }

// monthlyFees is the public price list in USD, by specification. The emulator uses the
// same numbers for every currency.
var monthlyFees = map[string]monthlyFee{
	"1G":   {85, 210, 252},
	"10G":  {720, 1600, 1920},
	"40G":  {2450, 5500, 6600},
	"100G": {5200, 11700, 14040},
}

// Price returns the price of a port in a region for some months, and false if the price
// list has no such port.
func (q Quirks) Price(region, spec string, months int) (Price, bool) {
	_, listed := monthlyFees[spec]
	return q.price(&Circuit{Region: region, Spec: spec}, months), listed
}

// price returns the price of a circuit's port for some months. A specification that is
// not on the list costs as much as 1G.
func (q Quirks) price(c *Circuit, months int) Price {
	fees, listed := monthlyFees[c.Spec]
	if !listed {
		fees = monthlyFees["1G"]
	}
	monthly := fees.outside
	switch {
	case c.Region == "me-central-1":
		monthly = fees.riyadh
	case strings.HasPrefix(c.Region, "cn-") && c.Region != "cn-hongkong":
		monthly = fees.mainland
	}
	price := Price{Gross: Money(monthly * months * cmp.Or(q.PricePercent, 100))}
	price.Pretax = price.Gross * Money(100-q.DiscountPercent) / 100
	price.Tax = price.Pretax * Money(q.TaxPercent) / 100
	return price
}
