package circuit

import "fmt"

// NotFoundError says that the API, asked for one circuit by ID, knows none.
type NotFoundError struct {
	Region    string
	CircuitID string
	Host      string
	RequestID string
}

// Error names circuit, region and host.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no circuit %s in region %s at %s", e.CircuitID, e.Region, e.Host)
}

// Explain tells the user what was asked and where.
func (e *NotFoundError) Explain() string {
	text := fmt.Sprintf("There is no circuit %s in region %s for these credentials; %s was asked.", e.CircuitID, e.Region, e.Host)
	if e.RequestID != "" {
		text += " Request ID: " + e.RequestID + "."
	}
	return text + " Check physical_connection_id, region_id and whose credentials the provider uses."
}
