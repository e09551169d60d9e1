package main

import (
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const placeOrder = "CreatePhysicalConnectionOccupancyOrder"

// result is what the emulator has after the demo.
type result struct {
	requests, orders, ordered, renewals int
	paid                                emulator.Money
}

// count reads the result.
func count(server *emulator.Server) result {
	counted := result{requests: acctest.OrderCalls(server), orders: len(server.Orders())}
	ordered := map[string]bool{}
	for _, order := range server.Orders() {
		ordered[order.CircuitID] = true
		if order.Status == emulator.OrderPaid {
			counted.paid += order.Price.Total()
		}
	}
	counted.ordered = len(ordered)
	for _, circuit := range server.Circuits() {
		if circuit.Renewal.Status == emulator.AutoRenewal {
			counted.renewals++
		}
	}
	return counted
}

// secondOrders returns the number of orders for circuits that had one already.
func (r result) secondOrders() int { return r.orders - r.ordered }

func (s screen) report(r result, took time.Duration) {
	s.say("What the emulator has at the end:")
	s.print("")
	for _, row := range [][2]any{
		{"orders", fmt.Sprintf("%d, for %d circuits", r.orders, r.ordered)},
		{"second orders", r.secondOrders()},
		{"paid", fmt.Sprintf("%s %s", r.paid, currency)},
		{"order requests", fmt.Sprintf("%d; repeated after a lost response: %d", r.requests, r.requests-r.orders)},
		{"renewed circuits", r.renewals},
		{"time", took.Round(time.Second)},
	} {
		s.print(fmt.Sprintf("    %-18v%v", row[0], row[1]))
	}
}
