package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

func TestBackoff_DoublesWithFullJitter(t *testing.T) {
	t.Parallel()
	for _, random := range []float64{0, 0.25, 0.5, 0.75} {
		backoff := retry.Backoff{Rand: func() float64 { return random }}
		for i, ceiling := range ordertest.Ceilings {
			if got, want := backoff.Next(), time.Duration(random*float64(ceiling)); got != want {
				t.Errorf("random %v: wait %d is %s, want %s", random, i+1, got, want)
			}
		}
	}
}

func TestBackoff_StaysWithinItsLimits(t *testing.T) {
	t.Parallel()
	var backoff retry.Backoff
	spread := map[time.Duration]bool{}
	for i := range 10_000 {
		ceiling := ordertest.Ceilings[min(i, len(ordertest.Ceilings)-1)]
		wait := backoff.Next()
		if wait < 0 || wait >= ceiling {
			t.Fatalf("wait %d is %s, want one from 0 to less than %s", i+1, wait, ceiling)
		}
		spread[wait] = true
	}
	if len(spread) < 9_000 {
		t.Errorf("only %d different waits in 10000: clients that failed together would retry together", len(spread))
	}
}

func TestWait_TakesTheWholeTime(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{0, time.Nanosecond, time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			if err := retry.Wait(t.Context(), wait); err != nil {
				t.Error(err)
			}
			if took := time.Since(begun); took != wait {
				t.Errorf("waited %s, want %s", took, wait)
			}
		})
	}
}

func TestWait_ContextEnds_ReturnsItsError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end   func(context.Context) (context.Context, context.CancelFunc)
		after time.Duration
		want  error
	}{
		"Deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, time.Second, context.DeadlineExceeded},
		"Cancelled": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(2*time.Second, cancel)
			return ctx, cancel
		}, 2 * time.Second, context.Canceled},
		"EndedBefore": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, 0, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx, cancel := test.end(t.Context())
				defer cancel()
				if err := retry.Wait(ctx, time.Hour); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				if took := time.Since(begun); took != test.after {
					t.Errorf("ended after %s, want %s", took, test.after)
				}
			})
		})
	}
}

func TestWait_EndedContext_AlwaysReturnsItsError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		// Both the timer and the context are ready. The result is always the same.
		for range 100 {
			if err := retry.Wait(ctx, 0); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v, want %v", err, context.Canceled)
			}
		}
	})
}
