// Package retry computes and waits out the pauses between the tries of one call.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstPause = 500 * time.Millisecond
	maxPause   = 15 * time.Second
)

// Backoff is exponential backoff from 0.5 s to 15 s with full jitter, so that clients that
// failed together do not retry together. The zero value is ready to use.
type Backoff struct {
	// Rand returns a number in [0, 1). If it is nil, Backoff uses math/rand/v2.
	Rand func() float64

	tries int
}

// Next returns the pause before the next try.
func (b *Backoff) Next() time.Duration {
	ceiling := maxPause
	if b.tries < 5 { // 0.5 s doubled five times is more than maxPause.
		ceiling = firstPause << b.tries
	}
	b.tries++
	random := b.Rand
	if random == nil {
		random = rand.Float64
	}
	return time.Duration(random() * float64(ceiling))
}

// Wait waits for d. It returns the error of ctx as soon as ctx ends.
func Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}
