package shared

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// Pattern is the form of a value, as a regular expression and in words. As a validator it
// quotes the value, so that a stray space or line end is visible.
type Pattern struct {
	Regexp func() *regexp.Regexp
	// Rule continues a sentence that begins with the name: "must be …".
	Rule string
}

// Patterns of the names that a user writes.
var (
	CircuitID = Pattern{
		circuit.IDPattern,
		`must be the ID of a physical connection: "pc-" and then letters and digits, for example pc-bp1hp0wr072f6abcd`,
	}
	RegionID    = Pattern{circuit.RegionPattern, "must be a region ID of small letters, digits and hyphens, for example cn-hangzhou"}
	ClientToken = Pattern{order.TokenPattern, "must be 1 to 64 printable ASCII characters without spaces"}
	OrderID     = Pattern{order.IDPattern, "must be the ID of an order, a string of digits"}
)

// MatchString reports whether a value has the form.
func (p Pattern) MatchString(value string) bool { return p.Regexp().MatchString(value) }

// Description implements validator.Describer.
func (p Pattern) Description(context.Context) string { return p.Rule }

// MarkdownDescription implements validator.Describer.
func (p Pattern) MarkdownDescription(context.Context) string { return p.Rule }

// ValidateString implements validator.String.
func (p Pattern) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue
	if !value.IsNull() && !value.IsUnknown() && !p.MatchString(value.ValueString()) {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, p.Rule, message.Quoted(value.ValueString()), ""))
	}
}
