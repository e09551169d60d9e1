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
		var ledger order.Ledger
		if oneWalk {
			ledger.SpansOneWalk()
		}
		for i, key := range []circuit.CircuitKey{ordertest.KeyA, ordertest.KeyB, ordertest.KeyElsewhere, ordertest.KeyA, ordertest.KeyB} {
			want := order.PlanConflict{Twice: oneWalk && i > 2}
			if conflict := ledger.Plan(key, tokenOf(key)); conflict != want {
				t.Errorf("one walk: %t, plan %d of %v: conflict %+v, want %+v", oneWalk, i, key, conflict, want)
			}
		}
		if !ledger.Planned(ordertest.KeyA) || ledger.Planned(circuit.CircuitKey{Region: ordertest.KeyA.Region, CircuitID: "pc-c"}) {
			t.Error("not the circuits that are planned")
		}
		if _, ok := ledger.Claim(ordertest.KeyA); !ok {
			t.Error("a plan has taken the circuit from its own order")
		}
		ledger.Placed(ordertest.KeyA, "1001")
		if conflict := ledger.Plan(ordertest.KeyA, tokenOf(ordertest.KeyA)); conflict.Any() || !ledger.Planned(ordertest.KeyElsewhere) {
			t.Errorf("one walk: %t, the plan after the order: conflict %+v", oneWalk, conflict)
		}
	}
}

func tokenOf(key circuit.CircuitKey) string { return order.DeriveToken(key.Region, key.CircuitID) }

func TestTwoCircuitsAreNotPlannedWithOneToken(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if conflict := ledger.Plan(ordertest.KeyA, "mine"); conflict.Any() {
		t.Errorf("the first plan: %+v", conflict)
	}
	for _, other := range []circuit.CircuitKey{ordertest.KeyB, ordertest.KeyElsewhere} {
		var ledger order.Ledger
		ledger.Plan(ordertest.KeyA, "mine")
		if conflict := ledger.Plan(other, "mine"); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
			t.Errorf("%v with the token of %v: conflict %+v", other, ordertest.KeyA, conflict)
		}
	}
	if conflict := ledger.Plan(ordertest.KeyB, "another"); conflict.Any() {
		t.Errorf("another token: conflict %+v", conflict)
	}
}

func TestATokenThatIsNotKnownYetIsNobodys(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Plan(ordertest.KeyA, "")
	if conflict := ledger.Plan(ordertest.KeyB, ""); conflict.Any() {
		t.Errorf("two tokens that are not known yet: conflict %+v", conflict)
	}
}

func TestACircuitWhoseOrderIsInTheStateIsNotPlannedAgain(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if !ledger.Hold(ordertest.KeyA, "1001", tokenOf(ordertest.KeyA), true) {
		t.Error("the order in the state meets a plan that nobody made")
	}
	if conflict := ledger.Plan(ordertest.KeyA, "fresh"); conflict != (order.PlanConflict{Held: "1001"}) {
		t.Errorf("the same circuit: conflict %+v", conflict)
	}
	if conflict := ledger.Plan(ordertest.KeyB, tokenOf(ordertest.KeyA)); conflict != (order.PlanConflict{TokenOf: ordertest.KeyA}) {
		t.Errorf("another circuit with the token of the order: conflict %+v", conflict)
	}
	if conflict := ledger.Plan(ordertest.KeyElsewhere, tokenOf(ordertest.KeyElsewhere)); conflict.Any() {
		t.Errorf("another circuit with its own token: conflict %+v", conflict)
	}
}

func TestAnOrderInTheStateMeetsThePlanThatCameBeforeIt(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Plan(ordertest.KeyA, tokenOf(ordertest.KeyA))
	if ledger.Hold(ordertest.KeyA, "1001", "", true) {
		t.Error("the circuit is planned again, and nobody says so")
	}
	if !ledger.Hold(ordertest.KeyB, "1002", "", true) {
		t.Error("a circuit that nobody plans is said to be planned")
	}
	if conflict := ledger.Plan(circuit.CircuitKey{Region: "r", CircuitID: "c"}, ""); conflict.TokenOf != (circuit.CircuitKey{}) {
		t.Errorf("an imported order, whose token nobody knows, holds one: %+v", conflict)
	}
}

func TestTheRegionOfAHeldCircuitIsKnownWhereItIsOne(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if got := ledger.HeldRegion("pc-a"); got != "" {
		t.Errorf("nothing is held, but in %q", got)
	}
	ledger.Hold(ordertest.KeyA, "1001", "", true)
	ledger.Hold(ordertest.KeyB, "1002", "", true)
	if got := ledger.HeldRegion("pc-a"); got != ordertest.KeyA.Region {
		t.Errorf("got %q, want %q", got, ordertest.KeyA.Region)
	}
	if got := ledger.HeldRegion("pc-c"); got != "" {
		t.Errorf("another circuit is held in %q", got)
	}
	ledger.Hold(ordertest.KeyElsewhere, "1003", "", true)
	ledger.Hold(circuit.CircuitKey{Region: "cn-qingdao", CircuitID: "pc-a"}, "1004", "", true)
	for range 20 { // whatever the order in which a map is walked
		if got := ledger.HeldRegion("pc-a"); got != "" {
			t.Fatalf("held in three regions, but %q is named", got)
		}
	}
}

