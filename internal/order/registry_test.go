package order_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestRecordPlan_CircuitPlannedTwice_ConflictsInASingleRun(t *testing.T) {
	t.Parallel()
	for _, single := range []bool{true, false} {
		var registry order.RunRegistry
		if single {
			registry.SetSingleRun()
		}
		for i, key := range []circuit.Key{ordertest.KeyA, ordertest.KeyB, ordertest.KeyElsewhere, ordertest.KeyA, ordertest.KeyB} {
			want := order.PlanConflict{Twice: single && i > 2}
			if conflict := registry.RecordPlan(key, tokenOf(key)); conflict != want {
				t.Errorf("single run: %t, plan %d of %v: conflict %+v, want %+v", single, i, key, conflict, want)
			}
		}
		if !registry.Planned(ordertest.KeyA) || registry.Planned(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: "pc-c"}) {
			t.Error("Planned returns other circuits than those planned")
		}
		if _, ok := registry.Claim(ordertest.KeyA); !ok {
			t.Error("a planned circuit cannot be claimed")
		}
		registry.RecordPlaced(ordertest.KeyA, "1001")
		if conflict := registry.RecordPlan(ordertest.KeyA, tokenOf(ordertest.KeyA)); conflict != (order.PlanConflict{}) || !registry.Planned(ordertest.KeyElsewhere) {
			t.Errorf("single run: %t, the plan after the order: conflict %+v", single, conflict)
		}
	}
}

func tokenOf(key circuit.Key) string { return order.DefaultToken(key.Region, key.CircuitID) }

func TestRecordPlan_TwoCircuitsWithOneToken_Conflict(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if conflict := registry.RecordPlan(ordertest.KeyA, "mine"); conflict != (order.PlanConflict{}) {
		t.Errorf("the first plan: %+v", conflict)
	}
	for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
		var registry order.RunRegistry
		registry.RecordPlan(ordertest.KeyA, "mine")
		if conflict := registry.RecordPlan(other, "mine"); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
			t.Errorf("%v with the token of %v: conflict %+v", other, ordertest.KeyA, conflict)
		}
	}
	if conflict := registry.RecordPlan(ordertest.KeyB, "another"); conflict != (order.PlanConflict{}) {
		t.Errorf("another token: conflict %+v", conflict)
	}
}

func TestRecordPlan_UnknownTokens_DoNotConflict(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordPlan(ordertest.KeyA, "")
	if conflict := registry.RecordPlan(ordertest.KeyB, ""); conflict != (order.PlanConflict{}) {
		t.Errorf("two tokens that are not known yet: conflict %+v", conflict)
	}
}

func TestRecordPlan_OrderInTheState_Conflicts(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if registry.RecordExisting(ordertest.KeyA, "1001", tokenOf(ordertest.KeyA), true); registry.RefuseExisting(ordertest.KeyA) {
		t.Error("an order is refused without a plan")
	}
	if conflict := registry.RecordPlan(ordertest.KeyA, "fresh"); conflict != (order.PlanConflict{ExistingOrder: "1001"}) {
		t.Errorf("the same circuit: conflict %+v", conflict)
	}
	if conflict := registry.RecordPlan(ordertest.KeyB, tokenOf(ordertest.KeyA)); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
		t.Errorf("another circuit with the token of the order: conflict %+v", conflict)
	}
	if conflict := registry.RecordPlan(ordertest.KeyElsewhere, tokenOf(ordertest.KeyElsewhere)); conflict != (order.PlanConflict{}) {
		t.Errorf("another circuit with its own token: conflict %+v", conflict)
	}
}

