package ordering

import "strings"

// Group gathers codes that the provider treats alike and that the error
// reference lists together.
type Group string

const (
	// GroupOrder holds the codes of the order operation about its arguments.
	GroupOrder Group = "The order's arguments"
	// GroupWrongState holds the codes about the state of the circuit.
	GroupWrongState Group = "The state of the circuit"
	// GroupNotFound holds the codes about circuits and regions that do not exist.
	GroupNotFound Group = "Not found"
	// GroupMismatch holds the codes about a token used with other arguments.
	GroupMismatch Group = "Client token used with other arguments"
	// GroupToken holds the other codes about the client token.
	GroupToken Group = "Client token being worked on, or malformed"
	// GroupCredentials holds the gateway's codes about keys and signatures.
	GroupCredentials Group = "Credentials and signature"
	// GroupRights holds the codes about missing rights (RAM).
	GroupRights Group = "Rights"
	// GroupThrottling holds the codes about too many requests.
	GroupThrottling Group = "Throttling"
	// GroupServer holds the codes about faults of the server.
	GroupServer Group = "Faults of the server"
	// GroupGateway holds the gateway's codes about the form of a request.
	GroupGateway Group = "The form of the request"
	// GroupTrade holds the trade platform's codes about money.
	GroupTrade Group = "Money"
	// GroupOtherOrder holds the codes about another order of the circuit.
	GroupOtherOrder Group = "Another order of the circuit"
	// GroupList holds the codes about which circuits to list.
	GroupList Group = "The choice of circuits"
)

// Code is what is known of an error code of the API. The table feeds the
// diagnostics and the error reference of the documentation.
type Code struct {
	// Code is the API's code. One that ends in ".*" stands for the family of
	// codes that begin so.
	Code string
	// HTTPStatus is the status that the documentation gives; 0 where it gives none.
	HTTPStatus int
	// Message is the documented message; empty where none is documented.
	Message string
	Group   Group
	Class   Class
	// Attribute is the argument of the resource that the code is about; empty
	// where it is about none.
	Attribute string
	// Meaning says in one sentence what happened.
	Meaning string
	// NextStep says what to do.
	NextStep string
}

// Codes returns the table of the known codes, in the order of the error
// reference.
//
// Sources: https://www.alibabacloud.com/help/doc-detail/114591.html for the
// operation; https://www.alibabacloud.com/help/doc-detail/25693.html for the token;
// the public error centre for the gateway.
func Codes() []Code { return append([]Code(nil), codes...) }

// LookUpCode returns what is known of a code: its own entry, else the one of its
// family.
func LookUpCode(code string) (Code, bool) {
	for _, entry := range codes {
		if entry.Code == code {
			return entry, true
		}
	}
	for _, entry := range codes {
		if family, ok := strings.CutSuffix(entry.Code, "*"); ok && strings.HasPrefix(code, family) {
			return entry, true
		}
	}
	return Code{}, false
}
