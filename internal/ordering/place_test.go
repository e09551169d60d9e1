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

func TestAnAcceptedOrderIsSentOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		placer := placerOf(api)
		attempts := 0
		placer.OnPlaced = func(_ ordering.Receipt, _ string, n int) { attempts = n }
		begun := time.Now()

		placement, err := placer.Place(t.Context(), wishA())

		if err != nil {
			t.Fatal(err)
		}
		if placement.Receipt != receipt || !placement.Sent || placement.Found || placement.Source != ordering.Placed || placement.Token != wishA().Token {
			t.Errorf("placement %+v", placement)
		}
		if placement.Circuit.ID != keyA.CircuitID || placement.Circuit.Status != "Confirmed" || attempts != 1 {
			t.Errorf("circuit %+v, %d attempts", placement.Circuit, attempts)
		}
		wantSends(t, api, 1)
		if !reflect.DeepEqual(api.sends[0], wishA()) {
			t.Errorf("sent %+v, want %+v", api.sends[0], wishA())
		}
		want := ordering.CircuitQuery{Region: keyA.Region, CircuitID: keyA.CircuitID}
		if !slices.Equal(api.reads, []ordering.CircuitQuery{want, want}) {
			t.Errorf("readings %+v, want the circuit before and after the order", api.reads)
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("an accepted order waited %s", took)
		}
		wantClaim(t, placer, false)
	})
}

func TestPlace_CircuitAfterTheOrder_IsReturned(t *testing.T) {
	t.Parallel()
	placement, err := placerOf(&fakeAPI{read: reading("Confirmed", "Enabled")}).Place(t.Context(), wishA())
	if err != nil || placement.Before.Status != "Confirmed" || placement.Circuit.Status != "Enabled" {
		t.Errorf("before %q, after %q, %v", placement.Before.Status, placement.Circuit.Status, err)
	}
}

func TestPlace_ReadsAfterTheOrder_RunAtOnceAndFailNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes, took time.Duration
		read        bool
	}{
		"both in time":  {8 * time.Second, 8 * time.Second, true},
		"both too slow": {11 * time.Second, 10 * time.Second, false},
		"both hang":     {time.Hour, 10 * time.Second, false},
		"both at once":  {0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf()
				var placedAt time.Time
				api := &fakeAPI{}
				api.send = func(context.Context, int) (ordering.Receipt, error) {
					billing.rows[receipt.OrderID] = []ordering.OrderRow{rowOf(receipt.OrderID, "Unpaid", time.Now())}
					billing.detailTakes, placedAt = test.takes, time.Now()
					return receipt, nil
				}
				api.read = func(ctx context.Context, try int) (ordering.Circuit, error) {
					if try == 1 {
						return circuitA("Confirmed"), nil
					}
					return circuitA("Enabled"), ordering.Wait(ctx, test.takes)
				}

				placement, err := placerWith(api, billing).Place(t.Context(), wishA())

				if took := time.Since(placedAt); err != nil || placement.Receipt != receipt || took != test.took {
					t.Errorf("order %q and %v after %s, want it after %s", placement.Receipt.OrderID, err, took, test.took)
				}
				wantStatus, wantPayment := "Confirmed", ""
				if test.read {
					wantStatus, wantPayment = "Enabled", "Unpaid"
				}
				if placement.Circuit.Status != wantStatus || placement.Payment(keyA.CircuitID) != wantPayment || (placement.PaymentErr == nil) != test.read {
					t.Errorf("circuit %q, payment %q, %v", placement.Circuit.Status, placement.Payment(keyA.CircuitID), placement.PaymentErr)
				}
			})
		})
	}
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
						if refused := placeError(t, err, ordering.NotPayable); refused.Circuit == nil || refused.Circuit.Status != status {
							t.Errorf("circuit %+v, want status %s", refused.Circuit, status)
						}
						wantSends(t, api, 0)
						wantClaim(t, placer, true)
					}
				})
			})
		}
	}
}

