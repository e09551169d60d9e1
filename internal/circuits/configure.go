package circuits

import "github.com/hashicorp/terraform-plugin-framework/diag"

// unconfigured says why nothing can be read.
func unconfigured() diag.Diagnostic {
	return diag.NewErrorDiagnostic("The provider is not configured",
		"Values of the provider's configuration are not known yet, and a circuit is read while planning. Apply the resources that the provider block refers to first (-target), then plan again.")
}
