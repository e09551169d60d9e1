package credentials

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// renewMargin is how long before its end a session is renewed.
	renewMargin = 3 * time.Minute
	// Reserve is how long before its end a session signs its last call, so that the call
	// arrives in time.
	Reserve = 15 * time.Second
	// While the old session is valid, renewTimeout bounds its renewal, and renewPause
	// is the time between two failed renewals.
	renewTimeout = 10 * time.Second
	renewPause   = 10 * time.Second
)

// cache keeps a session and renews it before its end.
type cache struct {
	fetch func(context.Context) (Value, error)
	sem   chan struct{} // held by the call that fetches

	mu      sync.Mutex // guards the fields below
	held    Value
	renewAt time.Time
}

// Cached returns a source that calls fetch for the first credentials, and again before
// they expire. Only one fetch runs at a time. While the old session is valid, other
// calls use it, and a failed fetch is no error.
func Cached(fetch func(context.Context) (Value, error)) Source {
	c := &cache{fetch: fetch, sem: make(chan struct{}, 1)}
	return sourceFunc(c.credentials)
}

func (c *cache) credentials(ctx context.Context) (Value, error) {
	held, due, valid := c.look()
	if !due {
		return held, nil
	}
	select {
	case c.sem <- struct{}{}:
	default:
		if valid {
			return held, nil // Another call fetches already.
		}
		select {
		case c.sem <- struct{}{}:
		case <-ctx.Done():
			return Value{}, ctx.Err()
		}
	}
	defer func() { <-c.sem }()
	if held, due, valid = c.look(); !due {
		return held, nil // Another call has fetched it meanwhile.
	}
	return c.renew(ctx, valid)
}

// look returns the held session, whether its renewal is due, and whether it is still
// valid.
func (c *cache) look() (held Value, due, valid bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	return c.held, !now.Before(c.renewAt), now.Before(c.lastUse())
}

func (c *cache) lastUse() time.Time { return c.held.Expires.Add(-Reserve) }

func (c *cache) renew(ctx context.Context, valid bool) (Value, error) {
	fetching := ctx
	if valid {
		var cancel context.CancelFunc
		fetching, cancel = context.WithTimeout(ctx, renewTimeout)
		defer cancel()
	}
	fresh, err := c.fetch(fetching)
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		// A short session is used for three quarters of its life.
		margin := min(renewMargin, fresh.Expires.Sub(now)/4)
		c.held, c.renewAt = fresh, fresh.Expires.Add(-margin)
		return fresh, nil
	case now.Before(c.lastUse()):
		c.renewAt = now.Add(renewPause)
		if c.renewAt.After(c.lastUse()) {
			c.renewAt = c.lastUse()
		}
		return c.held, nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !IsTemporary(err):
		return Value{}, &Error{Message: "the credentials were not issued in time", Temporary: true, Cause: err}
	default:
		return Value{}, err
	}
}
