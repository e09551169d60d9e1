package shared

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// Period checks a period against its pricing cycle. A validation does not see
// defaults, so a missing cycle means Month. Unknown values are checked later.
type Period struct{}

// Description implements validator.Describer.
func (Period) Description(context.Context) string { return "must be " + message.TermRule() }

// MarkdownDescription implements validator.Describer.
func (v Period) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateInt64 implements validator.Int64.
func (Period) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
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
