// Package circuits holds the data sources on circuits.
package physicalconnection

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var _ datasource.DataSourceWithConfigure = (*physicalConnection)(nil)

// gateTimeout is the default of timeouts.read.
const gateTimeout = 20 * time.Minute

type physicalConnection struct {
	// session is nil until the provider is configured.
	services *shared.Services
}

// NewPhysicalConnection returns the data source on one circuit.
func NewPhysicalConnection() datasource.DataSource { return &physicalConnection{} }

type physicalConnectionModel struct {
	PhysicalConnectionID types.String   `tfsdk:"physical_connection_id"`
	RegionID             types.String   `tfsdk:"region_id"`
	ID                   types.String   `tfsdk:"id"`
	WaitForStatus        types.String   `tfsdk:"wait_for_status"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`

	circuitModel
}

func (d *physicalConnection) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connection"
}

func (d *physicalConnection) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"physical_connection_id": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "ID of the circuit (physical connection), `pc-…`.",
			Validators: []validator.String{
				shared.Matches(order.CircuitIDForm),
			},
		},
		"region_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Region of the circuit, for example `cn-hangzhou`. Default: the provider's region.",
			Validators: []validator.String{
				shared.Matches(order.RegionForm),
			},
		},
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Same as `physical_connection_id`."},
		"wait_for_status": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Wait until the circuit has this status, and fail when it has not within `timeouts.read`: the gate for whatever needs a circuit in service (`Enabled`). " +
				"Valid values: `" + strings.Join(circuit.Statuses(), "`, `") + "`. Default: do not wait. Waiting buys nothing, and failing taints nothing.",
			Validators: []validator.String{stringvalidator.OneOf(circuit.Statuses()...)},
		},
	}
	maps.Copy(attributes, circuitAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one circuit (physical connection) by its ID, tells whether it can be ordered now and what has to happen first, and can wait until it is in service. Reading costs nothing and changes nothing.",
		Attributes:          attributes,
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout(ctx, "How long to wait.", "How long to read, and to wait for `wait_for_status`, for example `1h`. Default: `20m`."),
		},
	}
}

func (d *physicalConnection) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *physicalConnection) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data physicalConnectionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	timeout, diags := data.Timeouts.Read(ctx, gateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !d.services.Ready() {
		resp.Diagnostics.Append(message.UnconfiguredRead())
		return
	}
	if data.RegionID.IsNull() {
		data.RegionID = types.StringValue(d.services.Region)
	}
	query := circuit.Query{Region: data.RegionID.ValueString(), CircuitID: data.PhysicalConnectionID.ValueString(), WithReservations: true}
	circuit, err := d.read(ctx, query, data.WaitForStatus.ValueString(), timeout)
	if err != nil {
		resp.Diagnostics.Append(message.CircuitRead(err, query))
		return
	}
	data.ID = data.PhysicalConnectionID
	data.circuitModel = newCircuitModel(circuit)
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// read reads the circuit, and waits for a status if one is wanted.
func (d *physicalConnection) read(ctx context.Context, query circuit.Query, wanted string, timeout time.Duration) (circuit.Circuit, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// Many data sources share readings, but none that began before they asked.
	if wanted == "" {
		query.NotBefore = time.Now()
		return d.services.CachedCircuits.DescribeCircuit(ctx, query)
	}
	c, err := circuit.WaitForStatus(ctx, d.services.CachedCircuits, query, wanted)
	var waiting *circuit.StatusTimeoutError
	if errors.As(err, &waiting) {
		waiting.Timeout = timeout
	}
	return c, err
}
