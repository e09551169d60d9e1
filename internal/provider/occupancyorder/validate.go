package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// periodValidator checks a period against its pricing cycle. A validation does not see
// defaults, so a missing cycle means Month. Unknown values are checked later.
type periodValidator struct{}

func (periodValidator) Description(context.Context) string { return "must be " + message.TermRule() }

func (v periodValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v periodValidator) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var cycle types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("pricing_cycle"), &cycle)...)
	name := cycle.ValueString()
	if cycle.IsNull() {
		name = order.CycleMonth
	}
	period := req.ConfigValue.ValueInt64()
	if order.PeriodAllowed(period, name) {
		return
	}
	resp.Diagnostics.Append(message.PeriodInvalid(period, name))
}

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
