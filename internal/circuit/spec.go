package circuit

import "strings"

// PortSpec returns the specification of the circuit's port as the price list has it: 1G,
// 10G, 40G or 100G. It is empty if neither Spec nor PortType is a known one.
func (c Circuit) PortSpec() string {
	spec, port := strings.ToUpper(strings.TrimSpace(c.Spec)), strings.ToUpper(c.PortType)
	for _, known := range []string{"1G", "10G", "40G", "100G"} {
		if spec == known || strings.HasPrefix(spec, known+" ") {
			return known
		}
	}
	switch {
	case spec != "":
		return ""
	case strings.HasPrefix(port, "100GBASE"):
		return "100G"
	case strings.HasPrefix(port, "40GBASE"):
		return "40G"
	case strings.HasPrefix(port, "10GBASE"):
		return "10G"
	case strings.HasPrefix(port, "1000BASE"), strings.HasPrefix(port, "100BASE"):
		return "1G"
	default:
		return ""
	}
}
