package ordering_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func wishA() ordering.Wish {
	return ordering.Wish{
		Region: keyA.Region, CircuitID: keyA.CircuitID, Period: new(int64(3)), Cycle: "Month", AutoPay: true,
		ChargeType: "PrePaid", Token: ordering.DeriveToken(keyA.Region, keyA.CircuitID),
	}
}

// placerOf returns a placer whose backoff always waits half of its ceiling.
func placerOf(api ordering.API) ordering.Placer {
	return ordering.Placer{API: api, Ledger: &ordering.Ledger{}, Rand: func() float64 { return 0.5 }}
}

func wantSends(t *testing.T, api *fakeAPI, want int) {
	t.Helper()
	if got := len(api.sends); got != want {
		t.Errorf("%d order requests, want %d", got, want)
	}
}

// wantClaim checks whether another resource of the run may order the circuit.
func wantClaim(t *testing.T, placer ordering.Placer, released bool) {
	t.Helper()
	if _, free := placer.Ledger.Claim(keyA); free != released {
		t.Errorf("the circuit is free for another order: %t, want %t", free, released)
	}
}

// unplacedOf returns the error as the one that says how the sending ended.
func unplacedOf(t *testing.T, err error) *ordering.Unplaced {
	t.Helper()
	var unplaced *ordering.Unplaced
	if !errors.As(err, &unplaced) {
		t.Fatalf("got %v, want *Unplaced", err)
	}
	return unplaced
}

func TestAnAcceptedOrderIsSentOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		placer := placerOf(api)
		begun := time.Now()

		placement, err := placer.Place(t.Context(), wishA())

		if err != nil {
			t.Fatal(err)
		}
		if placement.Receipt != receipt || placement.Sends != 1 || placement.Circuit.ID != keyA.CircuitID || placement.Circuit.Status != "Confirmed" {
			t.Errorf("placement %+v", placement)
		}
		wantSends(t, api, 1)
		if !reflect.DeepEqual(api.sends[0], wishA()) {
			t.Errorf("sent %+v, want %+v", api.sends[0], wishA())
		}
		if len(api.reads) != 1 || api.reads[0] != (ordering.CircuitQuery{Region: keyA.Region, CircuitID: keyA.CircuitID}) {
			t.Errorf("readings %+v, want one of the circuit", api.reads)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("an accepted order waited %s", took)
		}
		wantClaim(t, placer, false)
	})
}

func TestEveryTryIsTheSameOrderSpacedByTheBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failures := []error{
			throttled(), notSent(ordering.NoObstacle), lost(), answered(503, "ServiceUnavailable"), answered(400, "LastTokenProcessing"),
			answered(502, ""), answered(400, "SignatureNonceUsed"), answered(429, ""),
		}
		api := &fakeAPI{send: inTurn(failures...)}

		placement, err := placerOf(api).Place(t.Context(), wishA())

		if err != nil {
			t.Fatal(err)
		}
		wantSends(t, api, len(failures)+1)
		if placement.Receipt != receipt || placement.Sends != len(failures)+1 {
			t.Errorf("placement %+v", placement)
		}
		for i, sent := range api.sends {
			if !reflect.DeepEqual(sent, wishA()) {
				t.Errorf("try %d sent %+v, want %+v", i+1, sent, wishA())
			}
			if i == 0 {
				continue
			}
			if waited := api.sentAt[i].Sub(api.sentAt[i-1]); waited != ceilings[i-1]/2 {
				t.Errorf("%s before try %d, want %s", waited, i+1, ceilings[i-1]/2)
			}
		}
		if len(api.reads) != 1 {
			t.Errorf("the circuit was read %d times, want once", len(api.reads))
		}
	})
}

