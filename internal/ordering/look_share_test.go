package ordering_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func circuitOf(n int) string { return fmt.Sprint("pc-", n) }

// manyOrders holds one unpaid order of each of the circuits pc-0, pc-1 and so on.
func manyOrders(circuits int) *book {
	billing := bookOf()
	for n := range circuits {
		row := rowOf(fmt.Sprint(1000+n), "Unpaid", ago(time.Hour))
		row.InstanceIDs = []string{circuitOf(n)}
		billing.rows[row.OrderID] = []ordering.OrderRow{row}
	}
	return billing
}

func TestLook_FortyAtOnce_ShareTwoListsAndEachDetail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := manyOrders(40)
		billing.listTakes, billing.detailTakes = 2*time.Second, 100*time.Millisecond
		placer := placerWith(&fakeAPI{}, billing)
		var group sync.WaitGroup
		for n := range 40 {
			group.Go(func() {
				look := placer.Look(t.Context(), ordering.Circuit{Region: keyA.Region, ID: circuitOf(n)})
				if !look.Complete() || len(look.Live) != 1 || look.Live[0].ID != fmt.Sprint(1000+n) {
					t.Errorf("circuit %d: %q, %v", n, idsOf(look.Live), look.Err)
				}
			})
		}
		group.Wait()
		wantLists(t, billing, 2)
		if len(billing.asked) != 40 {
			t.Errorf("%d details for 40 orders", len(billing.asked))
		}
	})
}

func TestLook_ListOfFifteenSeconds_IsShared(t *testing.T) {
	t.Parallel()
	for age, lists := range map[time.Duration]int{0: 2, 14 * time.Second: 2, 15 * time.Second: 2, 15*time.Second + 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			billing := bookOf()
			billing.listTakes = time.Second // The age counts from the begin of the list.
			placer := placerWith(&fakeAPI{}, billing)
			first := placer.Look(t.Context(), circuitA("Confirmed"))
			time.Sleep(age - time.Since(first.Began))
			second := placer.Look(t.Context(), circuitA("Confirmed"))
			wantLists(t, billing, lists)
			if shared := second.Began.Equal(first.Began); shared != (lists == 2) {
				t.Errorf("%s: the list began at %s, the first at %s", age, second.Began, first.Began)
			}
		})
	}
}

func TestLook_ShorterWindow_ServesNoOlderCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf(rowOf("1", "Paid", ago(90*day)))
		placer := placerWith(&fakeAPI{}, billing)
		circuit := circuitA("Confirmed")
		circuit.CreationTime = new(ago(10 * day))
		if look := placer.Look(t.Context(), circuit); len(look.Live) != 0 {
			t.Errorf("live %q", idsOf(look.Live))
		}
		circuit.CreationTime = new(ago(100 * day))
		wantIDs(t, "live", placer.Look(t.Context(), circuit).Live, "1")
		wantLists(t, billing, 4)
		circuit.CreationTime = new(ago(40 * day)) // A longer window serves a younger one.
		wantIDs(t, "live", placer.Look(t.Context(), circuit).Live, "1")
		wantLists(t, billing, 4)
	})
}

func TestLook_Calls_ArePacedAndThePaymentAfterAnOrderIsNot(t *testing.T) {
	t.Parallel()
	for orders, want := range map[int]time.Duration{
		18: 0, // with two lists a burst of twenty
		19: 200 * time.Millisecond,
		98: 16 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			billing := manyOrders(orders)
			payments := ordering.NewPayments(billing)
			begun := time.Now()
			if look := lookFor(t, payments, circuitOf(0)); !look.Complete() || time.Since(begun) != want {
				t.Errorf("%d orders: %s, %v, want %s", orders, time.Since(begun), look.Err, want)
			}
			begun = time.Now()
			if _, err := payments.Afresh(t.Context(), "1000"); err != nil || time.Since(begun) != 0 {
				t.Errorf("the payment after %s, %v", time.Since(begun), err)
			}
		})
	}
}

func TestLook_EndsAfterAMinute_TheWaitForAnotherIncluded(t *testing.T) {
	t.Parallel()
	for name, hang := range map[string]func(*book){
		"lists":   func(b *book) { b.listTakes = time.Hour },
		"details": func(b *book) { b.detailTakes = time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := manyOrders(2)
				hang(billing)
				payments := ordering.NewPayments(billing)
				var group sync.WaitGroup
				for n, waits := range []time.Duration{0, time.Second} {
					group.Go(func() {
						time.Sleep(waits)
						begun := time.Now()
						look := lookFor(t, payments, circuitOf(n))
						if took := time.Since(begun); look.Err == nil || took != time.Minute {
							t.Errorf("%v after %s", look.Err, took)
						}
					})
				}
				group.Wait()
			})
		})
	}
}

func TestLook_CancelledWait_EndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := bookOf()
		billing.listTakes = 50 * time.Second
		payments := ordering.NewPayments(billing)
		var group sync.WaitGroup
		group.Go(func() { lookFor(t, payments, "pc-a") })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		look := payments.Look(ctx, circuitA("Confirmed"), 0, nil)
		if !errors.Is(look.Err, context.DeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("%v after %s", look.Err, time.Since(begun))
		}
		group.Wait()
	})
}

func TestLook_CancelledCaller_SpoilsNoOther(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]func(*book){
		"while it lists":        func(b *book) { b.listTakes = 5 * time.Second },
		"while it reads orders": func(b *book) { b.detailTakes = 5 * time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf(rowOf("1", "Unpaid", ago(time.Hour)))
				slow(billing)
				placer := placerWith(&fakeAPI{}, billing)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				var group sync.WaitGroup
				group.Go(func() {
					if look := placer.Look(ctx, circuitA("Confirmed")); !errors.Is(look.Err, context.Canceled) {
						t.Errorf("the cancelled caller: %v", look.Err)
					}
				})
				synctest.Wait()
				look := placer.Look(t.Context(), circuitA("Confirmed"))
				if !look.Complete() {
					t.Errorf("the other caller: %v", look.Err)
				}
				wantIDs(t, "live", look.Live, "1")
				group.Wait()
			})
		})
	}
}

