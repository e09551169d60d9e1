// Package configured takes what the provider's configuration hands to resources and
// data sources.
package shared

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// ServicesFrom returns the services in the data of a Configure request, nil until the
// provider is configured.
func ServicesFrom(data any, diags *diag.Diagnostics) *Services {
	if data == nil {
		return nil
	}
	session, ok := data.(*Services)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("%T is not *shared.Services. Please report this to the provider's developers.", data))
	}
	return session
}
