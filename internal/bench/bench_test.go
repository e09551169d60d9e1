package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestRun_PrintsARowForEachOperation(t *testing.T) {
	t.Parallel()
	var out, progress bytes.Buffer
	err := run(t.Context(), &out, &progress, suite{
		plans: []int{1, 2}, applies: []int{1}, latencies: []time.Duration{0, time.Millisecond}, repeats: func(int) int { return 1 },
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	t.Log(out.String())
	for _, start := range []string{
		"| schema load | – | – | ", "| plan | 1 | 0 ms | ", "| plan | 1 | 1 ms | ", "| plan | 2 | 0 ms | ", "| apply | 1 | 1 ms | ",
	} {
		if strings.Count(out.String(), "\n"+start) != 1 {
			t.Errorf("no row %q in\n%s", start, &out)
		}
	}
}

// calls returns a number of successful calls.
func calls(n int, call emulator.Call) []emulator.Call {
	made := make([]emulator.Call, n)
	for i := range made {
		made[i] = call
		if made[i].HTTPStatus == 0 {
			made[i].HTTPStatus = 200
		}
	}
	return made
}

func TestViolations_OfTooManyOrFailedCalls(t *testing.T) {
	t.Parallel()
	byID := emulator.Call{Action: actionRead, Params: map[string]string{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-1"}}
	read, order, billing := emulator.Call{Action: actionRead}, emulator.Call{Action: actionOrder}, emulator.Call{Action: "GetOrderDetail"}
	throttled := emulator.Call{Action: actionRead, HTTPStatus: 400, Code: "Throttling.User"}
	for _, test := range []struct {
		name  string
		of    operation
		calls []emulator.Call
		want  int
	}{
		{"schemas without calls", operation{schemaLoad, 1}, nil, 0},
		{"schemas with a call", operation{schemaLoad, 1}, calls(1, read), 1},
		{"one order by its ID", operation{refresh, 1}, calls(1, byID), 0},
		{"one order by a listing", operation{refresh, 1}, calls(1, read), 1},
		{"one order twice", operation{refresh, 1}, calls(2, byID), 2},
		{"one order never", operation{refresh, 1}, nil, 1},
		{"100 orders", operation{refresh, 100}, calls(3, read), 0},
		{"100 orders in too many", operation{refresh, 100}, calls(4, read), 1},
		{"1000 orders", operation{refresh, 1000}, calls(25, read), 0},
		{"1000 orders in too many", operation{refresh, 1000}, calls(26, read), 1},
		{"paid orders and billing", operation{refresh, 100}, calls(1, billing), 1},
		{"a refresh that orders", operation{refresh, 100}, calls(1, order), 1},
		{"a refresh that is throttled", operation{refresh, 100}, calls(2, throttled), 1},
		{"50 new orders", operation{place, 50}, append(calls(50, order), calls(25, read)...), 0},
		{"50 new orders, one lost", operation{place, 50}, calls(49, order), 1},
		{"50 new orders, one twice", operation{place, 50}, calls(51, order), 1},
		{"50 new orders, four lists and two prices", operation{place, 50}, append(calls(50, order), calls(56, billing)...), 0},
		{"50 new orders, five lists and two prices", operation{place, 50}, append(calls(50, order), calls(57, billing)...), 1},
		{"50 new orders with too many reads", operation{place, 50}, append(calls(50, order), calls(26, read)...), 1},
	} {
		r := row{operation: test.of, calls: [][]emulator.Call{test.calls}}
		if found := r.violations(); len(found) != test.want {
			t.Errorf("%s: %q, want %d", test.name, found, test.want)
		}
	}
}

func TestViolations_CountEveryRun(t *testing.T) {
	t.Parallel()
	read := emulator.Call{Action: actionRead}
	r := row{operation: operation{refresh, 100}, calls: [][]emulator.Call{calls(2, read), calls(9, read), calls(3, read)}}
	if got := r.most().reads; got != 9 {
		t.Errorf("%d reads, want those of the worst run, 9", got)
	}
	if found := r.violations(); len(found) != 1 {
		t.Errorf("%q, want one violation", found)
	}
}

func TestMultiply_GivesEachOrderItsOwnIDs(t *testing.T) {
	t.Parallel()
	private, err := json.Marshal(map[string][]byte{"order": []byte(`{"circuit":"pc-sample","order":"123","token":"T-9"}`)})
	if err != nil {
		t.Fatal(err)
	}
	one := fmt.Sprintf(`{"version":4,"resources":[{"type":"x","instances":[{"index_key":0,"schema_version":0,"private":%q,
		"attributes":{"physical_connection_id":"pc-sample","order_id":"123","client_token":"T-9","id":"123"}}]}]}`, base64.StdEncoding.EncodeToString(private))
	state, err := multiply([]byte(one), 3)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version   int
		Resources []struct {
			Instances []struct {
				IndexKey   int `json:"index_key"`
				Private    []byte
				Attributes map[string]string
			}
		}
	}
	if err := json.Unmarshal(state, &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 4 || len(got.Resources) != 1 || len(got.Resources[0].Instances) != 3 {
		t.Fatalf("%s", state)
	}
	for i, o := range got.Resources[0].Instances {
		id, orderID, token := circuitID(i), fmt.Sprint(60000000000000+i), order.DefaultToken(acctest.Region, circuitID(i))
		attributes := map[string]string{"physical_connection_id": id, "order_id": orderID, "client_token": token, "id": orderID}
		if o.IndexKey != i || !maps.Equal(o.Attributes, attributes) {
			t.Errorf("%d: index %d, %v, want %v", i, o.IndexKey, o.Attributes, attributes)
		}
		var private map[string][]byte
		if err := json.Unmarshal(o.Private, &private); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf(`{"circuit":%q,"order":%q,"token":%q}`, id, orderID, token); string(private["order"]) != want {
			t.Errorf("%d: %s, want %s", i, private["order"], want)
		}
	}
}

func TestLimit_IsTheFloorAndItsRoundTrips(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of   operation
		want time.Duration
	}{
		{operation{schemaLoad, 1}, time.Second},
		{operation{refresh, 300}, time.Second + 50*time.Millisecond},
		{operation{place, 1}, time.Second + 100*time.Millisecond},
		{operation{place, 50}, time.Second + 500*time.Millisecond},
		{operation{place, 51}, time.Second + 600*time.Millisecond},
	} {
		if got := (row{operation: test.of, latency: 50 * time.Millisecond}).limit(time.Second); got != test.want {
			t.Errorf("%s: %s, want %s", test.of, got, test.want)
		}
	}
}

func TestBenchmarks_AreLinesOfGoBenchmarks(t *testing.T) {
	t.Parallel()
	lines := benchmarks([]row{{
		operation: operation{refresh, 100}, latency: 50 * time.Millisecond, noopTimes: []time.Duration{time.Second}, times: []time.Duration{2 * time.Second, 3 * time.Second},
		calls: [][]emulator.Call{calls(3, emulator.Call{Action: actionRead})}, noopMemory: 10, memory: 20,
	}})
	want := "BenchmarkFloor/plan/orders=100/latency=50ms 1 1000000000 ns/op 10 peak-B 0 reads/op 0 orders/op 0 billing/op\n" +
		"BenchmarkProvider/plan/orders=100/latency=50ms 1 2000000000 ns/op 20 peak-B 3 reads/op 0 orders/op 0 billing/op\n" +
		"BenchmarkProvider/plan/orders=100/latency=50ms 1 3000000000 ns/op 20 peak-B 3 reads/op 0 orders/op 0 billing/op\n"
	if lines != want {
		t.Errorf("got\n%swant\n%s", lines, want)
	}
}

func TestMedian_IsTheMiddle(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		times []time.Duration
		want  time.Duration
	}{
		{[]time.Duration{5}, 5}, {[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{9, 1, 5, 3}, 4},
	} {
		if got := median(test.times); got != test.want {
			t.Errorf("median of %v: %v, want %v", test.times, got, test.want)
		}
	}
}
