package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// row is what was measured of an operation at one latency.
type row struct {
	operation
	latency     time.Duration
	floor, ours []time.Duration
	// calls are the API calls of each run of ours, the one that warms up first.
	calls [][]emulator.Call
	// Peaks in bytes; 0 if they are not known.
	floorMemory, memory int64
}

const (
	actionRead  = "DescribePhysicalConnections"
	actionOrder = "CreatePhysicalConnectionOccupancyOrder"
)

// tally is how many calls a run made.
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

// most returns the most calls of each sort that a run made.
func (r row) most() tally {
	var most tally
	for _, calls := range r.calls {
		t := count(calls)
		most = tally{max(most.reads, t.reads), max(most.orders, t.orders), max(most.billing, t.billing)}
	}
	return most
}

// breaches says where a run asked more of the API than the provider promises, or
// was turned down.
func (r row) breaches() []string {
	var found []string
	breach := func(format string, values ...any) {
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
				breach("%d calls, want none", len(calls))
			}
		case refresh:
			if allowed := allowedReads(r.orders); t.reads > allowed {
				breach("%d reads of circuits, want at most %d", t.reads, allowed)
			}
			if t.orders > 0 || t.billing > 0 {
				breach("%d order requests and %d calls of billing, want none for paid orders", t.orders, t.billing)
			}
			if r.orders == 1 && (len(calls) != 1 || !byID(calls[0])) {
				breach("the one circuit is not read once and by its ID")
			}
		case place:
			if t.orders != r.orders {
				breach("%d order requests, want one an order", t.orders)
			}
			// The looks of all orders share two lists in the plan and two in the apply.
			if t.reads > 3*r.orders || t.billing > r.orders+4 {
				breach("%d reads of circuits and %d calls of billing, want at most three and one an order, and four for all", t.reads, t.billing)
			}
		}
		for _, call := range calls {
			if call.Code != "" || call.HTTPStatus != 200 {
				breach("%s was answered HTTP %d %s", call.Action, call.HTTPStatus, call.Code)
			}
		}
	}
	return found
}

// allowedReads is how many calls may refresh that many circuits: a page holds 50.
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

// byID reports whether a read asked for one circuit.
func byID(call emulator.Call) bool {
	for name, value := range call.Params {
		if strings.HasSuffix(name, ".Key") && value == "PhysicalConnectionId" {
			prefix := strings.TrimSuffix(name, "Key") + "Value."
			return call.Params[prefix+"1"] != "" && call.Params[prefix+"2"] == ""
		}
	}
	return false
}