// Exactly one of the two has the error, in whatever order Terraform visits them.
func TestRefuseExisting_OrderThatIsPlannedAgain_HasOneError(t *testing.T) {
	t.Parallel()
	plan := func(r *order.RunRegistry) bool { return r.RecordPlan(ordertest.KeyA, "").ExistingOrder != "" }
	finish := func(r *order.RunRegistry) bool { return r.FinishPlan(ordertest.KeyA, false) != "" }
	refuse := func(r *order.RunRegistry) bool { r.FinishPlan(ordertest.KeyA, true); return true }
	visit := func(r *order.RunRegistry) bool {
		r.RecordExisting(ordertest.KeyA, "1001", "", true)
		return r.RefuseExisting(ordertest.KeyA)
	}
	destroy := func(r *order.RunRegistry) bool { return r.RefuseExisting(ordertest.KeyA) }
	for name, test := range map[string]struct {
		calls []func(*order.RunRegistry) bool
		want  int // the call with the error
	}{
		"visited before the plan":  {[]func(*order.RunRegistry) bool{visit, plan, destroy}, 1},
		"visited during the plan":  {[]func(*order.RunRegistry) bool{plan, visit, finish, destroy}, 2},
		"destroyed in the plan":    {[]func(*order.RunRegistry) bool{plan, visit, destroy, finish}, 3},
		"visited after the plan":   {[]func(*order.RunRegistry) bool{plan, finish, visit, destroy}, 2},
		"refused before":           {[]func(*order.RunRegistry) bool{plan, refuse, visit, destroy}, 1},
		"destroyed after the plan": {[]func(*order.RunRegistry) bool{visit, plan, destroy, visit}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var registry order.RunRegistry
			for i, call := range test.calls {
				if refused := call(&registry); refused != (i == test.want) {
					t.Errorf("call %d has an error: %t", i, refused)
				}
			}
			// The next run of the same process refuses it again.
			if !plan(&registry) {
				t.Error("the next plan orders the circuit")
			}
		})
	}
}

func TestRecordPlan_OrderWithoutAToken_ConflictsWithNoToken(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordExisting(ordertest.KeyB, "1002", "", true)
	if conflict := registry.RecordPlan(circuit.Key{Region: "r", CircuitID: "c"}, ""); conflict.TokenOf != (circuit.Key{}) {
		t.Errorf("an imported order without a token conflicts: %+v", conflict)
	}
}

func TestRegionOf_SeveralRegions_IsEmpty(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if got := registry.RegionOf("pc-a"); got != "" {
		t.Errorf("the state is empty, but the region is %q", got)
	}
	registry.RecordExisting(ordertest.KeyA, "1001", "", true)
	registry.RecordExisting(ordertest.KeyB, "1002", "", true)
	if got := registry.RegionOf("pc-a"); got != ordertest.KeyA.Region {
		t.Errorf("got %q, want %q", got, ordertest.KeyA.Region)
	}
	if got := registry.RegionOf("pc-c"); got != "" {
		t.Errorf("the region of another circuit is %q", got)
	}
	registry.RecordExisting(ordertest.KeyElsewhere, "1003", "", true)
	registry.RecordExisting(circuit.Key{Region: "cn-qingdao", CircuitID: "pc-a"}, "1004", "", true)
	for range 20 { // the order of a map is random
		if got := registry.RegionOf("pc-a"); got != "" {
			t.Fatalf("three regions, but %q was returned", got)
		}
	}
}

func TestReplacementPlanned_IsTrueOnlyForItsOrder(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if registry.ReplacementPlanned("1001") {
		t.Error("a new registry has a replacement")
	}
	registry.RecordReplacement("1001")
	if !registry.ReplacementPlanned("1001") || registry.ReplacementPlanned("1002") || registry.ReplacementPlanned("") {
		t.Error("only order 1001 is replaced")
	}
}

func TestClaim_CircuitIsClaimedUntilItsRelease(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if _, ok := registry.Claim(ordertest.KeyA); !ok {
		t.Fatal("the first claim failed")
	}
	if orderID, ok := registry.Claim(ordertest.KeyA); ok || orderID != "" {
		t.Errorf("second claim: %t, order %q", ok, orderID)
	}
	for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
		if _, ok := registry.Claim(other); !ok {
			t.Errorf("%v is claimed, but only %v should be", other, ordertest.KeyA)
		}
	}
	registry.Release(ordertest.KeyA)
	if _, ok := registry.Claim(ordertest.KeyA); !ok {
		t.Error("a released circuit cannot be claimed")
	}
}

func TestClaim_AfterTheOrder_ReturnsItsID(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.Claim(ordertest.KeyA)
	if _, ok := registry.RecordPlaced(ordertest.KeyA, "1001"); !ok {
		t.Fatal("the first order is refused")
	}
	if orderID, ok := registry.Claim(ordertest.KeyA); ok || orderID != "1001" {
		t.Errorf("claim: %t, order %q, want the order 1001", ok, orderID)
	}
}

