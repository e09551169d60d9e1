package order_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

func TestPlace_AcceptedOrder_IsSentOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		placer := ordertest.PlacerOf(api)
		attempts := 0
		placer.OnPlaced = func(_ order.Receipt, _ string, n int) { attempts = n }
		begun := time.Now()

		placement, err := placer.Place(t.Context(), ordertest.RequestA())

		if err != nil {
			t.Fatal(err)
		}
		if placement.Receipt != ordertest.Receipt || !placement.Sent || placement.Found || placement.Source != order.Placed || placement.ClientToken != ordertest.RequestA().ClientToken {
			t.Errorf("placement %+v", placement)
		}
		if placement.Circuit.ID != ordertest.KeyA.CircuitID || placement.Circuit.Status != "Confirmed" || attempts != 1 {
			t.Errorf("circuit %+v, %d attempts", placement.Circuit, attempts)
		}
		ordertest.WantSends(t, api, 1)
		if !reflect.DeepEqual(api.Sends[0], ordertest.RequestA()) {
			t.Errorf("sent %+v, want %+v", api.Sends[0], ordertest.RequestA())
		}
		read := circuit.Query{Region: ordertest.KeyA.Region, CircuitID: ordertest.KeyA.CircuitID, Once: true}
		if !slices.Equal(api.Reads, []circuit.Query{read, read}) {
			t.Errorf("reads %+v, want the circuit before and after the order", api.Reads)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("an accepted order waited %s", took)
		}
		ordertest.WantClaim(t, placer, false)
	})
}

func TestPlace_CircuitAfterTheOrder_IsReturned(t *testing.T) {
	t.Parallel()
	placement, err := ordertest.PlacerOf(&ordertest.FakeAPI{Read: ordertest.Reading("Confirmed", "Enabled")}).Place(t.Context(), ordertest.RequestA())
	if err != nil || placement.Before.Status != "Confirmed" || placement.Circuit.Status != "Enabled" {
		t.Errorf("before %q, after %q, %v", placement.Before.Status, placement.Circuit.Status, err)
	}
}

func TestPlace_ReadsAfterTheOrder_RunTogetherAndFailNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes, took time.Duration
		read        bool
	}{
		"both in time":     {8 * time.Second, 8 * time.Second, true},
		"both too slow":    {11 * time.Second, 10 * time.Second, false},
		"both hang":        {time.Hour, 10 * time.Second, false},
		"both immediately": {0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := ordertest.BillingWith()
				var placedAt time.Time
				api := &ordertest.FakeAPI{}
				api.Send = func(context.Context, int) (order.Receipt, error) {
					fake.Lines[ordertest.Receipt.OrderID] = []billing.OrderLine{ordertest.LineOf(ordertest.Receipt.OrderID, "Unpaid", time.Now())}
					fake.DetailTakes, placedAt = test.takes, time.Now()
					return ordertest.Receipt, nil
				}
				api.Read = func(ctx context.Context, try int) (circuit.Circuit, error) {
					if try == 1 {
						return ordertest.CircuitA("Confirmed"), nil
					}
					return ordertest.CircuitA("Enabled"), retry.Wait(ctx, test.takes)
				}

				placement, err := ordertest.PlacerWith(api, fake).Place(t.Context(), ordertest.RequestA())

				if took := time.Since(placedAt); err != nil || placement.Receipt != ordertest.Receipt || took != test.took {
					t.Errorf("order %q and %v after %s, want it after %s", placement.Receipt.OrderID, err, took, test.took)
				}
				wantStatus, wantPayment := "Confirmed", ""
				if test.read {
					wantStatus, wantPayment = "Enabled", "Unpaid"
				}
				if placement.Circuit.Status != wantStatus || placement.Payment(ordertest.KeyA.CircuitID) != wantPayment || (placement.PaymentErr == nil) != test.read {
					t.Errorf("circuit %q, payment %q, %v", placement.Circuit.Status, placement.Payment(ordertest.KeyA.CircuitID), placement.PaymentErr)
				}
			})
		})
	}
}