func TestPlace_EnabledCircuit_NamesItsOrderAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  string
		spoil   func(*book)
		lists   int
		live    []string
		unknown bool
		took    time.Duration
	}{
		"in service":       {"Enabled", func(*book) {}, 2, []string{"1"}, false, 0},
		"billing is down":  {"Enabled", func(b *book) { b.listing = answered(500, "InternalError") }, 1, nil, true, 0},
		"billing hangs":    {"Enabled", func(b *book) { b.listTakes = time.Hour }, 1, nil, true, 15 * time.Second},
		"a circuit to pay": {"Allocated", func(*book) {}, 0, nil, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf(rowOf("1", "Paid", ago(100*24*time.Hour)))
				test.spoil(billing)
				api := &fakeAPI{read: reading(test.status)}
				begun := time.Now()

				_, err := placerWith(api, billing).Place(t.Context(), wishA())

				refused := placeError(t, err, ordering.NotPayable)
				wantIDs(t, "live", refused.Look.Live, test.live...)
				if (refused.Look.Err != nil) != test.unknown || time.Since(begun) != test.took {
					t.Errorf("%v after %s", refused.Look.Err, time.Since(begun))
				}
				wantLists(t, billing, test.lists)
				wantSends(t, api, 0)
			})
		})
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

				if _ = placeError(t, err, ordering.CircuitUnread); !errors.Is(err, test.cause) {
					t.Errorf("got %v, want the cause %v", err, test.cause)
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

func TestTheReadingOfThePlanServesTheOrderWhileItIsFresh(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		age    time.Duration
		status string
		reads  int // one of them after the order
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
	api, billing := &fakeAPI{}, bookOf()
	placer := placerWith(api, billing)
	if _, err := placer.Place(t.Context(), wishA()); err != nil {
		t.Fatal(err)
	}
	reads := len(api.reads)

	_, err := placer.Place(t.Context(), withToken(wishA(), wishA().TokenPast(receipt.OrderID)))

	if claimed := placeError(t, err, ordering.CircuitClaimed); claimed.Key != keyA || claimed.OrderID != receipt.OrderID {
		t.Errorf("circuit %v, order %q, want order %s of %v", claimed.Key, claimed.OrderID, receipt.OrderID, keyA)
	}
	wantSends(t, api, 1)
	wantLists(t, billing, 2)
	wantClaim(t, placer, false)
	if len(api.reads) != reads {
		t.Error("the second order reads the circuit")
	}
}

func TestPlace_CircuitWhoseOrderIsHeld_AsksAndSendsNothing(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"default token": wishA().Token, "token past the order": wishA().TokenPast("1001")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, billing := &fakeAPI{}, bookOf()
			placer := placerWith(api, billing)
			placer.Ledger.Hold(keyA, "1001", "", true)

			_, err := placer.Place(t.Context(), withToken(wishA(), token))

			if held := placeError(t, err, ordering.OrderHeld); held.OrderID != "1001" || held.Key != keyA {
				t.Errorf("order %q of %v", held.OrderID, held.Key)
			}
			wantSends(t, api, 0)
			wantLists(t, billing, 0)
			if len(api.reads) != 0 {
				t.Error("the circuit is read")
			}
			wantClaim(t, placer, true)
			placer.Ledger.Release(keyA)
			placer.Ledger.Forget(keyA, "1001", false)
			if _, err := placer.Place(t.Context(), wishA()); err != nil {
				t.Errorf("the order left the state, but %v", err)
			}
		})
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
			_ = placeError(t, err, ordering.CircuitClaimed)
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

	shared := placeError(t, err, ordering.OrderShared)
	if shared.OrderID != receipt.OrderID || shared.Key != keyB || shared.Other != keyA {
		t.Errorf("got %+v, want both circuits", shared)
	}
	if _, free := placer.Ledger.Claim(keyB); free {
		t.Error("a circuit for which an order may exist is free for another one")
	}
}

func TestPlace_ClaimIsReleased_OnlyIfNothingWasOrderedForCertain(t *testing.T) {
	t.Parallel()
	for kind, released := range map[ordering.PlaceErrorKind]bool{
		ordering.CircuitClaimed: true, ordering.OrderHeld: true, ordering.CircuitUnread: true, ordering.NotPayable: true,
		ordering.OrdersExist: true, ordering.BillingUnread: true, ordering.OrderCancelled: false, ordering.OrderShared: false,
	} {
		if got := (&ordering.PlaceError{Kind: kind}).Certain(); got != released {
			t.Errorf("kind %d: nothing was ordered for certain: %t, want %t", kind, got, released)
		}
	}
	if !(&ordering.PlaceError{Kind: ordering.NotAnswered, Failure: notSent(ordering.ObstacleHost)}).Certain() {
		t.Error("a request that was not sent has ordered")
	}
	if (&ordering.PlaceError{Kind: ordering.NotAnswered, Failure: notSent(ordering.ObstacleHost), FirstAmbiguous: lost()}).Certain() {
		t.Error("a lost answer has ordered nothing for certain")
	}
}