func TestRecordPlaced_OrderOfAnotherCircuit_IsRefused(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	for _, step := range []struct {
		key     circuit.Key
		orderID string
		other   circuit.Key
		ok      bool
	}{
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true}, // repeated
		{ordertest.KeyB, "1001", ordertest.KeyA, false},
		{ordertest.KeyElsewhere, "1001", ordertest.KeyA, false},
		{ordertest.KeyB, "1002", ordertest.KeyB, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
	} {
		if other, ok := registry.RecordPlaced(step.key, step.orderID); ok != step.ok || other != step.other {
			t.Errorf("%v, order %s: %v %t, want %v %t", step.key, step.orderID, other, ok, step.other, step.ok)
		}
	}
}

func TestRecordPlaced_OrderInTheState_IsAcceptedOnlyForItsCircuit(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordExisting(ordertest.KeyA, "1001", "", true)
	if other, ok := registry.RecordPlaced(ordertest.KeyB, "1001"); ok || other != ordertest.KeyA {
		t.Errorf("for another circuit: %v %t", other, ok)
	}
	if other, ok := registry.RecordPlaced(ordertest.KeyA, "1001"); !ok || other != ordertest.KeyA {
		t.Errorf("for its circuit: %v %t", other, ok)
	}
}

func TestIsSingleRun_IsFalseUntilItIsSet(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if registry.IsSingleRun() {
		t.Error("a new registry is for a single run")
	}
	if registry.SetSingleRun(); !registry.IsSingleRun() {
		t.Error("the single run is forgotten")
	}
}

func TestWasRefreshed_ApplyOfASavedPlan_IsFalse(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	if registry.WasRefreshed("1001") {
		t.Error("a new registry has a refresh")
	}
	if registry.RecordExisting(ordertest.KeyA, "1001", "", true); registry.WasRefreshed("1001") {
		t.Error("RecordExisting counts as a refresh")
	}
	registry.RecordRefreshed(ordertest.KeyA, "1001", "", true)
	if !registry.WasRefreshed("1001") || registry.WasRefreshed("1002") || registry.WasRefreshed("") {
		t.Error("only order 1001 was refreshed")
	}
}

func TestPopCachedCircuit_IsUsedOnceWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		age   time.Duration
		fresh bool
	}{{0, true}, {time.Second, true}, {5*time.Second - 1, true}, {5 * time.Second, false}, {time.Hour, false}} {
		t.Run(test.age.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var registry order.RunRegistry
				registry.CacheCircuit(ordertest.CircuitA("Confirmed"), time.Now())
				time.Sleep(test.age)
				if circuit, ok := registry.PopCachedCircuit(ordertest.KeyA); ok != test.fresh || ok && circuit.ID != "pc-a" {
					t.Errorf("after %s: %t, circuit %q", test.age, ok, circuit.ID)
				}
				if _, ok := registry.PopCachedCircuit(ordertest.KeyA); ok {
					t.Error("a cached circuit was returned twice")
				}
			})
		})
	}
}

func TestPopCachedCircuit_Age_CountsFromTheBeginOfTheRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var registry order.RunRegistry
		begun := time.Now()
		time.Sleep(6 * time.Second) // a slow answer
		registry.CacheCircuit(ordertest.CircuitA("Confirmed"), begun)
		if _, ok := registry.PopCachedCircuit(ordertest.KeyA); ok {
			t.Error("a read from six seconds ago was returned")
		}
	})
}

func TestPopCachedCircuit_ReturnsTheLatestOfItsCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var registry order.RunRegistry
		registry.CacheCircuit(ordertest.CircuitA("Allocated"), time.Now())
		registry.CacheCircuit(ordertest.CircuitA("Confirmed"), time.Now())
		for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
			if _, ok := registry.PopCachedCircuit(other); ok {
				t.Errorf("%v gets the cached circuit of %v", other, ordertest.KeyA)
			}
		}
		registry.CacheCircuit(circuit.Circuit{Region: ordertest.KeyElsewhere.Region, ID: ordertest.KeyElsewhere.CircuitID, Status: "Enabled"}, time.Now())
		if circuit, ok := registry.PopCachedCircuit(ordertest.KeyA); !ok || circuit.Status != "Confirmed" {
			t.Errorf("%t, status %q, want the latest one", ok, circuit.Status)
		}
	})
}

