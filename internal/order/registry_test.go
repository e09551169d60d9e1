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

func TestLedger_CircuitPlannedTwice_IsReportedIfItSpansOneWalk(t *testing.T) {
	t.Parallel()
	for _, oneWalk := range []bool{true, false} {
		var ledger order.RunRegistry
		if oneWalk {
			ledger.SetSingleRun()
		}
		for i, key := range []circuit.Key{ordertest.KeyA, ordertest.KeyB, ordertest.KeyElsewhere, ordertest.KeyA, ordertest.KeyB} {
			want := order.PlanConflict{Twice: oneWalk && i > 2}
			if conflict := ledger.RecordPlan(key, tokenOf(key)); conflict != want {
				t.Errorf("one walk: %t, plan %d of %v: conflict %+v, want %+v", oneWalk, i, key, conflict, want)
			}
		}
		if !ledger.Planned(ordertest.KeyA) || ledger.Planned(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: "pc-c"}) {
			t.Error("not the circuits that are planned")
		}
		if _, ok := ledger.Claim(ordertest.KeyA); !ok {
			t.Error("a plan has taken the circuit from its own order")
		}
		ledger.RecordPlaced(ordertest.KeyA, "1001")
		if conflict := ledger.RecordPlan(ordertest.KeyA, tokenOf(ordertest.KeyA)); conflict.Any() || !ledger.Planned(ordertest.KeyElsewhere) {
			t.Errorf("one walk: %t, the plan after the order: conflict %+v", oneWalk, conflict)
		}
	}
}

func tokenOf(key circuit.Key) string { return order.DefaultToken(key.Region, key.CircuitID) }

func TestTwoCircuitsAreNotPlannedWithOneToken(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if conflict := ledger.RecordPlan(ordertest.KeyA, "mine"); conflict.Any() {
		t.Errorf("the first plan: %+v", conflict)
	}
	for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
		var ledger order.RunRegistry
		ledger.RecordPlan(ordertest.KeyA, "mine")
		if conflict := ledger.RecordPlan(other, "mine"); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
			t.Errorf("%v with the token of %v: conflict %+v", other, ordertest.KeyA, conflict)
		}
	}
	if conflict := ledger.RecordPlan(ordertest.KeyB, "another"); conflict.Any() {
		t.Errorf("another token: conflict %+v", conflict)
	}
}

func TestATokenThatIsNotKnownYetIsNobodys(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.RecordPlan(ordertest.KeyA, "")
	if conflict := ledger.RecordPlan(ordertest.KeyB, ""); conflict.Any() {
		t.Errorf("two tokens that are not known yet: conflict %+v", conflict)
	}
}

func TestACircuitWhoseOrderIsInTheStateIsNotPlannedAgain(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if !ledger.RecordExisting(ordertest.KeyA, "1001", tokenOf(ordertest.KeyA), true) {
		t.Error("the order in the state meets a plan that nobody made")
	}
	if conflict := ledger.RecordPlan(ordertest.KeyA, "fresh"); conflict != (order.PlanConflict{ExistingOrder: "1001"}) {
		t.Errorf("the same circuit: conflict %+v", conflict)
	}
	if conflict := ledger.RecordPlan(ordertest.KeyB, tokenOf(ordertest.KeyA)); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
		t.Errorf("another circuit with the token of the order: conflict %+v", conflict)
	}
	if conflict := ledger.RecordPlan(ordertest.KeyElsewhere, tokenOf(ordertest.KeyElsewhere)); conflict.Any() {
		t.Errorf("another circuit with its own token: conflict %+v", conflict)
	}
}

func TestAnOrderInTheStateMeetsThePlanThatCameBeforeIt(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.RecordPlan(ordertest.KeyA, tokenOf(ordertest.KeyA))
	if ledger.RecordExisting(ordertest.KeyA, "1001", "", true) {
		t.Error("the circuit is planned again, and nobody says so")
	}
	if !ledger.RecordExisting(ordertest.KeyB, "1002", "", true) {
		t.Error("a circuit that nobody plans is said to be planned")
	}
	if conflict := ledger.RecordPlan(circuit.Key{Region: "r", CircuitID: "c"}, ""); conflict.TokenOf != (circuit.Key{}) {
		t.Errorf("an imported order, whose token nobody knows, holds one: %+v", conflict)
	}
}

