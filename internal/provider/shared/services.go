package shared

import (
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Services are what the resource and the data sources of one configured provider share.
// Terraform configures a provider for each plan and each apply, so they last as long.
type Services struct {
	// API reads without a cache, for decisions. It, CachedCircuits and Circuits are nil if
	// the provider's configuration has unknown values.
	API order.API
	// CachedCircuits reads circuits for a refresh: several reads share one listing.
	CachedCircuits circuit.CachedReader
	// Circuits lists circuits.
	Circuits circuit.Lister
	// Billing reads without a cache, for decisions. It and BillingReader are nil if the
	// configuration turns billing off.
	Billing billing.Client
	// BillingReader reads and searches orders in billing.
	BillingReader *billing.Reader
	// Prices reads prices; nil if the configuration turns billing off.
	Prices *billing.Prices

	// Renewals reads and sets renewals.
	Renewals *renewal.Reader

	// PlanPrices reports whether plans show prices.
	PlanPrices bool

	Registry *order.RunRegistry
	// Explained shortens the messages of a plan that were shown for another resource.
	Explained message.Explained
	// Region is the provider's default region.
	Region string
}

// Ready reports whether the provider can call the API.
func (s *Services) Ready() bool { return s != nil && s.API != nil }

// BillingOff reports whether the configuration turns billing off.
func (s *Services) BillingOff() bool { return s.Ready() && s.BillingReader == nil }

// Placer returns a placer that uses the services.
func (s *Services) Placer() order.Placer {
	return order.Placer{API: s.API, Billing: s.BillingReader, Registry: s.Registry}
}

// shownCircuits is how many circuits of a run have warnings of their own.
const shownCircuits = 5

// MergesWarnings reports whether Terraform is to merge the warnings about a circuit with
// others: only the first circuits of a run have warnings of their own.
func (s *Services) MergesWarnings(key circuit.Key) bool {
	return s != nil && s.Registry.CountShown(key) > shownCircuits
}
