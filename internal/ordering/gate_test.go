package ordering_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

var queryA = ordering.CircuitQuery{Region: keyA.Region, CircuitID: keyA.CircuitID, WithReservations: true}

// anHour bounds a wait that a test expects to end much earlier.
func anHour(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	return ctx
}

// reads plays readings in turn: a status, or an error. The last one stays.
func reads(turns ...any) *fakeAPI {
	api := &fakeAPI{}
	api.read = func(_ context.Context, try int) (ordering.Circuit, error) {
		switch turn := turns[min(try, len(turns))-1].(type) {
		case string:
			return circuitA(turn), nil
		case error:
			return ordering.Circuit{}, turn
		default:
			panic("neither a status nor an error")
		}
	}
	return api
}

func waitingOf(t *testing.T, err error) *ordering.StillWaiting {
	t.Helper()
	var waiting *ordering.StillWaiting
	if !errors.As(err, &waiting) {
		t.Fatalf("got %v, want *StillWaiting", err)
	}
	return waiting
}

func TestAStatusThatIsThereNeedsNoWaiting(t *testing.T) {
	t.Parallel()
	for _, status := range ordering.Statuses() {
		synctest.Test(t, func(t *testing.T) {
			api, begun := reads(status), time.Now()
			circuit, err := ordering.WaitForStatus(anHour(t), api, queryA, status)
			if err != nil || circuit.Status != status {
				t.Errorf("%s: %+v, %v", status, circuit, err)
			}
			want := queryA
			want.NotBefore = begun
			if len(api.reads) != 1 || api.reads[0] != want || time.Since(begun) != 0 {
				t.Errorf("%s: readings %+v in %s, want one at once", status, api.reads, time.Since(begun))
			}
		})
	}
}

func TestTheGatePollsEverMoreSlowlyUntilTheStatusIsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := reads("Allocated", "Allocated", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Enabled")

		circuit, err := ordering.WaitForStatus(anHour(t), api, queryA, "Enabled")

		if err != nil || circuit.Status != "Enabled" {
			t.Fatalf("%+v, %v", circuit, err)
		}
		pauses := []time.Duration{
			2 * time.Second, 3 * time.Second, 4500 * time.Millisecond, 6750 * time.Millisecond, 10125 * time.Millisecond,
			15 * time.Second, 15 * time.Second, 15 * time.Second,
		}
		if len(api.readAt) != len(pauses)+1 {
			t.Fatalf("%d readings, want %d", len(api.readAt), len(pauses)+1)
		}
		for i, want := range pauses {
			if pause := api.readAt[i+1].Sub(api.readAt[i]); pause != want {
				t.Errorf("pause %d is %s, want %s", i+1, pause, want)
			}
		}
	})
}

func TestAFailureThatMayPassIsWaitedOut(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"Throttled": throttled(), "Lost": lost(), "NotSent": notSent(ordering.NoObstacle), "ServerError": answered(503, "ServiceUnavailable"),
		"BadGateway": answered(502, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := reads(failure, "Confirmed", failure, failure, "Enabled")
				circuit, err := ordering.WaitForStatus(anHour(t), api, queryA, "Enabled")
				if err != nil || circuit.Status != "Enabled" || len(api.reads) != 5 {
					t.Errorf("%+v, %v after %d readings", circuit, err, len(api.reads))
				}
			})
		})
	}
}

func TestAFailureThatRepeatsEndsTheWaitingAtOnce(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"NoRights": answered(403, "Forbidden.RAM"), "UntrustedCertificate": notSent(ordering.ObstacleHost), "NotFound": &ordering.CircuitNotFound{CircuitID: "pc-a"},
		"Defect": errors.New("a defect"),
	} {
		for _, turns := range [][]any{{failure}, {"Confirmed", failure}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := reads(turns...)
					_, err := ordering.WaitForStatus(anHour(t), api, queryA, "Enabled")
					if !errors.Is(err, failure) || len(api.reads) != len(turns) {
						t.Errorf("got %v after %d readings, want %v", err, len(api.reads), failure)
					}
				})
			})
		}
	}
}

