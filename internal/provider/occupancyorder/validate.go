package occupancyorder

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// periodValidator checks a period against its pricing cycle. Defaults are not
// visible during validation, so a missing cycle stands for Month; one that is not
// known yet is checked when it is.
type periodValidator struct{}

func (periodValidator) Description(context.Context) string { return "must be " + order.TermRule() }

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
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid period",
		fmt.Sprintf("A period of %s cannot be ordered. It %s.%s", strings.TrimSpace(fmt.Sprintf("%d %s", period, order.CycleUnit(name))), v.Description(ctx), inYears(period, name)))
}

// inYears says how to order a number of months that is a number of years.
func inYears(period int64, cycle string) string {
	years := period / order.MonthsOfYear
	if cycle != order.CycleMonth || period%order.MonthsOfYear != 0 || !order.PeriodAllowed(years, order.CycleYear) {
		return ""
	}
	return fmt.Sprintf(" For %d months: period = %d, pricing_cycle = %q.", period, years, order.CycleYear)
}

// ValidateConfig checks the rules that span attributes. What is not known yet is
// checked when it is: Terraform validates again in plan and in apply.
func (r *orderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if config.AutoPay.ValueBool() && config.Period.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("period"), "Missing period",
			"With auto_pay = true the account is charged at once, so the term must be stated: set period to "+order.TermRule()+". Without it, Alibaba Cloud would decide the term, and the price with it.")
	}
	if !config.AutoRenewDuration.IsNull() && !config.AutoRenew.IsUnknown() && !config.AutoRenew.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("auto_renew_duration"), "auto_renew_duration without auto_renew",
			"auto_renew_duration (months, at least 1) has a meaning only with auto_renew = true. Set auto_renew = true, which charges the account again at the end of each term, or remove auto_renew_duration.")
	}
}
