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

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func (r *orderResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Places the occupancy order of an Express Connect circuit: the order that pays the port of a leased circuit for a term and so brings the circuit into service (API operation `CreatePhysicalConnectionOccupancyOrder`).\n\n" +
			"**Applying this resource costs money, or obliges somebody to pay.** An order cannot be changed and cannot be taken back: destroying the resource only removes Terraform's record of it. An order is placed exactly once, whatever fails on the way, and it is never replaced for the same circuit.",
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "ID of the circuit (physical connection) to order, `pc-…`. The circuit must wait for payment: status `Confirmed`, LOA complete. " +
					"Another circuit is another order: changing this places a second order for the new circuit, and the old order stays paid (or payable) and leaves the state.",
				Validators: []validator.String{shared.Matches(order.CircuitIDForm)},
			},
			"region_id": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Region of the circuit, for example `cn-hangzhou`. Default: the provider's region when the order is placed; afterwards what the state holds, so that a change of the provider's region changes nothing here. " +
					"Changing it names another circuit and so places a second order.",
				Validators:    []validator.String{shared.Matches(order.RegionForm)},
				PlanModifiers: kept,
			},
			"period": schema.Int64Attribute{
				CustomType: shared.WholeNumber{},
				Optional:   true,
				MarkdownDescription: "Term that the order pays for, in units of `pricing_cycle`: `1` to `9` with `Month`, `1` to `5` with `Year`. Required when `auto_pay = true`. " +
					"When omitted it is not sent, and Alibaba Cloud decides the term by a default that it does not document; the person who pays the order sees it. The price is the port's unit price times the months of the term. Fixed once the order is placed.",
				Validators: []validator.Int64{periodValidator{}},
			},
			"pricing_cycle": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(order.CycleMonth),
				MarkdownDescription: "Unit of `period`: `Month` or `Year`. Default: `Month`. Fixed once the order is placed.",
				Validators:          []validator.String{stringvalidator.OneOf(order.CycleNames()...)},
			},
			"auto_pay": schema.BoolAttribute{
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
				MarkdownDescription: "**Whether the account is charged at once.** `true`: the order is paid from the account's balance or credit as soon as it is placed, and nothing gives the money back. `false`: an unpaid order is placed, nothing is charged, and a person pays it in the console within about 7 days, after which it lapses. " +
					"Default: `false`. Always sent explicitly, because the API's own default has changed over the years. Fixed once the order is placed.",
			},
			"auto_renew": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
				MarkdownDescription: "Whether the subscription renews itself, **and is charged again**, at the end of each term. Default: `false`. Sent only when `true`. Fixed once the order is placed; later changes are made in the console under Renewal.",
			},
			"auto_renew_duration": schema.Int64Attribute{
				CustomType:          shared.WholeNumber{},
				Optional:            true,
				MarkdownDescription: "Length of each automatic renewal in **months**, whatever `pricing_cycle` is; at least `1`. Only with `auto_renew = true`. When omitted, Alibaba Cloud renews by `1` month. Fixed once the order is placed.",
				Validators:          []validator.Int64{int64validator.Between(1, 1<<31-1)},
			},
			"instance_charge_type": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(order.ChargeTypePrePaid),
				MarkdownDescription: "Billing method. The only valid value, and the default, is `PrePaid` (subscription). Always sent.",
				Validators:          []validator.String{stringvalidator.OneOf(order.ChargeTypePrePaid)},
			},
			"client_token": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "Idempotency key of the order (`ClientToken`): 1 to 64 printable ASCII characters without spaces. By it the API recognises a repeated order and answers with the first one instead of selling a second. " +
					"Default: derived from region and circuit, so that every retry, every later apply and every other machine repeats the same order. **Set it only to replay a certain order, or to force a new one on purpose.** An order with a token of your own is never taken over, and the token is never replaced by another. Null after an import. Fixed once the order is placed.",
				Validators:    []validator.String{shared.Matches(order.TokenForm)},
				PlanModifiers: kept,
			},
			"cancel_unpaid_on_destroy": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether destroying this resource also cancels the order, if billing still reports it as unpaid. A paid order is never cancelled. Needs the rights to `bss:DescribeOrderDetail` and `bss:CancelOrder`; without them the record is removed with a warning and the order stays. " +
					"Default: `false`. Can be changed at any time; what counts is the value of the last apply.",
			},
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Same as `order_id`.",
				PlanModifiers:       kept,
			},
			"order_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID of the order, a string of digits. It is the one to look for under Orders in the console.",
				PlanModifiers:       kept,
			},
			"request_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "ID that the API gave to the request that placed the order; Alibaba Cloud's support asks for it. Null after an import.",
				PlanModifiers:       kept,
			},
			"physical_connection_status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Status of the circuit at the last refresh, for example `Confirmed` (waits for payment) or `Enabled` (in service). The circuit turns `Enabled` by itself some time after the payment; to wait for that, use the data source `expressconnect_physical_connection` with `wait_for_status`.",
				PlanModifiers:       kept,
			},
			"business_status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Business status of the circuit at the last refresh: `Normal`, `FinancialLocked` (overdue payment) or `SecurityLocked`. Null if the API gives none.",
				PlanModifiers:       kept,
			},
			"end_time": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "End of the circuit's paid term at the last refresh, RFC 3339 in UTC, for example `2027-01-09T16:00:00Z`. Null until the circuit is in service.",
				PlanModifiers:       kept,
			},
			"payment_status": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the order is paid, as billing said last: `Unpaid` or `Paid`. Null as long as billing cannot be read (it needs the right to `bss:DescribeOrderDetail`) or does not know the order yet. `Paid` is final and is not asked about again.",
				PlanModifiers:       kept,
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": described("How long to try.", timeouts.Block(ctx, timeouts.Opts{
				Create:            true,
				CreateDescription: "How long the provider tries to place the order, for example `30m`. Default: `20m`. It bounds the placing only; nobody waits for the circuit here. Reaching it never costs an order: a later apply repeats the same one. Can be changed at any time.",
			})),
		},
	}
}

// described gives the ready-made block a description and a stricter rule.
func described(description string, block schema.Block) schema.Block {
	single, ok := block.(schema.SingleNestedBlock)
	if !ok {
		return block
	}
	single.MarkdownDescription = description
	for name, inner := range single.Attributes {
		if timeout, ok := inner.(schema.StringAttribute); ok {
			timeout.Validators = []validator.String{shared.PositiveDuration()}
			single.Attributes[name] = timeout
		}
	}
	return single
}

func (r *orderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"region_id":              identityschema.StringAttribute{RequiredForImport: true, Description: "Region of the circuit."},
			"physical_connection_id": identityschema.StringAttribute{RequiredForImport: true, Description: "ID of the circuit, pc-…."},
			"order_id":               identityschema.StringAttribute{OptionalForImport: true, Description: "ID of the order, a string of digits. Where billing can be read, it may be left out of an import."},
		},
	}
}