func TestAnAnswerWithoutACodeEndsAtOnceAndLeavesADoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failure := answered(403, "")
		api := &fakeAPI{send: always(failure)}
		placer := placerOf(api)
		_, err := placer.Place(t.Context(), wishA())
		if unplaced := unplacedOf(t, err); unplaced.Ending != ordering.Refused || unplaced.Doubt != failure {
			t.Errorf("got %+v", unplaced)
		}
		wantSends(t, api, 1)
		wantClaim(t, placer, false)
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

				unplaced := unplacedOf(t, err)
				if unplaced.Ending != ordering.Refused || unplaced.Failure != failure || unplaced.Doubt != nil || unplaced.Sends != 1 {
					t.Errorf("got %+v", unplaced)
				}
				wantSends(t, api, 1)
				wantClaim(t, placer, true)
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

				circuit := unplacedOf(t, err).Circuit
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

		unplaced := unplacedOf(t, err)
		if unplaced.Failure.Code != "Forbidden.NotAllowedInState" || unplaced.Circuit != nil || unplaced.Ending != ordering.Refused {
			t.Errorf("got %+v", unplaced)
		}
	})
}

func TestTheCircuitIsGivenBackOnlyWhenCertainlyNothingWasOrdered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		send     func(context.Context, int) (ordering.Receipt, error)
		doubt    bool
		released bool
		ending   ordering.Ending
	}{
		{"Refused", always(answered(404, "InvalidPhysicalConnectionId.NotFound")), false, true, ordering.Refused},
		{"ThrottledAndThenRefused", inTurn(throttled(), throttled(), answered(403, "Forbidden.RAM")), false, true, ordering.Refused},
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

				unplaced := unplacedOf(t, err)
				if got := unplaced.Doubt != nil; got != test.doubt {
					t.Errorf("doubt %v, want one: %t", unplaced.Doubt, test.doubt)
				}
				if unplaced.Ending != test.ending {
					t.Errorf("ending %d, want %d", unplaced.Ending, test.ending)
				}
				wantClaim(t, placer, test.released)
			})
		})
	}
}

func TestTheFirstDoubtIsTheOneThatIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := lost(), answered(503, "ServiceUnavailable")
		last := answered(400, "Forbidden.NotAllowedInState")
		_, err := placerOf(&fakeAPI{send: inTurn(throttled(), first, second, last)}).Place(t.Context(), wishA())
		unplaced := unplacedOf(t, err)
		if unplaced.Doubt != first || unplaced.Failure != last || unplaced.Sends != 4 {
			t.Errorf("doubt %v, failure %v, sends %d", unplaced.Doubt, unplaced.Failure, unplaced.Sends)
		}
	})
}

func TestAnErrorThatIsNoFailureCountsAsALostAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("a defect")
		api := &fakeAPI{send: inTurn(cause, answered(400, "Forbidden.NotAllowedInState"))}
		_, err := placerOf(api).Place(t.Context(), wishA())
		doubt := unplacedOf(t, err).Doubt
		if doubt == nil || doubt.Delivery != ordering.Lost || !errors.Is(doubt, cause) {
			t.Errorf("doubt %+v, want a lost answer with its cause", doubt)
		}
		wantSends(t, api, 2)
	})
}

func TestTheEndOfTimeIsToldFromAnInterruption(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want ordering.Ending
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

				unplaced := unplacedOf(t, err)
				if unplaced.Ending != test.want || unplaced.Failure.Code != "Throttling.User" {
					t.Errorf("ending %d (%v), want %d", unplaced.Ending, unplaced.Failure, test.want)
				}
				if took := time.Since(begun); took != 20*time.Minute {
					t.Errorf("ended after %s, want the moment the context did", took)
				}
				wantSends(t, api, unplaced.Sends)
			})
		})
	}
}

func TestAContextThatHasEndedStopsBeforeTheSend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end    func(cancel context.CancelFunc) // while the circuit is read
		ending ordering.Ending
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

				unplaced := unplacedOf(t, err)
				if unplaced.Ending != test.ending || unplaced.Sends != 0 || unplaced.Doubt != nil || !errors.Is(err, test.cause) {
					t.Errorf("got %+v", unplaced)
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

		if unplaced := unplacedOf(t, err); unplaced.Ending != ordering.Interrupted || unplaced.Doubt == nil {
			t.Errorf("got %+v", unplaced)
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
		placement, err := placerOf(api).Place(ctx, wishA())
		if err != nil || placement.Receipt != receipt {
			t.Errorf("%+v, %v, want the order", placement, err)
		}
	})
}

