// Package orders holds the data sources on orders, as billing knows them.
package occupancyorder

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

var _ datasource.DataSourceWithConfigure = (*orderDataSource)(nil)

const (
	// showTimeout is the default of timeouts.read.
	showTimeout = time.Minute
	// showPause is the time between two questions for an order that billing does not
	// show yet.
	showPause = 5 * time.Second
)

type orderDataSource struct {
	// session is nil until the provider is configured.
	services *shared.Services
}

// NewOccupancyOrder returns the data source on one order.
func NewDataSource() datasource.DataSource { return &orderDataSource{} }

type dataSourceModel struct {
	OrderID  types.String   `tfsdk:"order_id"`
	ID       types.String   `tfsdk:"id"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`

	orderModel
}

func (d *orderDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connection_occupancy_order"
}

func (d *orderDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"order_id": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "ID of the order, a string of digits, for example the `order_id` of the resource.",
			Validators:          []validator.String{shared.Matches(order.OrderIDForm)},
		},
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Same as `order_id`."},
	}
	maps.Copy(attributes, orderAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads an order by its ID as billing knows it: whether it is paid, what it costs, and the term that it pays for. It needs a right of billing. Reading costs nothing and changes nothing.",
		Attributes:          attributes,
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout(ctx, "How long to wait.", "How long to read, and to wait until billing shows the order, for example `5m`. Default: `1m`."),
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
	rows, err := shown(ctx, d.services.Billing, data.OrderID.ValueString(), timeout)
	if err != nil {
		resp.Diagnostics.Append(orderRead(err, data.OrderID.ValueString()))
		return
	}
	data.ID = data.OrderID
	data.orderModel = newOrderModel(rows)
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// orderRead returns the error for an order that could not be read.
func orderRead(err error, orderID string) diag.Diagnostic {
	if hidden, ok := errors.AsType[*notShown](err); ok {
		return message.OrderMissing(orderID, hidden.Timeout, hidden.Interrupted)
	}
	return message.OrderRead(err, orderID)
}

// notShown says that billing, asked time and again, has not shown an order.
type notShown struct {
	Timeout time.Duration
	// Interrupted is true when somebody else than the timeout ended the asking.
	Interrupted bool
}

// Error says what happened in one line.
func (e *notShown) Error() string { return "billing does not show the order" }

// shown reads the rows of an order. A new order is not there at once, so that it
// waits until billing shows it: at most for the timeout, then it returns a *notShown.
func shown(ctx context.Context, billing billing.Client, orderID string, timeout time.Duration) ([]billing.OrderLine, error) {
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for asked := false; ; asked = true {
		rows, err := billing.OrderLines(bounded, orderID)
		switch {
		case asked && err != nil && bounded.Err() != nil:
			// The end of the time cut this question short, not the ones before.
		case err != nil || len(rows) > 0:
			return rows, err
		case retry.Wait(bounded, showPause) == nil:
			continue
		}
		return nil, &notShown{Timeout: timeout, Interrupted: ctx.Err() != nil}
	}
}
