// Package circuit describes an Express Connect circuit (physical connection): what the API
// reports of it, whether it can be ordered, and how to wait for a status.
package circuit

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// Patterns of the IDs that users write.
var (
	// IDPattern matches the ID of a circuit, for example "pc-bp1hp0wr072f6abcd".
	IDPattern = lazyregexp.New(`^pc-[0-9A-Za-z_-]{1,61}$`)
	// RegionPattern matches the ID of a region, for example "cn-hangzhou".
	RegionPattern = lazyregexp.New(`^[0-9a-z-]{1,64}$`)
)

// Circuit is a physical connection as DescribePhysicalConnections returns it. Strings are
// empty, numbers and times nil if the API does not return them. It never contains the
// secret MacsecKeys.
//
// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describephysicalconnections-efficiency-channels
type Circuit struct {
	Region string
	ID     string // PhysicalConnectionId, "pc-…"

	Status         string // see the Status constants
	BusinessStatus string // Normal, FinancialLocked or SecurityLocked
	LOAStatus      string // state of the letter of authorization (LOA), empty without an application

	// AsOf is when the API answered, by the clock of the API. It is nil without a date.
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

// Key returns the key of the circuit.
func (c Circuit) Key() Key { return Key{c.Region, c.ID} }

// Key identifies a circuit.
type Key struct {
	Region    string
	CircuitID string
}

// IDs returns the IDs of the circuits.
func IDs(circuits []Circuit) []string {
	ids := make([]string, 0, len(circuits))
	for _, c := range circuits {
		ids = append(ids, c.ID)
	}
	return ids
}
