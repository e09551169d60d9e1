package occupancyorder_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// parallelism is how many resources Terraform refreshes at a time.
const parallelism = 10

// atATime runs n functions, ten at a time, as Terraform does.
func atATime(n int, do func(i int)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, parallelism)
	for i := range n {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			do(i)
		})
	}
	running.Wait()
}

func TestRefresh_ManyOrders_MakesOneCallForFiftyCircuits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ orders, most int }{{1, 1}, {2, 2}, {10, 2}, {100, 3}, {1000, 25}} {
		t.Run(fmt.Sprint(test.orders), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: -1})
				objects := make([]*coretest.Object, test.orders)
				for i := range objects {
					id := fmt.Sprintf("pc-fleet%04d", i)
					h.server.AddCircuit(emulator.Circuit{ID: id})
					object, err := h.Object.With(map[string]string{"physical_connection_id": id, "order_id": fmt.Sprint(60000000000000 + i)})
					if err != nil {
						t.Fatal(err)
					}
					objects[i] = object
				}
				before, billing := h.server.CallCount("DescribePhysicalConnections"), h.billingCalls()
				process := h.start(t)
				atATime(test.orders, func(i int) {
					object, diags, err := process.Refresh(t.Context(), objects[i])
					if err != nil || len(diags) > 0 || object.String("physical_connection_status") != "Confirmed" {
						t.Errorf("%v %s", err, diags)
					}
				})
				if calls := h.server.CallCount("DescribePhysicalConnections") - before; calls > test.most {
					t.Errorf("%d calls, want at most %d", calls, test.most)
				}
				if calls := h.billingCalls() - billing; calls != 0 {
					t.Errorf("%d calls of billing for paid orders", calls)
				}
			})
		})
	}
}

func TestCreate_FiftyOrders_AreFiftyRequestsWithoutThrottling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{CallQuota: 300})
		config := func(i int) coretest.Values {
			return paid("physical_connection_id", fmt.Sprintf("pc-fleet%04d", i))
		}
		h.server.RemoveCircuit(acctest.Region, circuitID) // One page holds the other fifty.
		planning, applying := h.start(t), h.start(t)
		for i := range 50 {
			h.server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-fleet%04d", i)})
		}
		plans := make([]coretest.Plan, 50)
		atATime(50, func(i int) {
			plan, diags, err := planning.Plan(t.Context(), nil, config(i), coretest.Options{})
			if err != nil || len(diags) > 0 {
				t.Errorf("%v %s", err, diags)
			}
			plans[i] = plan
		})
		if calls := h.server.CallCount("DescribePhysicalConnections"); calls > 1 {
			t.Errorf("the plan of 50 orders reads circuits %d times, want once", calls)
		}
		begin := time.Now()
		atATime(50, func(i int) {
			object, diags, err := applying.Apply(t.Context(), plans[i], config(i))
			if err != nil || diags.HasError() || object == nil {
				t.Errorf("%v %s", err, diags)
			}
		})
		if took := time.Since(begin); took > time.Second { // They only gather.
			t.Errorf("the orders waited %v for the quota", took)
		}
		h.wantOrders(50, 50)
		for _, call := range h.server.Journal() {
			if call.Code != "" {
				t.Errorf("%s was answered %s", call.Action, call.Code)
			}
		}
		for action, most := range map[string]int{"DescribePhysicalConnections": 25, "GetOrderDetail": 50} {
			if calls := h.server.CallCount(action); calls > most {
				t.Errorf("%d calls of %s for 50 orders, want at most %d", calls, action, most)
			} else {
				t.Logf("%d calls of %s", calls, action)
			}
		}
	})
}

func TestCreate_ThreeHundredOrders_WaitForTheQuotaOfOrdersAlone(t *testing.T) {
	t.Parallel()
	for _, circuits := range []int{300, 1000} { // of the region
		t.Run(fmt.Sprint(circuits), func(t *testing.T) {
			t.Parallel()
			orderThreeHundred(t, circuits)
		})
	}
}

func orderThreeHundred(t *testing.T, circuits int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		const orders = 300
		server := emulator.New(emulator.Options{Quirks: emulator.Quirks{CallQuota: 300}, Latency: 50 * time.Millisecond})
		h := newHistoryOn(t, server)
		config := func(i int) coretest.Values {
			return paid("physical_connection_id", fmt.Sprintf("pc-fleet%04d", i))
		}
		for i := range circuits {
			server.AddCircuit(emulator.Circuit{ID: fmt.Sprintf("pc-fleet%04d", i)})
		}
		planning, applying := h.start(t), h.start(t)
		plans := make([]coretest.Plan, orders)
		atATime(orders, func(i int) {
			plan, diags, err := planning.Plan(t.Context(), nil, config(i), coretest.Options{})
			if err != nil || diags.HasError() {
				t.Errorf("%v %s", err, diags)
			}
			plans[i] = plan
		})
		begin := time.Now()
		atATime(orders, func(i int) {
			object, diags, err := applying.Apply(t.Context(), plans[i], config(i))
			if err != nil || diags.HasError() || object == nil {
				t.Errorf("%v %s", err, diags)
			}
		})
		// 180 requests at once, then two a second.
		if took, quota := time.Since(begin), (orders-180)/2*time.Second; took < quota || took > quota+15*time.Second {
			t.Errorf("took %s, the quota needs %s", took, quota)
		}
		h.wantOrders(orders, orders)
		for _, call := range server.Journal() {
			if call.Code != "" {
				t.Errorf("%s was answered %s", call.Action, call.Code)
			}
		}
		t.Logf("%s, %d reads of circuits", time.Since(begin), server.CallCount("DescribePhysicalConnections"))
	})
}
