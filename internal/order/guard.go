package order

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// PriceGuard refuses an order that costs more than a limit.
type PriceGuard struct {
	// Limit is a decimal number in the account's currency.
	Limit string
	// Price returns the price of the order now.
	Price func(ctx context.Context, c circuit.Circuit) (billing.Price, error)
}

// priceCheck is a price that is read while the provider looks for orders.
type priceCheck struct {
	guard   *PriceGuard
	began   time.Time
	reading sync.WaitGroup
	price   billing.Price
	err     error
}

// start reads the price. A nil guard checks nothing.
func (g *PriceGuard) start(ctx context.Context, c circuit.Circuit) *priceCheck {
	check := &priceCheck{guard: g, began: time.Now()}
	if g != nil {
		check.reading.Go(func() { check.price, check.err = g.Price(ctx, c) })
	}
	return check
}

// allows returns an error if the order must not be sent because of its price. A price or
// an error that is too old by now is read again.
func (p *priceCheck) allows(ctx context.Context, key circuit.Key, c circuit.Circuit) error {
	if p.guard == nil {
		return nil
	}
	p.reading.Wait()
	if time.Since(p.began) > sendAge {
		p.began = time.Now()
		p.price, p.err = p.guard.Price(ctx, c)
	}
	switch {
	case p.err != nil:
		return &PlaceError{Kind: PriceUnread, Key: key, Circuit: &c, MaxPrice: p.guard.Limit, Cause: p.err}
	case p.price.Exceeds(p.guard.Limit):
		return &PlaceError{Kind: PriceTooHigh, Key: key, Circuit: &c, Price: p.price, MaxPrice: p.guard.Limit}
	default:
		return nil
	}
}

// AllowsFound returns a *PlaceError if an existing order costs more than the limit, or if
// its amount is not known. A nil guard allows all.
func (g *PriceGuard) AllowsFound(key circuit.Key, found billing.Order) error {
	if g == nil {
		return nil
	}
	price := billing.Price{Trade: billing.Total(found.Lines, billing.Pretax)}
	if len(found.Lines) > 0 {
		price.Currency = found.Lines[0].Currency
	}
	if !price.Exceeds(g.Limit) {
		return nil
	}
	return &PlaceError{Kind: FoundTooHigh, Key: key, OrderID: found.ID, Price: price, MaxPrice: g.Limit, Look: billing.Look{Live: []billing.Order{found}}}
}
