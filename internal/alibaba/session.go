package alibaba

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// sessionMargin is how long before its end a session is replaced.
	sessionMargin = 3 * time.Minute
	// sessionReserve is how long before its end a session signs its last call, so
	// that the call still arrives in time.
	sessionReserve = 15 * time.Second
	// While the old session still serves, the new one is neither waited for nor asked
	// for longer than this.
	sessionPatience = 10 * time.Second
	sessionPause    = 10 * time.Second
)

// session is credentials that end.
type session struct {
	Credentials
	// expires is when they end; zero if that is not known, so that they serve once.
	expires time.Time
}

// renewal keeps a session and replaces it before it ends.
type renewal struct {
	fetch func(context.Context) (session, error)
	turn  chan struct{} // held by the one that fetches

	mu      sync.Mutex // guards what follows
	held    session
	renewAt time.Time
}

// renewed returns a source that fetches a session when the first credentials are
// asked for, and again before it ends. One call fetches at a time. While the
// old session is valid, the others go on with it, and a failed fetch does no harm.
func renewed(fetch func(context.Context) (session, error)) CredentialsSource {
	r := &renewal{fetch: fetch, turn: make(chan struct{}, 1)}
	// A method value, so that no printing finds what it holds.
	return sourceFunc(r.session)
}

func (r *renewal) session(ctx context.Context) (session, error) {
	held, due, valid := r.look()
	if !due {
		return held, nil
	}
	if valid {
		select {
		case r.turn <- struct{}{}:
		default:
			return held, nil // Another call is fetching already.
		}
	} else {
		select {
		case r.turn <- struct{}{}:
		case <-ctx.Done():
			return session{}, ctx.Err()
		}
	}
	defer func() { <-r.turn }()
	if held, due, valid = r.look(); !due {
		return held, nil // It was fetched in the meantime.
	}
	return r.replace(ctx, held, valid)
}

// look returns the session, whether it is to be replaced, and whether it is valid
// meanwhile.
func (r *renewal) look() (held session, due, valid bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	return r.held, !now.Before(r.renewAt), now.Before(r.held.expires.Add(-sessionReserve))
}

func (r *renewal) replace(ctx context.Context, old session, valid bool) (session, error) {
	fetching := ctx
	if valid {
		var cancel context.CancelFunc
		fetching, cancel = context.WithTimeout(ctx, sessionPatience)
		defer cancel()
	}
	fresh, err := r.fetch(fetching)
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.held, r.renewAt = fresh, renewAt(now, fresh.expires)
		return fresh, nil
	case valid && now.Before(r.held.expires.Add(-sessionReserve)):
		// Not every call of the last minutes has to wait for a host that is down.
		r.renewAt = earlier(now.Add(sessionPause), r.held.expires.Add(-sessionReserve))
		return old, nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !passing(err):
		return session{}, &CredentialsError{Message: "the credentials were not issued in time", Passing: true, Cause: err}
	default:
		return session{}, err
	}
}

// renewAt returns when a session is to be replaced. A short one is used for most of
// its life, rather than replaced before every call.
func renewAt(now, expires time.Time) time.Time {
	margin := sessionMargin
	if life := expires.Sub(now); life < 4*margin {
		margin = max(life/4, 0)
	}
	return expires.Add(-margin)
}

func earlier(a, b time.Time) time.Time {
	return slices.MinFunc([]time.Time{a, b}, time.Time.Compare)
}
