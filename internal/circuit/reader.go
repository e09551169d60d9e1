package circuit

import (
	"context"
	"time"
)

// Reader reads circuits. Reading is free of side effects, so an
// implementation retries throttling, 5xx answers and transport failures itself
// until ctx ends or its own bound is reached.
type Reader interface {
	// DescribeCircuit reads one circuit, asking for it by ID.
	//
	// It returns a *NotFoundError when the API answers, to that filtered
	// question, that it knows no such circuit, and a *Error for everything
	// else. An answer that cannot be understood is a *Error, never a
	// *NotFoundError.
	DescribeCircuit(ctx context.Context, query Query) (Circuit, error)
}

// Query names one circuit.
type Query struct {
	// Region is the region of the circuit, for example "cn-hangzhou".
	Region string
	// CircuitID is the ID of the circuit, "pc-…".
	CircuitID string
	// WithReservations asks for renewals and pending orders that are not in
	// effect yet (IncludeReservationData).
	WithReservations bool
	// NotBefore is the earliest begin of a reading that may answer; the zero value
	// leaves it to the reader. One that asks the API each time need not look at it.
	NotBefore time.Time
}

// Filter chooses circuits of a region. Empty parts do not restrict.
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
}

// Lister lists circuits.
type Lister interface {
	// ListCircuits returns all circuits that the filter chooses, all pages, in the
	// order of their IDs. It retries as DescribeCircuit does.
	ListCircuits(ctx context.Context, filter Filter) ([]Circuit, error)
}