func TestTheRegionOfAHeldCircuitIsKnownWhereItIsOne(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if got := ledger.RegionOf("pc-a"); got != "" {
		t.Errorf("nothing is held, but in %q", got)
	}
	ledger.RecordExisting(ordertest.KeyA, "1001", "", true)
	ledger.RecordExisting(ordertest.KeyB, "1002", "", true)
	if got := ledger.RegionOf("pc-a"); got != ordertest.KeyA.Region {
		t.Errorf("got %q, want %q", got, ordertest.KeyA.Region)
	}
	if got := ledger.RegionOf("pc-c"); got != "" {
		t.Errorf("another circuit is held in %q", got)
	}
	ledger.RecordExisting(ordertest.KeyElsewhere, "1003", "", true)
	ledger.RecordExisting(circuit.Key{Region: "cn-qingdao", CircuitID: "pc-a"}, "1004", "", true)
	for range 20 { // whatever the order in which a map is walked
		if got := ledger.RegionOf("pc-a"); got != "" {
			t.Fatalf("held in three regions, but %q is named", got)
		}
	}
}

func TestAMoveIsThatOfItsOrder(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if ledger.ReplacementPlanned("1001") {
		t.Error("a new walk has planned a move")
	}
	ledger.RecordReplacement("1001")
	if !ledger.ReplacementPlanned("1001") || ledger.ReplacementPlanned("1002") || ledger.ReplacementPlanned("") {
		t.Error("the move of order 1001 is not what is remembered")
	}
}

func TestAClaimedCircuitIsTakenUntilItIsReleased(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if _, ok := ledger.Claim(ordertest.KeyA); !ok {
		t.Fatal("a new circuit cannot be claimed")
	}
	if orderID, ok := ledger.Claim(ordertest.KeyA); ok || orderID != "" {
		t.Errorf("second claim: %t, order %q", ok, orderID)
	}
	for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
		if _, ok := ledger.Claim(other); !ok {
			t.Errorf("%v is taken, but only %v is claimed", other, ordertest.KeyA)
		}
	}
	ledger.Release(ordertest.KeyA)
	if _, ok := ledger.Claim(ordertest.KeyA); !ok {
		t.Error("a released circuit cannot be claimed")
	}
}

func TestAClaimAfterTheOrderLearnsItsID(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.Claim(ordertest.KeyA)
	if _, ok := ledger.RecordPlaced(ordertest.KeyA, "1001"); !ok {
		t.Fatal("the first order is refused")
	}
	if orderID, ok := ledger.Claim(ordertest.KeyA); ok || orderID != "1001" {
		t.Errorf("claim: %t, order %q, want the order 1001", ok, orderID)
	}
}

func TestOneOrderBelongsToOneCircuit(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	for _, step := range []struct {
		key     circuit.Key
		orderID string
		other   circuit.Key
		ok      bool
	}{
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true}, // a replay
		{ordertest.KeyB, "1001", ordertest.KeyA, false},
		{ordertest.KeyElsewhere, "1001", ordertest.KeyA, false},
		{ordertest.KeyB, "1002", ordertest.KeyB, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
	} {
		if other, ok := ledger.RecordPlaced(step.key, step.orderID); ok != step.ok || other != step.other {
			t.Errorf("%v, order %s: %v %t, want %v %t", step.key, step.orderID, other, ok, step.other, step.ok)
		}
	}
}

func TestAnApplyKnowsNoRefresh(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	if ledger.WasRefreshed("1001") {
		t.Error("a new walk has refreshed an order")
	}
	if ledger.RecordExisting(ordertest.KeyA, "1001", "", true); ledger.WasRefreshed("1001") {
		t.Error("a note of an order is taken for a refresh")
	}
	ledger.RecordRefreshed(ordertest.KeyA, "1001", "", true)
	if !ledger.WasRefreshed("1001") || ledger.WasRefreshed("1002") || ledger.WasRefreshed("") {
		t.Error("the refresh of order 1001 is not what is remembered")
	}
}

func TestAReadingServesOneOrderWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		age   time.Duration
		fresh bool
	}{{0, true}, {time.Second, true}, {5*time.Second - 1, true}, {5 * time.Second, false}, {time.Hour, false}} {
		t.Run(test.age.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var ledger order.RunRegistry
				ledger.CacheCircuit(ordertest.CircuitA("Confirmed"), time.Now())
				time.Sleep(test.age)
				if circuit, ok := ledger.PopCachedCircuit(ordertest.KeyA); ok != test.fresh || ok && circuit.ID != "pc-a" {
					t.Errorf("after %s: %t, circuit %q", test.age, ok, circuit.ID)
				}
				if _, ok := ledger.PopCachedCircuit(ordertest.KeyA); ok {
					t.Error("a reading is handed out twice")
				}
			})
		})
	}
}

func TestTheAgeOfAReadingCountsFromBeforeTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ledger order.RunRegistry
		begun := time.Now()
		time.Sleep(6 * time.Second) // a slow answer
		ledger.CacheCircuit(ordertest.CircuitA("Confirmed"), begun)
		if _, ok := ledger.PopCachedCircuit(ordertest.KeyA); ok {
			t.Error("a reading begun six seconds ago is fresh")
		}
	})
}

func TestAReadingServesItsOwnCircuitAndTheLatestCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ledger order.RunRegistry
		ledger.CacheCircuit(ordertest.CircuitA("Allocated"), time.Now())
		ledger.CacheCircuit(ordertest.CircuitA("Confirmed"), time.Now())
		for _, other := range []circuit.Key{ordertest.KeyB, ordertest.KeyElsewhere} {
			if _, ok := ledger.PopCachedCircuit(other); ok {
				t.Errorf("%v gets the reading of %v", other, ordertest.KeyA)
			}
		}
		ledger.CacheCircuit(circuit.Circuit{Region: ordertest.KeyElsewhere.Region, ID: ordertest.KeyElsewhere.CircuitID, Status: "Enabled"}, time.Now())
		if circuit, ok := ledger.PopCachedCircuit(ordertest.KeyA); !ok || circuit.Status != "Confirmed" {
			t.Errorf("%t, status %q, want the latest reading", ok, circuit.Status)
		}
	})
}

func TestOfManyClaimsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	var (
		ledger  order.RunRegistry
		group   sync.WaitGroup
		start   = make(chan struct{})
		claimed atomic.Int32
	)
	for i := range 50 {
		group.Go(func() {
			<-start
			ledger.RecordPlan(ordertest.KeyA, "token")
			if _, ok := ledger.Claim(ordertest.KeyA); ok {
				claimed.Add(1)
				ledger.RecordPlaced(ordertest.KeyA, "1001")
			}
			// The rest only gives the race detector something to see.
			own := circuit.Key{Region: "cn-hangzhou", CircuitID: fmt.Sprint("pc-", i)}
			ledger.CacheCircuit(circuit.Circuit{Region: own.Region, ID: own.CircuitID}, time.Now())
			ledger.PopCachedCircuit(own)
			ledger.RecordRefreshed(own, own.CircuitID, own.CircuitID, true)
			ledger.ExistingOrder(own)
			ledger.Knows(own.CircuitID)
			ledger.Planned(own)
			ledger.RecordOtherPurpose(own.CircuitID)
			ledger.Forget(own, own.CircuitID, false)
			ledger.RegionOf(own.CircuitID)
			ledger.RecordReplacement(own.CircuitID)
			ledger.ReplacementPlanned(own.CircuitID)
			ledger.WasRefreshed(own.CircuitID)
			ledger.Claim(own)
			ledger.Release(own)
		})
	}
	close(start)
	group.Wait()
	if claimed.Load() != 1 {
		t.Errorf("%d claims of one circuit, want one", claimed.Load())
	}
	if orderID, ok := ledger.Claim(ordertest.KeyA); ok || orderID != "1001" {
		t.Errorf("claim after the order: %t, order %q", ok, orderID)
	}
}

