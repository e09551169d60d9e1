package batch_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/batch"
)

// server counts the requests. Each takes a second or latency, and returns the version at its
// begin.
type server struct {
	latency time.Duration

	mu      sync.Mutex
	version int
	asked   [][]string
	ended   int // requests that were cancelled
	err     error
}

func (s *server) read(ctx context.Context, keys []string) (map[string]int, error) {
	s.mu.Lock()
	version, err := s.version, s.err
	s.asked = append(s.asked, slices.Sorted(slices.Values(keys)))
	s.mu.Unlock()
	select {
	case <-time.After(cmp.Or(s.latency, time.Second)):
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended++
		return nil, ctx.Err()
	}
	values := map[string]int{}
	for _, key := range keys {
		if key != "missing" {
			values[key] = version
		}
	}
	return values, err
}

func newReader(s *server, most int) *batch.Reader[string, int] {
	return &batch.Reader[string, int]{Read: s.read, Max: most, Quiet: 5 * time.Millisecond}
}

// ask asks for n keys at the same time, and returns the number of requests.
func ask(t *testing.T, s *server, r *batch.Reader[string, int], n int) int {
	t.Helper()
	before := len(s.asked)
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() {
			if got, found, err := r.Get(t.Context(), fmt.Sprint(i)); err != nil || !found || got != s.version {
				t.Errorf("%d: %d, %t, %v", i, got, found, err)
			}
		})
	}
	running.Wait()
	return len(s.asked) - before
}

func TestGet_OneQuestion_WaitsSomeMillisecondsForOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r, started := newReader(s, 100), time.Now()
		if requests := ask(t, s, r, 1); requests != 1 || time.Since(started) > 1010*time.Millisecond {
			t.Errorf("%d requests in %s", requests, time.Since(started))
		}
	})
}

func TestGet_QuestionsDuringARequest_ShareTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{latency: 50 * time.Millisecond}
		r, started := newReader(s, 100), time.Now()
		var running sync.WaitGroup
		for i := range 4 { // One at the begin of the first request, three during it.
			running.Go(func() {
				time.Sleep(time.Duration(i) * 15 * time.Millisecond)
				_, _, _ = r.Get(t.Context(), fmt.Sprint(i))
			})
		}
		running.Wait()
		if requests := len(s.asked); requests != 2 {
			t.Errorf("%d requests, want 2", requests)
		}
		if took := time.Since(started); took > 120*time.Millisecond {
			t.Errorf("took %s", took)
		}
	})
}

func TestGet_QuestionsAtTheSameTime_ShareARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		for range 3 {
			if requests := ask(t, s, r, 10); requests != 1 {
				t.Errorf("%d requests, want 1", requests)
			}
		}
	})
}

func TestGet_MoreKeysThanTheMaximum_AreDivided(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 5)
		if requests := ask(t, s, r, 12); requests != 3 {
			t.Errorf("%d requests", requests)
		}
		for _, keys := range s.asked {
			if len(keys) > 5 {
				t.Errorf("one request for %v", keys)
			}
		}
	})
}

func TestGet_KeyOfAFullRequest_SharesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 1)
		var running sync.WaitGroup
		for range 3 {
			running.Go(func() { _, _, _ = r.Get(t.Context(), "0") })
		}
		running.Wait()
		if len(s.asked) != 1 {
			t.Errorf("%d requests, want 1", len(s.asked))
		}
	})
}

func TestGet_Request_BeginsAfterTheQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		go func() { _, _, _ = r.Get(t.Context(), "0") }()
		time.Sleep(500 * time.Millisecond) // That request is on its way.
		s.mu.Lock()
		s.version++
		s.mu.Unlock()
		if got, _, err := r.Get(t.Context(), "0"); err != nil || got != 1 {
			t.Errorf("got version %d, %v", got, err)
		}
	})
}

func TestGet_MissingKey_IsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if _, found, err := newReader(&server{}, 100).Get(t.Context(), "missing"); err != nil || found {
			t.Errorf("%t, %v", found, err)
		}
	})
}

func TestGet_Error_IsThatOfAllCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{err: errors.New("down")}
		r := newReader(s, 100)
		var running sync.WaitGroup
		for range 3 {
			running.Go(func() {
				if _, _, err := r.Get(t.Context(), "0"); !errors.Is(err, s.err) {
					t.Errorf("got %v", err)
				}
			})
		}
		running.Wait()
	})
}

