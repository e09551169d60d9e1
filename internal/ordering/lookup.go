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
	// lookUpDetails bounds how many orders are asked for what they are about. An
	// account may place hundreds in the window for other products.
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
	search := Search{Key: CircuitKey{circuit.Region, circuit.ID}, To: now.Add(clockSkew)}
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

// Orders returns the New, not cancelled orders of the window that name the circuit.
// Complete is false when the window holds more orders than could be looked into.
//
// A list of orders names no circuit, and which product code an occupancy order has
// is not documented: each order is asked for, those of a likely product first.
func (s Search) Orders(ctx context.Context, billing Billing) (found []FoundOrder, complete bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	listed, err := billing.OrdersCreated(ctx, s.From, s.To)
	if err != nil {
		return nil, false, err
	}
	ids := s.candidates(listed)
	complete = len(ids) <= lookUpDetails
	for _, id := range ids[:min(len(ids), lookUpDetails)] {
		rows, err := billing.OrderRows(ctx, id)
		if err != nil {
			return found, false, err
		}
		if s.matches(rows) {
			found = append(found, FoundOrder{ID: id, Rows: rows})
		}
	}
	return found, complete, nil
}

// candidates returns the IDs of the orders that may be it, the likeliest first.
func (s Search) candidates(listed []OrderRow) []string {
	var likely, others []string
	for _, row := range listed {
		if row.OrderType != OrderTypeNew || !s.Cancelled && row.PaymentStatus == PaymentCancelled || row.CreateTime != nil && row.CreateTime.Before(s.From.Truncate(time.Second)) {
			continue
		}
		if strings.HasPrefix(row.ProductCode, "pconn") {
			likely = append(likely, row.OrderID)
		} else {
			others = append(others, row.OrderID)
		}
	}
	var ids []string
	for _, id := range slices.Concat(likely, others) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s Search) matches(rows []OrderRow) bool {
	elsewhere := func(row OrderRow) bool { return row.Region != "" && row.Region != s.Key.Region }
	return (s.Cancelled || PaymentOf(rows) != PaymentCancelled) && Names(rows, s.Key.CircuitID) && !slices.ContainsFunc(rows, elsewhere)
}
