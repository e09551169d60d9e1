package physicalconnection

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// circuitModel holds what the API says of a circuit, without what names it.
type circuitModel struct {
	Payable       types.Bool   `tfsdk:"payable"`
	PayableReason types.String `tfsdk:"payable_reason"`

	Status         types.String `tfsdk:"status"`
	BusinessStatus types.String `tfsdk:"business_status"`
	LOAStatus      types.String `tfsdk:"loa_status"`
	CreationTime   types.String `tfsdk:"creation_time"`
	EnabledTime    types.String `tfsdk:"enabled_time"`
	EndTime        types.String `tfsdk:"end_time"`

	Name                           types.String `tfsdk:"name"`
	Description                    types.String `tfsdk:"description"`
	Type                           types.String `tfsdk:"type"`
	ProductType                    types.String `tfsdk:"product_type"`
	Spec                           types.String `tfsdk:"spec"`
	ExpectSpec                     types.String `tfsdk:"expect_spec"`
	Bandwidth                      types.Int64  `tfsdk:"bandwidth"`
	PortType                       types.String `tfsdk:"port_type"`
	PortNumber                     types.String `tfsdk:"port_number"`
	LineOperator                   types.String `tfsdk:"line_operator"`
	CircuitCode                    types.String `tfsdk:"circuit_code"`
	AccessPointID                  types.String `tfsdk:"access_point_id"`
	AccessPointType                types.String `tfsdk:"access_point_type"`
	AdLocation                     types.String `tfsdk:"ad_location"`
	AdDetailLocation               types.String `tfsdk:"ad_detail_location"`
	PeerLocation                   types.String `tfsdk:"peer_location"`
	ChargeType                     types.String `tfsdk:"charge_type"`
	OrderMode                      types.String `tfsdk:"order_mode"`
	ResourceGroupID                types.String `tfsdk:"resource_group_id"`
	RedundantPhysicalConnectionID  types.String `tfsdk:"redundant_physical_connection_id"`
	ParentPhysicalConnectionID     types.String `tfsdk:"parent_physical_connection_id"`
	ParentPhysicalConnectionAliUID types.Int64  `tfsdk:"parent_physical_connection_ali_uid"`
	VirtualPhysicalConnectionCount types.Int64  `tfsdk:"virtual_physical_connection_count"`
	VpconnStatus                   types.String `tfsdk:"vpconn_status"`
	VlanID                         types.String `tfsdk:"vlan_id"`
	QosID                          types.String `tfsdk:"qos_id"`
	OpticalModuleModel             types.String `tfsdk:"optical_module_model"`
	DownDelayTime                  types.Int64  `tfsdk:"down_delay_time"`
	DeviceFeaturesSelected         types.String `tfsdk:"device_features_selected"`

	HasReservationData            types.Bool   `tfsdk:"has_reservation_data"`
	ReservationActiveTime         types.String `tfsdk:"reservation_active_time"`
	ReservationOrderType          types.String `tfsdk:"reservation_order_type"`
	ReservationInternetChargeType types.String `tfsdk:"reservation_internet_charge_type"`

	Tags types.Map `tfsdk:"tags"`
}

// newCircuitModel converts a circuit; what the API does not say is null.
func newCircuitModel(c circuit.Circuit) circuitModel {
	m := circuitModel{
		Payable: types.BoolValue(c.Readiness() == circuit.Payable),

		Status:         shared.Text(c.Status),
		BusinessStatus: shared.Text(c.BusinessStatus),
		LOAStatus:      shared.Text(c.LOAStatus),
		CreationTime:   shared.Instant(c.CreationTime),
		EnabledTime:    shared.Instant(c.EnabledTime),
		EndTime:        shared.Instant(c.EndTime),

		Name:                           shared.Text(c.Name),
		Description:                    shared.Text(c.Description),
		Type:                           shared.Text(c.Type),
		ProductType:                    shared.Text(c.ProductType),
		Spec:                           shared.Text(c.Spec),
		ExpectSpec:                     shared.Text(c.ExpectSpec),
		Bandwidth:                      types.Int64PointerValue(c.Bandwidth),
		PortType:                       shared.Text(c.PortType),
		PortNumber:                     shared.Text(c.PortNumber),
		LineOperator:                   shared.Text(c.LineOperator),
		CircuitCode:                    shared.Text(c.CircuitCode),
		AccessPointID:                  shared.Text(c.AccessPointID),
		AccessPointType:                shared.Text(c.AccessPointType),
		AdLocation:                     shared.Text(c.AdLocation),
		AdDetailLocation:               shared.Text(c.AdDetailLocation),
		PeerLocation:                   shared.Text(c.PeerLocation),
		ChargeType:                     shared.Text(c.ChargeType),
		OrderMode:                      shared.Text(c.OrderMode),
		ResourceGroupID:                shared.Text(c.ResourceGroupID),
		RedundantPhysicalConnectionID:  shared.Text(c.RedundantPhysicalConnectionID),
		ParentPhysicalConnectionID:     shared.Text(c.ParentPhysicalConnectionID),
		ParentPhysicalConnectionAliUID: types.Int64PointerValue(c.ParentPhysicalConnectionAliUID),
		VirtualPhysicalConnectionCount: types.Int64PointerValue(c.VirtualPhysicalConnectionCount),
		VpconnStatus:                   shared.Text(c.VpconnStatus),
		VlanID:                         shared.Text(c.VlanID),
		QosID:                          shared.Text(c.QosID),
		OpticalModuleModel:             shared.Text(c.OpticalModuleModel),
		DownDelayTime:                  types.Int64PointerValue(c.DownDelayTime),
		DeviceFeaturesSelected:         shared.Text(c.DeviceFeaturesSelected),

		HasReservationData:            types.BoolPointerValue(c.HasReservationData),
		ReservationActiveTime:         shared.Instant(c.ReservationActiveTime),
		ReservationOrderType:          shared.Text(c.ReservationOrderType),
		ReservationInternetChargeType: shared.Text(c.ReservationInternetChargeType),
	}
	if c.Readiness() != circuit.Payable {
		m.PayableReason = types.StringValue("The circuit is " + c.State() + ". " + message.CircuitNextStep(c))
	}
	tags := make(map[string]attr.Value, len(c.Tags))
	for key, value := range c.Tags {
		tags[key] = types.StringValue(value)
	}
	m.Tags = types.MapValueMust(types.StringType, tags)
	return m
}

