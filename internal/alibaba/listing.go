package alibaba

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

const (
	// companyWait is how long a reader waits for others before it asks for its
	// circuit alone: Terraform refreshes ten resources at a time. Those who come
	// later cost one call more, no matter how late.
	companyWait = 10 * time.Millisecond
	// listingIdle is how long a listing is kept for readers yet to come, and how long
	// readers by ID are remembered as a sign that there are several.
	listingIdle = 5 * time.Second
	// listingAge is the greatest age of a listing that is read without a pause, as
	// when a thousand resources are refreshed: another for the same refresh would
	// be no truer to the plan, and costs a call for every fifty circuits.
	listingAge = time.Minute
)

// Listing reads circuits for refreshes. A single reader asks by ID; readers of
// several circuits of a region share what is read: up to five one request for just
// those, more of them one listing of the region, which is kept for a few seconds
// and tells of reservations whether or not they were asked for. What it says may
// be old, up to a minute, so it is nothing to decide on about money.
// It is safe for concurrent use.
type Listing struct {
	api     circuitAPI
	mu      sync.Mutex
	regions map[string]*regionReads
}

type circuitAPI interface {
	ordering.CircuitReader
	ordering.CircuitLister
}

var _ ordering.CircuitReader = (*Listing)(nil)

// NewListing returns a Listing that asks api.
func NewListing(api circuitAPI) *Listing {
	return &Listing{api: api, regions: map[string]*regionReads{}}
}

// regionReads are the reads of a region.
type regionReads struct {
	// gathering is the read that still waits for company; nil if none does.
	gathering *sharedRead
	// listing is the listing of the region, under way or done; nil if there is none.
	listing *sharedRead
	// byID are the circuits that were asked for by ID last, and when.
	byID   map[string]bool
	byIDAt time.Time
}

// sharedRead is a read that several readers wait for. Listing.mu guards it until it
// is done; from then on only its time of use changes.
type sharedRead struct {
	query ordering.CircuitQuery // of the first reader
	ids   map[string]bool
	// crowded is closed when a listing is to be read without waiting any longer.
	crowded chan struct{}
	// waiting is the number of readers; when the last one leaves, cancel ends the read.
	waiting     int
	cancel      context.CancelFunc
	began, used time.Time

	done     chan struct{}
	circuits map[string]ordering.Circuit
	err      error
}

// DescribeCircuit implements ordering.CircuitReader. A circuit is missing only if
// the API said so when it was asked for that circuit by ID. A failure is shared by
// those who waited for the read; the next reader asks again.
func (l *Listing) DescribeCircuit(ctx context.Context, query ordering.CircuitQuery) (ordering.Circuit, error) {
	read := l.join(ctx, query)
	select {
	case <-read.done:
	case <-ctx.Done():
		if !l.leave(read) {
			// With a ctx that has ended nothing is sent; the API says so in its own terms.
			return l.api.DescribeCircuit(ctx, query)
		}
		<-read.done // it ends at once, and says what it has met so far
		if failure := (*ordering.Failure)(nil); errors.As(read.err, &failure) {
			ended := *failure
			ended.Cause = errors.Join(ctx.Err(), failure.Cause)
			return ordering.Circuit{}, &ended
		}
	}
	if read.err != nil {
		return ordering.Circuit{}, read.err
	}
	if circuit, listed := read.circuits[query.CircuitID]; listed {
		return circuit, nil
	}
	return l.api.DescribeCircuit(ctx, query)
}

// join finds or begins the read that answers the query.
func (l *Listing) join(ctx context.Context, query ordering.CircuitQuery) *sharedRead {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	reads := l.regions[query.Region]
	if reads == nil {
		reads = &regionReads{}
		l.regions[query.Region] = reads
	}
	if listing := reads.listing; listing != nil {
		if listing.serves(now) && listing.newEnough(query.NotBefore) {
			listing.waiting++
			listing.used = now
			return listing
		}
		reads.listing = nil
	}
	read := reads.gathering
	if read == nil {
		read = l.begin(ctx, query, reads)
	}
	read.waiting++
	read.ids[query.CircuitID] = true
	read.query.WithReservations = read.query.WithReservations || query.WithReservations
	if len(read.ids) > maxFilterValues || reads.others(query.CircuitID, now) {
		// Readers of several circuits, one after the other or many at once: a
		// refresh of many, of which these are the first.
		reads.gathering, reads.listing = nil, read
		close(read.crowded)
	}
	return read
}

