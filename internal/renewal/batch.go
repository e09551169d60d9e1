package renewal

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// batchWindow is how long a question waits for others to join it.
const batchWindow = 10 * time.Millisecond

// batcher reads circuits by ID. Callers share one request, which begins after all of their
// calls. One request runs at a time, and meanwhile the next one gathers callers.
type batcher struct {
	read func(ctx context.Context, circuitIDs []string) ([]Instance, error)
	sem  chan struct{} // held while a request runs

	mu      sync.Mutex
	pending *batch
}

// batch is one request. The result may be read after done is closed.
type batch struct {
	ids   map[string]bool
	done  chan struct{}
	found map[string]Instance
	err   error
}

// gather waits for other callers.
func (b *batcher) gather(ctx context.Context) error { return retry.Wait(ctx, batchWindow) }

// get reads a circuit, and reports whether billing lists it.
func (b *batcher) get(ctx context.Context, circuitID string) (Instance, bool, error) {
	if err := ctx.Err(); err != nil {
		return Instance{}, false, err
	}
	mine := b.join(ctx, circuitID)
	select {
	case <-mine.done:
		found, listed := mine.found[key(circuitID)]
		return found, listed, mine.err
	case <-ctx.Done():
		return Instance{}, false, ctx.Err()
	}
}

func (b *batcher) join(ctx context.Context, circuitID string) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pending == nil || len(b.pending.ids) == MaxIDs && !b.pending.ids[circuitID] {
		b.pending = &batch{ids: map[string]bool{}, done: make(chan struct{})}
		// The request belongs to no caller: if one is cancelled, the others still get it.
		go b.run(context.WithoutCancel(ctx), b.pending)
	}
	b.pending.ids[circuitID] = true
	return b.pending
}

func (b *batcher) run(ctx context.Context, mine *batch) {
	defer close(mine.done)
	_ = b.gather(ctx)
	b.sem <- struct{}{}
	defer func() { <-b.sem }()
	b.mu.Lock()
	if b.pending == mine {
		b.pending = nil
	}
	ids := make([]string, 0, len(mine.ids))
	for id := range mine.ids {
		ids = append(ids, id)
	}
	b.mu.Unlock()
	found, err := b.read(ctx, ids)
	mine.found, mine.err = byCircuit(found), err
}