func TestAnOrderIsHeldTwiceOnceItWasRefreshedTwice(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	for n, want := range []bool{false, false, true} {
		if n > 0 {
			ledger.RecordRefreshed(ordertest.KeyA, "1001", "", true)
			ledger.RecordExisting(ordertest.KeyA, "1001", "", true) // A note carries no address, so it does not count.
		}
		if ledger.IsDuplicated("1001") != want {
			t.Errorf("refreshed %d times: %t", n, !want)
		}
	}
}

func TestAnOrderIsHeldByTheStateOnceItWasPlaced(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.RecordPlan(ordertest.KeyA, tokenOf(ordertest.KeyA))
	if ledger.RecordExisting(ordertest.KeyA, "1001", "", true) {
		t.Error("an order of another address is not told from the one that is planned")
	}
	ledger.RecordPlan(ordertest.KeyB, tokenOf(ordertest.KeyB))
	ledger.Claim(ordertest.KeyB)
	ledger.RecordPlaced(ordertest.KeyB, "1002")
	if !ledger.RecordExisting(ordertest.KeyB, "1002", "", true) {
		t.Error("an order that this process has placed is refused by the refresh of its next run")
	}
}

func TestLedger_HeldOrder_IsKnownUntilItLeavesTheState(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(*order.RunRegistry){
		"by a note":    func(l *order.RunRegistry) { l.RecordExisting(ordertest.KeyA, "1001", "", true) },
		"by a refresh": func(l *order.RunRegistry) { l.RecordRefreshed(ordertest.KeyA, "1001", "", true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ledger order.RunRegistry
			if ledger.ExistingOrder(ordertest.KeyA) != "" || ledger.Knows("1001") {
				t.Error("an order is held before the state was read")
			}
			hold(&ledger)
			if ledger.ExistingOrder(ordertest.KeyA) != "1001" || ledger.ExistingOrder(ordertest.KeyElsewhere) != "" || !ledger.Knows("1001") || ledger.Knows("1002") {
				t.Errorf("circuit A holds %q", ledger.ExistingOrder(ordertest.KeyA))
			}
			if conflict := ledger.RecordPlan(ordertest.KeyA, ""); conflict.ExistingOrder != "1001" {
				t.Errorf("conflict %+v, want the held order", conflict)
			}
			ledger.Forget(ordertest.KeyA, "1001", false)
			if ledger.ExistingOrder(ordertest.KeyA) != "" || ledger.Knows("1001") {
				t.Errorf("an order that left the state is held: %q", ledger.ExistingOrder(ordertest.KeyA))
			}
			if conflict := ledger.RecordPlan(ordertest.KeyB, ""); conflict.Any() {
				t.Errorf("conflict %+v", conflict)
			}
		})
	}
}

func TestLedger_Forget_KeepsAnotherOrderOfTheCircuit(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.RecordExisting(ordertest.KeyA, "1001", "", true)
	ledger.RecordExisting(ordertest.KeyA, "1002", "", true)
	ledger.Forget(ordertest.KeyA, "1001", false)
	if ledger.ExistingOrder(ordertest.KeyA) != "1002" || ledger.Knows("1001") || !ledger.Knows("1002") {
		t.Errorf("circuit A holds %q, want order 1002", ledger.ExistingOrder(ordertest.KeyA))
	}
}

func TestLedger_DisownedOrder_IsHeldButNotKnown(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.RecordExisting(ordertest.KeyA, "1001", "", true)
	ledger.RecordOtherPurpose("1001")
	if ledger.Knows("1001") || ledger.ExistingOrder(ordertest.KeyA) != "1001" {
		t.Errorf("known: %t, circuit A holds %q", ledger.Knows("1001"), ledger.ExistingOrder(ordertest.KeyA))
	}
}

func TestLedger_PlacedOrder_StaysKnown(t *testing.T) {
	t.Parallel()
	var ledger order.RunRegistry
	ledger.Claim(ordertest.KeyA)
	ledger.RecordPlaced(ordertest.KeyA, "1001")
	ledger.RecordExisting(ordertest.KeyA, "1001", "", true)
	ledger.Forget(ordertest.KeyA, "1001", false)
	if !ledger.Knows("1001") || !ledger.WasPlaced("1001") || ledger.WasPlaced("1002") {
		t.Error("an order of this process is forgotten with the state's")
	}
}