func TestAMoveIsThatOfItsOrder(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if ledger.MovePlanned("1001") {
		t.Error("a new walk has planned a move")
	}
	ledger.Move("1001")
	if !ledger.MovePlanned("1001") || ledger.MovePlanned("1002") || ledger.MovePlanned("") {
		t.Error("the move of order 1001 is not what is remembered")
	}
}

func TestAClaimedCircuitIsTakenUntilItIsReleased(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if _, ok := ledger.Claim(ordertest.KeyA); !ok {
		t.Fatal("a new circuit cannot be claimed")
	}
	if orderID, ok := ledger.Claim(ordertest.KeyA); ok || orderID != "" {
		t.Errorf("second claim: %t, order %q", ok, orderID)
	}
	for _, other := range []circuit.CircuitKey{ordertest.KeyB, ordertest.KeyElsewhere} {
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
	var ledger order.Ledger
	ledger.Claim(ordertest.KeyA)
	if _, ok := ledger.Placed(ordertest.KeyA, "1001"); !ok {
		t.Fatal("the first order is refused")
	}
	if orderID, ok := ledger.Claim(ordertest.KeyA); ok || orderID != "1001" {
		t.Errorf("claim: %t, order %q, want the order 1001", ok, orderID)
	}
}

func TestOneOrderBelongsToOneCircuit(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	for _, step := range []struct {
		key     circuit.CircuitKey
		orderID string
		other   circuit.CircuitKey
		ok      bool
	}{
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true}, // a replay
		{ordertest.KeyB, "1001", ordertest.KeyA, false},
		{ordertest.KeyElsewhere, "1001", ordertest.KeyA, false},
		{ordertest.KeyB, "1002", ordertest.KeyB, true},
		{ordertest.KeyA, "1001", ordertest.KeyA, true},
	} {
		if other, ok := ledger.Placed(step.key, step.orderID); ok != step.ok || other != step.other {
			t.Errorf("%v, order %s: %v %t, want %v %t", step.key, step.orderID, other, ok, step.other, step.ok)
		}
	}
}

func TestAnApplyKnowsNoRefresh(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	if ledger.WasRefreshed("1001") {
		t.Error("a new walk has refreshed an order")
	}
	if ledger.Hold(ordertest.KeyA, "1001", "", true); ledger.WasRefreshed("1001") {
		t.Error("a note of an order is taken for a refresh")
	}
	ledger.HoldRefreshed(ordertest.KeyA, "1001", "", true)
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
				var ledger order.Ledger
				ledger.KeepReading(ordertest.CircuitA("Confirmed"), time.Now())
				time.Sleep(test.age)
				if circuit, ok := ledger.TakeReading(ordertest.KeyA); ok != test.fresh || ok && circuit.ID != "pc-a" {
					t.Errorf("after %s: %t, circuit %q", test.age, ok, circuit.ID)
				}
				if _, ok := ledger.TakeReading(ordertest.KeyA); ok {
					t.Error("a reading is handed out twice")
				}
			})
		})
	}
}

func TestTheAgeOfAReadingCountsFromBeforeTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ledger order.Ledger
		begun := time.Now()
		time.Sleep(6 * time.Second) // a slow answer
		ledger.KeepReading(ordertest.CircuitA("Confirmed"), begun)
		if _, ok := ledger.TakeReading(ordertest.KeyA); ok {
			t.Error("a reading begun six seconds ago is fresh")
		}
	})
}

func TestAReadingServesItsOwnCircuitAndTheLatestCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ledger order.Ledger
		ledger.KeepReading(ordertest.CircuitA("Allocated"), time.Now())
		ledger.KeepReading(ordertest.CircuitA("Confirmed"), time.Now())
		for _, other := range []circuit.CircuitKey{ordertest.KeyB, ordertest.KeyElsewhere} {
			if _, ok := ledger.TakeReading(other); ok {
				t.Errorf("%v gets the reading of %v", other, ordertest.KeyA)
			}
		}
		ledger.KeepReading(circuit.Circuit{Region: ordertest.KeyElsewhere.Region, ID: ordertest.KeyElsewhere.CircuitID, Status: "Enabled"}, time.Now())
		if circuit, ok := ledger.TakeReading(ordertest.KeyA); !ok || circuit.Status != "Confirmed" {
			t.Errorf("%t, status %q, want the latest reading", ok, circuit.Status)
		}
	})
}

func TestOfManyClaimsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	var (
		ledger  order.Ledger
		group   sync.WaitGroup
		start   = make(chan struct{})
		claimed atomic.Int32
	)
	for i := range 50 {
		group.Go(func() {
			<-start
			ledger.Plan(ordertest.KeyA, "token")
			if _, ok := ledger.Claim(ordertest.KeyA); ok {
				claimed.Add(1)
				ledger.Placed(ordertest.KeyA, "1001")
			}
			// The rest only gives the race detector something to see.
			own := circuit.CircuitKey{Region: "cn-hangzhou", CircuitID: fmt.Sprint("pc-", i)}
			ledger.KeepReading(circuit.Circuit{Region: own.Region, ID: own.CircuitID}, time.Now())
			ledger.TakeReading(own)
			ledger.HoldRefreshed(own, own.CircuitID, own.CircuitID, true)
			ledger.Held(own)
			ledger.Knows(own.CircuitID)
			ledger.Planned(own)
			ledger.Disown(own.CircuitID)
			ledger.Forget(own, own.CircuitID, false)
			ledger.HeldRegion(own.CircuitID)
			ledger.Move(own.CircuitID)
			ledger.MovePlanned(own.CircuitID)
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
	var ledger order.Ledger
	for n, want := range []bool{false, false, true} {
		if n > 0 {
			ledger.HoldRefreshed(ordertest.KeyA, "1001", "", true)
			ledger.Hold(ordertest.KeyA, "1001", "", true) // A note carries no address, so it does not count.
		}
		if ledger.HeldTwice("1001") != want {
			t.Errorf("refreshed %d times: %t", n, !want)
		}
	}
}

func TestAnOrderIsHeldByTheStateOnceItWasPlaced(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Plan(ordertest.KeyA, tokenOf(ordertest.KeyA))
	if ledger.Hold(ordertest.KeyA, "1001", "", true) {
		t.Error("an order of another address is not told from the one that is planned")
	}
	ledger.Plan(ordertest.KeyB, tokenOf(ordertest.KeyB))
	ledger.Claim(ordertest.KeyB)
	ledger.Placed(ordertest.KeyB, "1002")
	if !ledger.Hold(ordertest.KeyB, "1002", "", true) {
		t.Error("an order that this process has placed is refused by the refresh of its next run")
	}
}

func TestLedger_HeldOrder_IsKnownUntilItLeavesTheState(t *testing.T) {
	t.Parallel()
	for name, hold := range map[string]func(*order.Ledger){
		"by a note":    func(l *order.Ledger) { l.Hold(ordertest.KeyA, "1001", "", true) },
		"by a refresh": func(l *order.Ledger) { l.HoldRefreshed(ordertest.KeyA, "1001", "", true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ledger order.Ledger
			if ledger.Held(ordertest.KeyA) != "" || ledger.Knows("1001") {
				t.Error("an order is held before the state was read")
			}
			hold(&ledger)
			if ledger.Held(ordertest.KeyA) != "1001" || ledger.Held(ordertest.KeyElsewhere) != "" || !ledger.Knows("1001") || ledger.Knows("1002") {
				t.Errorf("circuit A holds %q", ledger.Held(ordertest.KeyA))
			}
			if conflict := ledger.Plan(ordertest.KeyA, ""); conflict.Held != "1001" {
				t.Errorf("conflict %+v, want the held order", conflict)
			}
			ledger.Forget(ordertest.KeyA, "1001", false)
			if ledger.Held(ordertest.KeyA) != "" || ledger.Knows("1001") {
				t.Errorf("an order that left the state is held: %q", ledger.Held(ordertest.KeyA))
			}
			if conflict := ledger.Plan(ordertest.KeyB, ""); conflict.Any() {
				t.Errorf("conflict %+v", conflict)
			}
		})
	}
}

func TestLedger_Forget_KeepsAnotherOrderOfTheCircuit(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Hold(ordertest.KeyA, "1001", "", true)
	ledger.Hold(ordertest.KeyA, "1002", "", true)
	ledger.Forget(ordertest.KeyA, "1001", false)
	if ledger.Held(ordertest.KeyA) != "1002" || ledger.Knows("1001") || !ledger.Knows("1002") {
		t.Errorf("circuit A holds %q, want order 1002", ledger.Held(ordertest.KeyA))
	}
}

func TestLedger_DisownedOrder_IsHeldButNotKnown(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Hold(ordertest.KeyA, "1001", "", true)
	ledger.Disown("1001")
	if ledger.Knows("1001") || ledger.Held(ordertest.KeyA) != "1001" {
		t.Errorf("known: %t, circuit A holds %q", ledger.Knows("1001"), ledger.Held(ordertest.KeyA))
	}
}

func TestLedger_PlacedOrder_StaysKnown(t *testing.T) {
	t.Parallel()
	var ledger order.Ledger
	ledger.Claim(ordertest.KeyA)
	ledger.Placed(ordertest.KeyA, "1001")
	ledger.Hold(ordertest.KeyA, "1001", "", true)
	ledger.Forget(ordertest.KeyA, "1001", false)
	if !ledger.Knows("1001") || !ledger.PlacedHere("1001") || ledger.PlacedHere("1002") {
		t.Error("an order of this process is forgotten with the state's")
	}
}
