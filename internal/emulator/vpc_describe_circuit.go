package emulator

import (
	"maps"
	"slices"
)

// describe returns a circuit as DescribePhysicalConnections shows it, with the
// typing of the real API: numbers without quotes in fields documented as texts,
// and lower-case "tags" inside "Tags".
func (c *Circuit) describe(reservations bool) object {
	shown := object{
		{"PhysicalConnectionId", c.ID},
		{"Status", c.Status},
		{"BusinessStatus", c.BusinessStatus},
		{"LoaStatus", c.LOAStatus},
		{"CreationTime", timeText(c.CreationTime)},
		{"EnabledTime", timeText(c.EnabledTime)},
		{"EndTime", timeText(c.EndTime)},
		{"Name", c.Name},
		{"Description", c.Description},
		{"Type", c.Type},
		{"ProductType", c.ProductType},
		{"Spec", c.Spec},
		{"ExpectSpec", c.ExpectSpec},
		{"Bandwidth", c.Bandwidth},
		{"AccessPointId", c.AccessPointID},
		{"AccessPointType", c.AccessPointType},
		{"AdLocation", c.AdLocation},
		{"AdDetailLocation", c.AdDetailLocation},
		{"PeerLocation", c.PeerLocation},
		{"LineOperator", c.LineOperator},
		{"CircuitCode", c.CircuitCode},
		{"PortType", c.PortType},
		{"PortNumber", c.PortNumber},
		{"ChargeType", c.ChargeType},
		{"OrderMode", c.OrderMode},
		{"ResourceGroupId", c.ResourceGroupID},
		{"RedundantPhysicalConnectionId", c.RedundantPhysicalConnectionID},
		{"QosId", c.QosID},
		{"ParentPhysicalConnectionId", c.ParentPhysicalConnectionID},
		{"ParentPhysicalConnectionAliUid", c.ParentPhysicalConnectionAliUID},
		{"VirtualPhysicalConnectionCount", c.VirtualPhysicalConnectionCount},
		{"VpconnStatus", c.VpconnStatus},
		{"VlanId", bare(c.VlanID)},
		{"OpticalModuleModel", c.OpticalModuleModel},
		{"DownDelayTime", c.DownDelayTime},
		{"DeviceFeaturesSelected", c.DeviceFeaturesSelected},
	}
	shown = append(shown, c.describeReservation(reservations)...)
	return append(shown,
		field{"MacsecKeys", object{{"MacsecKey", c.describeKeys()}}},
		field{"Tags", object{{"tags", c.describeTags()}}},
	)
}

func (c *Circuit) describeReservation(shown bool) object {
	reservation := &Circuit{}
	if shown {
		reservation = c
	}
	return object{
		{"HasReservationData", reservation.HasReservationData},
		{"ReservationActiveTime", timeText(reservation.ReservationActiveTime)},
		{"ReservationOrderType", reservation.ReservationOrderType},
		{"ReservationInternetChargeType", reservation.ReservationInternetChargeType},
	}
}

func (c *Circuit) describeKeys() list {
	keys := list{}
	for _, key := range c.MacsecKeys {
		keys = append(keys, object{
			{"Cak", key.CAK},
			{"CipherSuite", key.CipherSuite},
			{"Ckn", key.CKN},
			{"StartOn", key.StartOn},
			{"Status", key.Status},
		})
	}
	return keys
}

func (c *Circuit) describeTags() list {
	tags := list{}
	for _, key := range slices.Sorted(maps.Keys(c.Tags)) {
		tags = append(tags, object{{"Key", key}, {"Value", c.Tags[key]}})
	}
	return tags
}
