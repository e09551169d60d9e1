package ordering_test

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// book is a billing with orders by ID.
type book struct {
	mu        sync.Mutex
	rows      map[string][]ordering.OrderRow
	failing   map[string]error // by order ID
	listing   error
	cancelled []string
	onCancel  func(orderID string) error
	// windows are those that lists were asked for.
	windows [][2]time.Time
}

func (b *book) OrderRows(_ context.Context, orderID string) ([]ordering.OrderRow, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rows[orderID], b.failing[orderID]
}

func (b *book) OrdersCreated(_ context.Context, query ordering.OrderQuery) (ordering.OrderListing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.windows = append(b.windows, [2]time.Time{query.From, query.To})
	if b.listing != nil {
		return ordering.OrderListing{}, b.listing
	}
	var listed ordering.OrderListing
	for _, rows := range b.rows {
		for _, row := range rows {
			if row.CreateTime != nil && !row.CreateTime.Before(query.From) && !row.CreateTime.After(query.To) {
				listed.Rows = append(listed.Rows, row)
			}
		}
	}
	return listed, nil
}

func (b *book) CancelOrder(_ context.Context, orderID string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cancelled = append(b.cancelled, orderID)
	if b.onCancel != nil {
		return b.onCancel(orderID)
	}
	return nil
}

// rowOf is a row of an order of circuit A.
func rowOf(orderID, status string, created time.Time) ordering.OrderRow {
	return ordering.OrderRow{
		OrderID: orderID, OrderType: "New", PaymentStatus: status, CreateTime: &created, ProductCode: "pconn",
		Region: keyA.Region, InstanceIDs: []string{keyA.CircuitID},
	}
}