func TestPlace_CircuitThatIsNotPayable_SendsNothing(t *testing.T) {
	t.Parallel()
	for _, status := range ordertest.Statuses {
		for _, loa := range ordertest.LOAStatuses {
			c := ordertest.CircuitA(status)
			c.LOAStatus = loa
			t.Run(c.State(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					api := &ordertest.FakeAPI{Read: func(context.Context, int) (circuit.Circuit, error) { return c, nil }}
					placer := ordertest.PlacerOf(api)

					_, err := placer.Place(t.Context(), ordertest.RequestA())

					switch c.Readiness() {
					case circuit.Payable, circuit.Unsure: // the API decides
						if err != nil {
							t.Error(err)
						}
						ordertest.WantSends(t, api, 1)
					default:
						if refused := ordertest.PlaceError(t, err, order.NotPayable); refused.Circuit == nil || refused.Circuit.Status != status {
							t.Errorf("circuit %+v, want status %s", refused.Circuit, status)
						}
						ordertest.WantSends(t, api, 0)
						ordertest.WantClaim(t, placer, true)
					}
				})
			})
		}
	}
}

func TestPlace_EnabledCircuit_ReturnsItsOrderAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  string
		spoil   func(*ordertest.FakeBilling)
		lists   int
		live    []string
		unknown bool
		took    time.Duration
	}{
		"in service":       {"Enabled", func(*ordertest.FakeBilling) {}, 2, []string{"1"}, false, 0},
		"billing is down":  {"Enabled", func(b *ordertest.FakeBilling) { b.ListErr = ordertest.Answered(500, "InternalError") }, 1, nil, true, 0},
		"billing hangs":    {"Enabled", func(b *ordertest.FakeBilling) { b.ListTakes = time.Hour }, 1, nil, true, 15 * time.Second},
		"a circuit to pay": {"Allocated", func(*ordertest.FakeBilling) {}, 0, nil, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(100*24*time.Hour)))
				test.spoil(billing)
				api := &ordertest.FakeAPI{Read: ordertest.Reading(test.status)}
				begun := time.Now()

				_, err := ordertest.PlacerWith(api, billing).Place(t.Context(), ordertest.RequestA())

				refused := ordertest.PlaceError(t, err, order.NotPayable)
				ordertest.WantIDs(t, "live", refused.Look.Live, test.live...)
				if (refused.Look.Err != nil) != test.unknown || time.Since(begun) != test.took {
					t.Errorf("%v after %s", refused.Look.Err, time.Since(begun))
				}
				ordertest.WantLists(t, billing, test.lists)
				ordertest.WantSends(t, api, 0)
			})
		})
	}
}

func TestPlace_MissingCircuit_SendsNothing(t *testing.T) {
	t.Parallel()
	missing := &circuit.NotFoundError{Region: ordertest.KeyA.Region, CircuitID: ordertest.KeyA.CircuitID, RequestID: "REQ-9"}
	api := &ordertest.FakeAPI{Read: func(context.Context, int) (circuit.Circuit, error) { return circuit.Circuit{}, missing }}
	placer := ordertest.PlacerOf(api)
	_, err := placer.Place(t.Context(), ordertest.RequestA())
	var found *circuit.NotFoundError
	if !errors.As(err, &found) || found != missing {
		t.Errorf("got %v, want %v", err, missing)
	}
	ordertest.WantSends(t, api, 0)
	ordertest.WantClaim(t, placer, true)
}

func TestPlace_UnreadableCircuit_SendsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cause error
		reads int // 0: until the time is over
	}{
		"Throttled": {ordertest.Throttled(), 0}, "ServerError": {ordertest.Answered(503, "ServiceUnavailable"), 0}, "BadGateway": {ordertest.Answered(502, ""), 0},
		"Lost": {ordertest.Lost(), 8}, "NotSent": {ordertest.NotSent(apierror.NoPermanentCause), 8}, "PermanentlyNotSent": {ordertest.NotSent(apierror.CauseHost), 1},
		"NoPermissions": {ordertest.Answered(403, "Forbidden.RAM"), 1}, "Defect": {errors.New("a defect"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{Read: func(context.Context, int) (circuit.Circuit, error) { return circuit.Circuit{}, test.cause }}
				placer := ordertest.PlacerOf(api)
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()

				_, err := placer.Place(ctx, ordertest.RequestA())

				if _ = ordertest.PlaceError(t, err, order.CircuitUnread); !errors.Is(err, test.cause) {
					t.Errorf("got %v, want the cause %v", err, test.cause)
				}
				ordertest.WantSends(t, api, 0)
				ordertest.WantClaim(t, placer, true)
				if took := time.Since(begun); (took == time.Minute) != (test.reads == 0) || test.reads != 0 && len(api.Reads) != test.reads {
					t.Errorf("%d reads in %s, want %d", len(api.Reads), took, test.reads)
				}
			})
		})
	}
}

