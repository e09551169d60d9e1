// Package ordertest has fakes of the API and of billing for the tests of the domain.
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

// fakeAPI plays the API by two scripts and notes what it was asked. Tries count
// from 1. A script that is nil answers well.
type FakeAPI struct {
	Read func(ctx context.Context, try int) (circuit.Circuit, error)
	Send func(ctx context.Context, try int) (order.Receipt, error)

	mu    sync.Mutex
	Reads []circuit.Query
	Sends []order.Request
	// at is when each call came, reads and sends apart.
	ReadAt, SentAt []time.Time
}

var _ order.API = (*FakeAPI)(nil)

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

func (f *FakeAPI) SendOrder(ctx context.Context, wish order.Request) (order.Receipt, error) {
	f.mu.Lock()
	f.Sends, f.SentAt = append(f.Sends, wish), append(f.SentAt, time.Now())
	try := len(f.Sends)
	f.mu.Unlock()
	if f.Send == nil {
		return Receipt, nil
	}
	return f.Send(ctx, try)
}

var Receipt = order.Receipt{OrderID: "50187055895123", RequestID: "REQ-1"}

// inTurn fails with the given errors, one a try, and then accepts the order. A last
// error that is nil is left out: it says the same.
func InTurn(failures ...error) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		if try <= len(failures) && failures[try-1] != nil {
			return order.Receipt{}, failures[try-1]
		}
		return Receipt, nil
	}
}

// always fails every try alike.
func Always(failure error) func(context.Context, int) (order.Receipt, error) {
	return func(context.Context, int) (order.Receipt, error) { return order.Receipt{}, failure }
}

// circuitA is the circuit of keyA in a status.
func CircuitA(status string) circuit.Circuit {
	return circuit.Circuit{Region: KeyA.Region, ID: KeyA.CircuitID, Status: status}
}

// reading reads circuitA in the given statuses, one a try; the last one stays.
func Reading(statuses ...string) func(context.Context, int) (circuit.Circuit, error) {
	return func(_ context.Context, try int) (circuit.Circuit, error) {
		return CircuitA(statuses[min(try, len(statuses))-1]), nil
	}
}

// answered is a failure that the API answered with.
func Answered(status int, code string) *apierror.Error {
	return &apierror.Error{Delivery: apierror.Answered, HTTPStatus: status, Code: code, Message: code}
}

func Throttled() *apierror.Error { return Answered(400, "Throttling.User") }

func Lost() *apierror.Error {
	return &apierror.Error{Delivery: apierror.ResponseLost, Message: "the connection broke before the answer came"}
}

func NotSent(obstacle apierror.PermanentCause) *apierror.Error {
	return &apierror.Error{Delivery: apierror.NotSent, PermanentCause: obstacle, Message: "no connection came about"}
}

// book is a billing with orders by ID. Its clock is the machine's.
type Book struct {
	mu   sync.Mutex
	Rows map[string][]billing.OrderLine
	// listed replaces the rows in lists; nil lists rows.
	Listed []billing.OrderLine
	// listing fails every list, failing the details of an order.
	Listing error
	Failing map[string]error
	// truncated are the product codes whose lists are cut.
	Truncated []string
	// dateless answers have no date.
	Dateless bool
	// listTakes and detailTakes are how long one call takes.
	ListTakes, DetailTakes time.Duration
	// onList and onDetail run before the n-th list, and the n-th detail of an order.
	OnList   func(n int)
	OnDetail func(orderID string, n int)
	OnCancel func(orderID string) error

	Queries   []billing.OrderQuery
	Asked     []string // the orders whose details were asked for
	Cancelled []string
}

var _ billing.Client = (*Book)(nil)

// bookOf is a billing with the rows.
func BookOf(rows ...billing.OrderLine) *Book {
	b := &Book{Rows: map[string][]billing.OrderLine{}}
	for _, row := range rows {
		b.Rows[row.OrderID] = append(b.Rows[row.OrderID], row)
	}
	return b
}

