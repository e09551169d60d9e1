package vpc

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// batchWindow is how long a read waits for others to join its request. Terraform
	// refreshes ten resources at a time.
	batchWindow = 5 * time.Millisecond
	// readerMemory is how long after a read by ID a read of another circuit counts as a
	// second reader.
	readerMemory = 5 * time.Second
	// listingAge is how long a list is used, from its begin. A refresh of a thousand
	// circuits takes less.
	listingAge = time.Minute
)

// CachedCircuits reads circuits for refreshes. If only one circuit of a region is read, it
// reads that circuit by ID. Otherwise all readers share one list of the region, which
// always includes reservations. A list may be a minute old, so the decision to order must not
// use it. CachedCircuits is safe for concurrent use.
type CachedCircuits struct {
	api     CircuitAPI
	mu      sync.Mutex
	regions map[string]*regionReads
}

// CircuitAPI reads and lists circuits.
type CircuitAPI interface {
	circuit.Reader
	circuit.Lister
}

// NewCachedCircuits returns a reader that calls api.
func NewCachedCircuits(api CircuitAPI) *CachedCircuits {
	return &CachedCircuits{api: api, regions: map[string]*regionReads{}}
}

// regionReads holds the last reads of a region: the list, and the circuit that was read by
// ID.
type regionReads struct {
	list      *listing
	circuitID string
	readAt    time.Time
}

// listing is one list of a region. The result may be read after done is closed.
type listing struct {
	began    time.Time
	done     chan struct{}
	circuits map[string]circuit.Circuit
	err      error
}

func (l *listing) pending() bool {
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

// DescribeCircuit implements circuit.Reader. It returns that a circuit does not exist
// only if the API returned that for its ID. Readers that share a list share its error. The
// next reader lists again.
func (c *CachedCircuits) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	found, _, err := c.ReadCircuit(ctx, query)
	return found, err
}

// ReadCircuit implements circuit.CachedReader.
func (c *CachedCircuits) ReadCircuit(ctx context.Context, query circuit.Query) (found circuit.Circuit, begun time.Time, err error) {
	list := c.join(ctx, query)
	if list == nil {
		_ = retry.Wait(ctx, batchWindow) // If ctx ends, the API returns the error below.
		list = c.join(ctx, query)
	}
	for ; list != nil; list = c.join(ctx, query) {
		select {
		case <-list.done:
		case <-ctx.Done():
			return c.readByID(ctx, query) // For an ended ctx, the API sends nothing and returns the error.
		}
		if list.began.Before(query.NotBefore) {
			continue // Only one list runs at a time. The next one begins now.
		}
		if list.err != nil {
			return circuit.Circuit{}, list.began, list.err
		}
		if found, listed := list.circuits[query.CircuitID]; listed {
			return found, list.began, nil
		}
		break
	}
	return c.readByID(ctx, query)
}

func (c *CachedCircuits) readByID(ctx context.Context, query circuit.Query) (found circuit.Circuit, begun time.Time, err error) {
	begun = time.Now()
	found, err = c.api.DescribeCircuit(ctx, query)
	return found, begun, err
}

// join returns the list to wait for, nil if the circuit is to be read by ID. A pending
// list may have begun too early for the query.
func (c *CachedCircuits) join(ctx context.Context, query circuit.Query) *listing {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	reads := c.regions[query.Region]
	if reads == nil {
		reads = &regionReads{}
		c.regions[query.Region] = reads
	}
	last := reads.list
	switch {
	case last != nil && last.pending():
		return last
	case last != nil && last.err == nil && now.Sub(last.began) < listingAge && !last.began.Before(query.NotBefore):
		return last
	case reads.circuitID == query.CircuitID || now.Sub(reads.readAt) >= readerMemory:
		reads.circuitID, reads.readAt = query.CircuitID, now
		return nil
	}
	reads.list = &listing{began: now, done: make(chan struct{})}
	// The list belongs to no reader: if one reader is cancelled, the others still get it.
	// A refresh is of hundreds of circuits or costs one request too many.
	filter := circuit.Filter{Region: query.Region, Many: query.NotBefore.IsZero()}
	go reads.list.read(context.WithoutCancel(ctx), c.api, filter)
	return reads.list
}

// read lists the region.
func (l *listing) read(ctx context.Context, api circuit.Lister, filter circuit.Filter) {
	defer close(l.done)
	var circuits []circuit.Circuit
	circuits, l.err = api.ListCircuits(ctx, filter)
	l.circuits = make(map[string]circuit.Circuit, len(circuits))
	for _, found := range circuits {
		l.circuits[found.ID] = found
	}
}
