package order_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestSend_EveryTry_HasTheSameArgumentsAfterTheBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failures := []error{
			ordertest.Throttled(), ordertest.NotSent(apierror.NoPermanentCause), ordertest.Lost(), ordertest.Answered(503, "ServiceUnavailable"), ordertest.Answered(400, "LastTokenProcessing"),
			ordertest.Answered(502, ""), ordertest.Answered(400, "SignatureNonceUsed"), ordertest.Answered(429, ""), ordertest.NotSent(apierror.CauseRefused),
		}
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(failures...)}
		placer := ordertest.PlacerOf(api)
		attempts := 0
		placer.OnPlaced = func(_ order.Receipt, _ string, n int) { attempts = n }

		placement, err := placer.Place(t.Context(), ordertest.RequestA())

		if err != nil {
			t.Fatal(err)
		}
		ordertest.WantSends(t, api, len(failures)+1)
		if placement.Receipt != ordertest.Receipt || attempts != len(failures)+1 {
			t.Errorf("%d attempts, placement %+v", attempts, placement)
		}
		for i, sent := range api.Sends {
			if !reflect.DeepEqual(sent, ordertest.RequestA()) {
				t.Errorf("try %d sent %+v, want %+v", i+1, sent, ordertest.RequestA())
			}
			if i == 0 {
				continue
			}
			want := ordertest.Ceilings[min(i, len(ordertest.Ceilings))-1] / 2
			if waited := api.SentAt[i].Sub(api.SentAt[i-1]); waited != want {
				t.Errorf("%s before try %d, want %s", waited, i+1, want)
			}
		}
		if len(api.Reads) != 2 {
			t.Errorf("%d reads of the circuit, want one before and one after the order", len(api.Reads))
		}
	})
}

func TestSend_LongRetries_KeepTheLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun, billing := time.Now(), ordertest.BillingWith()
		api := &ordertest.FakeAPI{}
		api.Send = func(ctx context.Context, try int) (order.Receipt, error) {
			if time.Since(begun) < 10*time.Minute {
				return order.Receipt{}, ordertest.Lost()
			}
			return ordertest.OrderedAs(ctx, try)
		}
		placement, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())
		if err != nil || placement.Source != order.Placed || placement.Found {
			t.Errorf("%+v, %v", placement, err)
		}
		ordertest.WantLists(t, billing, 2)
	})
}

func TestSend_RefusalForTheState_UnreadableCircuit_ReturnsTheRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.Always(ordertest.Answered(400, "Forbidden.NotAllowedInState"))}
		api.Read = func(_ context.Context, try int) (circuit.Circuit, error) {
			if try > 1 {
				return circuit.Circuit{}, ordertest.Throttled()
			}
			return ordertest.CircuitA("Confirmed"), nil
		}

		_, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())

		refused := ordertest.PlaceError(t, err, order.NoOrderID)
		if refused.Failure.Code != "Forbidden.NotAllowedInState" || refused.Circuit != nil || refused.StopReason != order.Refused {
			t.Errorf("got %+v", refused)
		}
	})
}

func TestPlace_Claim_IsReleasedOnlyIfNothingWasOrdered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		send      func(context.Context, int) (order.Receipt, error)
		ambiguous bool
		released  bool
		reason    order.StopReason
	}{
		{"Refused", ordertest.Always(ordertest.Answered(404, "InvalidPhysicalConnectionId.NotFound")), false, true, order.Refused},
		{"ThrottledAndThenRefused", ordertest.InTurn(ordertest.Throttled(), ordertest.Throttled(), ordertest.Answered(403, "Forbidden.RAM")), false, true, order.Refused},
		{"RefusedWithAnUnknownCode", ordertest.Always(ordertest.Answered(409, "Brand.NewCode")), false, false, order.Refused},
		{"RefusedForMoney", ordertest.Always(ordertest.Answered(400, "InsufficientBalance")), false, false, order.Refused},
		{"ThrottledUntilTheEnd", ordertest.Always(ordertest.Throttled()), false, true, order.OutOfTime},
		{"NeverConnected", ordertest.Always(ordertest.NotSent(apierror.NoPermanentCause)), false, true, order.OutOfTime},
		{"LostUntilTheEnd", ordertest.Always(ordertest.Lost()), true, false, order.OutOfTime},
		{"LostAndThenThrottledUntilTheEnd", func(_ context.Context, try int) (order.Receipt, error) {
			if try == 1 {
				return order.Receipt{}, ordertest.Lost()
			}
			return order.Receipt{}, ordertest.Throttled()
		}, true, false, order.OutOfTime},
		{"LostAndThenRefusedForTheState", ordertest.InTurn(ordertest.Lost(), ordertest.Answered(400, "IncorrectStatus.PhysicalConnection")), true, false, order.Refused},
		{"ServerErrorAndThenRefusedForTheArguments", ordertest.InTurn(ordertest.Answered(500, "InternalError"), ordertest.Answered(400, "IdempotentParameterMismatch")), true, false, order.Refused},
		{"LostAndThenWithoutPermissions", ordertest.InTurn(ordertest.Throttled(), ordertest.Lost(), ordertest.Answered(400, "InvalidSecurityToken.Expired")), true, false, order.Refused},
		{"ErrorOfAnotherType", ordertest.Always(errors.New("something else")), true, false, order.OutOfTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				placer := ordertest.PlacerOf(&ordertest.FakeAPI{Send: test.send})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()

				_, err := placer.Place(ctx, ordertest.RequestA())

				failed := ordertest.PlaceError(t, err, order.NoOrderID)
				if got := failed.FirstAmbiguous != nil; got != test.ambiguous {
					t.Errorf("first ambiguous failure %v, want one: %t", failed.FirstAmbiguous, test.ambiguous)
				}
				if failed.StopReason != test.reason {
					t.Errorf("stop reason %d, want %d", failed.StopReason, test.reason)
				}
				ordertest.WantClaim(t, placer, test.released)
			})
		})
	}
}

