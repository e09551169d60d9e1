package billing_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestLook_FortyAtTheSameTime_ShareTwoListsAndEachDetail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.ManyOrders(40)
		billing.ListTakes, billing.DetailTakes = 2*time.Second, 100*time.Millisecond
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		var group sync.WaitGroup
		for n := range 40 {
			group.Go(func() {
				look := placer.Look(t.Context(), circuit.Circuit{Region: ordertest.KeyA.Region, ID: ordertest.CircuitOf(n)})
				if !look.Complete() || len(look.Live) != 1 || look.Live[0].ID != fmt.Sprint(1000+n) {
					t.Errorf("circuit %d: %q, %v", n, ordertest.IDsOf(look.Live), look.Err)
				}
			})
		}
		group.Wait()
		ordertest.WantLists(t, billing, 2)
		if len(billing.Reads) != 40 {
			t.Errorf("%d details for 40 orders", len(billing.Reads))
		}
	})
}

func TestLook_ListOfFifteenSeconds_IsShared(t *testing.T) {
	t.Parallel()
	for age, lists := range map[time.Duration]int{0: 2, 14 * time.Second: 2, 15 * time.Second: 2, 15*time.Second + 1: 4} {
		synctest.Test(t, func(t *testing.T) {
			billing := ordertest.BillingWith()
			billing.ListTakes = time.Second // The age counts from the beginning of the list.
			placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
			first := placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
			time.Sleep(age - time.Since(first.Began))
			second := placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
			ordertest.WantLists(t, billing, lists)
			if shared := second.Began.Equal(first.Began); shared != (lists == 2) {
				t.Errorf("%s: the list began at %s, the first at %s", age, second.Began, first.Began)
			}
		})
	}
}

func TestLook_ShorterWindow_ServesNoOlderCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(90*ordertest.Day)))
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		circuit := ordertest.CircuitA("Confirmed")
		circuit.CreationTime = new(ordertest.Ago(10 * ordertest.Day))
		if look := placer.Look(t.Context(), circuit); len(look.Live) != 0 {
			t.Errorf("live %q", ordertest.IDsOf(look.Live))
		}
		circuit.CreationTime = new(ordertest.Ago(100 * ordertest.Day))
		ordertest.WantIDs(t, "live", placer.Look(t.Context(), circuit).Live, "1")
		ordertest.WantLists(t, billing, 4)
		circuit.CreationTime = new(ordertest.Ago(40 * ordertest.Day)) // A list with a longer window is used for a younger circuit.
		ordertest.WantIDs(t, "live", placer.Look(t.Context(), circuit).Live, "1")
		ordertest.WantLists(t, billing, 4)
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
			fake := ordertest.ManyOrders(orders)
			reader := billing.NewReader(fake)
			begun := time.Now()
			if look := ordertest.LookFor(t, reader, ordertest.CircuitOf(0)); !look.Complete() || time.Since(begun) != want {
				t.Errorf("%d orders: %s, %v, want %s", orders, time.Since(begun), look.Err, want)
			}
			begun = time.Now()
			if _, err := reader.ReadUncached(t.Context(), "1000"); err != nil || time.Since(begun) != 0 {
				t.Errorf("payment read after %s, %v", time.Since(begun), err)
			}
		})
	}
}

func TestLook_WithWaitForAnother_EndsAfterAMinute(t *testing.T) {
	t.Parallel()
	for name, hang := range map[string]func(*ordertest.FakeBilling){
		"lists":   func(b *ordertest.FakeBilling) { b.ListTakes = time.Hour },
		"details": func(b *ordertest.FakeBilling) { b.DetailTakes = time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := ordertest.ManyOrders(2)
				hang(fake)
				reader := billing.NewReader(fake)
				var group sync.WaitGroup
				for n, waits := range []time.Duration{0, time.Second} {
					group.Go(func() {
						time.Sleep(waits)
						begun := time.Now()
						look := ordertest.LookFor(t, reader, ordertest.CircuitOf(n))
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
		fake := ordertest.BillingWith()
		fake.ListTakes = 50 * time.Second
		reader := billing.NewReader(fake)
		var group sync.WaitGroup
		group.Go(func() { ordertest.LookFor(t, reader, "pc-a") })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		look := reader.Look(ctx, ordertest.CircuitA("Confirmed"), 0, nil)
		if !errors.Is(look.Err, context.DeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("%v after %s", look.Err, time.Since(begun))
		}
		group.Wait()
	})
}

func TestLook_CancelledCaller_DoesNotAffectOthers(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]func(*ordertest.FakeBilling){
		"while it lists":        func(b *ordertest.FakeBilling) { b.ListTakes = 5 * time.Second },
		"while it reads orders": func(b *ordertest.FakeBilling) { b.DetailTakes = 5 * time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
				slow(billing)
				placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				var group sync.WaitGroup
				group.Go(func() {
					if look := placer.Look(ctx, ordertest.CircuitA("Confirmed")); !errors.Is(look.Err, context.Canceled) {
						t.Errorf("the cancelled caller: %v", look.Err)
					}
				})
				synctest.Wait()
				look := placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
				if !look.Complete() {
					t.Errorf("the other caller: %v", look.Err)
				}
				ordertest.WantIDs(t, "live", look.Live, "1")
				group.Wait()
			})
		})
	}
}

