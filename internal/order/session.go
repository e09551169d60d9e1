package order

import (
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Session is what one configured provider shares among its resources and data
// sources. Terraform configures a provider anew for each walk, so a session spans
// one plan or one apply.
type Session struct {
	// API is nil while values of the provider's configuration are not known; what
	// follows it is, too. It is asked afresh each time, for decisions.
	API API
	// Refreshes reads circuits for refreshes: readers of several share one listing.
	Refreshes circuit.CircuitReader
	// Circuits lists circuits.
	Circuits circuit.CircuitLister
	// Billing is asked afresh each time, for decisions. It and Payments are nil if the
	// configuration turns billing off.
	Billing billing.Billing
	// Payments reads and looks for orders in billing.
	Payments *billing.Payments

	Ledger *Ledger
	// Region is the provider's default region.
	Region string
}

// Ready reports whether the API can be asked.
func (s *Session) Ready() bool { return s != nil && s.API != nil }

// BillingOff reports whether the configuration turns billing off.
func (s *Session) BillingOff() bool { return s.Ready() && s.Payments == nil }

// Placer returns the placer of the session.
func (s *Session) Placer() Placer {
	return Placer{API: s.API, Payments: s.Payments, Ledger: s.Ledger}
}
