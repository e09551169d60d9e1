package apierror

import (
	"regexp"
	"slices"
	"strings"
)

// Group is a group of families that the provider treats alike.
type Group string

// The groups.
const (
	// GroupRunning codes may be about an earlier try of the same order.
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

// Family is what the provider knows about codes of one kind. The API spells a code in
// many ways, so a pattern decides and not a list.
type Family struct {
	// Name identifies the family; it is never shown.
	Name  string
	Group Group
	Class Class

	pattern   *regexp.Regexp
	spellings []Spelling
}

// Spelling is a code as it is documented, with its HTTP status and message; 0 and empty
// if they are not.
type Spelling struct {
	Code       string
	HTTPStatus int
	Message    string
}

// Families returns the table of families. Its order is that of the look-up.
//
// Sources: https://www.alibabacloud.com/help/doc-detail/114591.html for the operation,
// https://www.alibabacloud.com/help/doc-detail/25693.html for the token, the public
// error center for the gateway, and the pages of products with the same order service.
func Families() []Family { return slices.Clone(families) }

// Spellings returns the codes of the family that public pages or clients show.
func (f Family) Spellings() []Spelling { return slices.Clone(f.spellings) }

// LookUpCode returns the family of a code, for callers that have no message.
func LookUpCode(code string) (Family, bool) { return (&Error{Code: code}).Family() }

var (
	parameterCode  = pattern(`(invalid|illegal|missing) param`)
	namedParameter = pattern(`(security token|access key|signature|time stamp|region id|pricing cycle|charge type|client token|physical connection id|period)[\w.]*`)
)

// Family returns the first family of the table that the code fits, and false if there
// is none. A code about some parameter is read with the parameter that its message names.
func (f *Error) Family() (Family, bool) {
	code := f.Code
	if parameterCode.MatchString(code) {
		code += "." + namedParameter.FindString(f.Message)
	}
	for _, family := range families {
		if family.pattern.MatchString(code) {
			return family, true
		}
	}
	return Family{}, false
}

// pattern compiles a pattern in which a space allows for the separators that the API
// puts between words, or leaves out. Letter case does not count.
func pattern(words string) *regexp.Regexp {
	return regexp.MustCompile("(?i)" + strings.ReplaceAll(words, " ", `[._ -]?`))
}
