package emulator

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Circuit is a physical connection, with everything that
// DescribePhysicalConnections tells about it. Empty texts and zero times are
// reported as empty texts.
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

	// The reservation is reported only to requests with
	// IncludeReservationData=true.
	HasReservationData            bool
	ReservationActiveTime         time.Time `json:",omitzero"`
	ReservationOrderType          string
	ReservationInternetChargeType string

	OpticalModuleModel     string
	DownDelayTime          int64
	DeviceFeaturesSelected string
	// MacsecKeys is secret key material: it belongs in no log, plan or state.
	MacsecKeys []MacsecKey
	Tags       map[string]string
}

// MacsecKey is a MACsec key of a circuit, as DescribePhysicalConnections
// reports it in clear text.
type MacsecKey struct {
	CAK         string
	CipherSuite string
	CKN         string
	StartOn     string
	Status      string
}

func (c Circuit) clone() Circuit {
	c.MacsecKeys = slices.Clone(c.MacsecKeys)
	c.Tags = maps.Clone(c.Tags)
	return c
}

// AddCircuit stores a circuit and returns the stored copy. Fields that are
// empty get a default: region cn-hangzhou, an ID from a sequence, and the look
// of a dedicated 1 Gbit/s line that waits for its payment. A circuit with the
// same region and ID is replaced. A circuit that was added stays in its state:
// only one that was applied for with CreatePhysicalConnection is built by itself.
func (e *Emulator) AddCircuit(c Circuit) Circuit {
	e.mu.Lock()
	defer e.mu.Unlock()
	c = c.clone()
	if c.ID == "" {
		c.ID = e.nextCircuitID()
	}
	if c.CreationTime.IsZero() {
		c.CreationTime = e.now()
	}
	if c.Bandwidth == 0 {
		c.Bandwidth = 1000
	}
	for field, value := range map[*string]string{
		&c.Region:          "cn-hangzhou",
		&c.Status:          StatusConfirmed,
		&c.BusinessStatus:  "Normal",
		&c.LOAStatus:       loaComplete,
		&c.Name:            "circuit-" + c.ID,
		&c.Type:            "VPC",
		&c.ProductType:     "PhysicalConnection",
		&c.Spec:            "1G",
		&c.AccessPointID:   "ap-cn-hangzhou-yh-B",
		&c.AccessPointType: "VPC",
		&c.LineOperator:    "CT",
		&c.PortType:        "1000Base-T",
		&c.OrderMode:       "PayByPhysicalConnectionOwner",
	} {
		if *field == "" {
			*field = value
		}
	}
	e.removeCircuit(c.Region, c.ID)
	e.circuits = append(e.circuits, &circuitRecord{Circuit: c})
	return c.clone()
}

// Circuit returns a circuit as it is now, and whether there is one.
func (e *Emulator) Circuit(region, id string) (Circuit, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	record := e.findCircuit(region, id)
	if record == nil {
		return Circuit{}, false
	}
	return record.clone(), true
}

// Circuits returns all circuits as they are now, oldest first.
func (e *Emulator) Circuits() []Circuit {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	circuits := make([]Circuit, 0, len(e.circuits))
	for _, record := range e.circuits {
		circuits = append(circuits, record.clone())
	}
	return circuits
}

// ChangeCircuit changes a circuit in place and reports whether there is one.
// Region and ID cannot be changed. A new Status ends a construction or
// termination that was under way. The change must not call the emulator.
func (e *Emulator) ChangeCircuit(region, id string, change func(*Circuit)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	record := e.findCircuit(region, id)
	if record == nil {
		return false
	}
	changed := record.clone()
	change(&changed)
	changed.Region, changed.ID = region, id
	if changed.Status != record.Status {
		record.changeAt = time.Time{}
	}
	record.Circuit = changed.clone()
	return true
}

// RemoveCircuit makes a circuit unknown to the API. Its orders stay in the
// ledger.
func (e *Emulator) RemoveCircuit(region, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.removeCircuit(region, id)
}

func (e *Emulator) removeCircuit(region, id string) {
	e.circuits = slices.DeleteFunc(e.circuits, func(record *circuitRecord) bool {
		return record.Region == region && record.ID == id
	})
}

// nextCircuitID counts up, past circuits that were added under such an ID.
func (e *Emulator) nextCircuitID() string {
	for {
		e.circuitsIssued++
		id := fmt.Sprintf("pc-emu%014d", e.circuitsIssued)
		taken := slices.ContainsFunc(e.circuits, func(record *circuitRecord) bool { return record.ID == id })
		if !taken {
			return id
		}
	}
}

func (e *Emulator) findCircuit(region, id string) *circuitRecord {
	for _, record := range e.circuits {
		if record.Region == region && record.ID == id {
			return record
		}
	}
	return nil
}
