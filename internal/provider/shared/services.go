package shared

import (
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Session is what one configured provider shares among its resources and data
// sources. Terraform configures a provider anew for each walk, so a session spans
// one plan or one apply.
type Services struct {
	// API is nil while values of the provider's configuration are not known; what
	// follows it is, too. It is asked afresh each time, for decisions.
	API order.API
	// Refreshes reads circuits for refreshes: readers of several share one listing.
	CachedCircuits circuit.Reader
	// Circuits lists circuits.
	Circuits circuit.Lister
	// Billing is asked afresh each time, for decisions. It and Payments are nil if the
	// configuration turns billing off.
	Billing billing.Client
	// Payments reads and looks for orders in billing.
	BillingReader *billing.Reader
	// Prices reads prices; nil if the configuration turns billing off.
	Prices *billing.Prices

	Registry *order.RunRegistry
	// Region is the provider's default region.
	Region string
}

// Ready reports whether the API can be asked.
func (s *Services) Ready() bool { return s != nil && s.API != nil }

// BillingOff reports whether the configuration turns billing off.
func (s *Services) BillingOff() bool { return s.Ready() && s.BillingReader == nil }

// Placer returns the placer of the session.
func (s *Services) Placer() order.Placer {
	return order.Placer{API: s.API, Billing: s.BillingReader, Registry: s.Registry}
}
