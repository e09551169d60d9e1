// Package ordertest provides fakes of the API and of billing, and values for the tests of
// the domain.
package ordertest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// FakeAPI is an API that runs two functions and records its calls. The first try is 1. If
// a function is nil, the call succeeds.
type FakeAPI struct {
	Read func(ctx context.Context, try int) (circuit.Circuit, error)
	Send func(ctx context.Context, try int) (order.Receipt, error)

	mu    sync.Mutex
	Reads []circuit.Query
	Sends []order.Request
	// ReadAt and SentAt are the times of the calls.
	ReadAt, SentAt []time.Time
}

var _ order.API = (*FakeAPI)(nil)

// DescribeCircuit implements circuit.Reader.
func (f *FakeAPI) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	f.mu.Lock()
	f.Reads, f.ReadAt = append(f.Reads, query), append(f.ReadAt, time.Now())
	try := len(f.Reads)
	f.mu.Unlock()
	if f.Read == nil {
		return circuit.Circuit{Region: query.Region, ID: query.CircuitID, Status: "Confirmed", LOAStatus: "Complete"}, nil
	}
	return f.Read(ctx, try)
}

// SendOrder implements order.API.
func (f *FakeAPI) SendOrder(ctx context.Context, request order.Request) (order.Receipt, error) {
	f.mu.Lock()
	f.Sends, f.SentAt = append(f.Sends, request), append(f.SentAt, time.Now())
	try := len(f.Sends)
	f.mu.Unlock()
	if f.Send == nil {
		return Receipt, nil
	}
	return f.Send(ctx, try)
}

// Receipt is the answer of a FakeAPI to an order.
var Receipt = order.Receipt{OrderID: "50187055895123", RequestID: "REQ-1"}

// InTurn returns one error for each try, and then accepts the order.
func InTurn(failures ...error) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		if try <= len(failures) {
			return order.Receipt{}, failures[try-1]
		}
		return Receipt, nil
	}
}

// Always returns the same error for every try.
func Always(failure error) func(context.Context, int) (order.Receipt, error) {
	return func(context.Context, int) (order.Receipt, error) { return order.Receipt{}, failure }
}

// CircuitA returns the circuit of KeyA with a status.
func CircuitA(status string) circuit.Circuit {
	return circuit.Circuit{Region: KeyA.Region, ID: KeyA.CircuitID, Status: status}
}

// Reading returns CircuitA with one status for each try, and then with the last status.
func Reading(statuses ...string) func(context.Context, int) (circuit.Circuit, error) {
	return func(_ context.Context, try int) (circuit.Circuit, error) {
		return CircuitA(statuses[min(try, len(statuses))-1]), nil
	}
}

// Answered returns an error from an answer of the API.
func Answered(status int, code string) *apierror.Error {
	return &apierror.Error{Delivery: apierror.Answered, HTTPStatus: status, Code: code, Message: code}
}

// Throttled returns an error for throttling.
func Throttled() *apierror.Error { return Answered(400, "Throttling.User") }

// Lost returns an error for a lost response.
func Lost() *apierror.Error {
	return &apierror.Error{Delivery: apierror.ResponseLost, Message: "the connection broke before the answer came"}
}

// NotSent returns an error for a request that was not sent.
func NotSent(cause apierror.PermanentCause) *apierror.Error {
	return &apierror.Error{Delivery: apierror.NotSent, PermanentCause: cause, Message: "no connection"}
}

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

var _ billing.Client = (*FakeBilling)(nil)

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

// RequestA returns a request for circuit A that pays immediately.
func RequestA() order.Request {
	return order.Request{
		Region: KeyA.Region, CircuitID: KeyA.CircuitID, Period: new(int64(3)), PricingCycle: "Month", AutoPay: true,
		ChargeType: "PrePaid", ClientToken: order.DefaultToken(KeyA.Region, KeyA.CircuitID),
	}
}

// UnpaidA returns RequestA without payment.
func UnpaidA() order.Request {
	request := RequestA()
	request.AutoPay = false
	return request
}

// WithToken returns the request with another client token.
func WithToken(request order.Request, token string) order.Request {
	request.ClientToken = token
	return request
}

// PlacerOf returns a placer without billing. Its backoff always waits half of the ceiling.
func PlacerOf(api order.API) order.Placer {
	return order.Placer{API: api, Registry: &order.RunRegistry{}, Rand: func() float64 { return 0.5 }}
}

// PlacerWith is PlacerOf with billing.
func PlacerWith(api order.API, client billing.Client) order.Placer {
	placer := PlacerOf(api)
	placer.Billing = billing.NewReader(client)
	return placer
}

// OrderedAs returns the order "n" for request number n.
func OrderedAs(_ context.Context, try int) (order.Receipt, error) {
	return order.Receipt{OrderID: fmt.Sprint(try), RequestID: fmt.Sprint("R", try)}, nil
}

// AnsweredWith returns one order ID for each try, and then the last one.
func AnsweredWith(orderIDs ...string) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		return order.Receipt{OrderID: orderIDs[min(try, len(orderIDs))-1], RequestID: fmt.Sprint("R", try)}, nil
	}
}

// WantSends checks the number of order requests.
func WantSends(t *testing.T, api *FakeAPI, want int) {
	t.Helper()
	if got := len(api.Sends); got != want {
		t.Errorf("%d order requests, want %d", got, want)
	}
}

// WantLists checks the number of lists. A look needs two.
func WantLists(t *testing.T, billing *FakeBilling, want int) {
	t.Helper()
	if got := len(billing.Queries); got != want {
		t.Errorf("%d lists, want %d", got, want)
	}
}

// WantClaim checks whether another resource of the run may order circuit A.
func WantClaim(t *testing.T, placer order.Placer, released bool) {
	t.Helper()
	if _, free := placer.Registry.Claim(KeyA); free != released {
		t.Errorf("claim released: %t, want %t", free, released)
	}
}

// PlaceError returns the *order.PlaceError in err, and checks its kind.
func PlaceError(t *testing.T, err error, kind order.PlaceErrorKind) *order.PlaceError {
	t.Helper()
	var placeErr *order.PlaceError
	if !errors.As(err, &placeErr) {
		t.Fatalf("got %v, want a PlaceError of kind %d", err, kind)
	}
	if placeErr.Kind != kind {
		t.Fatalf("got kind %d (%v), want %d", placeErr.Kind, err, kind)
	}
	return placeErr
}

// IDsOf returns the IDs of the orders.
func IDsOf(orders []billing.Order) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// WantIDs checks the IDs of orders and their sequence.
func WantIDs(t *testing.T, what string, orders []billing.Order, want ...string) {
	t.Helper()
	if got := IDsOf(orders); !slices.Equal(got, want) {
		t.Errorf("%s orders %q, want %q", what, got, want)
	}
}

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

// The circuits of the tests.
var (
	KeyA = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-a"}
	KeyB = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-b"}
	// KeyElsewhere has the ID of KeyA in another region.
	KeyElsewhere = circuit.Key{Region: "cn-beijing", CircuitID: "pc-a"}
)

// LookFor searches for the orders of a circuit in a new list.
func LookFor(t *testing.T, reader *billing.Reader, circuitID string) billing.Look {
	t.Helper()
	return reader.Look(t.Context(), circuit.Circuit{Region: KeyA.Region, ID: circuitID}, 0, nil)
}
