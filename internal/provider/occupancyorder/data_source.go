package occupancyorder

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

var _ datasource.DataSourceWithConfigure = (*orderDataSource)(nil)

const (
	// showTimeout is the default of timeouts.read.
	showTimeout = time.Minute
	// showPause is the time between two reads of an order that billing does not show yet.
	showPause = 5 * time.Second
)

type orderDataSource struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewDataSource returns the data source for one order.
func NewDataSource() datasource.DataSource { return &orderDataSource{} }

type dataSourceModel struct {
	OrderID  types.String   `tfsdk:"order_id"`
	ID       types.String   `tfsdk:"id"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`

	orderModel
}

func (d *orderDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (d *orderDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := orderAttributes()
	attributes["id"] = text("Same as `order_id`.")
	attributes["order_id"] = schema.StringAttribute{
		Required: true, Validators: []validator.String{shared.OrderID},
		MarkdownDescription: "ID of the order, a string of digits, for example the `order_id` of the resource.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an order in billing by its ID: whether it is paid, what it costs, and its term. " +
			"It needs permission to read billing. Reading costs nothing and changes nothing.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout("Time limit for the read, and for billing to show a new order, for example `5m`. Default: `1m`."),
		},
	}
}

func (d *orderDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *orderDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	timeout, diags := data.Timeouts.Read(ctx, showTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.services.Ready() {
		resp.Diagnostics.Append(message.UnconfiguredRead())
		return
	}
	if d.services.BillingOff() {
		resp.Diagnostics.Append(message.BillingNeeded("The data source for an order"))
		return
	}
	lines, failed := orderLines(ctx, d.services.Billing, data.OrderID.ValueString(), timeout)
	if failed != nil {
		resp.Diagnostics.Append(failed)
		return
	}
	data.ID = data.OrderID
	data.orderModel = newOrderModel(lines)
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// orderLines reads the lines of an order. Billing shows a new order with a delay, so it waits
// for the order until the timeout.
func orderLines(ctx context.Context, client billing.Client, orderID string, timeout time.Duration) ([]billing.OrderLine, diag.Diagnostic) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for first := true; ; first = false {
		lines, err := client.OrderLines(limited, orderID)
		switch {
		case !first && err != nil && limited.Err() != nil:
			// The timeout interrupted this read. The earlier reads found no order.
		case err != nil:
			return nil, message.OrderRead(err, orderID)
		case len(lines) > 0:
			return lines, nil
		case retry.Wait(limited, showPause) == nil:
			continue
		}
		return nil, message.OrderMissing(orderID, timeout, ctx.Err() != nil)
	}
}
