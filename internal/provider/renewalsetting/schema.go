package renewalsetting

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// timeoutType is the type of the timeouts block.
var timeoutType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"create": types.StringType, "update": types.StringType, "delete": types.StringType,
}}

func (r *settingResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	computed := func(description string) schema.Attribute {
		return schema.StringAttribute{
			Computed: true, MarkdownDescription: description, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	timeout := func(what string) schema.Attribute {
		return schema.StringAttribute{
			Optional: true, Validators: []validator.String{shared.PositiveDuration{}},
			MarkdownDescription: "Time limit for " + what + ", for example `10m`. Default: `5m`.",
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sets whether Alibaba Cloud renews the subscription of a circuit that is in service (billing operation `SetRenewal`). " +
			"The change charges nothing. With `AutoRenewal`, the account is charged later, before the end of each term.",
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{shared.CircuitID},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: "ID of the circuit (physical connection), `pc-…`. Its status must be `Enabled`. Another circuit is another setting: " +
					"the first circuit keeps its renewal, unless `reset_on_destroy` is set.",
			},
			"region_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{shared.RegionID},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
				MarkdownDescription: "Region of the circuit, for example `cn-hangzhou`. Default: the provider's region.",
			},
			"renewal_status": schema.StringAttribute{
				Required: true, Validators: []validator.String{stringvalidator.OneOf(renewal.Statuses()...)},
				MarkdownDescription: "`AutoRenewal`: Alibaba Cloud renews the circuit **and charges the account**. `ManualRenewal`: a person renews it, and Alibaba " +
					"Cloud sends reminders. `NotRenewal`: the circuit ends with its term, without reminders.",
			},
			"renewal_period": schema.Int64Attribute{
				Optional: true, CustomType: shared.WholeNumber{}, Validators: []validator.Int64{int64validator.OneOf(renewal.Periods()...)},
				MarkdownDescription: "Term of each renewal in units of `renewal_period_unit`: `1`, `2`, `3`, `6` or `12`. Required with `AutoRenewal`, and only valid with it.",
			},
			"renewal_period_unit": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.OneOf(renewal.Units()...)},
				MarkdownDescription: "Unit of `renewal_period`: `Month` or `Year`. Only with `AutoRenewal`. Default: `Month`. `12` months and `1` year are the same setting.",
			},
			"reset_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "What [destroy](#destroy) does: `true` sets `ManualRenewal`, `false` leaves the setting as it is. Default: `false`. " +
					"Can be changed at any time.",
			},
			"id":                computed("`<region_id>/<physical_connection_id>`, as in an import."),
			"end_time":          computed("End of the paid term, RFC 3339 in UTC. Null if billing does not list the circuit."),
			"stop_time":         computed("When the circuit is suspended without a renewal, RFC 3339 in UTC. Null if billing does not report it."),
			"release_time":      computed("When the circuit is released without a renewal, RFC 3339 in UTC. Null if billing does not report it."),
			"product_code":      computed("Product code of the circuit in billing, for example `pconn`."),
			"product_type":      computed("Product type of the circuit in billing. Null if billing reports none."),
			"subscription_type": computed("Subscription type of the circuit in billing: `Subscription`. Null if billing reports none."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": schema.SingleNestedBlock{
				MarkdownDescription: "Time limits.",
				CustomType:          timeouts.Type{ObjectType: timeoutType},
				Attributes: map[string]schema.Attribute{
					"create": timeout("setting the renewal and reading it back"),
					"update": timeout("a change"),
					"delete": timeout("a destroy with `reset_on_destroy = true`"),
				},
			},
		},
	}
}

func (r *settingResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"region_id":              identityschema.StringAttribute{RequiredForImport: true, Description: "Region of the circuit."},
			"physical_connection_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the circuit, pc-…."},
		},
	}
}

// ValidateConfig checks the period against the status. Terraform validates again in plan
// and apply, so unknown values are checked later.
func (r *settingResource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config := shared.RawOf(req.Config.Raw)
	switch status := config.Text("renewal_status"); status {
	case renewal.Auto:
		if config.IsNull("renewal_period") {
			resp.Diagnostics.Append(message.RenewalPeriodMissing())
		}
	case renewal.Manual, renewal.Never:
		for _, name := range []string{"renewal_period", "renewal_period_unit"} {
			if config.IsKnown(name) {
				resp.Diagnostics.Append(message.RenewalPeriodUnused(name, status))
			}
		}
	}
}
