// Package attribute holds what the schemas of resources and data sources share.
package shared

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// InForm checks that a text has a form. It quotes what it refuses, so that a stray
// space or line end shows.
func Matches(form order.Form) validator.String { return formValidator{form} }

type formValidator struct{ form order.Form }

func (v formValidator) Description(context.Context) string { return v.form.Rule }

func (v formValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v formValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || v.form.Pattern.MatchString(req.ConfigValue.ValueString()) {
		return
	}
	value := req.ConfigValue.ValueString()
	const most = 80
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s %s; got %q.", req.Path, v.form.Rule, value))
}

// PositiveDuration checks that a timeout is more than nothing. What is no duration
// at all is told by the timeouts block itself.
func PositiveDuration() validator.String { return durationValidator{} }

type durationValidator struct{}

func (durationValidator) Description(context.Context) string {
	return "must be a positive duration, for example \"20m\""
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	duration, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err == nil && duration <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid timeout", fmt.Sprintf("%s %s; got %q.", req.Path, v.Description(ctx), req.ConfigValue.ValueString()))
	}
}
