package circuit

import (
	"context"
	"time"
)

// Reader reads circuits.
type Reader interface {
	// DescribeCircuit reads one circuit by its ID. It retries throttling, 5xx answers and
	// transport errors until ctx ends or the implementation's limit is reached.
	//
	// It returns a *NotFoundError only if the API returns that the circuit does not exist.
	// All other errors, such as unreadable answers, are of type *apierror.Error.
	DescribeCircuit(ctx context.Context, query Query) (Circuit, error)
}

// CachedReader is a Reader whose answers may be older than the question.
type CachedReader interface {
	Reader
	// ReadCircuit is DescribeCircuit that also returns when the request for the circuit
	// began.
	ReadCircuit(ctx context.Context, query Query) (found Circuit, begun time.Time, err error)
	// HasList reports whether ReadCircuit would use a list that was already requested.
	HasList(query Query) bool
}

// Query selects one circuit.
type Query struct {
	// Region is the region of the circuit, for example "cn-hangzhou".
	Region string
	// CircuitID is the ID of the circuit, "pc-…".
	CircuitID string
	// WithReservations requests renewals and pending orders that are not in effect yet
	// (IncludeReservationData).
	WithReservations bool
	// NotBefore is the earliest time at which a shared list may have begun. The zero value
	// accepts every list. Readers without lists ignore it.
	NotBefore time.Time
	// Once sends one request without retries, for callers that retry themselves.
	Once bool
}

// Filter selects circuits of a region. Empty fields match every circuit.
type Filter struct {
	Region          string
	IDs             []string
	AccessPointID   string
	Type            string
	LineOperator    string
	Spec            string
	Status          string
	ProductType     string
	ResourceGroupID string
	Tags            map[string]string
	// Once sends each request without retries, for callers that retry themselves.
	Once bool
	// Many means that more circuits than one page are expected. Two pages are then requested
	// at the same time.
	Many bool
}

// Lister lists circuits.
type Lister interface {
	// ListCircuits returns all circuits that match the filter, from all pages, sorted by
	// ID. It retries as DescribeCircuit does.
	ListCircuits(ctx context.Context, filter Filter) ([]Circuit, error)
}
