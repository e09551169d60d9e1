package emulator

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// port is what a type of port stands for.
type port struct {
	spec      string
	bandwidth int64 // Mbit/s
}

const defaultPort = "1000Base-T"

var ports = map[string]port{
	"100Base-T":   {"100M", 100},
	"1000Base-T":  {"1G", 1000},
	"1000Base-LX": {"1G", 1000},
	"10GBase-T":   {"10G", 10000},
	"10GBase-LR":  {"10G", 10000},
	"40GBase-LR":  {"40G", 40000},
	"100GBase-LR": {"100G", 100000},
}

var lineOperators = []string{"CT", "CU", "CM", "CO", "Equinix", "Other"}

const (
	// paramBandwidth is really spelt like that.
	paramBandwidth = "bandwidth"
	// The widest range in the documentation, in Mbit/s: that of
	// ModifyPhysicalConnectionAttribute.
	minBandwidth, maxBandwidth = 2, 10240

	maxName        = 128
	maxDescription = 256
)

// applyForCircuit is CreatePhysicalConnection: the circuit is Initial and is
// then built by itself.
var applyForCircuit = change{
	check: func(e *Emulator, q *request) *apiError {
		switch {
		case e.trafficClosed():
			return fail("OperationFailed.PconnTrafficNotEnable")
		case !e.knowsRegion(q.params[paramRegion]):
			return fail("InvalidRegionId.NotFound")
		case q.params["Type"] != "" && q.params["Type"] != "VPC":
			return fail("InvalidType.Malformd")
		default:
			return e.checkAttributes(q)
		}
	},
	apply: func(e *Emulator, q *request) string {
		record := &circuitRecord{Circuit: Circuit{
			Region:          q.params[paramRegion],
			ID:              e.nextCircuitID(),
			BusinessStatus:  "Normal",
			CreationTime:    e.now(),
			Type:            "VPC",
			ProductType:     "PhysicalConnection",
			AccessPointID:   q.params["AccessPointId"],
			AccessPointType: "VPC",
			PortType:        defaultPort,
			Spec:            ports[defaultPort].spec,
			Bandwidth:       ports[defaultPort].bandwidth,
			OrderMode:       "PayByPhysicalConnectionOwner",
			ResourceGroupID: q.params["ResourceGroupId"],
			Tags:            readTags(q.params),
		}}
		record.setAttributes(q)
		record.enter(StatusInitial, e.now(), e.quirks)
		e.circuits = append(e.circuits, record)
		return record.ID
	},
	tellsID: true,
}

// modifyCircuit is ModifyPhysicalConnectionAttribute. A rejected application
// that is modified is made anew.
var modifyCircuit = change{
	check: func(e *Emulator, q *request) *apiError {
		unchangeable := states(StatusCanceled, StatusAllocating, StatusAllocationFailed, StatusTerminated)
		allowed := func(e *Emulator, status string) bool { return !unchangeable(e, status) }
		if failure := e.checkCircuit(q, allowed); failure != nil {
			return failure
		}
		return e.checkAttributes(q)
	},
	apply: func(e *Emulator, q *request) string {
		record := e.circuitOf(q)
		record.setAttributes(q)
		if record.Status == StatusRejected {
			record.enter(StatusInitial, e.now(), e.quirks)
		}
		return record.ID
	},
}

// checkAttributes checks what both operations can set. An empty value is one
// that was not given: the alicloud provider sends such.
func (e *Emulator) checkAttributes(q *request) *apiError {
	if operator := q.params["LineOperator"]; operator != "" && !slices.Contains(lineOperators, operator) {
		return fail("InvalidLineOperator.Malformd")
	}
	if _, known := ports[q.params["PortType"]]; q.params["PortType"] != "" && !known {
		return fail("InvalidPortType.Malformd")
	}
	if text := q.params[paramBandwidth]; text != "" {
		if number, err := strconv.Atoi(text); err != nil || number < minBandwidth || number > maxBandwidth {
			return fail("InvalidBandwidth")
		}
	}
	if !validText(q.params["Name"], maxName) {
		return fail("InvalidName.Malformed")
	}
	if !validText(q.params["Description"], maxDescription) {
		return fail("InvalidDescription.Malformed")
	}
	id := q.params["RedundantPhysicalConnectionId"]
	if id == "" {
		return nil
	}
	other := e.findCircuit(q.params[paramRegion], id)
	if other == nil {
		return fail("InvalidRedundantPhysicalConnectionId.NotFound")
	}
	switch other.Status {
	case StatusAllocated, StatusConfirmed, StatusEnabled:
		return nil
	default:
		return fail("InvalidRedundantPhysicalConnectionStatus")
	}
}

// setAttributes takes over what checkAttributes has let pass.
func (c *Circuit) setAttributes(q *request) {
	for name, text := range map[string]*string{
		"LineOperator":                  &c.LineOperator,
		"PortType":                      &c.PortType,
		"CircuitCode":                   &c.CircuitCode,
		"PeerLocation":                  &c.PeerLocation,
		"Name":                          &c.Name,
		"Description":                   &c.Description,
		"OpticalModuleModel":            &c.OpticalModuleModel,
		"RedundantPhysicalConnectionId": &c.RedundantPhysicalConnectionID,
	} {
		if value := q.params[name]; value != "" {
			*text = value
		}
	}
	if chosen, given := ports[q.params["PortType"]]; given {
		c.Spec, c.Bandwidth = chosen.spec, chosen.bandwidth
	}
	if number, err := strconv.ParseInt(q.params[paramBandwidth], 10, 64); err == nil {
		c.Bandwidth = number
	}
}

// validText tells whether a name or description is empty or as documented: at
// least two characters, a letter first, and no address.
func validText(text string, most int) bool {
	if text == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(text)
	length := utf8.RuneCountInString(text)
	return length >= 2 && length <= most && unicode.IsLetter(first) &&
		!strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://")
}

// readTags reads Tag.N.Key and Tag.N.Value.
func readTags(params map[string]string) map[string]string {
	tags := map[string]string{}
	for name, key := range params {
		if number, found := strings.CutSuffix(name, ".Key"); found && strings.HasPrefix(name, "Tag.") {
			tags[key] = params[number+".Value"]
		}
	}
	return tags
}
