package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func (r *orderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	computed := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description, PlanModifiers: kept}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Places the occupancy order of an Express Connect circuit, exactly once. " +
			"The order pays for the port of a leased circuit for a term and puts the circuit into service.",
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{shared.CircuitID},
				MarkdownDescription: "ID of the circuit (physical connection), `pc-…`. Its status must be `Confirmed`. Another circuit is another order.",
			},
			"region_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{shared.RegionID}, PlanModifiers: kept,
				MarkdownDescription: "Region of the circuit. Default: the provider's region at the time of the order. Another region is another order.",
			},
			"period": schema.Int64Attribute{
				Optional: true, CustomType: shared.WholeNumber{}, Validators: []validator.Int64{shared.Period{}},
				MarkdownDescription: "Term in units of `pricing_cycle`: `1` to `9` months or `1` to `5` years. Required with `auto_pay = true`.",
			},
			"pricing_cycle": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(order.CycleMonth),
				Validators:          []validator.String{stringvalidator.OneOf(order.CycleNames()...)},
				MarkdownDescription: "Unit of `period`: `Month` or `Year`. Default: `Month`.",
			},
			"auto_pay": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "**Whether the account is charged at once.** Default: `false`.",
			},
			"auto_renew": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the circuit renews itself **and charges the account again** at the end of each term. Default: `false`.",
			},
			"auto_renew_duration": schema.Int64Attribute{
				Optional: true, CustomType: shared.WholeNumber{}, Validators: []validator.Int64{int64validator.Between(1, 1<<31-1)},
				MarkdownDescription: "**Months** of each automatic renewal. Only with `auto_renew = true`. Without it, Alibaba Cloud renews by 1 month.",
			},
			"instance_charge_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(order.ChargeTypePrePaid),
				Validators:          []validator.String{stringvalidator.OneOf(order.ChargeTypePrePaid)},
				MarkdownDescription: "Billing method: only `PrePaid`, the default.",
			},
			"client_token": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{shared.ClientToken}, PlanModifiers: kept,
				MarkdownDescription: "Idempotency key. Default: computed from region and circuit. **Set it only to repeat a certain order, or to force a new one**: it is never replaced.",
			},
			"cancel_unpaid_on_destroy": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether destroy also cancels an unpaid order. Default: `false`.",
			},
			"max_price": schema.StringAttribute{
				Optional: true, Validators: []validator.String{maxPrice},
				MarkdownDescription: "Highest price, for example `2500`, in the currency of the account. If the price is higher or cannot be read, nothing is ordered.",
			},
			"id":                         computed("Same as `order_id`."),
			"order_id":                   computed("ID of the order."),
			"request_id":                 computed("ID of the request that placed the order, for support."),
			"physical_connection_status": computed("Status of the circuit, for example `Confirmed` (not paid) or `Enabled` (in service)."),
			"business_status":            computed("`Normal`, `FinancialLocked` (overdue payment) or `SecurityLocked`."),
			"end_time":                   computed("End of the paid term, RFC 3339 in UTC. Null until the circuit is in service."),
			"payment_status":             computed("`Unpaid` or `Paid`. Null if billing cannot be read or does not show the order yet."),
			"pretax_amount":              computed("Price without tax, a decimal number."),
			"after_tax_amount":           computed("Price with tax, a decimal number."),
			"currency":                   computed("Currency of the amounts."),
			"create_time":                computed("When the order was placed."),
			"payment_time":               computed("When the order was paid."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": schema.SingleNestedBlock{
				MarkdownDescription: "Time limits.",
				CustomType:          timeouts.Type{ObjectType: shared.TimeoutType("create")},
				Attributes: map[string]schema.Attribute{
					"create": schema.StringAttribute{
						Optional: true, Validators: []validator.String{shared.PositiveDuration{}},
						MarkdownDescription: "Time limit for placing the order, for example `30m`. Default: `20m`.",
					},
				},
			},
		},
	}
}

// maxPrice is the form of a price.
var maxPrice = shared.Pattern{
	Regexp: lazyregexp.New(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`), Rule: "must be a decimal number without separators, for example 2500 or 2500.50",
}

func (r *orderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"region_id":              identityschema.StringAttribute{RequiredForImport: true, Description: "Region of the circuit."},
			"physical_connection_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the circuit, pc-…."},
			"order_id": identityschema.StringAttribute{OptionalForImport: true, Description: "ID of the order, a string of digits. " +
				"If the provider may read billing, an import does not need it."},
		},
	}
}
