// Package physicalconnection has the data sources for circuits.
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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var _ datasource.DataSourceWithConfigure = (*physicalConnection)(nil)

// waitTimeout is the default of timeouts.read.
const waitTimeout = 20 * time.Minute

type physicalConnection struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewPhysicalConnection returns the data source for one circuit.
func NewPhysicalConnection() datasource.DataSource { return &physicalConnection{} }

type physicalConnectionModel struct {
	PhysicalConnectionID types.String   `tfsdk:"physical_connection_id"`
	RegionID             types.String   `tfsdk:"region_id"`
	ID                   types.String   `tfsdk:"id"`
	WaitForStatus        types.String   `tfsdk:"wait_for_status"`
	IncludeRenewal       types.Bool     `tfsdk:"include_renewal"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`

	circuitModel
	renewalModel
}

func (d *physicalConnection) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connection"
}

func (d *physicalConnection) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"physical_connection_id": schema.StringAttribute{
			Required: true, Validators: []validator.String{shared.CircuitID},
			MarkdownDescription: "ID of the circuit (physical connection), `pc-…`.",
		},
		"region_id": regionAttribute(),
		"id":        computed("Same as `physical_connection_id`."),
		"wait_for_status": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(circuit.Statuses()...)},
			MarkdownDescription: "Wait until the circuit has this status, for example `Enabled`. After `timeouts.read` the read fails. " +
				"Valid values: " + statuses() + ". Default: do not wait.",
		},
	}
	attributes["include_renewal"] = includeRenewal()
	maps.Copy(attributes, circuitAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one circuit (physical connection) by its ID. It shows whether the circuit can be ordered and what must happen first. " +
			"It can wait until the circuit is in service. Reading costs nothing and changes nothing.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout("Time limit for the read and for `wait_for_status`, for example `1h`. Default: `20m`."),
		},
	}
}

// regionAttribute returns the argument for the region of circuits.
func regionAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{shared.RegionID},
		MarkdownDescription: "Region of the circuits, for example `cn-hangzhou`. Default: the provider's region.",
	}
}

// statuses lists the statuses of a circuit for a description.
func statuses() string { return "`" + strings.Join(circuit.Statuses(), "`, `") + "`" }

func (d *physicalConnection) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *physicalConnection) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data physicalConnectionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	timeout, diags := data.Timeouts.Read(ctx, waitTimeout)
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
	c, err := d.read(ctx, query, data.WaitForStatus.ValueString(), timeout)
	if err != nil {
		resp.Diagnostics.Append(message.CircuitRead(err, query))
		return
	}
	data.ID = data.PhysicalConnectionID
	data.circuitModel = newCircuitModel(c)
	if data.IncludeRenewal.ValueBool() {
		found, _, err := d.services.Renewals.Get(ctx, query.CircuitID, "")
		if err != nil {
			resp.Diagnostics.Append(message.RenewalRead(err, query.CircuitID))
			return
		}
		data.renewalModel = newRenewalModel(found)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

// read reads the circuit. If a status is wanted, it waits for it.
func (d *physicalConnection) read(ctx context.Context, query circuit.Query, wanted string, timeout time.Duration) (circuit.Circuit, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// Data sources share a read, but not one that began before this call.
	if wanted == "" {
		query.NotBefore = time.Now()
		return d.services.CachedCircuits.DescribeCircuit(ctx, query)
	}
	c, err := circuit.WaitForStatus(ctx, d.services.CachedCircuits, query, wanted)
	if waiting, ok := errors.AsType[*circuit.StatusNotReachedError](err); ok {
		waiting.Timeout = timeout
	}
	return c, err
}
