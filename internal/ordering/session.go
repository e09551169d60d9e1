package ordering

// Session is what one configured provider shares among its resources and data
// sources. Terraform configures a provider anew for each walk, so a session spans
// one plan or one apply.
type Session struct {
	API    API
	Ledger *Ledger
	// Region is the provider's default region.
	Region string
}

// Placer returns the placer of the session.
func (s *Session) Placer() Placer {
	return Placer{API: s.API, Ledger: s.Ledger}
}
