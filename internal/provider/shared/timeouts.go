package shared

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// TimeoutType returns the type of a timeouts block with one timeout.
func TimeoutType(name string) types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{name: types.StringType}}
}

// ReadTimeout returns the timeouts block of a data source. The library's own block has no
// description and accepts durations that are not positive.
func ReadTimeout(description string) schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Time limits.",
		CustomType:          timeouts.Type{ObjectType: TimeoutType("read")},
		Attributes: map[string]schema.Attribute{
			"read": schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{PositiveDuration{}}},
		},
	}
}

// PositiveDuration checks that a timeout is a duration above zero.
type PositiveDuration struct{}

// Description implements validator.Describer.
func (PositiveDuration) Description(context.Context) string {
	return `must be a positive duration, for example "20m"`
}

// MarkdownDescription implements validator.Describer.
func (d PositiveDuration) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

// ValidateString implements validator.String.
func (PositiveDuration) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if duration, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || duration <= 0 {
		resp.Diagnostics.Append(message.TimeoutInvalid(req.Path, req.ConfigValue.ValueString()))
	}
}
