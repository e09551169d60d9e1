package vpc

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/batch"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

const (
	// refreshQuiet is how long a read waits for other readers. It is short: Terraform begins
	// with ten resources almost at once, and a plan of one circuit waits too.
	refreshQuiet = 3 * time.Millisecond
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
	api CircuitAPI

	mu      sync.Mutex
	regions map[string]*cachedRegion
}

// CircuitAPI reads and lists circuits.
type CircuitAPI interface {
	circuit.Reader
	circuit.Lister
	// Unanswered returns the error of a read that was sent, if ctx ended before the answer.
	Unanswered(ctx context.Context, region string) error
}

// NewCachedCircuits returns a reader that calls api.
func NewCachedCircuits(api CircuitAPI) *CachedCircuits {
	return &CachedCircuits{api: api, regions: map[string]*cachedRegion{}}
}

// cachedRegion holds the last reads of a region: the list, and the circuit that was read by
// ID. Readers that no list serves gather for the next read.
type cachedRegion struct {
	batch.Reader[cachedKey, cachedCircuit]

	region string
	api    CircuitAPI

	mu        sync.Mutex
	list      *listing
	circuitID string
	readAt    time.Time
}

// cachedKey is what readers of one circuit share.
type cachedKey struct {
	circuitID        string
	withReservations bool
	// many means that the reader expects more circuits than one page.
	many bool
}

// cachedCircuit is a circuit with the time when its request began.
type cachedCircuit struct {
	circuit.Circuit

	begun time.Time
}

// listing is one list of a region. The result may be read after done is closed.
type listing struct {
	began    time.Time
	done     chan struct{}
	circuits map[string]circuit.Circuit
	err      error
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
	region := c.of(query.Region)
	for list := region.listFor(query); list != nil; list = region.listFor(query) {
		select {
		case <-list.done:
		case <-ctx.Done():
			return circuit.Circuit{}, list.began, c.api.Unanswered(ctx, query.Region)
		}
		if list.began.Before(query.NotBefore) {
			continue // The next list begins soon.
		}
		if list.err != nil {
			return circuit.Circuit{}, list.began, list.err
		}
		if found, listed := list.circuits[query.CircuitID]; listed {
			return found, list.began, nil
		}
		return c.readUnserved(ctx, query, nil)
	}
	read, exists, err := region.Get(ctx, cachedKey{query.CircuitID, query.WithReservations, query.NotBefore.IsZero()})
	if err == nil && exists {
		return read.Circuit, read.begun, nil
	}
	return c.readUnserved(ctx, query, err)
}

// HasList implements circuit.CachedReader.
func (c *CachedCircuits) HasList(query circuit.Query) bool {
	return c.of(query.Region).listFor(query) != nil
}

func (c *CachedCircuits) readUnserved(ctx context.Context, query circuit.Query, failed error) (found circuit.Circuit, begun time.Time, err error) {
	begun = time.Now()
	found, err = readUnserved(ctx, c.api, query, failed)
	return found, begun, err
}

func (c *CachedCircuits) of(region string) *cachedRegion {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.regions[region] == nil {
		of := &cachedRegion{region: region, api: c.api}
		of.Max, of.Quiet, of.Read = math.MaxInt, refreshQuiet, of.read
		c.regions[region] = of
	}
	return c.regions[region]
}

// listFor returns the list to wait for or to use, nil if there is none. A list that still
// runs may have begun too early for the query.
func (r *cachedRegion) listFor(query circuit.Query) *listing {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.list
	switch {
	case last == nil:
		return nil
	case last.pending(), last.err == nil && time.Since(last.began) < listingAge && !last.began.Before(query.NotBefore):
		return last
	default:
		return nil
	}
}

// read reads the only circuit by its ID, or lists the region.
func (r *cachedRegion) read(ctx context.Context, keys []cachedKey) (map[cachedKey]cachedCircuit, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err() // All readers have left.
	}
	begun, many := time.Now(), false
	query := circuit.Query{Region: r.region, CircuitID: keys[0].circuitID}
	alone := true
	for _, key := range keys {
		alone = alone && key.circuitID == query.CircuitID
		query.WithReservations = query.WithReservations || key.withReservations
		many = many || key.many
	}
	read := map[cachedKey]cachedCircuit{}
	if alone && r.isOnlyReader(query.CircuitID, begun) {
		found, err := r.api.DescribeCircuit(ctx, query)
		for _, key := range keys {
			read[key] = cachedCircuit{found, begun}
		}
		return read, err
	}
	list := &listing{began: begun, done: make(chan struct{})}
	r.mu.Lock()
	r.list = list
	r.mu.Unlock()
	// A refresh is of hundreds of circuits or costs one request too many.
	list.read(ctx, r.api, circuit.Filter{Region: r.region, Many: many})
	for _, key := range keys {
		if found, listed := list.circuits[key.circuitID]; listed {
			read[key] = cachedCircuit{found, begun}
		}
	}
	return read, list.err
}

// isOnlyReader reports whether no other circuit was read by its ID a moment ago, and records
// this read.
func (r *cachedRegion) isOnlyReader(circuitID string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.circuitID != circuitID && now.Sub(r.readAt) < readerMemory {
		return false
	}
	r.circuitID, r.readAt = circuitID, now
	return true
}

func (l *listing) pending() bool {
	select {
	case <-l.done:
		return false
	default:
		return true
	}
}

// read lists the region. Later readers use the list too, so only the deadline of ctx ends it.
func (l *listing) read(ctx context.Context, api circuit.Lister, filter circuit.Filter) {
	defer close(l.done)
	deadline, limited := ctx.Deadline()
	if ctx = context.WithoutCancel(ctx); limited {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, deadline)
		defer stop()
	}
	var circuits []circuit.Circuit
	circuits, l.err = api.ListCircuits(ctx, filter)
	l.circuits = make(map[string]circuit.Circuit, len(circuits))
	for _, found := range circuits {
		l.circuits[found.ID] = found
	}
}