// serves reports whether a reader that begins now may use the listing.
func (r *sharedRead) serves(now time.Time) bool {
	select {
	case <-r.done:
		return now.Sub(r.used) < listingIdle && now.Sub(r.began) < listingAge
	default:
		return true
	}
}

// newEnough reports whether the listing begins at a time or later. One that has not
// begun yet does.
func (r *sharedRead) newEnough(notBefore time.Time) bool {
	return r.began.IsZero() || !r.began.Before(notBefore)
}

// others reports whether others than the circuit were asked for by ID of late.
func (r *regionReads) others(circuitID string, now time.Time) bool {
	return len(r.byID) > 0 && now.Sub(r.byIDAt) < listingIdle && !r.byID[circuitID]
}

// begin starts a read, which first waits for company. It belongs to no reader: ctx
// only lends it what is logged with.
func (l *Listing) begin(ctx context.Context, query ordering.CircuitQuery, reads *regionReads) *sharedRead {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	read := &sharedRead{query: query, ids: map[string]bool{}, crowded: make(chan struct{}), cancel: cancel, done: make(chan struct{})}
	reads.gathering = read
	go func() {
		defer cancel()
		l.carryOut(ctx, read, reads)
	}()
	return read
}

// leave takes a reader off a read, and ends the read if nobody waits for it. It
// reports whether the read is at its end.
func (l *Listing) leave(read *sharedRead) (ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	read.waiting--
	if read.waiting > 0 {
		return false
	}
	select {
	case <-read.done: // a listing that is kept for others
		return true
	default:
	}
	l.regions[read.query.Region].forget(read)
	read.cancel()
	return true
}

// forget sees to it that no reader joins the read any more.
func (r *regionReads) forget(read *sharedRead) {
	if r.gathering == read {
		r.gathering = nil
	}
	if r.listing == read {
		r.listing = nil
	}
}

// carryOut waits for company, reads, and serves those who wait.
func (l *Listing) carryOut(ctx context.Context, read *sharedRead, reads *regionReads) {
	company := time.NewTimer(companyWait)
	defer company.Stop()
	select {
	case <-company.C:
	case <-read.crowded:
	case <-ctx.Done():
	}

	l.mu.Lock()
	read.began = time.Now()
	whole := reads.listing == read
	if reads.gathering == read {
		reads.gathering = nil
		reads.byID, reads.byIDAt = read.ids, read.began
	}
	l.mu.Unlock()

	circuits, err := l.read(ctx, read, whole)

	l.mu.Lock()
	defer l.mu.Unlock()
	read.circuits, read.err, read.used = circuits, err, time.Now()
	if err != nil {
		reads.forget(read)
	}
	close(read.done)
}

// read asks for the whole region, or for the circuits of the readers. By now
// nobody joins the latter.
func (l *Listing) read(ctx context.Context, read *sharedRead, whole bool) (map[string]ordering.Circuit, error) {
	if !whole && len(read.ids) == 1 {
		circuit, err := l.api.DescribeCircuit(ctx, read.query)
		if err != nil {
			return nil, err
		}
		return map[string]ordering.Circuit{read.query.CircuitID: circuit}, nil
	}
	filter := ordering.CircuitFilter{Region: read.query.Region}
	if !whole {
		for id := range read.ids {
			filter.IDs = append(filter.IDs, id)
		}
	}
	listed, err := l.api.ListCircuits(ctx, filter)
	if err != nil {
		return nil, err
	}
	circuits := make(map[string]ordering.Circuit, len(listed))
	for _, circuit := range listed {
		circuits[circuit.ID] = circuit
	}
	return circuits, nil
}
