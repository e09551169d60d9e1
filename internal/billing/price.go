package billing

import (
	"context"
	"errors"
	"math/big"
	"sync"
	"time"
)

// Types of orders that have a price.
const (
	PriceNewOrder = "NewOrder"
	PriceRenewal  = "Renewal"
)

// Specs are the port specifications that have a price.
func Specs() []string { return []string{"1G", "10G", "40G", "100G"} }

// PriceQuery describes what to buy. Two orders with the same query cost the same.
type PriceQuery struct {
	// Region is the region of the circuit, for example "cn-hangzhou".
	Region string
	// Spec is one of Specs.
	Spec string
	// CircuitID is the circuit to renew; empty for a new order.
	CircuitID string
	// ProductCode is the product code that billing reports for the circuit. If it is empty,
	// the code of the public price list is used.
	ProductCode string
	// Period is the term in units of PricingCycle, which is Month or Year.
	Period       int64
	PricingCycle string
	// OrderType is PriceNewOrder or PriceRenewal.
	OrderType string
}

// Price is the price of an order. Amounts are decimal numbers without thousands
// separators.
type Price struct {
	// Original is the list price, Discount what is taken off, Trade what the account pays.
	Original, Discount, Trade string
	// Currency is for example CNY or USD.
	Currency string
}

// Exceeds reports whether the account pays more than the limit, a decimal number.
func (p Price) Exceeds(limit string) bool { return exceeds(p.Trade, limit) }

func exceeds(amount, limit string) bool {
	price, okPrice := new(big.Rat).SetString(amount)
	most, okLimit := new(big.Rat).SetString(limit)
	return !okPrice || !okLimit || price.Cmp(most) > 0
}

// Pricer reads prices (GetSubscriptionPrice).
type Pricer interface {
	// Price returns the price of an order now.
	Price(ctx context.Context, query PriceQuery) (Price, error)
}

// ErrPriceSlow is the cause of a context that ends because the price takes too long.
var ErrPriceSlow = errors.New("the price could not be read in time")

// Prices reads prices for a run. Questions about the same thing at the same time share one
// answer. It is safe for concurrent use.
type Prices struct {
	pricer Pricer

	mu    sync.Mutex
	asked map[PriceQuery]*priceAnswer
}

type priceAnswer struct {
	sem   chan struct{} // held while the price is read; guards the rest
	began time.Time     // zero before the first answer
	price Price
	err   error
}

// NewPrices returns a reader of prices.
func NewPrices(pricer Pricer) *Prices {
	return &Prices{pricer: pricer, asked: map[PriceQuery]*priceAnswer{}}
}

// Get returns a price that was read at most age before this call. With age 0 it is read
// after the call began. An error is shared in the same way, but not
// one of a caller's ctx, unless its cause is ErrPriceSlow.
func (p *Prices) Get(ctx context.Context, query PriceQuery, age time.Duration) (Price, error) {
	oldest := time.Now().Add(-age)
	p.mu.Lock()
	answer := p.asked[query]
	if answer == nil {
		answer = &priceAnswer{sem: make(chan struct{}, 1)}
		p.asked[query] = answer
	}
	p.mu.Unlock()
	select {
	case answer.sem <- struct{}{}:
		defer func() { <-answer.sem }()
	case <-ctx.Done():
		return Price{}, ctx.Err()
	}
	if !answer.began.Before(oldest) {
		return answer.price, answer.err
	}
	began := time.Now()
	price, err := p.pricer.Price(ctx, query)
	slow := errors.Is(context.Cause(ctx), ErrPriceSlow)
	if err != nil && slow {
		began = time.Now() // Those who waited for this answer do not wait as long again.
	}
	if err == nil || slow || ctx.Err() == nil {
		answer.began, answer.price, answer.err = began, price, err
	}
	return price, err
}
