package circuit

import "fmt"

// NotFoundError means that the API returned that the circuit does not exist.
type NotFoundError struct {
	Region    string
	CircuitID string
	Host      string
	RequestID string
}

// Error returns circuit, region and host, for logs.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no circuit %s in region %s at %s", e.CircuitID, e.Region, e.Host)
}