func TestSend_FirstAmbiguousFailure_IsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := ordertest.Lost(), ordertest.Answered(503, "ServiceUnavailable")
		last := ordertest.Answered(400, "Forbidden.NotAllowedInState")
		_, err := ordertest.PlacerOf(&ordertest.FakeAPI{Send: ordertest.InTurn(ordertest.Throttled(), first, second, last)}).Place(t.Context(), ordertest.RequestA())
		refused := ordertest.PlaceError(t, err, order.NoOrderID)
		if refused.FirstAmbiguous != first || refused.Failure != last || refused.Attempts != 4 || refused.ClientToken != ordertest.RequestA().ClientToken {
			t.Errorf("got %+v", refused)
		}
	})
}

func TestSend_ErrorOfAnotherType_CountsAsALostResponse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("a defect")
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(cause, ordertest.Answered(400, "Forbidden.NotAllowedInState"))}
		_, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
		first := ordertest.PlaceError(t, err, order.NoOrderID).FirstAmbiguous
		if first == nil || first.Delivery != apierror.ResponseLost || !errors.Is(first, cause) {
			t.Errorf("first ambiguous failure %+v, want a lost response with its cause", first)
		}
		ordertest.WantSends(t, api, 2)
	})
}

func TestSend_StopReason_TimeoutOrInterrupt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want order.StopReason
	}{
		"Timeout": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Minute)
		}, order.OutOfTime},
		"Interrupt": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(20*time.Minute, cancel)
			return ctx, cancel
		}, order.Interrupted},
		"InterruptBeforeTheTimeout": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithTimeout(ctx, time.Hour)
			time.AfterFunc(20*time.Minute, cancel)
			return ctx, cancel
		}, order.Interrupted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				ctx, cancel := test.end(t.Context())
				defer cancel()
				api := &ordertest.FakeAPI{Send: ordertest.Always(ordertest.Throttled())}

				_, err := ordertest.PlacerOf(api).Place(ctx, ordertest.RequestA())

				stopped := ordertest.PlaceError(t, err, order.NoOrderID)
				if stopped.StopReason != test.want || stopped.Failure.Code != "Throttling.User" {
					t.Errorf("stop reason %d (%v), want %d", stopped.StopReason, stopped.Failure, test.want)
				}
				if took := time.Since(begun); took != 20*time.Minute {
					t.Errorf("ended after %s, want the end of the context", took)
				}
				ordertest.WantSends(t, api, stopped.Attempts)
			})
		})
	}
}

func TestSend_EndedContext_SendsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end    func(cancel context.CancelFunc) // called during the read of the circuit
		reason order.StopReason
		cause  error
	}{
		"Interrupted": {func(cancel context.CancelFunc) { cancel() }, order.Interrupted, context.Canceled},
		"OutOfTime":   {func(context.CancelFunc) { time.Sleep(2 * time.Minute) }, order.OutOfTime, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				api := &ordertest.FakeAPI{}
				api.Read = func(context.Context, int) (circuit.Circuit, error) {
					test.end(cancel)
					return ordertest.CircuitA("Confirmed"), nil
				}
				placer := ordertest.PlacerOf(api)

				_, err := placer.Place(ctx, ordertest.RequestA())

				stopped := ordertest.PlaceError(t, err, order.NoOrderID)
				if stopped.StopReason != test.reason || stopped.Attempts != 0 || stopped.FirstAmbiguous != nil || !errors.Is(err, test.cause) {
					t.Errorf("got %+v", stopped)
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, true)
			})
		})
	}
}

func TestSend_InterruptDuringARequest_SendsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		api := &ordertest.FakeAPI{}
		api.Send = func(context.Context, int) (order.Receipt, error) {
			cancel() // Ctrl-C during the request
			return order.Receipt{}, ordertest.Lost()
		}
		begun := time.Now()

		_, err := ordertest.PlacerOf(api).Place(ctx, ordertest.RequestA())

		if stopped := ordertest.PlaceError(t, err, order.NoOrderID); stopped.StopReason != order.Interrupted || stopped.FirstAmbiguous == nil {
			t.Errorf("got %+v", stopped)
		}
		ordertest.WantSends(t, api, 1)
		if took := time.Since(begun); took != 0 {
			t.Errorf("ended %s after the interruption", took)
		}
	})
}

