package circuit

import "fmt"

// NotFoundError means that the API has no circuit with the ID that the request asked for.
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
