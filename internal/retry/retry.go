// Package retry spaces the tries of one call.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	backoffFirst = 500 * time.Millisecond
	backoffMost  = 15 * time.Second
)

// Backoff spaces the tries of one call: exponential from 0.5 s to at most 15 s,
// with full jitter, so that many clients that failed together do not come back
// together. The zero value is ready to use.
type Backoff struct {
	// Rand returns a number in [0, 1); nil stands for math/rand/v2.
	Rand func() float64

	tries int
}

// Next returns how long to wait before the next try.
func (b *Backoff) Next() time.Duration {
	ceiling := backoffMost
	if b.tries < 5 { // 0.5 s doubled five times is above the ceiling
		ceiling = backoffFirst << b.tries
	}
	b.tries++
	random := b.Rand
	if random == nil {
		random = rand.Float64
	}
	return time.Duration(random() * float64(ceiling))
}

// Wait waits for d. It returns ctx's error as soon as ctx ends.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}
