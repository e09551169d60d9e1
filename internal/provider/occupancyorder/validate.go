package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// ValidateConfig checks the rules for several attributes. Terraform validates again in plan
// and apply, so unknown values are checked later.
func (r *orderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if config.AutoPay.ValueBool() && config.Period.IsNull() {
		resp.Diagnostics.Append(message.PeriodMissing())
	}
	if !config.AutoRenewDuration.IsNull() && !config.AutoRenew.IsUnknown() && !config.AutoRenew.ValueBool() {
		resp.Diagnostics.Append(message.RenewalUnused())
	}
}
