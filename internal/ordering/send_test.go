package ordering_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestEveryTryIsTheSameOrderSpacedByTheBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failures := []error{
			throttled(), notSent(ordering.NoObstacle), lost(), answered(503, "ServiceUnavailable"), answered(400, "LastTokenProcessing"),
			answered(502, ""), answered(400, "SignatureNonceUsed"), answered(429, ""), notSent(ordering.ObstacleRefused),
		}
		api := &fakeAPI{send: inTurn(failures...)}
		placer := placerOf(api)
		attempts := 0
		placer.OnPlaced = func(_ ordering.Receipt, _ string, n int) { attempts = n }

		placement, err := placer.Place(t.Context(), wishA())

		if err != nil {
			t.Fatal(err)
		}
		wantSends(t, api, len(failures)+1)
		if placement.Receipt != receipt || attempts != len(failures)+1 {
			t.Errorf("%d attempts, placement %+v", attempts, placement)
		}
		for i, sent := range api.sends {
			if !reflect.DeepEqual(sent, wishA()) {
				t.Errorf("try %d sent %+v, want %+v", i+1, sent, wishA())
			}
			if i == 0 {
				continue
			}
			want := ceilings[min(i, len(ceilings))-1] / 2
			if waited := api.sentAt[i].Sub(api.sentAt[i-1]); waited != want {
				t.Errorf("%s before try %d, want %s", waited, i+1, want)
			}
		}
		if len(api.reads) != 2 {
			t.Errorf("the circuit was read %d times, want once before and once after the order", len(api.reads))
		}
	})
}

func TestSend_RetriesKeepTheLookHoweverLongTheyTake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), bookOf()
		api := &fakeAPI{}
		api.send = func(ctx context.Context, try int) (ordering.Receipt, error) {
			if time.Since(begun) < 10*time.Minute {
				return ordering.Receipt{}, lost()
			}
			return orderedAs(ctx, try)
		}
		placement, err := placerWith(api, billing).Place(t.Context(), wishA())
		if err != nil || placement.Source != ordering.Placed || placement.Found {
			t.Errorf("%+v, %v", placement, err)
		}
		wantLists(t, billing, 2)
	})
}

func TestAFinalRefusalIsSentOnceAndOrdersNothing(t *testing.T) {
	t.Parallel()
	failures := map[string]*ordering.Failure{"NotSentForGood": notSent(ordering.ObstacleHost), "UnknownCode": answered(409, "Brand.NewCode")}
	for _, code := range ordering.Codes() {
		if failure := answered(400, code.Code); failure.Class() == ordering.Final {
			failures[code.Code] = failure
		}
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{send: always(failure)}
				placer := placerOf(api)

				_, err := placer.Place(t.Context(), wishA())

				refused := placeError(t, err, ordering.NotAnswered)
				if refused.StopReason != ordering.Refused || refused.Failure != failure || refused.FirstAmbiguous != nil || refused.Attempts != 1 {
					t.Errorf("got %+v", refused)
				}
				wantSends(t, api, 1)
				wantClaim(t, placer, refused.Certain())
			})
		})
	}
}

func TestOnlyARefusalForTheStateReadsTheCircuitAgain(t *testing.T) {
	t.Parallel()
	for _, code := range ordering.Codes() {
		failure := answered(400, code.Code)
		if failure.Class() != ordering.Final {
			continue
		}
		t.Run(code.Code, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{read: reading("Confirmed", "Enabled"), send: always(failure)}

				_, err := placerOf(api).Place(t.Context(), wishA())

				circuit := placeError(t, err, ordering.NotAnswered).Circuit
				if code.Group != ordering.GroupWrongState {
					if circuit != nil || len(api.reads) != 1 {
						t.Errorf("read %d times, circuit %+v", len(api.reads), circuit)
					}
					return
				}
				if len(api.reads) != 2 || api.reads[1] != api.reads[0] || circuit == nil || circuit.Status != "Enabled" {
					t.Errorf("readings %+v, circuit %+v, want the circuit as it is after the refusal", api.reads, circuit)
				}
			})
		})
	}
}

