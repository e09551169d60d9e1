package occupancyorder

import (
	"context"
	"regexp"

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

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func (r *orderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	computed := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description, PlanModifiers: kept}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Places the occupancy order of an Express Connect circuit (API operation `CreatePhysicalConnectionOccupancyOrder`). " +
			"The order pays for the port of a leased circuit for a term and puts the circuit into service. Each order is placed exactly once.",
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{
				Required: true, Validators: []validator.String{shared.CircuitID},
				MarkdownDescription: "ID of the circuit (physical connection), `pc-…`. Its status must be `Confirmed`, with a complete LOA. " +
					"Another circuit is another order.",
			},
			"region_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{shared.RegionID}, PlanModifiers: kept,
				MarkdownDescription: "Region of the circuit, for example `cn-hangzhou`. Default: the provider's region at the time of the order. " +
					"Another region is another order.",
			},
			"period": schema.Int64Attribute{
				Optional: true, CustomType: shared.WholeNumber{}, Validators: []validator.Int64{shared.Period{}},
				MarkdownDescription: "Term of the order in units of `pricing_cycle`: `1` to `9` with `Month`, `1` to `5` with `Year`. Required with `auto_pay = true`. " +
					"Without it, Alibaba Cloud chooses the term; its default is not documented.",
			},
			"pricing_cycle": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(order.CycleMonth),
				Validators:          []validator.String{stringvalidator.OneOf(order.CycleNames()...)},
				MarkdownDescription: "Unit of `period`: `Month` or `Year`. Default: `Month`.",
			},
			"auto_pay": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "**Whether the account is charged at once.** Default: `false`, which places an unpaid order that a person pays in the " +
					"console. See [Cost](#cost).",
			},
			"auto_renew": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the subscription renews itself, **and charges the account again**, at the end of each term. Default: `false`." +
					" Change it later with `expressconnect_physical_connection_renewal_setting`.",
			},
			"auto_renew_duration": schema.Int64Attribute{
				Optional: true, CustomType: shared.WholeNumber{}, Validators: []validator.Int64{int64validator.Between(1, 1<<31-1)},
				MarkdownDescription: "Length of each automatic renewal in **months**, also with `pricing_cycle = \"Year\"`. Only with `auto_renew = true`. " +
					"Without it, Alibaba Cloud renews by `1` month.",
			},
			"instance_charge_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(order.ChargeTypePrePaid),
				Validators:          []validator.String{stringvalidator.OneOf(order.ChargeTypePrePaid)},
				MarkdownDescription: "Billing method. The only valid value, and the default, is `PrePaid` (subscription).",
			},
			"client_token": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{shared.ClientToken}, PlanModifiers: kept,
				MarkdownDescription: "Idempotency key of the order: 1 to 64 printable ASCII characters without spaces. Default: computed from region and circuit. " +
					"**Set it only to repeat a certain order, or to force a new one.** The provider never replaces a token that you set. Null after an import.",
			},
			"cancel_unpaid_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether [destroy](#destroy) also cancels the order if it is unpaid. Default: `false`. Can be changed at any time. " +
					"Without the permissions `bss:DescribeOrderDetail` and `bss:CancelOrder`, destroy only warns.",
			},
			"max_price": schema.StringAttribute{
				Optional: true, Validators: []validator.String{maxPrice},
				MarkdownDescription: "Highest price of the order, a decimal number in the currency of the account, for example `2500`. If the price is higher or cannot " +
					"be read, plan and apply fail and nothing is ordered. Not sent with the order. Can be changed at any time.",
			},
			"id":                         computed("Same as `order_id`."),
			"order_id":                   computed("ID of the order, as in the console under Orders."),
			"request_id":                 computed("ID of the API request that placed the order, for Alibaba Cloud's support. Null after an import."),
			"physical_connection_status": computed("Status of the circuit, for example `Confirmed` (not paid yet) or `Enabled` (in service)."),
			"business_status": computed("Business status of the circuit: `Normal`, `FinancialLocked` (overdue payment) or `SecurityLocked`. " +
				"Null if the API returns none."),
			"end_time": computed("End of the circuit's paid term, RFC 3339 in UTC. Null until the circuit is in service."),
			"payment_status": computed("`Unpaid` or `Paid`, as billing reported it last. Null if the provider cannot read billing, " +
				"or billing does not show the order yet."),
			"pretax_amount":    computed("Price of the order without tax, an exact decimal number. Null if billing does not report it."),
			"after_tax_amount": computed("Price of the order with tax, an exact decimal number. Null if billing does not report it."),
			"currency":         computed("Currency of the amounts, for example `CNY` or `USD`."),
			"create_time":      computed("Time at which the order was created, RFC 3339 in UTC."),
			"payment_time":     computed("Time at which the order was paid, RFC 3339 in UTC. Null until then."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": schema.SingleNestedBlock{
				MarkdownDescription: "Time limits.",
				CustomType:          timeouts.Type{ObjectType: shared.TimeoutType("create")},
				Attributes: map[string]schema.Attribute{
					"create": schema.StringAttribute{
						Optional: true, Validators: []validator.String{shared.PositiveDuration{}},
						MarkdownDescription: "Time limit for placing the order, for example `30m`. Default: `20m`. After it, a later apply repeats the same order.",
					},
				},
			},
		},
	}
}

// maxPrice is the form of a price.
var maxPrice = shared.Pattern{
	Regexp: regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`), Rule: "must be a decimal number without separators, for example 2500 or 2500.50",
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
