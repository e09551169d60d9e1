// Package ordertest provides fakes of the API and of billing, and values for the tests of
// the domain.
package ordertest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
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

var _ billing.Client = (*FakeBilling)(nil)

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

// The circuits of the tests.
var (
	KeyA = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-a"}
	KeyB = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-b"}
	// KeyElsewhere has the ID of KeyA in another region.
	KeyElsewhere = circuit.Key{Region: "cn-beijing", CircuitID: "pc-a"}
)