func TestARefusalForTheStateStandsWhenTheCircuitCannotBeReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: always(answered(400, "Forbidden.NotAllowedInState"))}
		api.read = func(_ context.Context, try int) (ordering.Circuit, error) {
			if try > 1 {
				return ordering.Circuit{}, throttled()
			}
			return circuitA("Confirmed"), nil
		}

		_, err := placerOf(api).Place(t.Context(), wishA())

		refused := placeError(t, err, ordering.NotAnswered)
		if refused.Failure.Code != "Forbidden.NotAllowedInState" || refused.Circuit != nil || refused.StopReason != ordering.Refused {
			t.Errorf("got %+v", refused)
		}
	})
}

func TestTheCircuitIsGivenBackOnlyWhenCertainlyNothingWasOrdered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		send      func(context.Context, int) (ordering.Receipt, error)
		ambiguous bool
		released  bool
		reason    ordering.StopReason
	}{
		{"Refused", always(answered(404, "InvalidPhysicalConnectionId.NotFound")), false, true, ordering.Refused},
		{"ThrottledAndThenRefused", inTurn(throttled(), throttled(), answered(403, "Forbidden.RAM")), false, true, ordering.Refused},
		{"RefusedForSomethingUnknown", always(answered(409, "Brand.NewCode")), false, false, ordering.Refused},
		{"RefusedForMoney", always(answered(400, "InsufficientBalance")), false, false, ordering.Refused},
		{"ThrottledUntilTheEnd", always(throttled()), false, true, ordering.OutOfTime},
		{"NeverConnected", always(notSent(ordering.NoObstacle)), false, true, ordering.OutOfTime},
		{"LostUntilTheEnd", always(lost()), true, false, ordering.OutOfTime},
		{"LostAndThenThrottledUntilTheEnd", func(_ context.Context, try int) (ordering.Receipt, error) {
			if try == 1 {
				return ordering.Receipt{}, lost()
			}
			return ordering.Receipt{}, throttled()
		}, true, false, ordering.OutOfTime},
		{"LostAndThenRefusedForTheState", inTurn(lost(), answered(400, "IncorrectStatus.PhysicalConnection")), true, false, ordering.Refused},
		{"ServerErrorAndThenRefusedForTheArguments", inTurn(answered(500, "InternalError"), answered(400, "IdempotentParameterMismatch")), true, false, ordering.Refused},
		{"LostAndThenWithoutRights", inTurn(throttled(), lost(), answered(400, "InvalidSecurityToken.Expired")), true, false, ordering.Refused},
		{"NoFailureOfOurs", always(errors.New("something else")), true, false, ordering.OutOfTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				placer := placerOf(&fakeAPI{send: test.send})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()

				_, err := placer.Place(ctx, wishA())

				unanswered := placeError(t, err, ordering.NotAnswered)
				if got := unanswered.FirstAmbiguous != nil; got != test.ambiguous {
					t.Errorf("first ambiguous failure %v, want one: %t", unanswered.FirstAmbiguous, test.ambiguous)
				}
				if unanswered.StopReason != test.reason {
					t.Errorf("stop reason %d, want %d", unanswered.StopReason, test.reason)
				}
				wantClaim(t, placer, test.released)
			})
		})
	}
}

func TestSend_FirstAmbiguousFailure_IsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := lost(), answered(503, "ServiceUnavailable")
		last := answered(400, "Forbidden.NotAllowedInState")
		_, err := placerOf(&fakeAPI{send: inTurn(throttled(), first, second, last)}).Place(t.Context(), wishA())
		refused := placeError(t, err, ordering.NotAnswered)
		if refused.FirstAmbiguous != first || refused.Failure != last || refused.Attempts != 4 || refused.Token != wishA().Token {
			t.Errorf("got %+v", refused)
		}
	})
}

func TestAnErrorThatIsNoFailureCountsAsALostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("a defect")
		api := &fakeAPI{send: inTurn(cause, answered(400, "Forbidden.NotAllowedInState"))}
		_, err := placerOf(api).Place(t.Context(), wishA())
		first := placeError(t, err, ordering.NotAnswered).FirstAmbiguous
		if first == nil || first.Delivery != ordering.Lost || !errors.Is(first, cause) {
			t.Errorf("first ambiguous failure %+v, want a lost answer with its cause", first)
		}
		wantSends(t, api, 2)
	})
}

