package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// ValidateConfig checks the rules for several attributes. Terraform validates again in plan
// and apply, so unknown values are checked later.
func (r *orderResource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := shared.RawOf(req.Config.Raw)
	if config.IsTrue("auto_pay") && config.IsNull("period") {
		resp.Diagnostics.Append(message.PeriodMissing())
	}
	if config.IsKnown("auto_renew_duration") && !config.IsUnknown("auto_renew") && !config.IsTrue("auto_renew") {
		resp.Diagnostics.Append(message.RenewalUnused())
	}
}
