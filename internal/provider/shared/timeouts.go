package shared

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// ReadTimeout is the timeouts block of a data source: the ready-made one with a
// description of its own and a stricter rule.
func ReadTimeout(ctx context.Context, description, ofRead string) schema.Block {
	block := timeouts.BlockWithOpts(ctx, timeouts.Opts{ReadDescription: ofRead})
	single, ok := block.(schema.SingleNestedBlock)
	if !ok {
		return block
	}
	single.MarkdownDescription = description
	for name, inner := range single.Attributes {
		if timeout, ok := inner.(schema.StringAttribute); ok {
			timeout.Validators = []validator.String{PositiveDuration()}
			single.Attributes[name] = timeout
		}
	}
	return single
}
