package vpc

import "github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"

// The tests need these decoders.
var (
	ParseOrderID = parseOrderID
	ParseCircuit = parseCircuit
)

// ParseList returns the circuits of a page.
func ParseList(body []byte, filter circuit.Filter) (circuits []circuit.Circuit, problem string) {
	selection := newSelection(filter, filter.IDs)
	rows, _, problem := selection.parse(body)
	for _, row := range rows {
		if found := row.circuit(); selection.matches(found) {
			circuits = append(circuits, found)
		}
	}
	return circuits, problem
}
