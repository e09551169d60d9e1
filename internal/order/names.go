package order

import "regexp"

// Form is what a name has to look like, as a pattern and in words.
type Form struct {
	Pattern *regexp.Regexp
	// Rule continues a sentence that begins with the name: "must be …".
	Rule string
}

// Forms of the names that a user types.
var (
	CircuitIDForm = Form{regexp.MustCompile(`^pc-[0-9A-Za-z_-]{1,61}$`), `must be the ID of a physical connection: "pc-" and then letters and digits, for example pc-bp1hp0wr072f6abcd`}
	RegionForm    = Form{regexp.MustCompile(`^[0-9a-z-]{1,64}$`), "must be a region ID of small letters, digits and hyphens, for example cn-hangzhou"}
	TokenForm     = Form{regexp.MustCompile(`^[!-~]{1,64}$`), "must be 1 to 64 printable ASCII characters without spaces"}
	OrderIDForm   = Form{regexp.MustCompile(`^[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*$`), "must be the ID of an order, a string of digits"}
)
