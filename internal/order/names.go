package order

import (
	"regexp"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Form is a pattern of a value that users write, with its description.
type Form struct {
	Pattern *regexp.Regexp
	// Rule continues a sentence that begins with the name of the value: "must be …".
	Rule string
}

// Forms of the values that users write.
var (
	CircuitIDForm = Form{circuit.IDPattern, `must be the ID of a physical connection: "pc-" and then letters and digits, ` +
		`for example pc-bp1hp0wr072f6abcd`}
	RegionForm  = Form{circuit.RegionPattern, "must be a region ID of small letters, digits and hyphens, for example cn-hangzhou"}
	TokenForm   = Form{TokenPattern, "must be 1 to 64 printable ASCII characters without spaces"}
	OrderIDForm = Form{IDPattern, "must be the ID of an order, a string of digits"}
)
