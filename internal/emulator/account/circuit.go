package account

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"
)

// Circuit is a physical connection, with every field that DescribePhysicalConnections
// returns, and its renewal setting. Empty texts and zero times are returned as empty texts.
type Circuit struct {
	Region string
	ID     string // PhysicalConnectionId

	Status         string
	BusinessStatus string
	LOAStatus      string // LoaStatus

	CreationTime time.Time `json:",omitzero"`
	EnabledTime  time.Time `json:",omitzero"`
	EndTime      time.Time `json:",omitzero"`

	Name                          string
	Description                   string
	Type                          string
	ProductType                   string
	Spec                          string
	ExpectSpec                    string
	Bandwidth                     int64 // Mbit/s
	AccessPointID                 string
	AccessPointType               string
	AdLocation                    string
	AdDetailLocation              string
	PeerLocation                  string
	LineOperator                  string
	CircuitCode                   string
	PortType                      string
	PortNumber                    string
	ChargeType                    string
	OrderMode                     string
	ResourceGroupID               string
	RedundantPhysicalConnectionID string
	QosID                         string

	ParentPhysicalConnectionID     string
	ParentPhysicalConnectionAliUID int64
	VirtualPhysicalConnectionCount int64
	VpconnStatus                   string
	VlanID                         string

	// The reservation is returned only to requests with IncludeReservationData=true.
	HasReservationData            bool
	ReservationActiveTime         time.Time `json:",omitzero"`
	ReservationOrderType          string
	ReservationInternetChargeType string

	OpticalModuleModel     string
	DownDelayTime          int64
	DeviceFeaturesSelected string
	// MacsecKeys are secrets: they must not appear in a log, plan or state.
	MacsecKeys []MacsecKey
	Tags       map[string]string

	// Renewal is the setting in billing. DescribePhysicalConnections does not return it.
	Renewal Renewal `json:",omitzero"`
}

// MacsecKey is a MACsec key of a circuit, which DescribePhysicalConnections returns in clear text.
type MacsecKey struct {
	CAK         string
	CipherSuite string
	CKN         string
	StartOn     string
	Status      string
}

// Check returns an error if a circuit has a state or a renewal that no circuit has.
func (c Circuit) Check() error {
	if c.Status != "" && !slices.Contains(Statuses(), c.Status) {
		return fmt.Errorf("circuit %q: unknown status %q, want one of %q", c.ID, c.Status, Statuses())
	}
	if err := c.Renewal.Check(); err != nil {
		return fmt.Errorf("circuit %q: %w", c.ID, err)
	}
	return nil
}

// Clone returns a copy that shares no map and no slice with the circuit.
func (c Circuit) Clone() Circuit {
	c.MacsecKeys = slices.Clone(c.MacsecKeys)
	c.Tags = maps.Clone(c.Tags)
	return c
}

// dedicatedLine contains the fields that a new circuit has by default.
var dedicatedLine = Circuit{
	BusinessStatus:  businessNormal,
	Type:            typeVPC,
	ProductType:     "PhysicalConnection",
	Spec:            "1G",
	Bandwidth:       1000,
	AccessPointType: typeVPC,
	PortType:        "1000Base-T",
	OrderMode:       "PayByPhysicalConnectionOwner",
}

// set sets the fields that are not empty in the changes.
func (c *Circuit) set(changes Circuit) {
	fields, values := reflect.ValueOf(c).Elem(), reflect.ValueOf(changes)
	for i := range values.NumField() {
		if !values.Field(i).IsZero() {
			fields.Field(i).Set(values.Field(i))
		}
	}
}

// AddCircuit stores a circuit, replaces one with the same region and ID, and returns a
// copy. Empty fields get a default: cn-hangzhou, the next ID, a dedicated 1 Gbit/s line
// that can be ordered. The status changes only on request: the circuit is not constructed.
func (a *Account) AddCircuit(c Circuit) Circuit {
	defer a.lockCurrent()()
	if c.ID == "" {
		c.ID = a.nextCircuitID()
	}
	added := dedicatedLine
	added.Region = "cn-hangzhou"
	added.Status = StatusConfirmed
	added.LOAStatus = loaComplete
	added.CreationTime = a.now()
	added.Name = "circuit-" + c.ID
	added.AccessPointID = "ap-cn-hangzhou-yh-B"
	added.LineOperator = "CT"
	added.set(c.Clone())
	a.removeCircuit(added.Region, added.ID)
	a.circuits = append(a.circuits, &circuitRecord{Circuit: added, chargedUntil: a.now()})
	return added.Clone()
}

// Circuit returns a circuit, and whether it exists.
func (a *Account) Circuit(region, id string) (Circuit, bool) {
	defer a.lockCurrent()()
	record := a.findCircuit(region, id)
	if record == nil {
		return Circuit{}, false
	}
	return record.Clone(), true
}

// Circuits returns all circuits, oldest first.
func (a *Account) Circuits() []Circuit {
	return a.CircuitsWhere(func(*Circuit) bool { return true })
}

// CircuitsWhere returns the circuits that match, oldest first.
func (a *Account) CircuitsWhere(matches func(*Circuit) bool) []Circuit {
	defer a.lockCurrent()()
	circuits := []Circuit{}
	for _, record := range a.circuits {
		if matches(&record.Circuit) {
			circuits = append(circuits, record.Clone())
		}
	}
	return circuits
}

// ChangeCircuit changes a circuit and reports whether it exists. Region and ID stay the
// same. A new Status ends a construction or termination. The change must not use the account.
func (a *Account) ChangeCircuit(region, id string, change func(*Circuit)) bool {
	defer a.lockCurrent()()
	record := a.findCircuit(region, id)
	if record == nil {
		return false
	}
	changed := record.Clone()
	change(&changed)
	changed.Region, changed.ID = region, id
	if changed.Status != record.Status {
		record.changeAt = time.Time{}
	}
	record.setRenewal(changed.Renewal, a.now())
	record.Circuit = changed.Clone()
	return true
}

// RemoveCircuit deletes a circuit. Its orders stay in the order store.
func (a *Account) RemoveCircuit(region, id string) {
	defer a.lockCurrent()()
	a.removeCircuit(region, id)
}

func (a *Account) removeCircuit(region, id string) {
	a.circuits = slices.DeleteFunc(a.circuits, func(record *circuitRecord) bool {
		return record.Region == region && record.ID == id
	})
}

// nextCircuitID returns the next ID of the sequence that no circuit has.
func (a *Account) nextCircuitID() string {
	for {
		a.circuitsIssued++
		id := fmt.Sprintf("pc-emu%014d", a.circuitsIssued)
		if !slices.ContainsFunc(a.circuits, func(record *circuitRecord) bool { return record.ID == id }) {
			return id
		}
	}
}

func (a *Account) findCircuit(region, id string) *circuitRecord {
	for _, record := range a.circuits {
		if record.Region == region && record.ID == id {
			return record
		}
	}
	return nil
}
