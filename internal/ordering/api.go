// Package ordering is the domain of the provider: what an occupancy order is,
// when a circuit can be ordered, how one wish becomes one order whatever fails
// in between. It knows neither Terraform nor the SDK.
package ordering

import (
	"context"
	"time"
)

// CircuitReader reads circuits. Reading is free of side effects, so an
// implementation retries throttling, 5xx answers and transport failures itself
// until ctx ends or its own bound is reached.
type CircuitReader interface {
	// DescribeCircuit reads one circuit, asking for it by ID.
	//
	// It returns a *CircuitNotFound when the API answers, to that filtered
	// question, that it knows no such circuit, and a *Failure for everything
	// else. An answer that cannot be understood is a *Failure, never a
	// *CircuitNotFound.
	DescribeCircuit(ctx context.Context, query CircuitQuery) (Circuit, error)
}

// CircuitQuery names one circuit.
type CircuitQuery struct {
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

// CircuitFilter chooses circuits of a region. Empty parts do not restrict.
type CircuitFilter struct {
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

// CircuitLister lists circuits.
type CircuitLister interface {
	// ListCircuits returns all circuits that the filter chooses, all pages, in the
	// order of their IDs. It retries as DescribeCircuit does.
	ListCircuits(ctx context.Context, filter CircuitFilter) ([]Circuit, error)
}

// OrderSender sends an order request.
type OrderSender interface {
	// SendOrder sends the order once: it neither retries nor, once the request
	// is on the wire, lets a cancelled ctx cut it. A request ends by its answer
	// or after the implementation's own request timeout.
	//
	// A nil error promises a Receipt with an order ID. Every other outcome is a
	// *Failure, whose Delivery says how far the request went.
	SendOrder(ctx context.Context, wish Wish) (Receipt, error)
}

// API is what the domain needs of Alibaba Cloud.
type API interface {
	CircuitReader
	OrderSender
	// Host returns the host, with the port if it is not the default one, that
	// is asked for circuits and orders of a region.
	Host(region string) string
}

// Receipt is the answer to an accepted order.
type Receipt struct {
	// OrderID is the ID of the order, a string of digits.
	OrderID string
	// RequestID is the ID that the API gave to the request, for its support.
	RequestID string
}
