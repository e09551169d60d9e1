package shared

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
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
	resp.Diagnostics.Append(message.ValueInvalid(req.Path, v.form.Rule, strconv.Quote(value)))
}

// PositiveDuration checks that a timeout is a duration above zero.
func PositiveDuration() validator.String { return durationValidator{} }

type durationValidator struct{}

func (durationValidator) Description(context.Context) string {
	return "must be a positive duration, for example \"20m\""
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if duration, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || duration <= 0 {
		resp.Diagnostics.Append(message.TimeoutInvalid(req.Path, req.ConfigValue.ValueString()))
	}
}
