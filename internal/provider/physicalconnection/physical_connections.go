package physicalconnection

import (
	"context"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var _ datasource.DataSourceWithConfigure = (*physicalConnections)(nil)

// listTimeout is the default of timeouts.read.
const listTimeout = 5 * time.Minute

type physicalConnections struct {
	// session is nil until the provider is configured.
	services *shared.Services
}

// NewPhysicalConnections returns the data source on the circuits of a region.
func NewPhysicalConnections() datasource.DataSource { return &physicalConnections{} }

type physicalConnectionsModel struct {
	RegionID        types.String   `tfsdk:"region_id"`
	IDs             types.Set      `tfsdk:"ids"`
	NameRegex       types.String   `tfsdk:"name_regex"`
	AccessPointID   types.String   `tfsdk:"access_point_id"`
	Type            types.String   `tfsdk:"type"`
	LineOperator    types.String   `tfsdk:"line_operator"`
	Spec            types.String   `tfsdk:"spec"`
	Status          types.String   `tfsdk:"status"`
	ProductType     types.String   `tfsdk:"product_type"`
	ResourceGroupID types.String   `tfsdk:"resource_group_id"`
	Tags            types.Map      `tfsdk:"tags"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`

	PhysicalConnections []listedCircuitModel `tfsdk:"physical_connections"`
}

// listedCircuitModel is a circuit of the list.
type listedCircuitModel struct {
	PhysicalConnectionID types.String `tfsdk:"physical_connection_id"`
	RegionID             types.String `tfsdk:"region_id"`

	circuitModel
}

func (d *physicalConnections) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connections"
}

func (d *physicalConnections) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"region_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Region of the circuits, for example `cn-hangzhou`. Default: the provider's region.",
			Validators:          []validator.String{shared.Matches(order.RegionForm)},
		},
		"physical_connections": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The circuits, in the order of their IDs; empty if there are none.",
			NestedObject:        schema.NestedAttributeObject{Attributes: listedCircuitAttributes()},
		},
	}
	maps.Copy(attributes, filterAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the circuits (physical connections) of a region that pass all the filters: all of them, or an error, never a part. Reading costs nothing and changes nothing. " +
			"There is no filter on `payable`, on purpose: a `for_each` over payable circuits would drop each circuit as soon as its order is paid, and so destroy the record of the order. Choose by tag or ID.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": shared.ReadTimeout(ctx, "How long to read.", "How long to read the list, for example `10m`. Default: `5m`."),
		},
	}
}

func listedCircuitAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"physical_connection_id": schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the circuit, `pc-…`."},
		"region_id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Region of the circuit."},
	}
	maps.Copy(attributes, circuitAttributes())
	return attributes
}

// filterAttributes describes the filters. What is empty is refused: an empty variable
// would otherwise choose every circuit there is, to be ordered perhaps.
func filterAttributes() map[string]schema.Attribute {
	text := func(description string, more ...validator.String) schema.Attribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: append([]validator.String{shared.Matches(filterForm)}, more...)}
	}
	return map[string]schema.Attribute{
		"ids": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Only circuits with these IDs, `pc-…`. An ID that does not exist is no error. Null chooses whatever ID there is, but an **empty** set chooses no circuit.",
			Validators:          []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(shared.Matches(order.CircuitIDForm))},
		},
		"name_regex":        text("Only circuits whose name matches this regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)) somewhere; `^` and `$` tie it to the ends.", regularExpression{}),
		"access_point_id":   text("Only circuits at this access point, for example `ap-cn-hangzhou-yh-C`."),
		"type":              text("Only circuits of this type: `VPC`."),
		"line_operator":     text("Only circuits of this operator: `CT`, `CU`, `CM`, `CO`, `Equinix` or `Other`."),
		"spec":              text("Only circuits with a port of this specification: `1G and below`, `10G`, `40G` or `100G`."),
		"product_type":      text("Only circuits of this kind: `PhysicalConnection` for dedicated, `VirtualPhysicalConnection` for shared ones."),
		"resource_group_id": text("Only circuits of this resource group. The regions of the finance cloud do not take it."),
		"status": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only circuits with this status: `" + strings.Join(circuit.Statuses(), "`, `") + "`. " +
				"Not for a `for_each` of orders: a circuit leaves the list as soon as its status changes, and with it the record of its order leaves the state.",
			Validators: []validator.String{stringvalidator.OneOf(circuit.Statuses()...)},
		},
		"tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Only circuits with all of these tags. An empty value stands for a tag without one, not for any value.",
			Validators: []validator.Map{
				notEmpty{}, mapvalidator.NoNullValues(), mapvalidator.KeysAre(shared.Matches(filterForm)),
			},
		},
	}
}

// filterForm is any text that is not empty.
var filterForm = order.Form{Pattern: regexp.MustCompile(`(?s).`), Rule: "must not be empty; without a value it does not restrict"}

// notEmpty refuses a map without entries, which filters nothing.
type notEmpty struct{}

func (notEmpty) Description(context.Context) string {
	return "must not be empty (null means no filter)"
}

func (v notEmpty) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v notEmpty) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, v.Description(ctx), "{}"))
	}
}

// regularExpression checks that a text is a regular expression.
type regularExpression struct{}

func (regularExpression) Description(context.Context) string {
	return "must be a regular expression (RE2)"
}

func (v regularExpression) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v regularExpression) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, v.Description(ctx)+" ("+err.Error()+")", strconv.Quote(req.ConfigValue.ValueString())))
	}
}

func (d *physicalConnections) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *physicalConnections) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data physicalConnectionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	timeout, diags := data.Timeouts.Read(ctx, listTimeout)
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
	filter := data.filter()
	resp.Diagnostics.Append(data.IDs.ElementsAs(ctx, &filter.IDs, false)...)
	resp.Diagnostics.Append(data.Tags.ElementsAs(ctx, &filter.Tags, false)...)
	names, err := regexp.Compile(data.NameRegex.ValueString())
	if err != nil {
		resp.Diagnostics.Append(message.ValueInvalid(path.Root("name_regex"), "must be a regular expression ("+err.Error()+")", data.NameRegex.String()))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	// For the lister no IDs are no restriction, so that it must not be asked.
	var circuits []circuit.Circuit
	if data.IDs.IsNull() || len(filter.IDs) > 0 {
		if circuits, err = d.list(ctx, filter, timeout); err != nil {
			resp.Diagnostics.Append(message.CircuitList(err, filter.Region, timeout))
			return
		}
	}
	data.PhysicalConnections = []listedCircuitModel{}
	for _, circuit := range circuits {
		if names.MatchString(circuit.Name) {
			data.PhysicalConnections = append(data.PhysicalConnections, listedCircuitModel{
				PhysicalConnectionID: types.StringValue(circuit.ID),
				RegionID:             types.StringValue(circuit.Region),
				circuitModel:         newCircuitModel(circuit),
			})
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

func (d *physicalConnections) list(ctx context.Context, filter circuit.Filter, timeout time.Duration) ([]circuit.Circuit, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return d.services.Circuits.ListCircuits(ctx, filter)
}

// filter returns the filters that are texts.
func (m physicalConnectionsModel) filter() circuit.Filter {
	return circuit.Filter{
		Region:          m.RegionID.ValueString(),
		AccessPointID:   m.AccessPointID.ValueString(),
		Type:            m.Type.ValueString(),
		LineOperator:    m.LineOperator.ValueString(),
		Spec:            m.Spec.ValueString(),
		Status:          m.Status.ValueString(),
		ProductType:     m.ProductType.ValueString(),
		ResourceGroupID: m.ResourceGroupID.ValueString(),
	}
}
