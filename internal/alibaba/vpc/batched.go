package vpc

import (
	"context"
	"sync"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/batch"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// BatchedCircuits reads circuits for decisions. Reads at the same time share requests, which
// begin after all of these calls. It is safe for concurrent use.
type BatchedCircuits struct {
	api CircuitAPI

	mu      sync.Mutex
	regions map[string]*regionBatch
}

// NewBatchedCircuits returns a reader that calls api.
func NewBatchedCircuits(api CircuitAPI) *BatchedCircuits {
	return &BatchedCircuits{api: api, regions: map[string]*regionBatch{}}
}

// regionBatch reads the circuits of a region.
type regionBatch struct {
	batch.Reader[string, circuit.Circuit]

	api    CircuitAPI
	region string

	mu sync.Mutex
	// pages is the number of pages of the whole region; 0 if unknown.
	pages int
}

// DescribeCircuit implements circuit.Reader. It returns that a circuit does not exist only
// if the API returned that for its ID. A read with Once has a request of its own.
func (b *BatchedCircuits) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	if query.Once {
		return b.api.DescribeCircuit(ctx, query)
	}
	found, exists, err := b.of(query.Region).Get(ctx, query.CircuitID)
	if err == nil && exists {
		return found, nil
	}
	if err == nil || ctx.Err() != nil { // For an ended ctx, the API sends nothing and returns its error.
		return b.api.DescribeCircuit(ctx, query)
	}
	return circuit.Circuit{}, err
}

func (b *BatchedCircuits) of(region string) *regionBatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.regions[region] == nil {
		of := &regionBatch{api: b.api, region: region}
		of.Max, of.Read = circuitPage, of.read
		b.regions[region] = of
	}
	return b.regions[region]
}

// read reads circuits with as few requests as possible: by their IDs, or as a list of the
// whole region.
func (r *regionBatch) read(ctx context.Context, circuitIDs []string) (map[string]circuit.Circuit, error) {
	if len(circuitIDs) == 1 {
		found, err := r.api.DescribeCircuit(ctx, circuit.Query{Region: r.region, CircuitID: circuitIDs[0]})
		return map[string]circuit.Circuit{found.ID: found}, err
	}
	filter := circuit.Filter{Region: r.region}
	if byID := pagesOf(len(circuitIDs), maxFilterValues); r.knownPages() > byID || byID == 1 {
		filter.IDs = circuitIDs
	}
	circuits, err := r.api.ListCircuits(ctx, filter)
	if err == nil && filter.IDs == nil {
		r.setPages(max(1, pagesOf(len(circuits), circuitPage)))
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
