// Package configured takes what the provider's configuration hands to resources and
// data sources.
package configured

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Missing says why a data source cannot read a thing, named with its article, while
// the provider is not configured.
func Missing(thing string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("The provider is not configured",
		"Values of the provider's configuration are not known yet, and "+thing+" is read while planning. Apply the resources that the provider block refers to first (-target), then plan again.")
}

// BillingOff returns the error for what needs billing, which the configuration turns off.
func BillingOff(what string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Billing is turned off",
		what+" needs billing, and billing = false in the provider block turns it off.\n\nNext step: Remove billing = false, or do without. If you only want to remove records: terraform destroy -refresh=false")
}

// Session returns the session in the data of a Configure request, nil until the
// provider is configured.
func Services(data any, diags *diag.Diagnostics) *order.Services {
	if data == nil {
		return nil
	}
	session, ok := data.(*order.Services)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("%T is no *ordering.Session. Please report this to the provider's developers.", data))
	}
	return session
}
