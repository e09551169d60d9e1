package main

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	statusAllocated  = "Allocated"
	statusConfirmed  = "Confirmed"
	statusEnabled    = "Enabled"
	statusCanceled   = "Canceled"
	statusTerminated = "Terminated"
)

// model is a circuit in configuration, plan and state.
type model struct {
	ID                  types.String `tfsdk:"id"`
	AccessPointID       types.String `tfsdk:"access_point_id"`
	LineOperator        types.String `tfsdk:"line_operator"`
	PeerLocation        types.String `tfsdk:"peer_location"`
	PortType            types.String `tfsdk:"port_type"`
	Type                types.String `tfsdk:"type"`
	Bandwidth           types.String `tfsdk:"bandwidth"`
	CircuitCode         types.String `tfsdk:"circuit_code"`
	Description         types.String `tfsdk:"description"`
	Name                types.String `tfsdk:"physical_connection_name"`
	RedundantConnection types.String `tfsdk:"redundant_physical_connection_id"`
	Status              types.String `tfsdk:"status"`
	Period              types.Int64  `tfsdk:"period"`
	PricingCycle        types.String `tfsdk:"pricing_cycle"`
	OrderID             types.String `tfsdk:"order_id"`
	Timeouts            *timeouts    `tfsdk:"timeouts"`
}

// timeouts bound the construction alone; nothing else can be given more time.
type timeouts struct {
	Create types.String `tfsdk:"create"`
}

// portTypes are those that the resource lets through.
var portTypes = []string{"1000Base-LX", "1000Base-T", "100Base-T", "10GBase-LR", "10GBase-T", "40GBase-LR", "100GBase-LR"}

// Schema is that of the provider's page in the registry; period and pricing_cycle
// are not validated there either.
func (r *circuitResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kept, replaced := stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{kept}},
		"access_point_id": schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{replaced}},
		"line_operator":   schema.StringAttribute{Required: true},
		"peer_location":   schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: []planmodifier.String{kept}},
		"port_type": schema.StringAttribute{
			Optional: true, PlanModifiers: []planmodifier.String{replaced},
			Validators: []validator.String{stringvalidator.OneOf(portTypes...)},
		},
		"type":                             schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: []planmodifier.String{kept, replaced}},
		"bandwidth":                        schema.StringAttribute{Optional: true, Computed: true, PlanModifiers: []planmodifier.String{kept}},
		"circuit_code":                     schema.StringAttribute{Optional: true},
		"description":                      schema.StringAttribute{Optional: true},
		"physical_connection_name":         schema.StringAttribute{Optional: true},
		"redundant_physical_connection_id": schema.StringAttribute{Optional: true, PlanModifiers: []planmodifier.String{replaced}},
		"status": schema.StringAttribute{
			Optional: true, Computed: true, PlanModifiers: []planmodifier.String{kept},
			Validators: []validator.String{stringvalidator.OneOf(statusConfirmed, statusEnabled, statusCanceled, statusTerminated)},
		},
		"period":        schema.Int64Attribute{Optional: true},
		"pricing_cycle": schema.StringAttribute{Optional: true},
		"order_id":      schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{kept}},
	}, Blocks: map[string]schema.Block{
		"timeouts": schema.SingleNestedBlock{Attributes: map[string]schema.Attribute{"create": schema.StringAttribute{Optional: true}}},
	}}
}

// construction is how long the construction of a new circuit is waited for.
func (m model) construction() (time.Duration, error) {
	if m.Timeouts == nil || m.Timeouts.Create.IsNull() {
		return patience, nil
	}
	return time.ParseDuration(m.Timeouts.Create.ValueString())
}

// changes are the parameters of an update, and whether there is one. What is taken
// out of the configuration is an update in which nothing stands for it, so that the
// circuit keeps it and the next plan wants the same again.
func (m model) changes(state model) (map[string]string, bool) {
	params, before := m.attributes(), state.attributes()
	if maps.Equal(params, before) {
		return nil, false
	}
	maps.DeleteFunc(params, func(name, value string) bool { return name != "LineOperator" && before[name] == value })
	params["PhysicalConnectionId"] = m.ID.ValueString()
	return params, true
}

// attributes are the parameters of the circuit itself. Those that are not
// configured are not sent.
func (m model) attributes() map[string]string {
	params := map[string]string{}
	for name, value := range map[string]types.String{
		"LineOperator": m.LineOperator, "PeerLocation": m.PeerLocation, "CircuitCode": m.CircuitCode,
		"Description": m.Description, "Name": m.Name, "bandwidth": m.Bandwidth,
	} {
		if text := value.ValueString(); text != "" {
			params[name] = text
		}
	}
	return params
}

// fill takes over what was read. Period, cycle and order are never read back.
func (m *model) fill(circuit *row) {
	text := func(value string) types.String {
		if value == "" {
			return types.StringNull()
		}
		return types.StringValue(value)
	}
	m.AccessPointID, m.LineOperator, m.PeerLocation = text(circuit.AccessPointId), text(circuit.LineOperator), text(circuit.PeerLocation)
	m.PortType, m.Type, m.Bandwidth = text(circuit.PortType), text(circuit.Type), text(circuit.Bandwidth.String())
	m.CircuitCode, m.Description, m.Name = text(circuit.CircuitCode), text(circuit.Description), text(circuit.Name)
	m.RedundantConnection, m.Status = text(circuit.RedundantPhysicalConnectionId), text(circuit.Status)
}
