package physicalconnection

import (
	"context"
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

var _ datasource.DataSourceWithConfigure = (*physicalConnections)(nil)

// listTimeout is the default of timeouts.read.
const listTimeout = 5 * time.Minute

type physicalConnections struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewPhysicalConnections returns the data source for the circuits of a region.
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
	IncludeRenewal  types.Bool     `tfsdk:"include_renewal"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`

	PhysicalConnections []listedCircuitModel `tfsdk:"physical_connections"`
}

// listedCircuitModel is a circuit of the list.
type listedCircuitModel struct {
	PhysicalConnectionID types.String `tfsdk:"physical_connection_id"`
	RegionID             types.String `tfsdk:"region_id"`

	circuitModel
	renewalModel
}

func (d *physicalConnections) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "expressconnect_physical_connections"
}

func (d *physicalConnections) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := filterAttributes()
	attributes["region_id"] = regionAttribute()
	attributes["include_renewal"] = includeRenewal()
	attributes["physical_connections"] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The circuits, sorted by ID. The list is empty if there are none.",
		NestedObject:        schema.NestedAttributeObject{Attributes: listedCircuitAttributes()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the circuits (physical connections) of a region that match all filters. The list is complete, or the read fails. " +
			"Reading costs nothing and changes nothing.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": shared.ReadTimeout("Time limit for the read, for example `10m`. Default: `5m`.")},
	}
}

func listedCircuitAttributes() map[string]schema.Attribute {
	attributes := circuitAttributes()
	attributes["physical_connection_id"] = computed("ID of the circuit, `pc-…`.")
	attributes["region_id"] = computed("Region of the circuit.")
	return attributes
}

// filterAttributes describes the filters. They refuse empty values: an empty variable
// would otherwise match all circuits, and somebody may order them.
func filterAttributes() map[string]schema.Attribute {
	text := func(description string, more ...validator.String) schema.Attribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: append([]validator.String{notEmpty}, more...)}
	}
	return map[string]schema.Attribute{
		"ids": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Circuits with these IDs, `pc-…`. An ID that does not exist is ignored. If null, circuits are not filtered by ID. " +
				"An **empty** set matches no circuit.",
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(shared.CircuitID)},
		},
		"name_regex": text("Circuits whose name contains a match of this regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)). "+
			"Use `^` and `$` to match the whole name.", regularExpression{}),
		"access_point_id":   text("Circuits at this access point, for example `ap-cn-hangzhou-yh-C`."),
		"type":              text("Circuits of this type: `VPC`."),
		"line_operator":     text("Circuits of this operator: `CT`, `CU`, `CM`, `CO`, `Equinix` or `Other`."),
		"spec":              text("Circuits with a port of this specification: `1G and below`, `10G`, `40G` or `100G`."),
		"product_type":      text("`PhysicalConnection` for dedicated circuits, `VirtualPhysicalConnection` for shared ones."),
		"resource_group_id": text("Circuits of this resource group. The regions of the finance cloud do not accept it."),
		"status": schema.StringAttribute{
			Optional: true, Validators: []validator.String{stringvalidator.OneOf(circuit.Statuses()...)},
			MarkdownDescription: "Circuits with this status: " + statuses() + ". " +
				"Do not use it for a `for_each` of orders: if the status of a circuit changes, its order leaves the state.",
		},
		"tags": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Circuits with all of these tags. An empty value matches only an empty tag value.",
			Validators:          []validator.Map{notEmptyMap{}, mapvalidator.NoNullValues(), mapvalidator.KeysAre(notEmpty)},
		},
	}
}

// notEmpty matches any text except the empty one.
var notEmpty = shared.Pattern{Regexp: lazyregexp.New(`(?s).`), Rule: "must not be empty (null means no filter)"}

// notEmptyMap refuses a map without entries, which would filter nothing.
type notEmptyMap struct{}

func (notEmptyMap) Description(context.Context) string { return notEmpty.Rule }

func (notEmptyMap) MarkdownDescription(context.Context) string { return notEmpty.Rule }

func (notEmptyMap) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, notEmpty.Rule, "{}", ""))
	}
}

// regularExpression checks that a text is a regular expression.
type regularExpression struct{}

func (regularExpression) Description(context.Context) string {
	return "must be a regular expression (RE2)"
}

func (v regularExpression) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v regularExpression) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(invalidRegex(req.Path, req.ConfigValue.ValueString(), err))
	}
}

func invalidRegex(at path.Path, text string, err error) diag.Diagnostic {
	problem := err.Error()
	if mistake, ok := errors.AsType[*syntax.Error](err); ok { // Its text has the whole expression.
		problem = mistake.Code.String() + " in " + message.Quoted(mistake.Expr)
	}
	return message.ValueInvalid(at, "must be a regular expression (RE2): "+problem, message.Quoted(text), "")
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
	if err != nil { // A value that was unknown in the validation.
		resp.Diagnostics.Append(invalidRegex(path.Root("name_regex"), data.NameRegex.ValueString(), err))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	// An empty list of IDs means no filter to the lister, so do not call it.
	var circuits []circuit.Circuit
	if data.IDs.IsNull() || len(filter.IDs) > 0 {
		if circuits, err = d.list(ctx, filter, timeout); err != nil {
			resp.Diagnostics.Append(message.CircuitList(err, filter.Region, timeout))
			return
		}
	}
	circuits = slices.DeleteFunc(circuits, func(c circuit.Circuit) bool { return !names.MatchString(c.Name) })
	renewals := func(string) (renewal.Instance, bool) { return renewal.Instance{}, false }
	if data.IncludeRenewal.ValueBool() {
		if renewals, err = d.services.Renewals.All(ctx, circuit.IDs(circuits)); err != nil {
			resp.Diagnostics.Append(message.RenewalRead(err, "the circuits in "+filter.Region))
			return
		}
	}
	data.PhysicalConnections = []listedCircuitModel{}
	for _, c := range circuits {
		found, _ := renewals(c.ID)
		data.PhysicalConnections = append(data.PhysicalConnections,
			listedCircuitModel{types.StringValue(c.ID), types.StringValue(c.Region), newCircuitModel(c), newRenewalModel(found)})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

func (d *physicalConnections) list(ctx context.Context, filter circuit.Filter, timeout time.Duration) ([]circuit.Circuit, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return d.services.Circuits.ListCircuits(ctx, filter)
}

// filter returns the filters that are strings.
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
