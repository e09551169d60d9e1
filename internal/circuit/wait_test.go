package circuit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

var queryA = circuit.Query{Region: ordertest.KeyA.Region, CircuitID: ordertest.KeyA.CircuitID, WithReservations: true}

// anHour limits a wait that must end much earlier.
func anHour(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	return ctx
}

// reads returns an API with one status or error for each read. The last one stays.
func reads(turns ...any) *ordertest.FakeAPI {
	api := &ordertest.FakeAPI{}
	api.Read = func(_ context.Context, try int) (circuit.Circuit, error) {
		switch turn := turns[min(try, len(turns))-1].(type) {
		case string:
			return ordertest.CircuitA(turn), nil
		case error:
			return circuit.Circuit{}, turn
		default:
			panic("neither a status nor an error")
		}
	}
	return api
}

func timeoutError(t *testing.T, err error) *circuit.StatusNotReachedError {
	t.Helper()
	var timeout *circuit.StatusNotReachedError
	if !errors.As(err, &timeout) {
		t.Fatalf("got %v, want *StatusNotReachedError", err)
	}
	return timeout
}

func TestWaitForStatus_StatusReached_ReadsOnce(t *testing.T) {
	t.Parallel()
	for _, status := range circuit.Statuses() {
		synctest.Test(t, func(t *testing.T) {
			api, begun := reads(status), time.Now()
			circuit, err := circuit.WaitForStatus(anHour(t), api, queryA, status)
			if err != nil || circuit.Status != status {
				t.Errorf("%s: %+v, %v", status, circuit, err)
			}
			want := queryA
			want.NotBefore, want.Once = begun, true
			if len(api.Reads) != 1 || api.Reads[0] != want || time.Since(begun) != 0 {
				t.Errorf("%s: reads %+v in %s, want one immediately", status, api.Reads, time.Since(begun))
			}
		})
	}
}

func TestWaitForStatus_PausesGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := reads("Allocated", "Allocated", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Confirmed", "Enabled")

		circuit, err := circuit.WaitForStatus(anHour(t), api, queryA, "Enabled")

		if err != nil || circuit.Status != "Enabled" {
			t.Fatalf("%+v, %v", circuit, err)
		}
		pauses := []time.Duration{
			2 * time.Second, 3 * time.Second, 4500 * time.Millisecond, 6750 * time.Millisecond, 10125 * time.Millisecond,
			15 * time.Second, 15 * time.Second, 15 * time.Second,
		}
		if len(api.ReadAt) != len(pauses)+1 {
			t.Fatalf("%d reads, want %d", len(api.ReadAt), len(pauses)+1)
		}
		for i, want := range pauses {
			if pause := api.ReadAt[i+1].Sub(api.ReadAt[i]); pause != want {
				t.Errorf("pause %d is %s, want %s", i+1, pause, want)
			}
		}
	})
}

func TestWaitForStatus_TemporaryError_ReadsAgain(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"Throttled": ordertest.Throttled(), "Lost": ordertest.Lost(), "NotSent": ordertest.NotSent(apierror.NoPermanentCause), "ServerError": ordertest.Answered(503, "ServiceUnavailable"),
		"BadGateway": ordertest.Answered(502, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := reads(failure, "Confirmed", failure, failure, "Enabled")
				circuit, err := circuit.WaitForStatus(anHour(t), api, queryA, "Enabled")
				if err != nil || circuit.Status != "Enabled" || len(api.Reads) != 5 {
					t.Errorf("%+v, %v after %d reads", circuit, err, len(api.Reads))
				}
			})
		})
	}
}

func TestWaitForStatus_FinalError_EndsImmediately(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"NoPermissions": ordertest.Answered(403, "Forbidden.RAM"), "UntrustedCertificate": ordertest.NotSent(apierror.CauseHost), "NotFound": &circuit.NotFoundError{CircuitID: "pc-a"},
		"Defect": errors.New("a defect"),
	} {
		for _, turns := range [][]any{{failure}, {"Confirmed", failure}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := reads(turns...)
					_, err := circuit.WaitForStatus(anHour(t), api, queryA, "Enabled")
					if !errors.Is(err, failure) || len(api.Reads) != len(turns) {
						t.Errorf("got %v after %d reads, want %v", err, len(api.Reads), failure)
					}
				})
			})
		}
	}
}

func TestWaitForStatus_UnreachableStatus_EndsImmediately(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ status, wanted string }{
		{"Rejected", "Enabled"}, {"Canceled", "Enabled"}, {"Allocation Failed", "Confirmed"}, {"AllocationFailed", "Enabled"},
		{"Terminating", "Enabled"}, {"Terminated", "Enabled"}, {"Terminated", "Terminating"}, {"Enabled", "Canceled"},
	} {
		t.Run(test.status+" "+test.wanted, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, begun := reads(test.status), time.Now()
				_, err := circuit.WaitForStatus(anHour(t), api, queryA, test.wanted)
				timeout := timeoutError(t, err)
				if !timeout.Unreachable || timeout.Circuit.Status != test.status || timeout.Wanted != test.wanted || timeout.Cause != nil || timeout.LastFailure != nil {
					t.Errorf("got %+v", timeout)
				}
				if len(api.Reads) != 1 || time.Since(begun) != 0 {
					t.Errorf("%d reads in %s, want one immediately", len(api.Reads), time.Since(begun))
				}
			})
		})
	}
}