func TestClaim_ManyAtTheSameTime_OneSucceeds(t *testing.T) {
	t.Parallel()
	var (
		registry order.RunRegistry
		group    sync.WaitGroup
		start    = make(chan struct{})
		claimed  atomic.Int32
	)
	for i := range 50 {
		group.Go(func() {
			<-start
			registry.RecordPlan(ordertest.KeyA, "token")
			if _, ok := registry.Claim(ordertest.KeyA); ok {
				claimed.Add(1)
				registry.RecordPlaced(ordertest.KeyA, "1001")
			}
			// The rest is for the race detector.
			own := circuit.Key{Region: "cn-hangzhou", CircuitID: fmt.Sprint("pc-", i)}
			registry.CacheCircuit(circuit.Circuit{Region: own.Region, ID: own.CircuitID}, time.Now())
			registry.PopCachedCircuit(own)
			registry.RecordRefreshed(own, own.CircuitID, own.CircuitID, true)
			registry.ExistingOrder(own)
			registry.IsForOwnCircuit(own.CircuitID)
			registry.Planned(own)
			registry.RecordOtherPurpose(own.CircuitID)
			registry.Forget(own, own.CircuitID, false)
			registry.RegionOf(own.CircuitID)
			registry.RecordReplacement(own.CircuitID)
			registry.ReplacementPlanned(own.CircuitID)
			registry.WasRefreshed(own.CircuitID)
			registry.Claim(own)
			registry.Release(own)
		})
	}
	close(start)
	group.Wait()
	if claimed.Load() != 1 {
		t.Errorf("%d claims of one circuit, want one", claimed.Load())
	}
	if orderID, ok := registry.Claim(ordertest.KeyA); ok || orderID != "1001" {
		t.Errorf("claim after the order: %t, order %q", ok, orderID)
	}
}

func TestIsDuplicated_OrderRefreshedTwice_IsTrue(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	for n, want := range []bool{false, false, true} {
		if n > 0 {
			registry.RecordRefreshed(ordertest.KeyA, "1001", "", true)
			registry.RecordExisting(ordertest.KeyA, "1001", "", true) // Only refreshes count.
		}
		if registry.IsDuplicated("1001") != want {
			t.Errorf("refreshed %d times: %t", n, !want)
		}
	}
}

func TestRefuseExisting_OrderPlacedInThisProcess_IsNotRefused(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordPlan(ordertest.KeyB, tokenOf(ordertest.KeyB))
	registry.FinishPlan(ordertest.KeyB, false)
	registry.Claim(ordertest.KeyB)
	registry.RecordPlaced(ordertest.KeyB, "1002")
	if registry.RecordExisting(ordertest.KeyB, "1002", "", true); registry.RefuseExisting(ordertest.KeyB) {
		t.Error("an order of this process conflicts with the refresh of the next run")
	}
}

func TestForget_OrderInTheState_IsKnownUntilThen(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(*order.RunRegistry){
		"recorded":  func(r *order.RunRegistry) { r.RecordExisting(ordertest.KeyA, "1001", "", true) },
		"refreshed": func(r *order.RunRegistry) { r.RecordRefreshed(ordertest.KeyA, "1001", "", true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var registry order.RunRegistry
			if registry.ExistingOrder(ordertest.KeyA) != "" || registry.IsForOwnCircuit("1001") {
				t.Error("a new registry has an order")
			}
			hold(&registry)
			if registry.ExistingOrder(ordertest.KeyA) != "1001" || registry.ExistingOrder(ordertest.KeyElsewhere) != "" || !registry.IsForOwnCircuit("1001") || registry.IsForOwnCircuit("1002") {
				t.Errorf("circuit A has order %q", registry.ExistingOrder(ordertest.KeyA))
			}
			if conflict := registry.RecordPlan(ordertest.KeyA, ""); conflict.ExistingOrder != "1001" {
				t.Errorf("conflict %+v, want the order in the state", conflict)
			}
			registry.Forget(ordertest.KeyA, "1001", false)
			if registry.ExistingOrder(ordertest.KeyA) != "" || registry.IsForOwnCircuit("1001") {
				t.Errorf("the removed order is still recorded: %q", registry.ExistingOrder(ordertest.KeyA))
			}
			if conflict := registry.RecordPlan(ordertest.KeyB, ""); conflict != (order.PlanConflict{}) {
				t.Errorf("conflict %+v", conflict)
			}
		})
	}
}

func TestForget_KeepsAnotherOrderOfTheCircuit(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordExisting(ordertest.KeyA, "1001", "", true)
	registry.RecordExisting(ordertest.KeyA, "1002", "", true)
	registry.Forget(ordertest.KeyA, "1001", false)
	if registry.ExistingOrder(ordertest.KeyA) != "1002" || registry.IsForOwnCircuit("1001") || !registry.IsForOwnCircuit("1002") {
		t.Errorf("circuit A has order %q, want order 1002", registry.ExistingOrder(ordertest.KeyA))
	}
}

