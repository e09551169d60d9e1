// Package circuit describes an Express Connect circuit (physical connection): what the API
// reports of it, whether it can be ordered, and how to wait for a status.
package circuit

import "time"

// Circuit is a physical connection as DescribePhysicalConnections reports it.
// Texts are empty, numbers and times nil where the API says nothing. Secret key
// material (MacsecKeys) is left out on purpose.
//
// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describephysicalconnections-efficiency-channels
type Circuit struct {
	Region string
	ID     string // PhysicalConnectionId, "pc-…"

	Status         string // see the Status constants
	BusinessStatus string // Normal, FinancialLocked or SecurityLocked
	LOAStatus      string // state of the letter of authorization; empty when none was applied for

	// AsOf is when the API answered, by its own clock; nil where it did not say.
	AsOf *time.Time

	CreationTime *time.Time
	EnabledTime  *time.Time
	EndTime      *time.Time // end of the paid term

	Name, Description                       string
	Type, ProductType, Spec, ExpectSpec     string
	AccessPointID, AccessPointType          string
	AdLocation, AdDetailLocation            string
	PeerLocation, LineOperator, CircuitCode string
	PortType, PortNumber                    string
	ChargeType, OrderMode                   string
	ResourceGroupID                         string
	RedundantPhysicalConnectionID           string
	ParentPhysicalConnectionID              string
	VpconnStatus, VlanID, QosID             string
	OpticalModuleModel                      string
	DeviceFeaturesSelected                  string

	Bandwidth                      *int64 // Mbit/s
	ParentPhysicalConnectionAliUID *int64
	VirtualPhysicalConnectionCount *int64
	DownDelayTime                  *int64

	HasReservationData            *bool
	ReservationActiveTime         *time.Time
	ReservationOrderType          string
	ReservationInternetChargeType string

	Tags map[string]string
}

// Key names the circuit.
func (c Circuit) Key() Key { return Key{c.Region, c.ID} }

// Key names one circuit of one endpoint.
type Key struct {
	Region    string
	CircuitID string
}
