package ordering_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// fakeAPI plays the API by two scripts and notes what it was asked. Tries count
// from 1. A script that is nil answers well.
type fakeAPI struct {
	read func(ctx context.Context, try int) (ordering.Circuit, error)
	send func(ctx context.Context, try int) (ordering.Receipt, error)

	mu    sync.Mutex
	reads []ordering.CircuitQuery
	sends []ordering.Wish
	// at is when each call came, reads and sends apart.
	readAt, sentAt []time.Time
}

var _ ordering.API = (*fakeAPI)(nil)

func (f *fakeAPI) DescribeCircuit(ctx context.Context, query ordering.CircuitQuery) (ordering.Circuit, error) {
	f.mu.Lock()
	f.reads, f.readAt = append(f.reads, query), append(f.readAt, time.Now())
	try := len(f.reads)
	f.mu.Unlock()
	if f.read == nil {
		return ordering.Circuit{Region: query.Region, ID: query.CircuitID, Status: "Confirmed", LOAStatus: "Complete"}, nil
	}
	return f.read(ctx, try)
}

func (f *fakeAPI) SendOrder(ctx context.Context, wish ordering.Wish) (ordering.Receipt, error) {
	f.mu.Lock()
	f.sends, f.sentAt = append(f.sends, wish), append(f.sentAt, time.Now())
	try := len(f.sends)
	f.mu.Unlock()
	if f.send == nil {
		return receipt, nil
	}
	return f.send(ctx, try)
}

func (f *fakeAPI) Host(string) string { return "vpc.aliyuncs.com" }

var receipt = ordering.Receipt{OrderID: "50187055895123", RequestID: "REQ-1"}

// inTurn fails with the given errors, one a try, and then accepts the order. A last
// error that is nil is left out: it says the same.
func inTurn(failures ...error) func(context.Context, int) (ordering.Receipt, error) {
	return func(_ context.Context, try int) (ordering.Receipt, error) {
		if try <= len(failures) && failures[try-1] != nil {
			return ordering.Receipt{}, failures[try-1]
		}
		return receipt, nil
	}
}

// always fails every try alike.
func always(failure error) func(context.Context, int) (ordering.Receipt, error) {
	return func(context.Context, int) (ordering.Receipt, error) { return ordering.Receipt{}, failure }
}

// circuitA is the circuit of keyA in a status.
func circuitA(status string) ordering.Circuit {
	return ordering.Circuit{Region: keyA.Region, ID: keyA.CircuitID, Status: status}
}

// reading reads circuitA in the given statuses, one a try; the last one stays.
func reading(statuses ...string) func(context.Context, int) (ordering.Circuit, error) {
	return func(_ context.Context, try int) (ordering.Circuit, error) {
		return circuitA(statuses[min(try, len(statuses))-1]), nil
	}
}

// answered is a failure that the API answered with.
func answered(status int, code string) *ordering.Failure {
	return &ordering.Failure{Delivery: ordering.Answered, HTTPStatus: status, Code: code, Message: code}
}

func throttled() *ordering.Failure { return answered(400, "Throttling.User") }

func lost() *ordering.Failure {
	return &ordering.Failure{Delivery: ordering.Lost, Message: "the connection broke before the answer came"}
}

func notSent(obstacle ordering.Obstacle) *ordering.Failure {
	return &ordering.Failure{Delivery: ordering.NotSent, Obstacle: obstacle, Message: "no connection came about"}
}

// book is a billing with orders by ID. Its clock is the machine's.
type book struct {
	mu   sync.Mutex
	rows map[string][]ordering.OrderRow
	// listed replaces the rows in lists; nil lists rows.
	listed []ordering.OrderRow
	// listing fails every list, failing the details of an order.
	listing error
	failing map[string]error
	// truncated are the product codes whose lists are cut.
	truncated []string
	// dateless answers have no date.
	dateless bool
	// listTakes and detailTakes are how long one call takes.
	listTakes, detailTakes time.Duration
	// onList and onDetail run before the n-th list, and the n-th detail of an order.
	onList   func(n int)
	onDetail func(orderID string, n int)
	onCancel func(orderID string) error

	queries   []ordering.OrderQuery
	asked     []string // the orders whose details were asked for
	cancelled []string
}

var _ ordering.Billing = (*book)(nil)

// bookOf is a billing with the rows.
func bookOf(rows ...ordering.OrderRow) *book {
	b := &book{rows: map[string][]ordering.OrderRow{}}
	for _, row := range rows {
		b.rows[row.OrderID] = append(b.rows[row.OrderID], row)
	}
	return b
}

func (b *book) OrderRows(ctx context.Context, orderID string) ([]ordering.OrderRow, error) {
	if err := ordering.Wait(ctx, b.detailTakes); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, orderID)
	if b.onDetail != nil {
		b.onDetail(orderID, b.timesAsked(orderID))
	}
	if err := b.failing[orderID]; err != nil {
		return nil, err
	}
	rows := slices.Clone(b.rows[orderID])
	for i := range rows {
		if rows[i].AsOf == nil && !b.dateless {
			rows[i].AsOf = new(time.Now())
		}
	}
	return rows, nil
}

// showListed lets billing show the details of what it lists.
func (b *book) showListed() {
	for _, row := range b.listed {
		b.rows[row.OrderID] = append(b.rows[row.OrderID], row)
	}
}