func TestRecordOtherPurpose_OrderIsInTheStateButNotKnown(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.RecordExisting(ordertest.KeyA, "1001", "", true)
	registry.RecordOtherPurpose("1001")
	if registry.IsForOwnCircuit("1001") || registry.ExistingOrder(ordertest.KeyA) != "1001" {
		t.Errorf("known: %t, circuit A has order %q", registry.IsForOwnCircuit("1001"), registry.ExistingOrder(ordertest.KeyA))
	}
}

func TestForget_PlacedOrder_StaysKnown(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.Claim(ordertest.KeyA)
	registry.RecordPlaced(ordertest.KeyA, "1001")
	registry.RecordExisting(ordertest.KeyA, "1001", "", true)
	registry.Forget(ordertest.KeyA, "1001", false)
	if !registry.IsForOwnCircuit("1001") || !registry.WasPlaced("1001") || registry.WasPlaced("1002") {
		t.Error("an order of this process was forgotten")
	}
}

func TestAwaitExisting_IsSureOnlyIfTheStateHasNoOrderAndFewCallsAreInProgress(t *testing.T) {
	t.Parallel()
	const quiet = 250 * time.Millisecond
	for name, test := range map[string]struct {
		calls    int
		existing string
		// visit is when Terraform reads another order, leave when a call ends; 0 means never.
		visit, leave time.Duration
		unsure       bool
		took         time.Duration
	}{
		"few calls":                         {7, "", 0, 0, false, quiet},
		"many calls":                        {8, "", 0, 0, true, quiet},
		"many calls, one of them ends":      {8, "", 0, 10 * time.Millisecond, true, quiet},
		"another order in the state":        {1, "o-1", 0, 0, true, quiet},
		"another order is read in the wait": {1, "", 110 * time.Millisecond, 0, true, 125*time.Millisecond + quiet},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var registry order.RunRegistry
				if test.existing != "" {
					registry.RecordExisting(ordertest.KeyA, test.existing, "", true)
				}
				end := func() {}
				for range test.calls {
					end = registry.BeginCall()
				}
				if test.visit > 0 {
					time.AfterFunc(test.visit, func() { registry.RecordExisting(ordertest.KeyElsewhere, "o-2", "", true) })
				}
				if test.leave > 0 {
					time.AfterFunc(test.leave, end)
				}
				begun := time.Now()
				orderID, unsure := registry.AwaitExisting(t.Context(), circuit.Key{Region: ordertest.KeyA.Region, CircuitID: "pc-other"})
				if orderID != "" || unsure != test.unsure {
					t.Errorf("order %q, unsure %t, want %t", orderID, unsure, test.unsure)
				}
				if took := time.Since(begun); took != test.took {
					t.Errorf("took %s, want %s", took, test.took)
				}
			})
		})
	}
}

func TestAwaitExisting_OrderThatLeftTheState_DoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var registry order.RunRegistry
		registry.RecordExisting(ordertest.KeyA, "o-1", "", true)
		registry.Forget(ordertest.KeyA, "o-1", true)
		if orderID, unsure := registry.AwaitExisting(t.Context(), ordertest.KeyA); orderID != "" || unsure {
			t.Errorf("order %q, unsure %t", orderID, unsure)
		}
	})
}

func TestAwaitExisting_OrdersAreReadOnAndOn_EndsAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var registry order.RunRegistry
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		done := make(chan struct{})
		go func() {
			for {
				select {
				case <-ticker.C:
					registry.RecordExisting(ordertest.KeyElsewhere, "o-2", "", true)
				case <-done:
					return
				}
			}
		}()
		defer close(done)
		begun := time.Now()
		if orderID, _ := registry.AwaitExisting(t.Context(), ordertest.KeyA); orderID != "" || time.Since(begun) != 5*time.Second {
			t.Errorf("order %q in %s", orderID, time.Since(begun))
		}
		time.AfterFunc(60*time.Millisecond, func() { registry.RecordExisting(ordertest.KeyA, "o-1", "", true) })
		if orderID, unsure := registry.AwaitExisting(t.Context(), ordertest.KeyA); orderID != "o-1" || unsure {
			t.Errorf("order %q, unsure %t", orderID, unsure)
		}
	})
}