func TestLook_Failure_IsSharedOnlyByLooksThatWaited(t *testing.T) {
	t.Parallel()
	down := ordertest.Answered(500, "InternalError")
	for name, test := range map[string]struct {
		fail func(*ordertest.FakeBilling)
		mend func(*ordertest.FakeBilling)
	}{
		"of a list":   {func(b *ordertest.FakeBilling) { b.ListErr = down }, func(b *ordertest.FakeBilling) { b.ListErr = nil }},
		"of an order": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"1": down} }, func(b *ordertest.FakeBilling) { b.ReadErrs = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
				fake.ListTakes = time.Second
				test.fail(fake)
				reader := billing.NewReader(fake)
				var group sync.WaitGroup
				for range 10 {
					group.Go(func() {
						if look := ordertest.LookFor(t, reader, "pc-a"); !errors.Is(look.Err, down) {
							t.Errorf("%+v", look)
						}
					})
				}
				group.Wait()
				if lists := len(fake.Queries); lists > 2 {
					t.Errorf("%d lists for ten looks at the same time", lists)
				}
				test.mend(fake)
				time.Sleep(time.Nanosecond)
				if look := ordertest.LookFor(t, reader, "pc-a"); !look.Complete() || len(look.Live) != 1 {
					t.Errorf("a later look: %+v", look)
				}
			})
		})
	}
}

func TestLook_MissingPermission_IsRemembered(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"NoPermission", "NotAuthorized", "NotApplicable", "Forbidden.RAM"} {
		denied := ordertest.Answered(400, code)
		for name, test := range map[string]struct {
			deny         func(*ordertest.FakeBilling)
			lists, reads int // of the first look
			readable     bool
		}{
			"to list":         {func(b *ordertest.FakeBilling) { b.ListErr = denied }, 1, 0, true},
			"to read details": {func(b *ordertest.FakeBilling) { b.ReadErrs = map[string]error{"1": denied, "2": denied} }, 2, 2, false},
		} {
			t.Run(code+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)), ordertest.LineOf("2", "Unpaid", ordertest.Ago(2*time.Hour)))
					test.deny(fake)
					reader := billing.NewReader(fake)
					for range 2 {
						look := ordertest.LookFor(t, reader, "pc-a")
						if !look.Denied() || look.Complete() || !errors.Is(look.Err, denied) {
							t.Errorf("%+v", look)
						}
						time.Sleep(time.Hour)
					}
					ordertest.WantLists(t, fake, test.lists)
					if len(fake.Reads) != test.reads {
						t.Errorf("read %q", fake.Reads)
					}
					if _, err := reader.Lines(t.Context(), "2"); (err == nil) != test.readable {
						t.Errorf("the payment of an order: %v", err)
					}
				})
			})
		}
	}
}

func TestLook_RefusedDetails_StopAfterTwenty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith()
		fake.ReadErrs = map[string]error{}
		for n := range 30 {
			id := strconv.Itoa(n)
			fake.Lines[id] = []billing.OrderLine{ordertest.LineOf(id, "Unpaid", ordertest.Ago(time.Hour))}
			fake.ReadErrs[id] = ordertest.Answered(400, "NoPermission")
		}
		if look := ordertest.LookFor(t, billing.NewReader(fake), "pc-a"); !look.Denied() || len(fake.Reads) != 20 {
			t.Errorf("read %q: %+v", fake.Reads, look)
		}
	})
}

