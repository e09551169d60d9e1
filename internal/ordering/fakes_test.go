package ordering_test

import (
	"context"
	"sync"
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
