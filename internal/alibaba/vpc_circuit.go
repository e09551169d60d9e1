package alibaba

import "github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"

// circuitRow is a circuit as DescribePhysicalConnections lists it. MacsecKeys are
// not read at all: they are secret.
type circuitRow struct {
	PhysicalConnectionID           text `json:"PhysicalConnectionId"`
	Status                         text `json:"Status"`
	BusinessStatus                 text `json:"BusinessStatus"`
	LoaStatus                      text `json:"LoaStatus"`
	CreationTime                   text `json:"CreationTime"`
	EnabledTime                    text `json:"EnabledTime"`
	EndTime                        text `json:"EndTime"`
	Name                           text `json:"Name"`
	Description                    text `json:"Description"`
	Type                           text `json:"Type"`
	ProductType                    text `json:"ProductType"`
	Spec                           text `json:"Spec"`
	ExpectSpec                     text `json:"ExpectSpec"`
	AccessPointID                  text `json:"AccessPointId"`
	AccessPointType                text `json:"AccessPointType"`
	AdLocation                     text `json:"AdLocation"`
	AdDetailLocation               text `json:"AdDetailLocation"`
	PeerLocation                   text `json:"PeerLocation"`
	LineOperator                   text `json:"LineOperator"`
	CircuitCode                    text `json:"CircuitCode"`
	PortType                       text `json:"PortType"`
	PortNumber                     text `json:"PortNumber"`
	ChargeType                     text `json:"ChargeType"`
	OrderMode                      text `json:"OrderMode"`
	ResourceGroupID                text `json:"ResourceGroupId"`
	RedundantPhysicalConnectionID  text `json:"RedundantPhysicalConnectionId"`
	ParentPhysicalConnectionID     text `json:"ParentPhysicalConnectionId"`
	VpconnStatus                   text `json:"VpconnStatus"`
	VlanID                         text `json:"VlanId"`
	QosID                          text `json:"QosId"`
	OpticalModuleModel             text `json:"OpticalModuleModel"`
	DeviceFeaturesSelected         text `json:"DeviceFeaturesSelected"`
	Bandwidth                      text `json:"Bandwidth"`
	ParentPhysicalConnectionAliUID text `json:"ParentPhysicalConnectionAliUid"`
	VirtualPhysicalConnectionCount text `json:"VirtualPhysicalConnectionCount"`
	DownDelayTime                  text `json:"DownDelayTime"`
	HasReservationData             text `json:"HasReservationData"`
	ReservationActiveTime          text `json:"ReservationActiveTime"`
	ReservationOrderType           text `json:"ReservationOrderType"`
	ReservationInternetChargeType  text `json:"ReservationInternetChargeType"`
	Tags                           tags `json:"Tags"`
}

func (row circuitRow) circuit() ordering.Circuit {
	return ordering.Circuit{
		ID:                             row.PhysicalConnectionID.string(),
		Status:                         row.Status.string(),
		BusinessStatus:                 row.BusinessStatus.string(),
		LOAStatus:                      row.LoaStatus.string(),
		CreationTime:                   row.CreationTime.time(),
		EnabledTime:                    row.EnabledTime.time(),
		EndTime:                        row.EndTime.time(),
		Name:                           row.Name.string(),
		Description:                    row.Description.string(),
		Type:                           row.Type.string(),
		ProductType:                    row.ProductType.string(),
		Spec:                           row.Spec.string(),
		ExpectSpec:                     row.ExpectSpec.string(),
		AccessPointID:                  row.AccessPointID.string(),
		AccessPointType:                row.AccessPointType.string(),
		AdLocation:                     row.AdLocation.string(),
		AdDetailLocation:               row.AdDetailLocation.string(),
		PeerLocation:                   row.PeerLocation.string(),
		LineOperator:                   row.LineOperator.string(),
		CircuitCode:                    row.CircuitCode.string(),
		PortType:                       row.PortType.string(),
		PortNumber:                     row.PortNumber.string(),
		ChargeType:                     row.ChargeType.string(),
		OrderMode:                      row.OrderMode.string(),
		ResourceGroupID:                row.ResourceGroupID.string(),
		RedundantPhysicalConnectionID:  row.RedundantPhysicalConnectionID.string(),
		ParentPhysicalConnectionID:     row.ParentPhysicalConnectionID.string(),
		VpconnStatus:                   row.VpconnStatus.string(),
		VlanID:                         row.VlanID.string(),
		QosID:                          row.QosID.string(),
		OpticalModuleModel:             row.OpticalModuleModel.string(),
		DeviceFeaturesSelected:         row.DeviceFeaturesSelected.string(),
		Bandwidth:                      row.Bandwidth.number(),
		ParentPhysicalConnectionAliUID: row.ParentPhysicalConnectionAliUID.number(),
		VirtualPhysicalConnectionCount: row.VirtualPhysicalConnectionCount.number(),
		DownDelayTime:                  row.DownDelayTime.number(),
		HasReservationData:             row.HasReservationData.boolean(),
		ReservationActiveTime:          row.ReservationActiveTime.time(),
		ReservationOrderType:           row.ReservationOrderType.string(),
		ReservationInternetChargeType:  row.ReservationInternetChargeType.string(),
		Tags:                           row.Tags.values,
	}
}
