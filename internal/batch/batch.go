// Package batch lets callers that ask at the same time share one request.
package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// maxWait is how long a request gathers callers at most, or waits for the end of the
	// request before it.
	maxWait = 100 * time.Millisecond
	// After manyRequests, each request first waits longer than the one before, so that a run
	// of hundreds of resources stays below the quota of the API. longWait is the maximum.
	manyRequests = 25
	longerBy     = 20 * time.Millisecond
	longWait     = time.Second
)

// ErrUnanswered means that the request was sent, and that the ctx of a caller ended before the
// answer came.
var ErrUnanswered = errors.New("there is no answer so far")

// Reader answers questions of many callers with few requests. A request begins after the
// calls of all its callers, so that no answer is older than its question.
type Reader[Key comparable, Value any] struct {
	// Read reads the values of some keys. Keys without a value are missing in the result.
	Read func(ctx context.Context, keys []Key) (map[Key]Value, error)
	// Max is the maximum number of keys in one request.
	Max int
	// Quiet is how long a request waits after its last caller. Terraform works on ten
	// resources at a time, and needs some milliseconds of its own for each.
	Quiet time.Duration

	mu      sync.Mutex
	asked   int // requests, sent or not
	pending *request[Key, Value]
	last    *request[Key, Value] // of those that were sent
}

// request is one request. The result may be read after done is closed.
type request[Key comparable, Value any] struct {
	keys    map[Key]bool
	callers int       // that wait; guarded by the mutex of the Reader, as joined
	joined  time.Time // when the last caller joined
	// sent is true after the time to gather; guarded by the mutex of the Reader.
	sent bool
	// deadline is the latest deadline of the callers; zero if one of them has none. It is
	// guarded by the mutex of the Reader.
	deadline time.Time
	cancel   context.CancelFunc
	done     chan struct{}
	values   map[Key]Value
	err      error
}

// Get returns the value of a key, and whether it has one. All callers of a request get its
// error. ctx ends the wait of this caller, and the request if no other caller waits. A request
// ends shortly before the last deadline of its callers, because its own error says more than
// ErrUnanswered.
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
		if r.leave(mine) {
			return value, false, fmt.Errorf("%w: %w", ErrUnanswered, ctx.Err())
		}
		return value, false, ctx.Err()
	}
}

// join returns the request that waits for callers, or a new one.
func (r *Reader[Key, Value]) join(ctx context.Context, key Key) *request[Key, Value] {
	r.mu.Lock()
	defer r.mu.Unlock()
	deadline, limited := ctx.Deadline()
	mine := r.pending
	if mine == nil || len(mine.keys) == r.Max && !mine.keys[key] {
		// The request belongs to no caller: if one is cancelled, the others still get it.
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // The request calls cancel.
		mine = &request[Key, Value]{keys: map[Key]bool{}, done: make(chan struct{}), cancel: cancel, deadline: deadline}
		r.pending = mine
		go r.run(ctx, mine)
	}
	mine.keys[key] = true
	mine.callers++
	mine.joined = time.Now()
	if !limited || !mine.deadline.IsZero() && deadline.After(mine.deadline) {
		mine.deadline = deadline
	}
	return mine
}

// leave ends the request if its last caller has left. It reports whether the request was sent.
func (r *Reader[Key, Value]) leave(mine *request[Key, Value]) (sent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if mine.callers--; mine.callers == 0 {
		mine.cancel()
		if r.pending == mine {
			r.pending = nil
		}
	}
	return mine.sent
}

// run gathers callers for the request, then sends it.
func (r *Reader[Key, Value]) run(ctx context.Context, mine *request[Key, Value]) {
	defer close(mine.done)
	defer mine.cancel()
	_ = retry.Wait(ctx, r.longer())
	r.gather(ctx, mine)
	keys, deadline := r.begin(mine)
	if !deadline.IsZero() {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadline(ctx, deadline.Add(-min(maxWait, time.Until(deadline)/10)))
		defer stop()
	}
	mine.values, mine.err = r.Read(ctx, keys)
}

// longer returns how much longer the next request waits.
func (r *Reader[Key, Value]) longer() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	return min(longWait, time.Duration(max(0, r.asked-manyRequests))*longerBy)
}

// gather waits for the request before, then until no more callers join.
func (r *Reader[Key, Value]) gather(ctx context.Context, mine *request[Key, Value]) {
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if last := r.lastSent(); last != nil {
		select {
		case <-last.done:
		case <-ctx.Done():
		}
	}
	for pause := r.pauseFor(mine); pause > 0 && retry.Wait(ctx, pause) == nil; {
		pause = r.pauseFor(mine)
	}
}

func (r *Reader[Key, Value]) lastSent() *request[Key, Value] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// pauseFor returns how long the request waits if no more callers join.
func (r *Reader[Key, Value]) pauseFor(mine *request[Key, Value]) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Until(mine.joined.Add(r.Quiet))
}

// begin ends the time for callers to join, and returns the keys and the deadline of the request.
func (r *Reader[Key, Value]) begin(mine *request[Key, Value]) (keys []Key, deadline time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending == mine {
		r.pending = nil
	}
	r.last, mine.sent = mine, true
	return slices.Collect(maps.Keys(mine.keys)), mine.deadline
}
