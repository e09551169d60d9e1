package vpc

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/batch"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// decisionQuiet is how long a read waits for other decisions. An apply spreads them more than
// a refresh does.
const decisionQuiet = 8 * time.Millisecond

// BatchedCircuits reads circuits for decisions. Reads at the same time share requests, which
// begin after all of these calls. It is safe for concurrent use.
type BatchedCircuits struct {
	api CircuitAPI

	mu      sync.Mutex
	regions map[batchKey]*regionBatch
}

// batchKey separates the reads that share requests.
type batchKey struct {
	region string
	once   bool
}

// NewBatchedCircuits returns a reader that calls api.
func NewBatchedCircuits(api CircuitAPI) *BatchedCircuits {
	return &BatchedCircuits{api: api, regions: map[batchKey]*regionBatch{}}
}

// regionBatch reads the circuits of a region.
type regionBatch struct {
	batch.Reader[string, circuit.Circuit]

	batchKey

	api CircuitAPI

	mu sync.Mutex
	// pages is the number of pages of the whole region; 0 if unknown or empty.
	pages int
}

// DescribeCircuit implements circuit.Reader. It returns that a circuit does not exist only
// if the API returned that for its ID.
func (b *BatchedCircuits) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	found, exists, err := b.of(batchKey{query.Region, query.Once}).Get(ctx, query.CircuitID)
	if err == nil && exists {
		return found, nil
	}
	return readUnserved(ctx, b.api, query, err)
}

// readUnserved reads the circuit of a reader that a shared request did not serve. err is the
// error of that request, nil if its answer lacks the circuit.
func readUnserved(ctx context.Context, api CircuitAPI, query circuit.Query, err error) (circuit.Circuit, error) {
	switch {
	case errors.Is(err, batch.ErrUnanswered):
		return circuit.Circuit{}, api.Unanswered(ctx, query.Region)
	case err == nil, ctx.Err() != nil: // For an ended ctx, the API sends nothing and returns that as its error.
		return api.DescribeCircuit(ctx, query)
	default:
		return circuit.Circuit{}, err
	}
}

func (b *BatchedCircuits) of(key batchKey) *regionBatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.regions[key] == nil {
		of := &regionBatch{batchKey: key, api: b.api}
		of.Max, of.Quiet, of.Read = circuitPage, decisionQuiet, of.read
		b.regions[key] = of
	}
	return b.regions[key]
}

// read reads circuits with as few requests as possible: by their IDs, or as a list of the
// whole region.
func (r *regionBatch) read(ctx context.Context, circuitIDs []string) (map[string]circuit.Circuit, error) {
	if len(circuitIDs) == 1 {
		found, err := r.api.DescribeCircuit(ctx, circuit.Query{Region: r.region, CircuitID: circuitIDs[0], Once: r.once})
		return map[string]circuit.Circuit{found.ID: found}, err
	}
	filter := circuit.Filter{Region: r.region, Once: r.once}
	if byID := pagesOf(len(circuitIDs), maxFilterValues); r.knownPages() > byID || byID == 1 {
		filter.IDs = circuitIDs
	}
	circuits, err := r.api.ListCircuits(ctx, filter)
	switch failure, failed := errors.AsType[*apierror.Error](err); {
	case filter.IDs != nil:
	case err == nil:
		r.setPages(pagesOf(len(circuits), circuitPage))
	case failed && failure.HTTPStatus == http.StatusOK:
		// The row of another circuit may be unreadable.
		filter.IDs = circuitIDs
		circuits, err = r.api.ListCircuits(ctx, filter)
	}
	found := make(map[string]circuit.Circuit, len(circuits))
	for _, c := range circuits {
		found[c.ID] = c
	}
	return found, err
}

// pagesOf returns the number of pages of a size for n rows.
func pagesOf(n, size int) int { return (n + size - 1) / size }

func (r *regionBatch) knownPages() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pages
}

func (r *regionBatch) setPages(pages int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages = pages
}
