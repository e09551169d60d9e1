package apierror

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// Group is a group of families that the provider handles in the same way.
type Group string

// Groups of error codes.
const (
	// GroupRunning codes may be about an earlier request for the same order.
	GroupRunning Group = "EarlierRequest"
	GroupServer  Group = "ServerFault"
	// GroupOtherOrder codes are about an unpaid order of the circuit.
	GroupOtherOrder Group = "UnpaidOrder"
	// GroupMismatch codes are about a client token that was used with other arguments.
	GroupMismatch Group = "ParameterMismatch"
	// GroupSpent codes are about a client token whose first request failed.
	GroupSpent Group = "SpentToken"
	// GroupToken codes are about a malformed client token.
	GroupToken       Group = "MalformedToken"
	GroupOrder       Group = "Arguments"
	GroupTrade       Group = "Money"
	GroupThrottling  Group = "Throttling"
	GroupCredentials Group = "Credentials"
	GroupWrongState  Group = "CircuitState"
	GroupRights      Group = "Permissions"
	GroupNotFound    Group = "NotFound"
	GroupRegion      Group = "Region"
	GroupGateway     Group = "RequestForm"
	GroupList        Group = "Filters"
)

// Family describes error codes with one meaning. It matches them by a pattern, because the
// API spells the same code in many ways.
type Family struct {
	// Name identifies the family. Users never see it.
	Name  string
	Group Group
	Class Class

	pattern   func() *regexp.Regexp
	spellings []Spelling
}

// Spelling is a documented code with its HTTP status and message. They are 0 and empty if
// they are not documented.
type Spelling struct {
	Code       string
	HTTPStatus int
	Message    string
}

// Families returns the table of families in the order of the lookup.
//
// Sources: https://www.alibabacloud.com/help/doc-detail/114591.html for the operation,
// https://www.alibabacloud.com/help/doc-detail/25693.html for the client token, the public
// error center for the gateway, and the pages of products with the same order service.
func Families() []Family { return slices.Clone(families) }

// Spellings returns the codes of the family that public pages or public clients contain.
func (f Family) Spellings() []Spelling { return slices.Clone(f.spellings) }

var (
	parameterCode  = pattern(`(invalid|illegal|missing) param`)
	namedParameter = pattern(`(security token|access key|signature|time stamp|region id|pricing cycle|charge type` +
		`|client token|physical connection id|period)[\w.]*`)
)

// Family returns the first family of the table that matches the code, and false if there
// is none. If the code is about a parameter, it also uses the parameter in the message.
func (e *Error) Family() (Family, bool) {
	code := e.Code
	if parameterCode().MatchString(code) {
		code += "." + namedParameter().FindString(e.Message)
	}
	for _, family := range families {
		if family.pattern().MatchString(code) {
			return family, true
		}
	}
	return Family{}, false
}

// pattern matches any of the alternatives, in upper or lower case. A space matches one
// separator between words, or none.
func pattern(alternatives ...string) func() *regexp.Regexp {
	return lazyregexp.New("(?i)" + strings.ReplaceAll(strings.Join(alternatives, "|"), " ", `[._ -]?`))
}