func TestNothingIsSentForACircuitThatTakesNoOrder(t *testing.T) {
	t.Parallel()
	for _, status := range statuses {
		for _, loa := range loaStatuses {
			circuit := circuitA(status)
			circuit.LOAStatus = loa
			t.Run(circuit.Assess().State, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := &fakeAPI{read: func(context.Context, int) (ordering.Circuit, error) { return circuit, nil }}
					placer := placerOf(api)

					_, err := placer.Place(t.Context(), wishA())

					switch circuit.Assess().Readiness {
					case ordering.Payable, ordering.Unsure: // the API decides
						if err != nil {
							t.Error(err)
						}
						wantSends(t, api, 1)
					default:
						var notPayable *ordering.NotPayable
						if !errors.As(err, &notPayable) || notPayable.Circuit.Status != status {
							t.Errorf("got %v, want *NotPayable", err)
						}
						wantSends(t, api, 0)
						wantClaim(t, placer, true)
					}
				})
			})
		}
	}
}

func TestNothingIsSentForACircuitThatDoesNotExist(t *testing.T) {
	t.Parallel()
	missing := &ordering.CircuitNotFound{Region: keyA.Region, CircuitID: keyA.CircuitID, RequestID: "REQ-9"}
	api := &fakeAPI{read: func(context.Context, int) (ordering.Circuit, error) { return ordering.Circuit{}, missing }}
	placer := placerOf(api)
	_, err := placer.Place(t.Context(), wishA())
	var found *ordering.CircuitNotFound
	if !errors.As(err, &found) || found != missing {
		t.Errorf("got %v, want %v", err, missing)
	}
	wantSends(t, api, 0)
	wantClaim(t, placer, true)
}

func TestNothingIsSentForACircuitThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cause error
		waits bool // until the time is up: an API that answers may answer better
	}{
		"Throttled": {throttled(), true}, "ServerError": {answered(503, "ServiceUnavailable"), true}, "BadGateway": {answered(502, ""), true},
		"Lost": {lost(), false}, "NotSent": {notSent(ordering.NoObstacle), false}, "NotSentForGood": {notSent(ordering.ObstacleHost), false},
		"NoRights": {answered(403, "Forbidden.RAM"), false}, "Defect": {errors.New("a defect"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{read: func(context.Context, int) (ordering.Circuit, error) { return ordering.Circuit{}, test.cause }}
				placer := placerOf(api)
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()

				_, err := placer.Place(ctx, wishA())

				var unread *ordering.CircuitUnread
				if !errors.As(err, &unread) || !errors.Is(err, test.cause) {
					t.Errorf("got %v, want *CircuitUnread for %v", err, test.cause)
				}
				wantSends(t, api, 0)
				wantClaim(t, placer, true)
				if took := time.Since(begun); (took == time.Minute) != test.waits || !test.waits && took != 0 {
					t.Errorf("gave up after %s, want the end of the time: %t", took, test.waits)
				}
			})
		})
	}
}

func TestAReadingThatIsThrottledForAWhileOnlyDelaysTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.read = func(_ context.Context, try int) (ordering.Circuit, error) {
			if try < 4 {
				return ordering.Circuit{}, throttled()
			}
			return circuitA("Confirmed"), nil
		}
		begun := time.Now()
		if _, err := placerOf(api).Place(t.Context(), wishA()); err != nil {
			t.Fatal(err)
		}
		wantSends(t, api, 1)
		if took, want := time.Since(begun), (ceilings[0]+ceilings[1]+ceilings[2])/2; took != want {
			t.Errorf("delayed by %s, want the backoff's %s", took, want)
		}
	})
}

// What a proxy says is not what the API did.
func TestARefusalThatIsNotTheAPIsLeavesADoubt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 403, 404, 499} {
		synctest.Test(t, func(t *testing.T) {
			failure := answered(status, "")
			api := &fakeAPI{send: always(failure)}
			placer := placerOf(api)

			_, err := placer.Place(t.Context(), wishA())

			unplaced := unplacedOf(t, err)
			if unplaced.Ending != ordering.Refused || unplaced.Doubt != failure || unplaced.Sends != 1 {
				t.Errorf("HTTP %d: got %+v", status, unplaced)
			}
			wantSends(t, api, 1)
			wantClaim(t, placer, false)
		})
	}
}

