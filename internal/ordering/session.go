package ordering

// Session is what one configured provider shares among its resources and data
// sources. Terraform configures a provider anew for each walk, so a session spans
// one plan or one apply.
type Session struct {
	// API is nil while values of the provider's configuration are not known; what
	// follows it is, too. It is asked afresh each time, for decisions.
	API API
	// Refreshes reads circuits for refreshes: readers of several share one listing.
	Refreshes CircuitReader
	// Circuits lists circuits.
	Circuits CircuitLister
	// Billing is asked afresh each time, for decisions. It and Payments are nil if the
	// configuration turns billing off.
	Billing Billing
	// Payments reads and looks for orders in billing.
	Payments *Payments

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
