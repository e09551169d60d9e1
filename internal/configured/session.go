// Package configured takes what the provider's configuration hands to resources and
// data sources.
package configured

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// Session returns the session in the data of a Configure request, nil until the
// provider is configured.
func Session(data any, diags *diag.Diagnostics) *ordering.Session {
	if data == nil {
		return nil
	}
	session, ok := data.(*ordering.Session)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("%T is no *ordering.Session. Please report this to the provider's developers.", data))
	}
	return session
}