// circuitAttributes describes the fields of circuitModel.
func circuitAttributes() map[string]schema.Attribute {
	str := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	number := func(description string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"payable": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether the circuit waits for its occupancy order: status `Confirmed`, and the LOA is `Complete` or was never asked for.",
		},
		"payable_reason": str("Why the circuit is not payable, and the next human step (LOA, construction, confirmation, payment). Null when it is payable."),

		"status":          str("Status: `Initial`, `Approved`, `Allocating`, `Allocated`, `Confirmed` (waits for payment), `Enabled` (in service), `Rejected`, `Canceled`, `Allocation Failed`, `Terminating` or `Terminated`."),
		"business_status": str("Business status: `Normal`, `FinancialLocked` (overdue payment) or `SecurityLocked`."),
		"loa_status":      str("Status of the letter of authorization (LOA): `Applying`, `Accept`, `Available`, `Rejected`, `Completing`, `Complete` or `Deleted`. Null when none was applied for."),
		"creation_time":   str("When the circuit was applied for, RFC 3339 in UTC."),
		"enabled_time":    str("When the circuit came into service, RFC 3339 in UTC. Null before."),
		"end_time":        str("End of the paid term, RFC 3339 in UTC. Null before the circuit is in service."),

		"name":                               str("Name of the circuit."),
		"description":                        str("Description of the circuit."),
		"type":                               str("Type of the circuit: `VPC`."),
		"product_type":                       str("`PhysicalConnection` for a dedicated circuit, `VirtualPhysicalConnection` for a shared one."),
		"spec":                               str("Specification of the port, for example `10G`."),
		"expect_spec":                        str("Estimated bandwidth of a shared circuit, for example `50M`."),
		"bandwidth":                          number("Bandwidth in Mbit/s."),
		"port_type":                          str("Type of the port: `100Base-T`, `1000Base-T`, `1000Base-LX`, `10GBase-T`, `10GBase-LR`, `40GBase-LR` or `100GBase-LR`."),
		"port_number":                        str("Number of the port on the device, for example `1/1/1`."),
		"line_operator":                      str("Operator of the line: `CT`, `CU`, `CM`, `CO`, `Equinix` or `Other`."),
		"circuit_code":                       str("Number that the operator gave to the line."),
		"access_point_id":                    str("ID of the access point, for example `ap-cn-hangzhou-yh-C`."),
		"access_point_type":                  str("Type of the access point: `VPC`."),
		"ad_location":                        str("Address of the access device."),
		"ad_detail_location":                 str("Rack of the access device."),
		"peer_location":                      str("Address of the data centre at the other end."),
		"charge_type":                        str("Billing method, `Prepaid` once the circuit is ordered. Null before."),
		"order_mode":                         str("Who pays a shared circuit: `PayByPhysicalConnectionOwner` or `PayByVirtualPhysicalConnectionOwner`."),
		"resource_group_id":                  str("ID of the resource group."),
		"redundant_physical_connection_id":   str("ID of the redundant circuit, `pc-…`."),
		"parent_physical_connection_id":      str("ID of the circuit that a shared circuit runs on, `pc-…`."),
		"parent_physical_connection_ali_uid": number("Account ID of the owner of the circuit that a shared circuit runs on."),
		"virtual_physical_connection_count":  number("Number of shared circuits on this circuit."),
		"vpconn_status":                      str("Status of a shared circuit: `Confirmed`, `UnConfirmed` or `Deleted`."),
		"vlan_id":                            str("VLAN ID of a shared circuit, `0` to `2999`."),
		"qos_id":                             str("ID of the QoS policy."),
		"optical_module_model":               str("Model of the optical module."),
		"down_delay_time":                    number("Delay before the port is reported as down; the API documents no unit."),
		"device_features_selected":           str("Features of the access device that the circuit uses, as the API gives them."),

		"has_reservation_data":             schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a renewal or another order waits to take effect."},
		"reservation_active_time":          str("When the waiting renewal takes effect, RFC 3339 in UTC."),
		"reservation_order_type":           str("Type of the waiting order: `RENEW`."),
		"reservation_internet_charge_type": str("Billing method of the waiting renewal: `PayByPhysicalConnection` or `PayByBandwidth`, as the API gives it."),

		"tags": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tags of the circuit."},
	}
}