func (b *Book) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	if err := retry.Wait(ctx, b.DetailTakes); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Asked = append(b.Asked, orderID)
	if b.OnDetail != nil {
		b.OnDetail(orderID, b.TimesAsked(orderID))
	}
	if err := b.Failing[orderID]; err != nil {
		return nil, err
	}
	rows := slices.Clone(b.Rows[orderID])
	for i := range rows {
		if rows[i].AsOf == nil && !b.Dateless {
			rows[i].AsOf = new(time.Now())
		}
	}
	return rows, nil
}

// showListed lets billing show the details of what it lists.
func (b *Book) ShowListed() {
	for _, row := range b.Listed {
		b.Rows[row.OrderID] = append(b.Rows[row.OrderID], row)
	}
}

func (b *Book) TimesAsked(orderID string) int {
	times := 0
	for _, id := range b.Asked {
		if id == orderID {
			times++
		}
	}
	return times
}

func (b *Book) OrdersCreated(ctx context.Context, query billing.OrderQuery) (billing.OrderList, error) {
	if query.Pace != nil {
		if err := query.Pace(ctx); err != nil {
			return billing.OrderList{}, err
		}
	}
	b.mu.Lock()
	b.Queries = append(b.Queries, query)
	n := len(b.Queries)
	b.mu.Unlock()
	listing := billing.OrderList{Truncated: slices.Contains(b.Truncated, query.ProductCode)}
	if !b.Dateless {
		listing.Date = new(time.Now())
	}
	if err := retry.Wait(ctx, b.ListTakes); err != nil {
		return billing.OrderList{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.OnList != nil {
		b.OnList(n)
	}
	if b.Listing != nil {
		return billing.OrderList{}, b.Listing
	}
	listed := b.Listed
	if listed == nil {
		listed = slices.Concat(slices.Collect(maps.Values(b.Rows))...)
	}
	for _, row := range listed {
		if (query.ProductCode == "" || row.ProductCode == query.ProductCode) && !IsOutside(query, row.CreateTime) {
			row.InstanceIDs = nil // A list names no circuit.
			listing.Lines = append(listing.Lines, row)
		}
	}
	return listing, nil
}

func IsOutside(query billing.OrderQuery, created *time.Time) bool {
	return created != nil && (created.Before(query.From) || created.After(query.To))
}

func (b *Book) CancelOrder(_ context.Context, orderID string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Cancelled = append(b.Cancelled, orderID)
	if b.OnCancel != nil {
		return b.OnCancel(orderID)
	}
	return nil
}

// rowOf is a row of an order of circuit A.
func RowOf(orderID, status string, created time.Time) billing.OrderLine {
	return billing.OrderLine{
		OrderID: orderID, OrderType: "New", PaymentStatus: status, CreateTime: &created, ProductCode: "pconn",
		Region: KeyA.Region, InstanceIDs: []string{KeyA.CircuitID},
	}
}

// rowFor is a row of a paid order of an hour ago for something else.
func RowFor(orderID, product string, instanceIDs ...string) billing.OrderLine {
	row := RowOf(orderID, "Paid", time.Now().Add(-time.Hour))
	row.ProductCode, row.InstanceIDs = product, instanceIDs
	return row
}

func Ago(age time.Duration) time.Time { return time.Now().Add(-age) }

// wishA orders circuit A and pays for it at once, unpaidA leaves that to a person.
func RequestA() order.Request {
	return order.Request{
		Region: KeyA.Region, CircuitID: KeyA.CircuitID, Period: new(int64(3)), PricingCycle: "Month", AutoPay: true,
		ChargeType: "PrePaid", ClientToken: order.DefaultToken(KeyA.Region, KeyA.CircuitID),
	}
}

func UnpaidA() order.Request {
	request := RequestA()
	request.AutoPay = false
	return request
}

func WithToken(request order.Request, token string) order.Request {
	request.ClientToken = token
	return request
}

// placerOf returns a placer without billing, whose backoff always waits half of its
// ceiling.
func PlacerOf(api order.API) order.Placer {
	return order.Placer{API: api, Registry: &order.RunRegistry{}, Rand: func() float64 { return 0.5 }}
}

// placerWith is placerOf with a billing.
func PlacerWith(api order.API, book billing.Client) order.Placer {
	placer := PlacerOf(api)
	placer.Billing = billing.NewReader(book)
	return placer
}

// orderedAs answers the n-th request with the order "n".
func OrderedAs(_ context.Context, try int) (order.Receipt, error) {
	return order.Receipt{OrderID: fmt.Sprint(try), RequestID: fmt.Sprint("R", try)}, nil
}

// answeredWith answers the n-th request with the n-th order; the last one stays.
func AnsweredWith(orderIDs ...string) func(context.Context, int) (order.Receipt, error) {
	return func(_ context.Context, try int) (order.Receipt, error) {
		return order.Receipt{OrderID: orderIDs[min(try, len(orderIDs))-1], RequestID: fmt.Sprint("R", try)}, nil
	}
}

func WantSends(t *testing.T, api *FakeAPI, want int) {
	t.Helper()
	if got := len(api.Sends); got != want {
		t.Errorf("%d order requests, want %d", got, want)
	}
}

// wantLists checks how many lists billing was asked for: a look asks for two.
func WantLists(t *testing.T, billing *Book, want int) {
	t.Helper()
	if got := len(billing.Queries); got != want {
		t.Errorf("%d lists, want %d", got, want)
	}
}

// wantClaim checks whether another resource of the run may order the circuit.
func WantClaim(t *testing.T, placer order.Placer, released bool) {
	t.Helper()
	if _, free := placer.Registry.Claim(KeyA); free != released {
		t.Errorf("the circuit is free for another order: %t, want %t", free, released)
	}
}

// placeError returns the error as one of the kind.
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

func IdsOf(orders []billing.Order) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// wantIDs checks the IDs of orders, in their order.
func WantIDs(t *testing.T, what string, orders []billing.Order, want ...string) {
	t.Helper()
	if got := IdsOf(orders); !slices.Equal(got, want) {
		t.Errorf("%s orders %q, want %q", what, got, want)
	}
}

// ceilings are the longest waits before the second try, the third, and so on.
var Ceilings = []time.Duration{
	500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second,
	15 * time.Second, 15 * time.Second, 15 * time.Second,
}

// placedA is the record of order "1", which Create has placed for circuit A.
var PlacedA = order.Record{Region: KeyA.Region, CircuitID: KeyA.CircuitID, OrderID: "1", Source: order.Placed}

const Day = 24 * time.Hour

// lookAt looks once for the orders of circuit A.
func LookAt(t *testing.T, book billing.Client) billing.Look {
	t.Helper()
	return LookFor(t, billing.NewReader(book), KeyA.CircuitID)
}

func CircuitOf(n int) string { return fmt.Sprint("pc-", n) }

// manyOrders holds one unpaid order of each of the circuits pc-0, pc-1 and so on.
func ManyOrders(circuits int) *Book {
	book := BookOf()
	for n := range circuits {
		row := RowOf(fmt.Sprint(1000+n), "Unpaid", Ago(time.Hour))
		row.InstanceIDs = []string{CircuitOf(n)}
		book.Rows[row.OrderID] = []billing.OrderLine{row}
	}
	return book
}

// The values that the API documents; the last ones stand for those to come.
var (
	Statuses = []string{
		"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled", "Rejected", "Canceled",
		"Allocation Failed", "AllocationFailed", "Terminating", "Terminated", "BrandNew", "enabled", "",
	}
	LoaStatuses = []string{"", "Applying", "Accept", "Available", "Rejected", "Completing", "Complete", "Deleted", "BrandNew"}
)

var (
	KeyA = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-a"}
	KeyB = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-b"}
	// keyElsewhere has keyA's ID in another region.
	KeyElsewhere = circuit.Key{Region: "cn-beijing", CircuitID: "pc-a"}
)

// lookFor looks for the orders of a circuit in a new list.
func LookFor(t *testing.T, payments *billing.Reader, circuitID string) billing.Look {
	t.Helper()
	return payments.Look(t.Context(), circuit.Circuit{Region: KeyA.Region, ID: circuitID}, 0, nil)
}