func (b *book) timesAsked(orderID string) int {
	times := 0
	for _, id := range b.asked {
		if id == orderID {
			times++
		}
	}
	return times
}

func (b *book) OrdersCreated(ctx context.Context, query ordering.OrderQuery) (ordering.OrderListing, error) {
	if query.Pace != nil {
		if err := query.Pace(ctx); err != nil {
			return ordering.OrderListing{}, err
		}
	}
	b.mu.Lock()
	b.queries = append(b.queries, query)
	n := len(b.queries)
	b.mu.Unlock()
	listing := ordering.OrderListing{Truncated: slices.Contains(b.truncated, query.ProductCode)}
	if !b.dateless {
		listing.Date = new(time.Now())
	}
	if err := ordering.Wait(ctx, b.listTakes); err != nil {
		return ordering.OrderListing{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.onList != nil {
		b.onList(n)
	}
	if b.listing != nil {
		return ordering.OrderListing{}, b.listing
	}
	listed := b.listed
	if listed == nil {
		listed = slices.Concat(slices.Collect(maps.Values(b.rows))...)
	}
	for _, row := range listed {
		if (query.ProductCode == "" || row.ProductCode == query.ProductCode) && !isOutside(query, row.CreateTime) {
			row.InstanceIDs = nil // A list names no circuit.
			listing.Rows = append(listing.Rows, row)
		}
	}
	return listing, nil
}

func isOutside(query ordering.OrderQuery, created *time.Time) bool {
	return created != nil && (created.Before(query.From) || created.After(query.To))
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

// rowFor is a row of a paid order of an hour ago for something else.
func rowFor(orderID, product string, instanceIDs ...string) ordering.OrderRow {
	row := rowOf(orderID, "Paid", time.Now().Add(-time.Hour))
	row.ProductCode, row.InstanceIDs = product, instanceIDs
	return row
}

func ago(age time.Duration) time.Time { return time.Now().Add(-age) }

// wishA orders circuit A and pays for it at once, unpaidA leaves that to a person.
func wishA() ordering.Wish {
	return ordering.Wish{
		Region: keyA.Region, CircuitID: keyA.CircuitID, Period: new(int64(3)), Cycle: "Month", AutoPay: true,
		ChargeType: "PrePaid", Token: ordering.DeriveToken(keyA.Region, keyA.CircuitID),
	}
}

func unpaidA() ordering.Wish {
	request := wishA()
	request.AutoPay = false
	return request
}

func withToken(request ordering.Wish, token string) ordering.Wish {
	request.Token = token
	return request
}

// placerOf returns a placer without billing, whose backoff always waits half of its
// ceiling.
func placerOf(api ordering.API) ordering.Placer {
	return ordering.Placer{API: api, Ledger: &ordering.Ledger{}, Rand: func() float64 { return 0.5 }}
}

// placerWith is placerOf with a billing.
func placerWith(api ordering.API, billing ordering.Billing) ordering.Placer {
	placer := placerOf(api)
	placer.Payments = ordering.NewPayments(billing)
	return placer
}

// orderedAs answers the n-th request with the order "n".
func orderedAs(_ context.Context, try int) (ordering.Receipt, error) {
	return ordering.Receipt{OrderID: fmt.Sprint(try), RequestID: fmt.Sprint("R", try)}, nil
}

// answeredWith answers the n-th request with the n-th order; the last one stays.
func answeredWith(orderIDs ...string) func(context.Context, int) (ordering.Receipt, error) {
	return func(_ context.Context, try int) (ordering.Receipt, error) {
		return ordering.Receipt{OrderID: orderIDs[min(try, len(orderIDs))-1], RequestID: fmt.Sprint("R", try)}, nil
	}
}

func wantSends(t *testing.T, api *fakeAPI, want int) {
	t.Helper()
	if got := len(api.sends); got != want {
		t.Errorf("%d order requests, want %d", got, want)
	}
}

// wantLists checks how many lists billing was asked for: a look asks for two.
func wantLists(t *testing.T, billing *book, want int) {
	t.Helper()
	if got := len(billing.queries); got != want {
		t.Errorf("%d lists, want %d", got, want)
	}
}

// wantClaim checks whether another resource of the run may order the circuit.
func wantClaim(t *testing.T, placer ordering.Placer, released bool) {
	t.Helper()
	if _, free := placer.Ledger.Claim(keyA); free != released {
		t.Errorf("the circuit is free for another order: %t, want %t", free, released)
	}
}

// placeError returns the error as one of the kind.
func placeError(t *testing.T, err error, kind ordering.PlaceErrorKind) *ordering.PlaceError {
	t.Helper()
	var placeErr *ordering.PlaceError
	if !errors.As(err, &placeErr) {
		t.Fatalf("got %v, want a PlaceError of kind %d", err, kind)
	}
	if placeErr.Kind != kind {
		t.Fatalf("got kind %d (%v), want %d", placeErr.Kind, err, kind)
	}
	return placeErr
}

func idsOf(orders []ordering.FoundOrder) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// wantIDs checks the IDs of orders, in their order.
func wantIDs(t *testing.T, what string, orders []ordering.FoundOrder, want ...string) {
	t.Helper()
	if got := idsOf(orders); !slices.Equal(got, want) {
		t.Errorf("%s orders %q, want %q", what, got, want)
	}
}