func TestWaitForStatus_StatusBecomesUnreachable_Ends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := reads("Confirmed", ordertest.Throttled(), "Canceled")
		_, err := circuit.WaitForStatus(anHour(t), api, queryA, "Enabled")
		if timeout := timeoutError(t, err); !timeout.Unreachable || timeout.LastFailure != nil || len(api.Reads) != 3 {
			t.Errorf("got %+v after %d reads", timeout, len(api.Reads))
		}
	})
}

func TestWaitForStatus_Timeout_ReturnsTheLastReadAndItsError(t *testing.T) {
	t.Parallel()
	failure := ordertest.Throttled()
	for name, test := range map[string]struct {
		turns       []any
		lastFailure *apierror.Error
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

				_, err := circuit.WaitForStatus(ctx, reads(test.turns...), queryA, "Enabled")

				timeout := timeoutError(t, err)
				if timeout.Circuit.Status != "Confirmed" || timeout.Unreachable || timeout.LastFailure != test.lastFailure || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %+v", timeout)
				}
				if took := time.Since(begun); took != 20*time.Minute {
					t.Errorf("waited %s, want 20m", took)
				}
			})
		})
	}
}

func TestWaitForStatus_Interrupt_EndsImmediately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := circuit.WaitForStatus(ctx, reads("Confirmed"), queryA, "Enabled")
		if timeout := timeoutError(t, err); !errors.Is(timeout, context.Canceled) || timeout.Circuit.Status != "Confirmed" {
			t.Errorf("got %+v", timeout)
		}
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("ended after %s, want 1m", took)
		}
	})
}

func TestWaitForStatus_NoReadSucceeds_ReturnsTheError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		failure := ordertest.Throttled()
		_, err := circuit.WaitForStatus(ctx, reads(failure), queryA, "Enabled")
		var found *apierror.Error
		if !errors.As(err, &found) || found != failure {
			t.Errorf("got %v, want %v: no read has returned a status", err, failure)
		}
	})
}

// If ctx ends during a read, the error of the read looks final. The user still needs the
// status of the circuit.
func TestWaitForStatus_ReadCutByTheTimeout_ReturnsTheStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		cut := ordertest.NotSent(apierror.CauseHost)
		api := &ordertest.FakeAPI{}
		api.Read = func(ctx context.Context, try int) (circuit.Circuit, error) {
			if try == 1 {
				return ordertest.CircuitA("Confirmed"), nil
			}
			<-ctx.Done()
			return circuit.Circuit{}, cut
		}

		_, err := circuit.WaitForStatus(ctx, api, queryA, "Enabled")

		if timeout := timeoutError(t, err); timeout.Circuit.Status != "Confirmed" || timeout.LastFailure != cut || !errors.Is(timeout, context.DeadlineExceeded) {
			t.Errorf("got %+v", timeout)
		}
	})
}

// Some answers spell "Allocation Failed" in one word.
func TestWaitForStatus_BothSpellingsOfAllocationFailed_AreOneStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := circuit.WaitForStatus(ctx, reads("AllocationFailed"), queryA, "Allocation Failed"); err != nil {
			t.Error(err)
		}
	})
}

// A list that began before the pause cannot show a status that came during it.
func TestWaitForStatus_EachRead_AcceptsNoListFromBeforeTheLastOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := reads("Confirmed", ordertest.Throttled(), "Confirmed", "Enabled")
		if _, err := circuit.WaitForStatus(anHour(t), api, queryA, "Enabled"); err != nil {
			t.Fatal(err)
		}
		for i, query := range api.Reads {
			if want := api.ReadAt[max(0, i-1)]; !query.NotBefore.Equal(want) {
				t.Errorf("read %d accepts a list of %s, want %s", i+1, query.NotBefore, want)
			}
		}
	})
}

// The deadline cuts the last read, and its error says less than the one before.
func TestWaitForStatus_ReadCutByTheTimeout_KeepsTheEarlierError(t *testing.T) {
	t.Parallel()
	for name, first := range map[string][]any{"later read": {"Confirmed", ordertest.Throttled()}, "first read": {ordertest.Throttled()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				api, before := &ordertest.FakeAPI{}, reads(first...)
				api.Read = func(ctx context.Context, try int) (circuit.Circuit, error) {
					if try <= len(first) {
						return before.Read(ctx, try)
					}
					<-ctx.Done()
					return circuit.Circuit{}, ordertest.Lost()
				}
				_, err := circuit.WaitForStatus(ctx, api, queryA, "Enabled")
				timeout, failure := (*circuit.StatusNotReachedError)(nil), (*apierror.Error)(nil)
				if errors.As(err, &timeout) {
					failure = timeout.LastFailure
				} else if !errors.As(err, &failure) {
					t.Fatal(err)
				}
				if failure.Code != "Throttling.User" {
					t.Errorf("got %v, want the error of the earlier read", failure)
				}
			})
		})
	}
}

func TestWaitForStatus_LaterError_ReplacesTheEarlierOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		last := ordertest.Answered(503, "ServiceUnavailable")
		_, err := circuit.WaitForStatus(ctx, reads("Confirmed", ordertest.Throttled(), last), queryA, "Enabled")
		if timeout := timeoutError(t, err); timeout.LastFailure != last {
			t.Errorf("got %v, want %v", timeout.LastFailure, last)
		}
	})
}
