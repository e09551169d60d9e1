package vpc

import (
	"encoding/json"
	"errors"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// circuitRow is a row of DescribePhysicalConnections, without MacsecKeys, which are
// secret. JSON matches the names without regard to upper and lower case.
type circuitRow struct {
	PhysicalConnectionID                        rpc.Text
	Status, BusinessStatus, LoaStatus           rpc.Text
	CreationTime, EnabledTime, EndTime          rpc.Text
	Name, Description                           rpc.Text
	Type, ProductType, Spec, ExpectSpec         rpc.Text
	AccessPointID, AccessPointType              rpc.Text
	AdLocation, AdDetailLocation, PeerLocation  rpc.Text
	LineOperator, CircuitCode                   rpc.Text
	PortType, PortNumber                        rpc.Text
	ChargeType, OrderMode, ResourceGroupID      rpc.Text
	RedundantPhysicalConnectionID               rpc.Text
	ParentPhysicalConnectionID                  rpc.Text
	ParentPhysicalConnectionAliUID              rpc.Text
	VirtualPhysicalConnectionCount              rpc.Text
	VpconnStatus, VlanID, QosID                 rpc.Text
	OpticalModuleModel, DeviceFeaturesSelected  rpc.Text
	Bandwidth, DownDelayTime                    rpc.Text
	HasReservationData                          rpc.Text
	ReservationActiveTime, ReservationOrderType rpc.Text
	ReservationInternetChargeType               rpc.Text
	Tags                                        tags
}

func (row circuitRow) circuit() circuit.Circuit {
	return circuit.Circuit{
		ID:                             row.PhysicalConnectionID.String(),
		Status:                         row.Status.String(),
		BusinessStatus:                 row.BusinessStatus.String(),
		LOAStatus:                      row.LoaStatus.String(),
		CreationTime:                   row.CreationTime.Time(),
		EnabledTime:                    row.EnabledTime.Time(),
		EndTime:                        row.EndTime.Time(),
		Name:                           row.Name.String(),
		Description:                    row.Description.String(),
		Type:                           row.Type.String(),
		ProductType:                    row.ProductType.String(),
		Spec:                           row.Spec.String(),
		ExpectSpec:                     row.ExpectSpec.String(),
		AccessPointID:                  row.AccessPointID.String(),
		AccessPointType:                row.AccessPointType.String(),
		AdLocation:                     row.AdLocation.String(),
		AdDetailLocation:               row.AdDetailLocation.String(),
		PeerLocation:                   row.PeerLocation.String(),
		LineOperator:                   row.LineOperator.String(),
		CircuitCode:                    row.CircuitCode.String(),
		PortType:                       row.PortType.String(),
		PortNumber:                     row.PortNumber.String(),
		ChargeType:                     row.ChargeType.String(),
		OrderMode:                      row.OrderMode.String(),
		ResourceGroupID:                row.ResourceGroupID.String(),
		RedundantPhysicalConnectionID:  row.RedundantPhysicalConnectionID.String(),
		ParentPhysicalConnectionID:     row.ParentPhysicalConnectionID.String(),
		VpconnStatus:                   row.VpconnStatus.String(),
		VlanID:                         row.VlanID.String(),
		QosID:                          row.QosID.String(),
		OpticalModuleModel:             row.OpticalModuleModel.String(),
		DeviceFeaturesSelected:         row.DeviceFeaturesSelected.String(),
		Bandwidth:                      row.Bandwidth.Number(),
		ParentPhysicalConnectionAliUID: row.ParentPhysicalConnectionAliUID.Number(),
		VirtualPhysicalConnectionCount: row.VirtualPhysicalConnectionCount.Number(),
		DownDelayTime:                  row.DownDelayTime.Number(),
		HasReservationData:             row.HasReservationData.Bool(),
		ReservationActiveTime:          row.ReservationActiveTime.Time(),
		ReservationOrderType:           row.ReservationOrderType.String(),
		ReservationInternetChargeType:  row.ReservationInternetChargeType.String(),
		Tags:                           row.Tags.values,
	}
}

// tags reads {"tags": [{"Key": …, "Value": …}]}. Other values, such as the empty text in
// some answers, mean no tags.
type tags struct{ values map[string]string }

// UnmarshalJSON implements json.Unmarshaler.
func (t *tags) UnmarshalJSON(data []byte) error {
	var list struct {
		Tags rpc.Array[struct{ Key, Value rpc.Text }]
	}
	list.Tags.Max = rpc.MaxValues
	t.values = nil
	err := json.Unmarshal(data, &list)
	if errors.Is(err, rpc.ErrTooLong) {
		return err
	}
	if err == nil && len(list.Tags.Entries) > 0 {
		t.values = make(map[string]string, len(list.Tags.Entries))
		for _, tag := range list.Tags.Entries {
			t.values[tag.Key.String()] = tag.Value.String()
		}
	}
	return nil
}
