package occupancyorder

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var _ list.ListResourceWithConfigure = (*orderList)(nil)

// listedDays is the default of created_within_days, mostDays its maximum.
const (
	listedDays = 30
	mostDays   = 3650
)

// orderList lists the orders of a region's circuits, for terraform query.
type orderList struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewList returns the list resource.
func NewList() list.ListResource { return &orderList{} }

type listModel struct {
	RegionID          types.String `tfsdk:"region_id"`
	CreatedWithinDays shared.Whole `tfsdk:"created_within_days"`
}

func (l *orderList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (l *orderList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the occupancy orders of a region's circuits in billing, with `terraform query` (Terraform 1.14 or later). " +
			"It finds orders in any state and in no state, for example from the console or from a killed run. " +
			"It does not list cancelled orders and renewals. Reading costs nothing and changes nothing. " +
			"It needs the permissions `bss:DescribeOrderList`, `bss:DescribeOrderDetail` and `vpc:DescribePhysicalConnections`.",
		Attributes: map[string]schema.Attribute{
			"region_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Region of the circuits, for example `cn-hangzhou`. Default: the provider's region.",
				Validators:          []validator.String{shared.RegionID},
			},
			"created_within_days": schema.Int64Attribute{
				CustomType: shared.WholeNumber{},
				Optional:   true,
				MarkdownDescription: fmt.Sprintf("Age of the oldest order to list, in days: `1` to `%d`. Default: `%d`. "+
					"The provider reads every new order of the account in that time, "+
					"one call each, because billing does not mark circuit orders. Use a short time in a busy account.", mostDays, listedDays),
				Validators: []validator.Int64{int64validator.Between(1, mostDays)},
			},
		},
	}
}

func (l *orderList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (l *orderList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	if !diags.HasError() && !l.services.Ready() {
		diags.Append(message.UnconfiguredRead())
	}
	if l.services.BillingOff() {
		diags.Append(message.BillingNeeded("A list of orders"))
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	region := config.RegionID.ValueString()
	if region == "" {
		region = l.services.Region
	}
	days := config.CreatedWithinDays.ValueInt64()
	if config.CreatedWithinDays.IsNull() {
		days = listedDays
	}
	circuits, err := l.services.Circuits.ListCircuits(ctx, circuit.Filter{Region: region})
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{message.OrderList(region, err)})
		return
	}
	if len(circuits) == 0 {
		stream.Results = list.NoListResults
		return
	}
	now := time.Now()
	scan := billing.OrderScan{Circuits: circuits, From: now.AddDate(0, 0, -int(days)), To: now.AddDate(0, 0, 1)}
	stream.Results = func(push func(list.ListResult) bool) {
		left := req.Limit
		for found, err := range scan.Orders(ctx, l.services.Billing) {
			if err != nil {
				push(list.ListResult{Diagnostics: diag.Diagnostics{message.OrderList(region, err)}})
				return
			}
			if !push(listed(ctx, req, found)) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// listed returns the result for an order. As after an import, the arguments of the order
// are not known.
func listed(ctx context.Context, req list.ListRequest, found billing.CircuitOrder) list.ListResult {
	result := req.NewListResult(ctx)
	var order model
	order.RegionID, order.PhysicalConnectionID = types.StringValue(found.Circuit.Region), types.StringValue(found.Circuit.ID)
	order.ID, order.OrderID = types.StringValue(found.Order.ID), types.StringValue(found.Order.ID)
	order.PaymentStatus = shared.Text(billing.PaymentStatus(found.Order.Lines))
	order.setCircuit(found.Circuit)
	result.DisplayName = displayName(order)
	result.Diagnostics.Append(result.Identity.Set(ctx, order.identity())...)
	if req.IncludeResource {
		for name, value := range map[string]types.String{
			"region_id": order.RegionID, "physical_connection_id": order.PhysicalConnectionID,
			"id": order.ID, "order_id": order.OrderID, "payment_status": order.PaymentStatus,
			"physical_connection_status": order.PhysicalConnectionStatus, "business_status": order.BusinessStatus, "end_time": order.EndTime,
		} {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	return result
}

// displayName returns a name that distinguishes the order from others.
func displayName(order model) string {
	name := fmt.Sprintf("Order %s for circuit %s", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString())
	if payment := order.PaymentStatus.ValueString(); payment != "" {
		name += ", " + payment
	}
	return name
}
