package vpc

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// batchWindow is how long a reader waits for readers of other circuits before it asks
	// by ID: Terraform refreshes ten resources at a time.
	batchWindow = 10 * time.Millisecond
	// readerMemory is how long a reader of another circuit means that there are several.
	readerMemory = 5 * time.Second
	// listingAge is how long a listing serves, from its begin. A refresh of a thousand
	// circuits ends within it.
	listingAge = time.Minute
)

// Listing reads circuits for refreshes. A reader of the only circuit asks by ID.
// Readers of several circuits of a region share one listing of the region, which tells
// of reservations whether or not a reader asks for them. A listing may be a minute old,
// so it must not decide on money. Listing is safe for concurrent use.
type CachedCircuits struct {
	api     circuitAPI
	mu      sync.Mutex
	regions map[string]*regionReads
}

type circuitAPI interface {
	circuit.Reader
	circuit.Lister
}

var _ circuit.Reader = (*CachedCircuits)(nil)

// NewListing returns a Listing that asks api.
func NewCachedCircuits(api circuitAPI) *CachedCircuits {
	return &CachedCircuits{api: api, regions: map[string]*regionReads{}}
}

// regionReads are the last reads of a region.
type regionReads struct {
	listing *listing
	// circuitID is the circuit that was asked for by ID, readAt when.
	circuitID string
	readAt    time.Time
}

// listing is one listing of a region. Its result is read after done is closed.
type listing struct {
	began    time.Time
	done     chan struct{}
	circuits map[string]circuit.Circuit
	err      error
}

func (l *listing) inFlight() bool {
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

// DescribeCircuit implements ordering.Reader. A circuit is missing only if
// the API returned no circuit for its ID. Readers who waited for a listing share its
// failure; the next reader asks again.
func (l *CachedCircuits) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	shared := l.join(ctx, query)
	if shared == nil {
		_ = retry.Wait(ctx, batchWindow) // If ctx ends, the API returns the failure below.
		shared = l.join(ctx, query)
	}
	for ; shared != nil; shared = l.join(ctx, query) {
		select {
		case <-shared.done:
		case <-ctx.Done():
			// The API sends nothing for an ended ctx, and returns the failure.
			return l.api.DescribeCircuit(ctx, query)
		}
		if shared.began.Before(query.NotBefore) {
			continue // There is one listing at a time: the next one begins now.
		}
		if shared.err != nil {
			return circuit.Circuit{}, shared.err
		}
		if circuit, listed := shared.circuits[query.CircuitID]; listed {
			return circuit, nil
		}
		break
	}
	return l.api.DescribeCircuit(ctx, query)
}

// join returns the listing to wait for, nil if the reader asks by ID. The listing may
// have begun too early for the query if it is still in flight.
func (l *CachedCircuits) join(ctx context.Context, query circuit.Query) *listing {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	reads := l.regions[query.Region]
	if reads == nil {
		reads = &regionReads{}
		l.regions[query.Region] = reads
	}
	last := reads.listing
	switch {
	case last != nil && last.inFlight():
		return last
	case last != nil && last.err == nil && now.Sub(last.began) < listingAge && !last.began.Before(query.NotBefore):
		return last
	case reads.circuitID == "" || reads.circuitID == query.CircuitID || now.Sub(reads.readAt) >= readerMemory:
		reads.circuitID, reads.readAt = query.CircuitID, now
		return nil
	}
	reads.listing = &listing{began: now, done: make(chan struct{})}
	// No reader owns it: a reader that is cancelled does not cut the others.
	go reads.listing.read(context.WithoutCancel(ctx), l.api, query.Region)
	return reads.listing
}

// read lists the region, for those who wait and those who come later.
func (l *listing) read(ctx context.Context, api circuit.Lister, region string) {
	defer close(l.done)
	var circuits []circuit.Circuit
	circuits, l.err = api.ListCircuits(ctx, circuit.Filter{Region: region})
	l.circuits = make(map[string]circuit.Circuit, len(circuits))
	for _, circuit := range circuits {
		l.circuits[circuit.ID] = circuit
	}
}
