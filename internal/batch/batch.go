// Package batch lets callers that ask at the same time share one request.
package batch

import (
	"context"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// quiet is how long a request waits after its last caller. Terraform works on ten
	// resources at a time, and needs some milliseconds of its own for each.
	quiet = 8 * time.Millisecond
	// maxWait is how long a request waits at most for callers that ask one after the other.
	maxWait = 100 * time.Millisecond
	// After manyRequests, each request waits longer than the one before, so that a run of
	// hundreds of resources stays below the quota of the API. longWait is the maximum.
	manyRequests = 40
	longerBy     = 20 * time.Millisecond
	longWait     = time.Second
)

// Reader answers questions of many callers with few requests. A request begins after the
// calls of all its callers, so that no answer is older than its question. The very first
// question of a Reader does not wait: most runs have only one.
type Reader[Key comparable, Value any] struct {
	// Read reads the values of some keys. Keys without a value are missing in the result.
	Read func(ctx context.Context, keys []Key) (map[Key]Value, error)
	// Max is the maximum number of keys in one request.
	Max int

	mu      sync.Mutex
	asked   bool
	sent    int // requests
	running int // requests without an answer so far
	pending *request[Key, Value]
}

// request is one request. The result may be read after done is closed.
type request[Key comparable, Value any] struct {
	keys    map[Key]bool
	callers int // that wait; guarded by the mutex of the Reader, as joined
	joined  int // callers so far
	cancel  context.CancelFunc
	done    chan struct{}
	values  map[Key]Value
	err     error
}

// Get returns the value of a key, and whether it has one. All callers of a request get its
// error. ctx ends the wait of this caller, and the request if no other caller waits.
func (r *Reader[Key, Value]) Get(ctx context.Context, key Key) (value Value, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return value, false, err
	}
	mine := r.join(ctx, key)
	select {
	case <-mine.done:
		value, found = mine.values[key]
		return value, found, mine.err
	case <-ctx.Done():
		r.leave(mine)
		return value, false, ctx.Err()
	}
}

// join returns the request that waits for callers, or a new one.
func (r *Reader[Key, Value]) join(ctx context.Context, key Key) *request[Key, Value] {
	r.mu.Lock()
	defer r.mu.Unlock()
	mine := r.pending
	if mine == nil || len(mine.keys) == r.Max && !mine.keys[key] {
		// The request belongs to no caller: if one is cancelled, the others still get it.
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // The request calls cancel.
		mine = &request[Key, Value]{keys: map[Key]bool{}, done: make(chan struct{}), cancel: cancel}
		run := r.gather
		if r.asked {
			r.pending = mine
		} else {
			r.asked, run = true, r.send
		}
		mine.keys[key], mine.callers, mine.joined = true, 1, 1
		go run(ctx, mine)
		return mine
	}
	mine.keys[key] = true
	mine.callers++
	mine.joined++
	return mine
}

// leave ends the request if its last caller has left.
func (r *Reader[Key, Value]) leave(mine *request[Key, Value]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if mine.callers--; mine.callers > 0 {
		return
	}
	mine.cancel()
	if r.pending == mine {
		r.pending = nil
	}
}

// gather waits until no more callers join and no other request runs, then sends the request.
func (r *Reader[Key, Value]) gather(ctx context.Context, mine *request[Key, Value]) {
	_ = retry.Wait(ctx, r.longer())
	for last, waited := 0, time.Duration(0); waited < maxWait; waited += quiet {
		r.mu.Lock()
		joined, alone := mine.joined, r.running == 0
		r.mu.Unlock()
		if joined == last && alone || retry.Wait(ctx, quiet) != nil {
			break
		}
		last = joined
	}
	r.mu.Lock()
	if r.pending == mine {
		r.pending = nil
	}
	r.mu.Unlock()
	r.send(ctx, mine)
}

// longer returns how much longer the next request waits.
func (r *Reader[Key, Value]) longer() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	return min(longWait, time.Duration(max(0, r.sent-manyRequests))*longerBy)
}

func (r *Reader[Key, Value]) send(ctx context.Context, mine *request[Key, Value]) {
	defer close(mine.done)
	defer mine.cancel()
	r.countRunning(1)
	defer r.countRunning(-1)
	keys := make([]Key, 0, len(mine.keys))
	for key := range mine.keys {
		keys = append(keys, key)
	}
	mine.values, mine.err = r.Read(ctx, keys)
}

func (r *Reader[Key, Value]) countRunning(change int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running += change
}