func TestTheEndOfTimeIsToldFromAnInterruption(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want ordering.StopReason
	}{
		"Timeout": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Minute)
		}, ordering.OutOfTime},
		"Interrupt": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(20*time.Minute, cancel)
			return ctx, cancel
		}, ordering.Interrupted},
		"InterruptBeforeTheTimeout": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithTimeout(ctx, time.Hour)
			time.AfterFunc(20*time.Minute, cancel)
			return ctx, cancel
		}, ordering.Interrupted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx, cancel := test.end(t.Context())
				defer cancel()
				api := &fakeAPI{send: always(throttled())}

				_, err := placerOf(api).Place(ctx, wishA())

				stopped := placeError(t, err, ordering.NotAnswered)
				if stopped.StopReason != test.want || stopped.Failure.Code != "Throttling.User" {
					t.Errorf("stop reason %d (%v), want %d", stopped.StopReason, stopped.Failure, test.want)
				}
				if took := time.Since(begun); took != 20*time.Minute {
					t.Errorf("ended after %s, want the moment the context did", took)
				}
				wantSends(t, api, stopped.Attempts)
			})
		})
	}
}

func TestAContextThatHasEndedStopsBeforeTheSend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end    func(cancel context.CancelFunc) // while the circuit is read
		reason ordering.StopReason
		cause  error
	}{
		"Interrupted": {func(cancel context.CancelFunc) { cancel() }, ordering.Interrupted, context.Canceled},
		"OutOfTime":   {func(context.CancelFunc) { time.Sleep(2 * time.Minute) }, ordering.OutOfTime, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				api := &fakeAPI{}
				api.read = func(context.Context, int) (ordering.Circuit, error) {
					test.end(cancel)
					return circuitA("Confirmed"), nil
				}
				placer := placerOf(api)

				_, err := placer.Place(ctx, wishA())

				stopped := placeError(t, err, ordering.NotAnswered)
				if stopped.StopReason != test.reason || stopped.Attempts != 0 || stopped.FirstAmbiguous != nil || !errors.Is(err, test.cause) {
					t.Errorf("got %+v", stopped)
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, true)
			})
		})
	}
}

func TestACancelledContextStopsBetweenTwoSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		api := &fakeAPI{}
		api.send = func(context.Context, int) (ordering.Receipt, error) {
			cancel() // Ctrl-C while the order is on the wire
			return ordering.Receipt{}, lost()
		}
		begun := time.Now()

		_, err := placerOf(api).Place(ctx, wishA())

		if stopped := placeError(t, err, ordering.NotAnswered); stopped.StopReason != ordering.Interrupted || stopped.FirstAmbiguous == nil {
			t.Errorf("got %+v", stopped)
		}
		wantSends(t, api, 1)
		if took := time.Since(begun); took != 0 {
			t.Errorf("ended %s after the interruption", took)
		}
	})
}

func TestAnOrderAcceptedAfterTheInterruptionIsNotLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		api := &fakeAPI{}
		api.send = func(context.Context, int) (ordering.Receipt, error) {
			cancel()
			return receipt, nil
		}
		placement, err := placerWith(api, bookOf()).Place(ctx, wishA())
		if err != nil || placement.Receipt != receipt {
			t.Errorf("%+v, %v, want the order", placement, err)
		}
	})
}

// What a proxy answers is not what the API did.
func TestSend_RefusalWithoutACode_LeavesTheOrderAmbiguous(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 403, 404, 499} {
		synctest.Test(t, func(t *testing.T) {
			failure := answered(status, "")
			api := &fakeAPI{send: always(failure)}
			placer := placerOf(api)

			_, err := placer.Place(t.Context(), wishA())

			refused := placeError(t, err, ordering.NotAnswered)
			if refused.StopReason != ordering.Refused || refused.FirstAmbiguous != failure || refused.Attempts != 1 {
				t.Errorf("HTTP %d: got %+v", status, refused)
			}
			wantSends(t, api, 1)
			wantClaim(t, placer, false)
		})
	}
}

func TestAResendThatIsAnsweredPlacesTheOrderWithoutADoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: inTurn(lost(), lost())}
		placement, err := placerOf(api).Place(t.Context(), wishA())
		if err != nil || placement.Receipt != receipt || placement.Found || placement.Source != ordering.Placed {
			t.Errorf("%+v, %v", placement, err)
		}
		wantSends(t, api, 3)
		if api.sends[0].Token != api.sends[2].Token || api.sends[0].Token == "" {
			t.Errorf("tokens %q and %q", api.sends[0].Token, api.sends[2].Token)
		}
	})
}