func TestTheReadingOfThePlanServesTheOrderWhileItIsFresh(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		status string
		reads  int
		sends  int
	}{
		"Fresh":           {4 * time.Second, "Confirmed", 0, 1},
		"FreshNotPayable": {4 * time.Second, "Allocated", 0, 0},
		"Stale":           {5 * time.Second, "Confirmed", 1, 1},
		"StaleNotPayable": {5 * time.Second, "Allocated", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &fakeAPI{}
				placer := placerOf(api)
				placer.Ledger.KeepReading(circuitA(test.status), time.Now())
				time.Sleep(test.age)

				_, err := placer.Place(t.Context(), wishA())

				if (err == nil) != (test.sends == 1) {
					t.Error(err)
				}
				wantSends(t, api, test.sends)
				if len(api.reads) != test.reads {
					t.Errorf("%d readings, want %d", len(api.reads), test.reads)
				}
			})
		})
	}
}

func TestASecondOrderForACircuitOfThisRunIsRefusedWithTheFirst(t *testing.T) {
	t.Parallel()
	api := &fakeAPI{}
	placer := placerOf(api)
	if _, err := placer.Place(t.Context(), wishA()); err != nil {
		t.Fatal(err)
	}
	again := wishA()
	again.Token = ordering.FreshToken(again.Token)

	_, err := placer.Place(t.Context(), again)

	var taken *ordering.CircuitTaken
	if !errors.As(err, &taken) || taken.Key != keyA || taken.OrderID != receipt.OrderID {
		t.Errorf("got %v, want *CircuitTaken with order %s", err, receipt.OrderID)
	}
	wantSends(t, api, 1)
	if len(api.reads) != 1 {
		t.Errorf("%d readings, want 1", len(api.reads))
	}
}

func TestManyOrdersForACircuitAtOnceSendOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.send = func(ctx context.Context, _ int) (ordering.Receipt, error) {
			return receipt, ordering.Wait(ctx, time.Second)
		}
		session := &ordering.Session{API: api, Ledger: &ordering.Ledger{}, Region: keyA.Region}
		var (
			group sync.WaitGroup
			mu    sync.Mutex
			errs  []error
		)
		for range 20 {
			group.Go(func() {
				_, err := session.Placer().Place(t.Context(), wishA())
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			})
		}
		group.Wait()
		wantSends(t, api, 1)
		placed := slices.IndexFunc(errs, func(err error) bool { return err == nil })
		if placed < 0 {
			t.Fatal("none was placed")
		}
		for _, err := range slices.Delete(errs, placed, placed+1) {
			if taken := (*ordering.CircuitTaken)(nil); !errors.As(err, &taken) {
				t.Errorf("got %v, want *CircuitTaken", err)
			}
		}
	})
}

func TestAnOrderOfAnotherCircuitIsNotTakenForThisOne(t *testing.T) {
	t.Parallel()
	api := &fakeAPI{} // answers with one order ID for all, as it does for one token
	placer := placerOf(api)
	if _, err := placer.Place(t.Context(), wishA()); err != nil {
		t.Fatal(err)
	}
	wishB := wishA()
	wishB.CircuitID = keyB.CircuitID

	_, err := placer.Place(t.Context(), wishB)

	var shared *ordering.OrderShared
	if !errors.As(err, &shared) || *shared != (ordering.OrderShared{OrderID: receipt.OrderID, Key: keyB, Other: keyA}) {
		t.Errorf("got %v, want *OrderShared with both circuits", err)
	}
}

func TestAResendThatIsAnsweredPlacesTheOrderWithoutADoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{send: inTurn(lost(), lost())}
		placement, err := placerOf(api).Place(t.Context(), wishA())
		if err != nil || placement.Receipt != receipt || placement.Sends != 3 {
			t.Errorf("%+v, %v", placement, err)
		}
		if api.sends[0].Token != api.sends[2].Token || api.sends[0].Token == "" {
			t.Errorf("tokens %q and %q", api.sends[0].Token, api.sends[2].Token)
		}
	})
}