func TestLook_Failure_IsSharedByThoseWhoWaitedAndAskedAgainLater(t *testing.T) {
	t.Parallel()
	down := answered(500, "InternalError")
	for name, test := range map[string]struct {
		fail func(*book)
		mend func(*book)
	}{
		"of a list":   {func(b *book) { b.listing = down }, func(b *book) { b.listing = nil }},
		"of an order": {func(b *book) { b.failing = map[string]error{"1": down} }, func(b *book) { b.failing = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := bookOf(rowOf("1", "Unpaid", ago(time.Hour)))
				billing.listTakes = time.Second
				test.fail(billing)
				payments := ordering.NewPayments(billing)
				var group sync.WaitGroup
				for range 10 {
					group.Go(func() {
						if look := lookFor(t, payments, "pc-a"); !errors.Is(look.Err, down) {
							t.Errorf("%+v", look)
						}
					})
				}
				group.Wait()
				if lists := len(billing.queries); lists > 2 {
					t.Errorf("%d lists for ten looks at once", lists)
				}
				test.mend(billing)
				time.Sleep(time.Nanosecond)
				if look := lookFor(t, payments, "pc-a"); !look.Complete() || len(look.Live) != 1 {
					t.Errorf("a later look: %+v", look)
				}
			})
		})
	}
}

func TestLook_MissingRight_IsRememberedForEachCall(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"NoPermission", "NotAuthorized", "NotApplicable", "Forbidden.RAM"} {
		denied := answered(400, code)
		for name, test := range map[string]struct {
			deny         func(*book)
			lists, reads int // of the first look
			readable     bool
		}{
			"to list":         {func(b *book) { b.listing = denied }, 1, 0, true},
			"to read details": {func(b *book) { b.failing = map[string]error{"1": denied, "2": denied} }, 2, 2, false},
		} {
			t.Run(code+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					billing := bookOf(rowOf("1", "Unpaid", ago(time.Hour)), rowOf("2", "Unpaid", ago(2*time.Hour)))
					test.deny(billing)
					payments := ordering.NewPayments(billing)
					for range 2 {
						look := lookFor(t, payments, "pc-a")
						if !look.Denied() || look.Complete() || !errors.Is(look.Err, denied) {
							t.Errorf("%+v", look)
						}
						time.Sleep(time.Hour)
					}
					wantLists(t, billing, test.lists)
					if len(billing.asked) != test.reads {
						t.Errorf("asked for %q", billing.asked)
					}
					if _, err := payments.Rows(t.Context(), "2"); (err == nil) != test.readable {
						t.Errorf("the payment of an order: %v", err)
					}
				})
			})
		}
	}
}

func TestLook_RefusedDetails_StopAfterFew(t *testing.T) {
	t.Parallel()
	billing := bookOf()
	billing.failing = map[string]error{}
	for n := range 30 {
		id := strconv.Itoa(n)
		billing.rows[id] = []ordering.OrderRow{rowOf(id, "Unpaid", ago(time.Hour))}
		billing.failing[id] = answered(400, "NoPermission")
	}
	if look := lookFor(t, ordering.NewPayments(billing), "pc-a"); !look.Denied() || len(billing.asked) != 20 {
		t.Errorf("asked for %q: %+v", billing.asked, look)
	}
}

func TestLook_OneRefusedDetail_HidesOneOrderAndNoMore(t *testing.T) {
	t.Parallel()
	for product, test := range map[string]struct {
		err    error
		beyond bool
	}{"pconn": {ordering.ErrOrderHidden, false}, "ecs": {nil, true}} {
		for _, refused := range []string{"1", "2"} { // before the one that is read, and after it
			billing := bookOf(rowFor("1", product, "i-1"), rowFor("2", product, "i-2"), rowOf("3", "Unpaid", ago(2*time.Hour)))
			billing.failing = map[string]error{refused: answered(400, "NoPermission")}
			look := lookFor(t, ordering.NewPayments(billing), "pc-a")
			if look.Denied() || !errors.Is(look.Err, test.err) || look.Beyond != test.beyond {
				t.Errorf("order %s of %s is refused: %v, beyond: %t", refused, product, look.Err, look.Beyond)
			}
			wantIDs(t, "live", look.Live, "3")
		}
	}
}

func TestLook_RefreshOfOneOrderThatIsNotPermitted_DoesNotStopLooks(t *testing.T) {
	t.Parallel()
	billing := bookOf(rowOf("1", "Unpaid", time.Now()), rowOf("2", "Unpaid", ago(time.Hour)))
	billing.failing = map[string]error{"1": answered(400, "NoPermission")}
	payments := ordering.NewPayments(billing)
	_, _ = payments.Rows(t.Context(), "1")
	wantIDs(t, "live", lookFor(t, payments, "pc-a").Live, "2")
}

func TestLook_BillingThatWasDownForARefresh_IsAsked(t *testing.T) {
	t.Parallel()
	billing := bookOf(rowOf("1", "Unpaid", ago(time.Hour)))
	billing.failing = map[string]error{"1": answered(500, "InternalError")}
	payments := ordering.NewPayments(billing)
	_, _ = payments.Rows(t.Context(), "1")
	billing.failing = nil
	wantIDs(t, "live", lookFor(t, payments, "pc-a").Live, "1")
}
