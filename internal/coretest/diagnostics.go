package coretest

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Diagnostics are the errors and warnings of the provider.
type Diagnostics []*tfprotov6.Diagnostic

// HasError reports whether one of them is an error.
func (d Diagnostics) HasError() bool { return len(d.Errors()) > 0 }

// Errors returns the errors.
func (d Diagnostics) Errors() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityError) }

// Warnings returns the warnings.
func (d Diagnostics) Warnings() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityWarning) }

func (d Diagnostics) of(severity tfprotov6.DiagnosticSeverity) Diagnostics {
	var some Diagnostics
	for _, diagnostic := range d {
		if diagnostic.Severity == severity {
			some = append(some, diagnostic)
		}
	}
	return some
}

// String returns the text that a user reads, with the attribute first.
func (d Diagnostics) String() string {
	var b strings.Builder
	for _, diagnostic := range d {
		fmt.Fprintf(&b, "%s: ", diagnostic.Severity)
		if diagnostic.Attribute != nil {
			fmt.Fprintf(&b, "[%s] ", diagnostic.Attribute)
		}
		fmt.Fprintf(&b, "%s\n%s\n", diagnostic.Summary, diagnostic.Detail)
	}
	return b.String()
}
