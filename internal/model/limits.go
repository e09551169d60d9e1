// Package model has a model of the ordering protocol for the model checker Spin, and the known
// limits of the protocol: the second orders that nothing prevents.
package model

// Why the client token of a second order does not repeat the first order.
const (
	ForgottenToken = "forgotten token"
	TypedToken     = "typed token"
	ConsoleOrder   = "console order"
)

// Why the search for orders does not show the first order.
const (
	Unreadable = "billing cannot be read"
	Unnamed    = "billing does not name the circuit"
	Lagging    = "billing lags"
	Overlap    = "placed during the run"
)

// causes and blindness are the macros of the model by reason.
var (
	causes    = map[string][]string{ForgottenToken: {"WINDOW"}, TypedToken: {"TYPED"}, ConsoleOrder: {"CONSOLE"}}
	blindness = map[string][]string{Unreadable: nil, Unnamed: {"BILLING", "UNNAMED"}, Lagging: {"BILLING", "LAG"}, Overlap: {"BILLING", "OVERLAP"}}
)

// LimitName returns the name of the limit that two reasons together make.
func LimitName(cause, blind string) string { return cause + ", " + blind }

// Limits returns the names of all known limits.
func Limits() (names []string) {
	for cause := range causes {
		for blind := range blindness {
			names = append(names, LimitName(cause, blind))
		}
	}
	return names
}
