package account

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// port is the capacity of a port type.
type port struct {
	spec      string
	bandwidth int64 // Mbit/s
}

const typeVPC = "VPC"

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
	// The widest range in the documentation, in Mbit/s: that of ModifyPhysicalConnectionAttribute.
	// A faster port can have its whole capacity.
	minBandwidth, maxBandwidth = 2, 10240

	maxName        = 128
	maxDescription = 256
)

// checkAttributes checks the attributes that an application or a modification can set.
// An empty attribute is not set: the alicloud provider sends such parameters. The circuit has
// the port type unless the attributes change it.
func (a *Account) checkAttributes(wanted Circuit, portType string) error {
	_, knownPort := ports[wanted.PortType]
	most := max(maxBandwidth, ports[cmp.Or(wanted.PortType, portType)].bandwidth)
	switch {
	case wanted.LineOperator != "" && !slices.Contains(lineOperators, wanted.LineOperator):
		return Code("InvalidLineOperator.Malformd")
	case wanted.PortType != "" && !knownPort:
		return Code("InvalidPortType.Malformd")
	case wanted.Bandwidth != 0 && (wanted.Bandwidth < minBandwidth || wanted.Bandwidth > most):
		return Code("InvalidBandwidth")
	case !validText(wanted.Name, maxName):
		return Code("InvalidName.Malformed")
	case !validText(wanted.Description, maxDescription):
		return Code("InvalidDescription.Malformed")
	case wanted.RedundantPhysicalConnectionID == "":
		return nil
	}
	other := a.findCircuit(wanted.Region, wanted.RedundantPhysicalConnectionID)
	switch {
	case other == nil:
		return Code("InvalidRedundantPhysicalConnectionId.NotFound")
	case !slices.Contains([]string{StatusAllocated, StatusConfirmed, StatusEnabled}, other.Status):
		return Code("InvalidRedundantPhysicalConnectionStatus")
	default:
		return nil
	}
}

// setAttributes sets the attributes that are not empty. A port type also sets the capacity.
func (c *Circuit) setAttributes(wanted Circuit) {
	if chosen, given := ports[wanted.PortType]; given {
		c.Spec, c.Bandwidth = chosen.spec, chosen.bandwidth
	}
	c.set(wanted)
}

// validText reports whether a name or description is empty or valid: at least two
// characters, starting with a letter, and not a URL.
func validText(text string, longest int) bool {
	first, _ := utf8.DecodeRuneInString(text)
	length := utf8.RuneCountInString(text)
	return text == "" || length >= 2 && length <= longest && unicode.IsLetter(first) &&
		!strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://")
}
