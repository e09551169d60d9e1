package alibaba

import (
	"encoding/json"
	"errors"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// circuitRow is a circuit as DescribePhysicalConnections lists it. MacsecKeys are
// not read at all: they are secret. JSON finds the fields by their names, whatever the
// case of the letters.
type circuitRow struct {
	PhysicalConnectionID                        text
	Status, BusinessStatus, LoaStatus           text
	CreationTime, EnabledTime, EndTime          text
	Name, Description                           text
	Type, ProductType, Spec, ExpectSpec         text
	AccessPointID, AccessPointType              text
	AdLocation, AdDetailLocation, PeerLocation  text
	LineOperator, CircuitCode                   text
	PortType, PortNumber                        text
	ChargeType, OrderMode, ResourceGroupID      text
	RedundantPhysicalConnectionID               text
	ParentPhysicalConnectionID                  text
	ParentPhysicalConnectionAliUID              text
	VirtualPhysicalConnectionCount              text
	VpconnStatus, VlanID, QosID                 text
	OpticalModuleModel, DeviceFeaturesSelected  text
	Bandwidth, DownDelayTime                    text
	HasReservationData                          text
	ReservationActiveTime, ReservationOrderType text
	ReservationInternetChargeType               text
	Tags                                        tags
}

func (row circuitRow) circuit() circuit.Circuit {
	return circuit.Circuit{
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

// tags takes {"tags": [{"Key": …, "Value": …}]}. Anything else, such as the empty
// text that some answers hold instead, counts as no tags.
type tags struct{ values map[string]string }

// UnmarshalJSON implements json.Unmarshaler.
func (t *tags) UnmarshalJSON(data []byte) error {
	var list struct {
		Tags bounded[struct{ Key, Value text }]
	}
	list.Tags.most = maxValues
	t.values = nil
	err := json.Unmarshal(data, &list)
	if errors.Is(err, errTooLong) {
		return err
	}
	if err == nil && len(list.Tags.entries) > 0 {
		t.values = make(map[string]string, len(list.Tags.entries))
		for _, tag := range list.Tags.entries {
			t.values[tag.Key.string()] = tag.Value.string()
		}
	}
	return nil
}
