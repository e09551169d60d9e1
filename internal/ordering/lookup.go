package ordering

import (
	"context"
	"slices"
	"strings"
	"time"
)

const (
	// lookUpTimeout bounds the search for an order.
	lookUpTimeout = 30 * time.Second
	// lookUpDetails bounds how many orders of unlikely products are asked for what they
	// are about: an account may place hundreds in the window. Those of a likely one are
	// a fleet's own, and bounded by the time alone.
	lookUpDetails = 40
	// clockSkew is how far the clocks of the API, of billing and of this machine may
	// be apart.
	clockSkew = 5 * time.Minute
	// mismatchTime is how far back the order of a known token is looked for.
	mismatchTime = 30 * 24 * time.Hour
	// enablingTime is the longest time that an order may have waited for its payment,
	// and the circuit for its order to take effect.
	enablingTime = 8 * 24 * time.Hour
)

// FoundOrder is an order that billing knows.
type FoundOrder struct {
	ID   string
	Rows []OrderRow
}

// Search looks for the orders of a circuit.
type Search struct {
	Key      CircuitKey
	From, To time.Time
	// Cancelled says that cancelled orders are looked for, too.
	Cancelled bool
}

// SearchSince returns the search for an order that was placed from a time until now,
// both by the API's clock.
func SearchSince(key CircuitKey, sent, now time.Time) Search {
	return Search{Key: key, From: sent.Add(-clockSkew), To: now.Add(clockSkew)}
}

// SearchFor returns the search for the order of a circuit as it is: one that is in
// service was ordered shortly before, any other has an order that waits, at most.
func SearchFor(circuit Circuit) Search {
	now := time.Now()
	if circuit.AsOf != nil {
		now = *circuit.AsOf
	}
	search := Search{Key: circuit.Key(), To: now.Add(clockSkew)}
	switch {
	case circuit.EnabledTime != nil:
		search.From, search.To = circuit.EnabledTime.Add(-enablingTime), circuit.EnabledTime.Add(time.Hour)
	case circuit.Status == StatusEnabled && circuit.CreationTime != nil:
		search.From = *circuit.CreationTime
	default:
		search.From = now.Add(-enablingTime)
	}
	return search
}

// SearchForMismatch returns the search for the order behind a token that the API
// knows from other arguments. It may be as old as a token's memory, and cancelled.
func SearchForMismatch(circuit Circuit) Search {
	search := SearchFor(circuit)
	search.From, search.Cancelled = search.To.Add(-mismatchTime), true
	return search
}

// Find returns the New, not cancelled orders of the window that name the circuit.
// Complete is false when the window holds more orders than could be looked into.
//
// A list of orders names no circuit, and which product code an occupancy order has
// is not documented: each order is asked for, those of a likely product first. The
// orders of a fleet are placed together, so that each circuit's look-up meets those of
// all others: one at a time looks, and what an order is for is asked once.
func (p *Payments) Find(ctx context.Context, s Search) (found []FoundOrder, complete bool, err error) {
	if err := p.refusal(); err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	listed, err := p.billing.OrdersCreated(ctx, OrderQuery{From: s.From, To: s.To})
	if err != nil {
		return nil, false, err
	}
	likely, others := s.candidates(listed.Rows, func(orderID string) bool { return p.forOthers(orderID, s.Key.CircuitID) })
	room := max(lookUpDetails-len(likely), 0)
	complete = !listed.Truncated && len(others) <= room
	for _, id := range slices.Concat(likely, others[:min(len(others), room)]) {
		rows, err := p.billing.OrderRows(ctx, id)
		if err != nil {
			return found, false, err
		}
		if s.matches(rows) {
			found = append(found, FoundOrder{ID: id, Rows: rows})
		}
		if instances := Instances(rows); len(instances) > 0 {
			put(&p.named, id, instances)
		}
	}
	return found, complete, nil
}

// forOthers reports whether an order is known to be for something else: that never
// changes. One that names the circuit is asked for again, for its payment may.
func (p *Payments) forOthers(orderID, circuitID string) bool {
	instances, known := p.named[orderID]
	return known && !slices.Contains(instances, circuitID)
}

// candidates returns the IDs of the orders that may be it: those of a likely product,
// and the others. Those that are known to be something else are left out.
func (s Search) candidates(listed []OrderRow, somethingElse func(orderID string) bool) (likely, others []string) {
	for _, row := range listed {
		if row.OrderType != OrderTypeNew || !s.Cancelled && row.PaymentStatus == PaymentCancelled || row.CreateTime != nil && row.CreateTime.Before(s.From.Truncate(time.Second)) {
			continue
		}
		if slices.Contains(likely, row.OrderID) || slices.Contains(others, row.OrderID) || somethingElse(row.OrderID) {
			continue
		}
		if strings.HasPrefix(row.ProductCode, "pconn") {
			likely = append(likely, row.OrderID)
		} else {
			others = append(others, row.OrderID)
		}
	}
	return likely, others
}

func (s Search) matches(rows []OrderRow) bool {
	elsewhere := func(row OrderRow) bool { return row.Region != "" && row.Region != s.Key.Region }
	return (s.Cancelled || PaymentOf(rows) != PaymentCancelled) && Names(rows, s.Key.CircuitID) && !slices.ContainsFunc(rows, elsewhere)
}