func TestGet_CancelledCaller_ReturnsAndTheOthersGetTheirAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var running sync.WaitGroup
		running.Go(func() {
			if _, found, err := r.Get(t.Context(), "1"); err != nil || !found {
				t.Errorf("%t, %v", found, err)
			}
		})
		if _, found, err := r.Get(ctx, "0"); found || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%t, %v", found, err)
		}
		running.Wait()
		if _, found, err := r.Get(ctx, "0"); found || !errors.Is(err, context.DeadlineExceeded) || len(s.asked) != 1 {
			t.Errorf("%t, %v after %d requests", found, err, len(s.asked))
		}
	})
}

func TestGet_AllCallersCancelled_EndsTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		for i, after := range []time.Duration{time.Millisecond, 100 * time.Millisecond} { // before and after the send
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(after, cancel)
			started := time.Now()
			if _, _, err := r.Get(ctx, "0"); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			synctest.Wait()
			if time.Since(started) != after || s.ended != i+1 {
				t.Errorf("took %s, %d requests ended", time.Since(started), s.ended)
			}
			if requests := ask(t, s, r, 1); requests < 1 {
				t.Error("the next caller gets no answer")
			}
		}
	})
}

func TestGet_DeadlineOfAllCallers_ReturnsTheErrorOfTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := errors.New("no answer so far")
		r := &batch.Reader[string, int]{Max: 100, Quiet: 5 * time.Millisecond, Read: func(ctx context.Context, _ []string) (map[string]int, error) {
			<-ctx.Done()
			return nil, slow
		}}
		var running sync.WaitGroup
		for i := range 3 {
			time.Sleep(time.Millisecond)
			running.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if _, _, err := r.Get(ctx, fmt.Sprint(i)); !errors.Is(err, slow) || ctx.Err() != nil {
					t.Errorf("%d: got %v, ctx: %v", i, err, ctx.Err())
				}
			})
		}
		running.Wait()
	})
}

func TestGet_LittleTimeLeft_IsEnoughForAQuickAnswer(t *testing.T) {
	t.Parallel()
	for _, left := range []time.Duration{50 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), left)
			defer cancel()
			if _, found, err := newReader(&server{latency: 30 * time.Millisecond}, 100).Get(ctx, "0"); err != nil || !found {
				t.Errorf("with %s left: %t, %v", left, found, err)
			}
		})
	}
}

func TestGet_LaterDeadlineOfOneCaller_KeepsTheRequestForIt(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{time.Hour, 0} { // 0 means no deadline.
		for _, patientFirst := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				r := newReader(&server{latency: time.Minute}, 100)
				hurried, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				patient := t.Context()
				if patience > 0 {
					var stop context.CancelFunc
					patient, stop = context.WithTimeout(patient, patience)
					defer stop()
				}
				order := []context.Context{hurried, patient}
				if patientFirst {
					slices.Reverse(order)
				}
				var running sync.WaitGroup
				for _, ctx := range order {
					running.Go(func() {
						if _, found, err := r.Get(ctx, "0"); ctx == patient && (err != nil || !found) {
							t.Errorf("%t, %v", found, err)
						}
					})
					time.Sleep(time.Millisecond)
				}
				running.Wait()
			})
		}
	}
}

func TestGet_QuestionRightAfterACancelledOne_IsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		for range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			if _, _, err := r.Get(ctx, "0"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cancel()
			if _, found, err := r.Get(t.Context(), "0"); err != nil || !found {
				t.Errorf("%t, %v", found, err)
			}
		}
	})
}

func TestGet_QuestionsAFewMillisecondsApart_ShareARequestThatWaitsATenthOfASecond(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		questions, requests int
		apart               time.Duration
	}{
		"soon over":     {5, 1, 4 * time.Millisecond},
		"without a gap": {40, 2, 4 * time.Millisecond},
		"far apart":     {3, 3, 200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &server{}
				r := newReader(s, 100)
				var running sync.WaitGroup
				for i := range test.questions {
					running.Go(func() {
						started := time.Now()
						if _, _, err := r.Get(t.Context(), fmt.Sprint(i)); err != nil || time.Since(started) > 1110*time.Millisecond {
							t.Errorf("%d: %v after %s", i, err, time.Since(started))
						}
					})
					time.Sleep(test.apart)
				}
				running.Wait()
				if requests := len(s.asked); requests != test.requests {
					t.Errorf("%d requests, want %d", requests, test.requests)
				}
			})
		})
	}
}

func TestGet_AfterManyRequests_GathersLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		r := newReader(s, 100)
		var running sync.WaitGroup
		for i := range 400 { // four callers a second
			running.Go(func() { _, _, _ = r.Get(t.Context(), fmt.Sprint(i)) })
			time.Sleep(250 * time.Millisecond)
		}
		running.Wait()
		if requests := len(s.asked); requests > 40+25+400/4 {
			t.Errorf("%d requests for 400 callers", requests)
		}
	})
}
