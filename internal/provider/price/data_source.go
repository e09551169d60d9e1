// Package price has the data source of the price of an order.
package price

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var _ datasource.DataSourceWithConfigure = (*dataSource)(nil)

// readTimeout is the default of timeouts.read.
const readTimeout = time.Minute

type dataSource struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewDataSource returns the data source of a price.
func NewDataSource() datasource.DataSource { return &dataSource{} }

type model struct {
	PhysicalConnectionID types.String   `tfsdk:"physical_connection_id"`
	Spec                 types.String   `tfsdk:"spec"`
	RegionID             types.String   `tfsdk:"region_id"`
	Period               shared.Whole   `tfsdk:"period"`
	PricingCycle         types.String   `tfsdk:"pricing_cycle"`
	OrderType            types.String   `tfsdk:"order_type"`
	ID                   types.String   `tfsdk:"id"`
	OriginalPrice        types.String   `tfsdk:"original_price"`
	DiscountPrice        types.String   `tfsdk:"discount_price"`
	TradePrice           types.String   `tfsdk:"trade_price"`
	Currency             types.String   `tfsdk:"currency"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
}

func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connection_price"
}

func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	amount := func(what string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: what + ", an exact decimal number such as `2160.00`."}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads what an occupancy order or a renewal costs for this account now. Reading costs nothing and orders nothing. " +
			"It needs permission to read prices in billing.",
		Attributes: map[string]schema.Attribute{
			"physical_connection_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: "ID of the circuit, `pc-…`. Its port decides the price. Set this or `spec`.",
				Validators: []validator.String{shared.CircuitID, stringvalidator.ExactlyOneOf(path.MatchRoot("spec"))},
			},
			"spec": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Port: `" + strings.Join(billing.Specs(), "`, `") + "`. Read from the circuit if `physical_connection_id` is set.",
				Validators:          []validator.String{stringvalidator.OneOf(billing.Specs()...)},
			},
			"region_id": schema.StringAttribute{
				Optional: true, Computed: true, MarkdownDescription: "Region of the circuit. Default: the provider's region.",
				Validators: []validator.String{shared.RegionID},
			},
			"period": schema.Int64Attribute{
				CustomType: shared.WholeNumber{}, Required: true, Validators: []validator.Int64{shared.Period{}},
				MarkdownDescription: "Length of the term in units of `pricing_cycle`: " + message.TermRule() + ".",
			},
			"pricing_cycle": schema.StringAttribute{
				Optional: true, Computed: true, MarkdownDescription: "Unit of `period`: `Month` (default) or `Year`.",
				Validators: []validator.String{stringvalidator.OneOf(order.CycleNames()...)},
			},
			"order_type": schema.StringAttribute{
				Optional: true, Computed: true, MarkdownDescription: "`NewOrder` (default) or `Renewal`.",
				Validators: []validator.String{stringvalidator.OneOf(billing.PriceNewOrder, billing.PriceRenewal)},
			},
			"id":             schema.StringAttribute{Computed: true, MarkdownDescription: "Region, circuit or port, term and order type."},
			"original_price": amount("List price"),
			"discount_price": amount("Discount"),
			"trade_price":    amount("What the account pays"),
			"currency":       schema.StringAttribute{Computed: true, MarkdownDescription: "Currency of the account, for example `CNY` or `USD`."},
		},
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout("How long to read, for example `2m`. Default: `1m`."),
		},
	}
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data model
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	timeout, diags := data.Timeouts.Read(ctx, readTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.services.Ready() {
		resp.Diagnostics.Append(message.UnconfiguredRead())
		return
	}
	if d.services.BillingOff() {
		resp.Diagnostics.Append(message.BillingNeeded("The data source for a price"))
		return
	}
	preset := func(value *types.String, otherwise string) {
		if value.IsNull() {
			*value = types.StringValue(otherwise)
		}
	}
	preset(&data.RegionID, d.services.Region)
	preset(&data.PricingCycle, order.CycleMonth)
	preset(&data.OrderType, billing.PriceNewOrder)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if id := data.PhysicalConnectionID.ValueString(); id != "" {
		query := circuit.Query{Region: data.RegionID.ValueString(), CircuitID: id, NotBefore: time.Now()}
		c, err := d.services.CachedCircuits.DescribeCircuit(ctx, query)
		if err != nil {
			resp.Diagnostics.Append(message.CircuitRead(err, query))
			return
		}
		if c.PortSpec() == "" {
			resp.Diagnostics.Append(message.PriceRead(message.ErrSpecUnknown, id))
			return
		}
		data.Spec = types.StringValue(c.PortSpec())
	}
	query := data.query()
	price, err := d.services.Prices.Get(ctx, query, 0)
	if err != nil {
		resp.Diagnostics.Append(message.PriceRead(err, data.what()))
		return
	}
	data.ID = types.StringValue(fmt.Sprintf("%s/%s/%d-%s/%s", query.Region, data.what(), query.Period, query.PricingCycle, query.OrderType))
	data.OriginalPrice, data.DiscountPrice = shared.Text(price.Original), shared.Text(price.Discount)
	data.TradePrice, data.Currency = shared.Text(price.Trade), shared.Text(price.Currency)
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// query returns the question. A renewal is about one circuit; new orders of one kind cost
// the same.
func (m *model) query() billing.PriceQuery {
	query := billing.PriceQuery{
		Region: m.RegionID.ValueString(), Spec: m.Spec.ValueString(), Period: m.Period.ValueInt64(),
		PricingCycle: m.PricingCycle.ValueString(), OrderType: m.OrderType.ValueString(),
	}
	if query.OrderType == billing.PriceRenewal {
		query.CircuitID = m.PhysicalConnectionID.ValueString()
	}
	return query
}

// what names the circuit, or the port.
func (m *model) what() string {
	if id := m.PhysicalConnectionID.ValueString(); id != "" {
		return id
	}
	return m.Spec.ValueString()
}