func TestLook_OneRefusedDetail_HidesOnlyThatOrder(t *testing.T) {
	t.Parallel()
	for product, test := range map[string]struct {
		err    error
		beyond bool
	}{"pconn": {billing.ErrOrderHidden, false}, "ecs": {nil, true}} {
		for _, refused := range []string{"1", "2"} { // before the one that is read, and after it
			fake := ordertest.BillingWith(ordertest.LineFor("1", product, "i-1"), ordertest.LineFor("2", product, "i-2"), ordertest.LineOf("3", "Unpaid", ordertest.Ago(2*time.Hour)))
			fake.ReadErrs = map[string]error{refused: ordertest.Answered(400, "NoPermission")}
			look := ordertest.LookFor(t, billing.NewReader(fake), "pc-a")
			if look.Denied() || !errors.Is(look.Err, test.err) || look.Skipped != test.beyond {
				t.Errorf("order %s of %s is refused: %v, beyond: %t", refused, product, look.Err, look.Skipped)
			}
			ordertest.WantIDs(t, "live", look.Live, "3")
		}
	}
}

func TestLook_RefreshWithoutPermission_DoesNotStopLooks(t *testing.T) {
	t.Parallel()
	fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", time.Now()), ordertest.LineOf("2", "Unpaid", ordertest.Ago(time.Hour)))
	fake.ReadErrs = map[string]error{"1": ordertest.Answered(400, "NoPermission")}
	reader := billing.NewReader(fake)
	_, _ = reader.Lines(t.Context(), "1")
	ordertest.WantIDs(t, "live", ordertest.LookFor(t, reader, "pc-a").Live, "2")
}

func TestLook_BillingWasDownForARefresh_CallsBilling(t *testing.T) {
	t.Parallel()
	fake := ordertest.BillingWith(ordertest.LineOf("1", "Unpaid", ordertest.Ago(time.Hour)))
	fake.ReadErrs = map[string]error{"1": ordertest.Answered(500, "InternalError")}
	reader := billing.NewReader(fake)
	_, _ = reader.Lines(t.Context(), "1")
	fake.ReadErrs = nil
	ordertest.WantIDs(t, "live", ordertest.LookFor(t, reader, "pc-a").Live, "1")
}

func TestLook_WiderListThatWasCancelled_IsListedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith(ordertest.LineOf("1", "Paid", ordertest.Ago(90*ordertest.Day)))
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		young, older := ordertest.CircuitA("Confirmed"), ordertest.CircuitA("Confirmed")
		young.CreationTime, older.CreationTime = new(ordertest.Ago(ordertest.Day)), new(ordertest.Ago(100*ordertest.Day))
		placer.Look(t.Context(), young)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		billing.ListTakes = time.Hour
		placer.Look(ctx, older) // cancelled during the list
		billing.ListTakes = 0
		look := placer.Look(t.Context(), older)
		ordertest.WantIDs(t, "live", look.Live, "1")
	})
}

func TestLook_FailureOfAnEarlierLook_IsNotShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.BillingWith()
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		billing.ListErr = ordertest.Answered(500, "InternalError")
		placer.Look(t.Context(), ordertest.CircuitA("Confirmed"))
		billing.ListErr = nil
		time.Sleep(14 * time.Second)
		if look := placer.Look(t.Context(), ordertest.CircuitA("Confirmed")); !look.Complete() {
			t.Errorf("%v, %d lists", look.Err, len(billing.Queries))
		}
	})
}

func TestLook_ShortDeadlineOfOneCaller_DoesNotAffectOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := ordertest.ManyOrders(60)
		placer := ordertest.PlacerWith(&ordertest.FakeAPI{}, billing)
		ctx, cancel := context.WithTimeout(t.Context(), 2100*time.Millisecond)
		defer cancel()
		placer.Look(ctx, circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-1"})
		if look := placer.Look(t.Context(), circuit.Circuit{Region: ordertest.KeyA.Region, ID: "pc-2"}); !look.Complete() {
			t.Errorf("the other caller: %v", look.Err)
		}
	})
}

func TestLook_AfterARefreshReadAnOrder_OneRefusalIsNoMissingPermission(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := ordertest.BillingWith(ordertest.LineFor("9", "pconn", "pc-other"), ordertest.LineFor("5", "pconn", "pc-b"))
		fake.ReadErrs = map[string]error{"9": ordertest.Answered(400, "NoPermission")}
		reader := billing.NewReader(fake)
		if _, err := reader.Lines(t.Context(), "5"); err != nil {
			t.Fatal(err)
		}
		look := reader.Look(t.Context(), ordertest.CircuitA("Confirmed"), 0, func(id string) bool { return id == "5" })
		if look.Denied() {
			t.Errorf("denied: %v", look.Err)
		}
	})
}