func TestSend_OrderAcceptedAfterAnInterrupt_IsReturned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		api := &ordertest.FakeAPI{}
		api.Send = func(context.Context, int) (order.Receipt, error) {
			cancel()
			return ordertest.Receipt, nil
		}
		placement, err := ordertest.PlacerWith(api, ordertest.BillingWith()).Place(ctx, ordertest.RequestA())
		if err != nil || placement.Receipt != ordertest.Receipt {
			t.Errorf("%+v, %v, want the order", placement, err)
		}
	})
}

// The answer of a proxy is not the answer of the API.
func TestSend_RefusalWithoutACode_LeavesTheOrderAmbiguous(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 403, 404, 499} {
		synctest.Test(t, func(t *testing.T) {
			failure := ordertest.Answered(status, "")
			api := &ordertest.FakeAPI{Send: ordertest.Always(failure)}
			placer := ordertest.PlacerOf(api)

			_, err := placer.Place(t.Context(), ordertest.RequestA())

			refused := ordertest.PlaceError(t, err, order.NoOrderID)
			if refused.StopReason != order.Refused || refused.FirstAmbiguous != failure || refused.Attempts != 1 {
				t.Errorf("HTTP %d: got %+v", status, refused)
			}
			ordertest.WantSends(t, api, 1)
			ordertest.WantClaim(t, placer, false)
		})
	}
}

func TestSend_RepeatedRequestAccepted_PlacesTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(ordertest.Lost(), ordertest.Lost())}
		placement, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
		if err != nil || placement.Receipt != ordertest.Receipt || placement.Found || placement.Source != order.Placed {
			t.Errorf("%+v, %v", placement, err)
		}
		ordertest.WantSends(t, api, 3)
		if api.Sends[0].ClientToken != api.Sends[2].ClientToken || api.Sends[0].ClientToken == "" {
			t.Errorf("tokens %q and %q", api.Sends[0].ClientToken, api.Sends[2].ClientToken)
		}
	})
}

func TestSend_TimeoutOfAProxyThenARefusal_IsAmbiguous(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(ordertest.Answered(408, ""), ordertest.Answered(400, "IncorrectStatus.PhysicalConnection"))}
		_, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
		if e := ordertest.PlaceError(t, err, order.NoOrderID); e.OrderedNothing() || e.FirstAmbiguous == nil {
			t.Errorf("certain %t, first ambiguous %v", e.OrderedNothing(), e.FirstAmbiguous)
		}
	})
}

func TestSend_FinalRefusal_IsSentOnce_AndOnlyWrongStateReadsTheCircuitAgain(t *testing.T) {
	t.Parallel()
	failures := map[string]*apierror.Error{"PermanentlyNotSent": ordertest.NotSent(apierror.CauseHost), "UnknownCode": ordertest.Answered(409, "Brand.NewCode")}
	for _, family := range apierror.Families() {
		for _, code := range family.Spellings() {
			if failure := ordertest.Answered(400, code.Code); failure.Class() == apierror.Final {
				failures[code.Code] = failure
			}
		}
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{Read: ordertest.Reading("Confirmed", "Enabled"), Send: ordertest.Always(failure)}
				placer := ordertest.PlacerOf(api)

				_, err := placer.Place(t.Context(), ordertest.RequestA())

				refused := ordertest.PlaceError(t, err, order.NoOrderID)
				if refused.StopReason != order.Refused || refused.Failure != failure || refused.FirstAmbiguous != nil || refused.Attempts != 1 {
					t.Errorf("got %+v", refused)
				}
				ordertest.WantSends(t, api, 1)
				ordertest.WantClaim(t, placer, refused.OrderedNothing())
				reads, status := 1, ""
				if failure.Group() == apierror.GroupWrongState {
					reads, status = 2, "Enabled"
				}
				if len(api.Reads) != reads || (refused.Circuit != nil) != (status != "") || refused.Circuit != nil && refused.Circuit.Status != status {
					t.Errorf("reads %+v, circuit %+v, want %q", api.Reads, refused.Circuit, status)
				}
			})
		})
	}
}

// The status says that the request was not processed, also if a proxy has sent it.
func TestSend_ThrottlingWithoutACode_IsNotAmbiguous(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Send: ordertest.InTurn(ordertest.Answered(429, ""), ordertest.Answered(400, "InvalidPrice.NotFound"))}
		_, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA())
		if failed := ordertest.PlaceError(t, err, order.NoOrderID); failed.FirstAmbiguous != nil || failed.Attempts != 2 {
			t.Errorf("%+v", failed)
		}
	})
}
