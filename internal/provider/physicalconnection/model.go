package physicalconnection

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// circuitModel has the values that the API returns for a circuit, without its ID and region.
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

// newCircuitModel converts a circuit. A value that the API does not return is null.
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

func computed(description string) schema.Attribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// circuitAttributes describes the fields of circuitModel.
func circuitAttributes() map[string]schema.Attribute {
	number := func(description string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	yes := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	attributes := map[string]schema.Attribute{
		"payable": yes("Whether the circuit can be ordered: its status is `Confirmed`, and its LOA is `Complete` or does not exist. " +
			"It stays true until the order is paid."),
		"payable_reason": computed("Why the circuit is not payable, and the next step (LOA, construction, confirmation, payment). Null if it is payable."),

		"status":          computed("Status: " + statuses() + ". `Confirmed`: the circuit can be ordered. `Enabled`: it is in service."),
		"business_status": computed("Business status: `Normal`, `FinancialLocked` (overdue payment) or `SecurityLocked`."),
		"loa_status": computed("Status of the letter of authorization (LOA): `Applying`, `Accept`, `Available`, `Rejected`, `Completing`, `Complete` " +
			"or `Deleted`. Null if there is none."),
		"creation_time": computed("When the circuit was applied for, RFC 3339 in UTC."),
		"enabled_time":  computed("When the circuit was put into service, RFC 3339 in UTC. Null before that."),
		"end_time":      computed("End of the paid term, RFC 3339 in UTC. Null until the circuit is in service."),

		"name":         computed("Name of the circuit."),
		"description":  computed("Description of the circuit."),
		"type":         computed("Type of the circuit: `VPC`."),
		"product_type": computed("`PhysicalConnection` for a dedicated circuit, `VirtualPhysicalConnection` for a shared one."),
		"spec":         computed("Specification of the port, for example `10G`."),
		"expect_spec":  computed("Estimated bandwidth of a shared circuit, for example `50M`."),
		"bandwidth":    number("Bandwidth in Mbit/s."),
		"port_type": computed("Type of the port: `100Base-T`, `1000Base-T`, `1000Base-LX`, `10GBase-T`, `10GBase-LR`, `40GBase-LR` " +
			"or `100GBase-LR`."),
		"port_number":                        computed("Number of the port on the device, for example `1/1/1`."),
		"line_operator":                      computed("Operator of the line: `CT`, `CU`, `CM`, `CO`, `Equinix` or `Other`."),
		"circuit_code":                       computed("Number that the operator gave to the line."),
		"access_point_id":                    computed("ID of the access point, for example `ap-cn-hangzhou-yh-C`."),
		"access_point_type":                  computed("Type of the access point: `VPC`."),
		"ad_location":                        computed("Address of the access device."),
		"ad_detail_location":                 computed("Rack of the access device."),
		"peer_location":                      computed("Address of the data center at the other end."),
		"charge_type":                        computed("Billing method, `Prepaid` once the circuit is ordered. Null before that."),
		"order_mode":                         computed("Who pays a shared circuit: `PayByPhysicalConnectionOwner` or `PayByVirtualPhysicalConnectionOwner`."),
		"resource_group_id":                  computed("ID of the resource group."),
		"redundant_physical_connection_id":   computed("ID of the redundant circuit, `pc-…`."),
		"parent_physical_connection_id":      computed("ID of the circuit that a shared circuit uses, `pc-…`."),
		"parent_physical_connection_ali_uid": number("Account ID of the owner of the circuit that a shared circuit uses."),
		"virtual_physical_connection_count":  number("Number of shared circuits on this circuit."),
		"vpconn_status":                      computed("Status of a shared circuit: `Confirmed`, `UnConfirmed` or `Deleted`."),
		"vlan_id":                            computed("VLAN ID of a shared circuit, `0` to `2999`."),
		"qos_id":                             computed("ID of the QoS policy."),
		"optical_module_model":               computed("Model of the optical module."),
		"down_delay_time":                    number("Delay before the port is reported as down. The API documents no unit."),
		"device_features_selected":           computed("Features of the access device that the circuit uses."),

		"has_reservation_data":             yes("Whether a renewal or another order has not yet taken effect."),
		"reservation_active_time":          computed("When that renewal takes effect, RFC 3339 in UTC."),
		"reservation_order_type":           computed("Type of that order: `RENEW`."),
		"reservation_internet_charge_type": computed("Billing method of that renewal: `PayByPhysicalConnection` or `PayByBandwidth`."),

		"tags": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tags of the circuit."},
	}
	addRenewal(attributes)
	return attributes
}
