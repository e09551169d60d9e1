package credentials_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// fetcher issues sessions of an hour. The later fetches take a time and may fail.
type fetcher struct {
	takes  time.Duration
	failed error
}

func (f *fetcher) fetch(ctx context.Context) (credentials.Value, error) {
	select {
	case <-time.After(f.takes):
		return credentials.Value{Expires: time.Now().Add(time.Hour)}, f.failed
	case <-ctx.Done():
		return credentials.Value{}, ctx.Err()
	}
}

func TestFetch_IsShortOnlyWhileTheSessionIsValid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &fetcher{takes: time.Minute}
		source := credentials.Cached(service.fetch)
		first, err := source.Credentials(t.Context())
		if err != nil {
			t.Fatalf("the first session takes a minute: %v", err)
		}
		time.Sleep(time.Until(first.Expires) - time.Minute)
		started := time.Now()
		got, err := source.Credentials(t.Context())
		if took := time.Since(started); err != nil || got != first || took != 10*time.Second {
			t.Errorf("the renewal takes %s: %v", took, err)
		}
	})
}

func TestSession_ThatEndsDuringItsRenewal_IsNotUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &fetcher{}
		source := credentials.Cached(service.fetch)
		first, err := source.Credentials(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		service.takes, service.failed = 5*time.Second, errors.New("refused")
		time.Sleep(time.Until(first.Expires) - credentials.Reserve - service.takes)
		if _, err := source.Credentials(t.Context()); !errors.Is(err, service.failed) {
			t.Errorf("got %v", err)
		}
	})
}

func TestFetch_OutOfTime_IsTemporaryUnlessTheCallHasEnded(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	busy := &credentials.Error{Message: "the host is busy", Temporary: true, Cause: context.DeadlineExceeded}
	for name, test := range map[string]struct {
		ctx       context.Context
		failed    error
		message   string
		temporary bool
	}{
		"a timeout":                {t.Context(), context.DeadlineExceeded, "the credentials were not issued in time", true},
		"a timeout with a message": {t.Context(), busy, busy.Message, true},
		"another error":            {t.Context(), errors.New("refused"), "refused", false},
		"the end of the call":      {ended, context.DeadlineExceeded, context.DeadlineExceeded.Error(), false},
	} {
		source := credentials.Cached(func(context.Context) (credentials.Value, error) { return credentials.Value{}, test.failed })
		_, err := source.Credentials(test.ctx)
		if err == nil || err.Error() != test.message || credentials.IsTemporary(err) != test.temporary || !errors.Is(err, test.failed) {
			t.Errorf("%s: %v, temporary %t", name, err, credentials.IsTemporary(err))
		}
	}
}