func TestPlace_ThrottledRead_DelaysTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		api.Read = func(_ context.Context, try int) (circuit.Circuit, error) {
			if try < 4 {
				return circuit.Circuit{}, ordertest.Throttled()
			}
			return ordertest.CircuitA("Confirmed"), nil
		}
		begun := time.Now()
		if _, err := ordertest.PlacerOf(api).Place(t.Context(), ordertest.RequestA()); err != nil {
			t.Fatal(err)
		}
		ordertest.WantSends(t, api, 1)
		if took, want := time.Since(begun), (ordertest.Ceilings[0]+ordertest.Ceilings[1]+ordertest.Ceilings[2])/2; took != want {
			t.Errorf("delayed by %s, want the backoff's %s", took, want)
		}
	})
}

func TestPlace_CircuitOfThePlan_IsUsedForFiveSeconds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		status string
		reads  int // including the one after the order
		sends  int
	}{
		"Fresh":           {4 * time.Second, "Confirmed", 1, 1},
		"FreshNotPayable": {4 * time.Second, "Allocated", 0, 0},
		"Stale":           {5 * time.Second, "Confirmed", 2, 1},
		"StaleNotPayable": {5 * time.Second, "Allocated", 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := &ordertest.FakeAPI{}
				placer := ordertest.PlacerOf(api)
				placer.Registry.CacheCircuit(ordertest.CircuitA(test.status), time.Now())
				time.Sleep(test.age)

				_, err := placer.Place(t.Context(), ordertest.RequestA())

				if (err == nil) != (test.sends == 1) {
					t.Error(err)
				}
				ordertest.WantSends(t, api, test.sends)
				if len(api.Reads) != test.reads {
					t.Errorf("%d reads, want %d", len(api.Reads), test.reads)
				}
			})
		})
	}
}

func TestPlace_SecondOrderOfTheRun_IsRefusedWithTheFirst(t *testing.T) {
	t.Parallel()
	api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith()
	placer := ordertest.PlacerWith(api, billing)
	if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
		t.Fatal(err)
	}
	reads := len(api.Reads)

	_, err := placer.Place(t.Context(), ordertest.WithToken(ordertest.RequestA(), ordertest.RequestA().ReorderToken(ordertest.Receipt.OrderID)))

	if claimed := ordertest.PlaceError(t, err, order.CircuitClaimed); claimed.Key != ordertest.KeyA || claimed.OrderID != ordertest.Receipt.OrderID {
		t.Errorf("circuit %v, order %q, want order %s of %v", claimed.Key, claimed.OrderID, ordertest.Receipt.OrderID, ordertest.KeyA)
	}
	ordertest.WantSends(t, api, 1)
	ordertest.WantLists(t, billing, 2)
	ordertest.WantClaim(t, placer, false)
	if len(api.Reads) != reads {
		t.Error("the second order reads the circuit")
	}
}

func TestPlace_OrderInTheState_ReadsAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"default token": ordertest.RequestA().ClientToken, "reorder token": ordertest.RequestA().ReorderToken("1001")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, billing := &ordertest.FakeAPI{}, ordertest.BillingWith()
			placer := ordertest.PlacerWith(api, billing)
			placer.Registry.RecordExisting(ordertest.KeyA, "1001", "", true)

			_, err := placer.Place(t.Context(), ordertest.WithToken(ordertest.RequestA(), token))

			if held := ordertest.PlaceError(t, err, order.OrderInState); held.OrderID != "1001" || held.Key != ordertest.KeyA {
				t.Errorf("order %q of %v", held.OrderID, held.Key)
			}
			ordertest.WantSends(t, api, 0)
			ordertest.WantLists(t, billing, 0)
			if len(api.Reads) != 0 {
				t.Error("the circuit is read")
			}
			ordertest.WantClaim(t, placer, true)
			placer.Registry.Release(ordertest.KeyA)
			placer.Registry.Forget(ordertest.KeyA, "1001", false)
			if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
				t.Errorf("the order left the state, but %v", err)
			}
		})
	}
}

