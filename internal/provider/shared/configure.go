// Package shared has what resources and data sources share: the services of a configured
// provider, attribute types, validators, and conversions.
package shared

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// ServicesFrom returns the services in the data of a Configure request, nil until the
// provider is configured.
func ServicesFrom(data any, diags *diag.Diagnostics) *Services {
	if data == nil {
		return nil
	}
	services, ok := data.(*Services)
	if !ok {
		diags.Append(message.WrongProviderData(data))
	}
	return services
}
