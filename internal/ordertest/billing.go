package ordertest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// FakeBilling is a billing with orders by ID. Its clock is the one of the machine.
type FakeBilling struct {
	mu    sync.Mutex
	Lines map[string][]billing.OrderLine
	// Listed are the lines in lists. If it is nil, lists contain Lines.
	Listed []billing.OrderLine
	// ListErr is the error of every list, ReadErrs are the errors for orders by ID.
	ListErr  error
	ReadErrs map[string]error
	// Truncated are the product codes with truncated lists.
	Truncated []string
	// NoDate removes the date from answers.
	NoDate bool
	// ListTakes and DetailTakes are how long one call takes.
	ListTakes, DetailTakes time.Duration
	// OnList and OnDetail run before list number n, and read number n of an order.
	OnList   func(n int)
	OnDetail func(orderID string, n int)
	OnCancel func(orderID string) error

	Queries   []billing.OrderQuery
	Reads     []string // the IDs of the orders that were read
	Cancelled []string
}

// BillingWith returns a billing with the lines.
func BillingWith(lines ...billing.OrderLine) *FakeBilling {
	b := &FakeBilling{Lines: map[string][]billing.OrderLine{}}
	for _, line := range lines {
		b.Lines[line.OrderID] = append(b.Lines[line.OrderID], line)
	}
	return b
}

// OrderLines implements billing.Client.
func (b *FakeBilling) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	if err := retry.Wait(ctx, b.DetailTakes); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Reads = append(b.Reads, orderID)
	if b.OnDetail != nil {
		b.OnDetail(orderID, b.TimesRead(orderID))
	}
	if err := b.ReadErrs[orderID]; err != nil {
		return nil, err
	}
	lines := slices.Clone(b.Lines[orderID])
	for i := range lines {
		if lines[i].AsOf == nil && !b.NoDate {
			lines[i].AsOf = new(time.Now())
		}
	}
	return lines, nil
}

// ShowListed adds the listed lines to Lines.
func (b *FakeBilling) ShowListed() {
	for _, line := range b.Listed {
		b.Lines[line.OrderID] = append(b.Lines[line.OrderID], line)
	}
}

// TimesRead returns how often an order was read.
func (b *FakeBilling) TimesRead(orderID string) int {
	return len(slices.DeleteFunc(slices.Clone(b.Reads), func(id string) bool { return id != orderID }))
}

// OrdersCreated implements billing.Client.
func (b *FakeBilling) OrdersCreated(ctx context.Context, query billing.OrderQuery) (billing.OrderList, error) {
	if query.Pace != nil {
		if err := query.Pace(ctx); err != nil {
			return billing.OrderList{}, err
		}
	}
	b.mu.Lock()
	b.Queries = append(b.Queries, query)
	n := len(b.Queries)
	b.mu.Unlock()
	list := billing.OrderList{Truncated: slices.Contains(b.Truncated, query.ProductCode)}
	if !b.NoDate {
		list.Date = new(time.Now())
	}
	if err := retry.Wait(ctx, b.ListTakes); err != nil {
		return billing.OrderList{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.OnList != nil {
		b.OnList(n)
	}
	if b.ListErr != nil {
		return billing.OrderList{}, b.ListErr
	}
	listed := b.Listed
	if listed == nil {
		listed = slices.Concat(slices.Collect(maps.Values(b.Lines))...)
	}
	for _, line := range listed {
		if (query.ProductCode == "" || line.ProductCode == query.ProductCode) && !isOutside(query, line.CreateTime) {
			line.InstanceIDs = nil // Lists have no circuit IDs.
			list.Lines = append(list.Lines, line)
		}
	}
	return list, nil
}

func isOutside(query billing.OrderQuery, created *time.Time) bool {
	return created != nil && (created.Before(query.From) || created.After(query.To))
}

// CancelOrder implements billing.Client.
func (b *FakeBilling) CancelOrder(_ context.Context, orderID string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Cancelled = append(b.Cancelled, orderID)
	if b.OnCancel != nil {
		return b.OnCancel(orderID)
	}
	return nil
}

// LineOf returns a line of an order for circuit A.
func LineOf(orderID, status string, created time.Time) billing.OrderLine {
	return billing.OrderLine{
		OrderID: orderID, OrderType: "New", PaymentStatus: status, CreateTime: &created, ProductCode: "pconn",
		Region: KeyA.Region, InstanceIDs: []string{KeyA.CircuitID},
	}
}

// LineFor returns a line of a paid order for something else, created an hour ago.
func LineFor(orderID, product string, instanceIDs ...string) billing.OrderLine {
	line := LineOf(orderID, "Paid", time.Now().Add(-time.Hour))
	line.ProductCode, line.InstanceIDs = product, instanceIDs
	return line
}

// Ago returns the time that long ago.
func Ago(age time.Duration) time.Time { return time.Now().Add(-age) }

// Ceilings are the longest pauses before the second try, the third, and so on.
var Ceilings = []time.Duration{
	500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second,
	15 * time.Second, 15 * time.Second, 15 * time.Second,
}

// Day is the length of a day.
const Day = 24 * time.Hour

// LookAt searches once for the orders of circuit A.
func LookAt(t *testing.T, client billing.Client) billing.Look {
	t.Helper()
	return LookFor(t, billing.NewReader(client), KeyA.CircuitID)
}

// CircuitOf returns the ID of circuit number n.
func CircuitOf(n int) string { return fmt.Sprint("pc-", n) }

// ManyOrders returns a billing with one unpaid order for each of the circuits pc-0, pc-1
// and so on.
func ManyOrders(circuits int) *FakeBilling {
	fake := BillingWith()
	for n := range circuits {
		line := LineOf(fmt.Sprint(1000+n), "Unpaid", Ago(time.Hour))
		line.InstanceIDs = []string{CircuitOf(n)}
		fake.Lines[line.OrderID] = []billing.OrderLine{line}
	}
	return fake
}

// The documented values of the API, and some unknown ones.
var (
	Statuses = []string{
		"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled", "Rejected", "Canceled",
		"Allocation Failed", "AllocationFailed", "Terminating", "Terminated", "BrandNew", "enabled", "",
	}
	LOAStatuses = []string{"", "Applying", "Accept", "Available", "Rejected", "Completing", "Complete", "Deleted", "BrandNew"}
)

// LookFor searches for the orders of a circuit in a new list.
func LookFor(t *testing.T, reader *billing.Reader, circuitID string) billing.Look {
	t.Helper()
	return reader.Look(t.Context(), circuit.Circuit{Region: KeyA.Region, ID: circuitID}, 0, nil)
}
