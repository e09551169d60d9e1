package account

import "strings"

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
	price := Price{Gross: Money(100 * monthly * months)}
	price.Pretax = price.Gross * Money(100-q.DiscountPercent) / 100
	price.Tax = price.Pretax * Money(q.TaxPercent) / 100
	return price
}