func TestAStatusOutOfReachEndsTheWaitingAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ status, wanted string }{
		{"Rejected", "Enabled"}, {"Canceled", "Enabled"}, {"Allocation Failed", "Confirmed"}, {"AllocationFailed", "Enabled"},
		{"Terminating", "Enabled"}, {"Terminated", "Enabled"}, {"Terminated", "Terminating"}, {"Enabled", "Canceled"},
	} {
		t.Run(test.status+" "+test.wanted, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, begun := reads(test.status), time.Now()
				_, err := ordering.WaitForStatus(anHour(t), api, queryA, test.wanted)
				waiting := waitingOf(t, err)
				if !waiting.OutOfReach || waiting.Circuit.Status != test.status || waiting.Wanted != test.wanted || waiting.Cause != nil || waiting.LastFailure != nil {
					t.Errorf("got %+v", waiting)
				}
				if len(api.reads) != 1 || time.Since(begun) != 0 {
					t.Errorf("%d readings in %s, want one at once", len(api.reads), time.Since(begun))
				}
			})
		})
	}
}

func TestACircuitThatFallsOutOfReachWhileWaitingEndsTheWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := reads("Confirmed", throttled(), "Canceled")
		_, err := ordering.WaitForStatus(anHour(t), api, queryA, "Enabled")
		if waiting := waitingOf(t, err); !waiting.OutOfReach || waiting.LastFailure != nil || len(api.reads) != 3 {
			t.Errorf("got %+v after %d readings", waiting, len(api.reads))
		}
	})
}

func TestTheEndOfWaitingTellsTheLastReadingAndWhy(t *testing.T) {
	t.Parallel()
	failure := throttled()
	for name, test := range map[string]struct {
		turns       []any
		lastFailure *ordering.Failure
	}{
		"Read":         {[]any{"Allocated", "Confirmed"}, nil},
		"FailsNow":     {[]any{"Confirmed", failure}, failure},
		"FailedBefore": {[]any{failure, "Confirmed"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
				defer cancel()

				_, err := ordering.WaitForStatus(ctx, reads(test.turns...), queryA, "Enabled")

				waiting := waitingOf(t, err)
				if waiting.Circuit.Status != "Confirmed" || waiting.OutOfReach || waiting.LastFailure != test.lastFailure || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %+v", waiting)
				}
				if took := time.Since(begun); took != 20*time.Minute {
					t.Errorf("waited %s, want 20m", took)
				}
			})
		})
	}
}

func TestAnInterruptionEndsTheWaitingAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := ordering.WaitForStatus(ctx, reads("Confirmed"), queryA, "Enabled")
		if waiting := waitingOf(t, err); !errors.Is(waiting, context.Canceled) || waiting.Circuit.Status != "Confirmed" {
			t.Errorf("got %+v", waiting)
		}
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("ended after %s, want 1m", took)
		}
	})
}

func TestACircuitThatWasNeverReadIsTheFailureItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		failure := throttled()
		_, err := ordering.WaitForStatus(ctx, reads(failure), queryA, "Enabled")
		var found *ordering.Failure
		if !errors.As(err, &found) || found != failure {
			t.Errorf("got %v, want %v: without a reading there is no state to speak of", err, failure)
		}
	})
}

// A read that the end of the context cuts fails in a way that looks final; the
// circuit's state is still what the user has to hear.
func TestAReadingCutByTheEndOfTimeIsNoFinalFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		cut := notSent(ordering.ObstacleHost)
		api := &fakeAPI{}
		api.read = func(ctx context.Context, try int) (ordering.Circuit, error) {
			if try == 1 {
				return circuitA("Confirmed"), nil
			}
			<-ctx.Done()
			return ordering.Circuit{}, cut
		}

		_, err := ordering.WaitForStatus(ctx, api, queryA, "Enabled")

		if waiting := waitingOf(t, err); waiting.Circuit.Status != "Confirmed" || waiting.LastFailure != cut || !errors.Is(waiting, context.DeadlineExceeded) {
			t.Errorf("got %+v", waiting)
		}
	})
}

// Some answers spell "Allocation Failed" in one word.
func TestTheGateTakesBothSpellingsOfAllocationFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := ordering.WaitForStatus(ctx, reads("AllocationFailed"), queryA, "Allocation Failed"); err != nil {
			t.Error(err)
		}
	})
}
