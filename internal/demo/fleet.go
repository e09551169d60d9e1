package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	circuits = 8
	// allowTooFew is a max_new_orders that the fleet exceeds.
	allowTooFew = 5
	// repeated is the circuit whose response is lost, forgotten the one whose state is lost.
	repeated, forgotten = "pc-hz-5", "pc-hz-3"

	enableDelay = time.Minute
	currency    = "USD"
)

// usual is how the API works, dear has higher prices.
var (
	usual = emulator.Quirks{EnableDelay: enableDelay, Currency: currency}
	dear  = emulator.Quirks{EnableDelay: enableDelay, Currency: currency, PricePercent: 120}
)

// addCircuits adds circuits with the tag of the fleet.
func addCircuits(server *emulator.Server) {
	for number := range circuits {
		server.AddCircuit(emulator.Circuit{
			ID: fmt.Sprintf("pc-hz-%d", number+1), Region: examples.RegionID, Tags: map[string]string{"order": "2026-q4"},
		})
	}
}

// fleet returns the configuration, with a limit of new orders.
func fleet(maxNewOrders int) string {
	const region = "region = "
	limited := fmt.Sprintf("max_new_orders = %d\n  region         = ", maxNewOrders)
	return strings.Replace(examples.Provider, region, limited, 1) + orders()
}

// orders returns the fleet of the documentation, with max_price.
func orders() string {
	const autoPay = "  auto_pay               = true\n"
	return "\n" + strings.Replace(examples.Fleet, autoPay, autoPay+"  max_price              = \"1100\"\n", 1)
}

// renewed returns the fleet with the renewal of the documentation.
func renewed() string {
	_, renewal, _ := strings.Cut(examples.RenewalFleet, "\n\n") // The first block is the data source, which the fleet has.
	return fleet(circuits) + "\n" + renewal
}
