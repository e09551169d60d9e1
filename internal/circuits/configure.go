package circuits

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// sessionOf returns the session of the provider, nil until it is configured.
func sessionOf(req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) *ordering.Session {
	if req.ProviderData == nil {
		return nil
	}
	session, ok := req.ProviderData.(*ordering.Session)
	if !ok {
		resp.Diagnostics.AddError("Unexpected provider data", fmt.Sprintf("%T is no *ordering.Session. Please report this to the provider's developers.", req.ProviderData))
	}
	return session
}

// unconfigured says why nothing can be read.
func unconfigured() diag.Diagnostic {
	return diag.NewErrorDiagnostic("The provider is not configured",
		"Values of the provider's configuration are not known yet, and a circuit is read while planning. Apply the resources that the provider block refers to first (-target), then plan again.")
}
