package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// row is the result of an operation at one latency.
type row struct {
	operation
	latency          time.Duration
	noopTimes, times []time.Duration
	// calls are the API calls of each run of the real provider.
	calls [][]emulator.Call
	// noopMemory and memory are peaks in bytes, 0 if unknown.
	noopMemory, memory int64
}

const (
	actionRead  = "DescribePhysicalConnections"
	actionOrder = "CreatePhysicalConnectionOccupancyOrder"
)

// tally is the number of calls of a run.
type tally struct{ reads, orders, billing int }

func count(calls []emulator.Call) tally {
	var t tally
	for _, call := range calls {
		switch call.Action {
		case actionRead:
			t.reads++
		case actionOrder:
			t.orders++
		default:
			t.billing++
		}
	}
	return t
}

// most returns the largest number of calls of each kind in one run.
func (r row) most() tally {
	var most tally
	for _, calls := range r.calls {
		t := count(calls)
		most = tally{max(most.reads, t.reads), max(most.orders, t.orders), max(most.billing, t.billing)}
	}
	return most
}

// violations describes the runs with more calls than the documentation says, and the
// calls that failed.
func (r row) violations() []string {
	var found []string
	violation := func(format string, values ...any) {
		text := fmt.Sprintf("%s at %s: ", r.operation, r.latency) + fmt.Sprintf(format, values...)
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	for _, calls := range r.calls {
		t := count(calls)
		switch r.kind {
		case schemaLoad:
			if len(calls) > 0 {
				violation("%d calls, want none", len(calls))
			}
		case refresh:
			if allowed := allowedReads(r.orders); t.reads > allowed {
				violation("%d circuit reads, want at most %d", t.reads, allowed)
			}
			if t.orders > 0 || t.billing > 0 {
				violation("%d order requests and %d billing calls, want none for paid orders", t.orders, t.billing)
			}
			if r.orders == 1 && (len(calls) != 1 || !byID(calls[0])) {
				violation("the circuit is not read once by its ID")
			}
		case place:
			if t.orders != r.orders {
				violation("%d order requests, want one for each order", t.orders)
			}
			// The checks for existing orders share two lists in the plan and two in the apply. Each
			// also asks once for the price.
			if allowed := 5 + r.orders*2/5; t.reads > allowed || t.billing > r.orders+6 {
				violation("%d circuit reads and %d billing calls, want at most %d, and one for each order and six for all", t.reads, t.billing, allowed)
			}
		}
		for _, call := range calls {
			if call.Code != "" || call.HTTPStatus != 200 {
				violation("%s: HTTP %d %s", call.Action, call.HTTPStatus, call.Code)
			}
		}
	}
	return found
}

// allowedReads returns the calls that a refresh of a number of circuits may make. A page
// has 50 circuits.
func allowedReads(circuits int) int {
	switch {
	case circuits == 1:
		return 1
	case circuits <= 100:
		return 3
	default:
		return 5 + circuits/50
	}
}

// byID reports whether a call reads one circuit by its ID.
func byID(call emulator.Call) bool {
	for name, value := range call.Params {
		if strings.HasSuffix(name, ".Key") && value == "PhysicalConnectionId" {
			prefix := strings.TrimSuffix(name, "Key") + "Value."
			return call.Params[prefix+"1"] != "" && call.Params[prefix+"2"] == ""
		}
	}
	return false
}
