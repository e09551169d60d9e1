package vpc

import (
	"maps"
	"slices"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// describe returns a circuit as DescribePhysicalConnections does, with the types of the real
// API: some numbers in fields that are documented as texts, and lower-case "tags" in "Tags".
func describe(c account.Circuit, reservations bool) gateway.Object {
	reservation := account.Circuit{}
	if reservations {
		reservation = c
	}
	keys := gateway.List{}
	for _, key := range c.MacsecKeys {
		keys = append(keys, gateway.Object{
			{"Cak", key.CAK},
			{"CipherSuite", key.CipherSuite},
			{"Ckn", key.CKN},
			{"StartOn", key.StartOn},
			{"Status", key.Status},
		})
	}
	tags := gateway.List{}
	for _, key := range slices.Sorted(maps.Keys(c.Tags)) {
		tags = append(tags, gateway.Object{{"Key", key}, {"Value", c.Tags[key]}})
	}
	return gateway.Object{
		{"PhysicalConnectionId", c.ID},
		{"Status", c.Status},
		{"BusinessStatus", c.BusinessStatus},
		{"LoaStatus", c.LOAStatus},
		{"CreationTime", gateway.FormatTime(c.CreationTime)},
		{"EnabledTime", gateway.FormatTime(c.EnabledTime)},
		{"EndTime", gateway.FormatTime(c.EndTime)},
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
		{"VlanId", gateway.Bare(c.VlanID)},
		{"OpticalModuleModel", c.OpticalModuleModel},
		{"DownDelayTime", c.DownDelayTime},
		{"DeviceFeaturesSelected", c.DeviceFeaturesSelected},
		{"HasReservationData", reservation.HasReservationData},
		{"ReservationActiveTime", gateway.FormatTime(reservation.ReservationActiveTime)},
		{"ReservationOrderType", reservation.ReservationOrderType},
		{"ReservationInternetChargeType", reservation.ReservationInternetChargeType},
		{"MacsecKeys", gateway.Object{{"MacsecKey", keys}}},
		{"Tags", gateway.Object{{"tags", tags}}},
	}
}