func TestPlace_ManyOrdersAtTheSameTime_SendOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{}
		api.Send = func(ctx context.Context, _ int) (order.Receipt, error) {
			return ordertest.Receipt, retry.Wait(ctx, time.Second)
		}
		registry := &order.RunRegistry{}
		var (
			group sync.WaitGroup
			mu    sync.Mutex
			errs  []error
		)
		for range 20 {
			group.Go(func() {
				_, err := order.Placer{API: api, Registry: registry}.Place(t.Context(), ordertest.RequestA())
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			})
		}
		group.Wait()
		ordertest.WantSends(t, api, 1)
		placed := slices.IndexFunc(errs, func(err error) bool { return err == nil })
		if placed < 0 {
			t.Fatal("none was placed")
		}
		for _, err := range slices.Delete(errs, placed, placed+1) {
			_ = ordertest.PlaceError(t, err, order.CircuitClaimed)
		}
	})
}

func TestPlace_OrderOfAnotherCircuit_IsRefused(t *testing.T) {
	t.Parallel()
	api := &ordertest.FakeAPI{} // returns one order ID for all requests
	placer := ordertest.PlacerOf(api)
	if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil {
		t.Fatal(err)
	}
	requestB := ordertest.RequestA()
	requestB.CircuitID = ordertest.KeyB.CircuitID

	_, err := placer.Place(t.Context(), requestB)

	shared := ordertest.PlaceError(t, err, order.OrderShared)
	if shared.OrderID != ordertest.Receipt.OrderID || shared.Key != ordertest.KeyB || shared.Other != ordertest.KeyA {
		t.Errorf("got %+v, want both circuits", shared)
	}
	if _, free := placer.Registry.Claim(ordertest.KeyB); free {
		t.Error("the claim was released although an order may exist")
	}
}

func TestPlace_OrderOfAnotherCircuitInTheState_IsRefused(t *testing.T) {
	t.Parallel()
	placer := ordertest.PlacerOf(&ordertest.FakeAPI{})
	placer.Registry.RecordRefreshed(ordertest.KeyB, ordertest.Receipt.OrderID, "", true)
	_, err := placer.Place(t.Context(), ordertest.RequestA())
	if err == nil {
		t.Error("it is accepted")
	}
}

func TestPlace_InterruptWhileTheCircuitIsRead_IsAnInterrupt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		api := &ordertest.FakeAPI{Read: func(context.Context, int) (circuit.Circuit, error) { return circuit.Circuit{}, ordertest.Throttled() }}
		time.AfterFunc(5*time.Second, cancel)
		_, err := ordertest.PlacerOf(api).Place(ctx, ordertest.RequestA())
		if e := ordertest.PlaceError(t, err, order.NoOrderID); e.StopReason != order.Interrupted || !e.OrderedNothing() {
			t.Errorf("%+v", e)
		}
	})
}

func TestPlace_ReadCutByTheTimeout_ReturnsTheEarlierError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		throttled := ordertest.Throttled()
		api := &ordertest.FakeAPI{Read: func(ctx context.Context, try int) (circuit.Circuit, error) {
			if try == 1 {
				return circuit.Circuit{}, throttled
			}
			<-ctx.Done()
			return circuit.Circuit{}, ordertest.Lost()
		}}
		placer := ordertest.PlacerOf(api)
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if failed := ordertest.PlaceError(t, err, order.CircuitUnread); !errors.Is(failed.Cause, throttled) {
			t.Errorf("got %v, want the error before the timeout", failed.Cause)
		}
	})
}

func TestPlace_CircuitThatComesWithTheTimeout_IsNotUnread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &ordertest.FakeAPI{Read: func(ctx context.Context, try int) (circuit.Circuit, error) {
			if try == 1 {
				return circuit.Circuit{}, ordertest.Throttled()
			}
			<-ctx.Done()
			return ordertest.CircuitA("Confirmed"), nil
		}}
		placer := ordertest.PlacerOf(api)
		placer.Timeout = time.Minute
		_, err := placer.Place(t.Context(), ordertest.RequestA())
		if failed := ordertest.PlaceError(t, err, order.NoOrderID); failed.StopReason != order.OutOfTime {
			t.Errorf("%+v", failed)
		}
		ordertest.WantSends(t, api, 0)
	})
}

func TestPlace_AcceptedOrder_IsKnownToBeForItsCircuit(t *testing.T) {
	t.Parallel()
	placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, ordertest.BillingWith())
	if _, err := placer.Place(t.Context(), ordertest.RequestA()); err != nil || !placer.Registry.IsForOwnCircuit(ordertest.Receipt.OrderID) {
		t.Errorf("looks of other circuits read the order: %v", err)
	}
}
