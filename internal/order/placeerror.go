package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// PlaceErrorKind is the reason why there is no order to save in the state.
type PlaceErrorKind int

// Kinds of a PlaceError. The first group means that no request was sent.
const (
	// LimitExceeded means that the run has more orders than the configuration allows.
	LimitExceeded PlaceErrorKind = iota
	// CircuitClaimed means that another resource of this run orders the circuit.
	CircuitClaimed
	// OrderInState means that the state has an order for the circuit.
	OrderInState
	// CircuitUnread means that the circuit could not be read.
	CircuitUnread
	// NotPayable means that the circuit cannot be ordered in its state.
	NotPayable
	// OrdersExist means that billing reports live orders for the circuit.
	OrdersExist
	// BillingUnread means that the orders of the circuit could not be read from billing.
	BillingUnread
	// PriceUnread means that the price could not be read, which the guard needs.
	PriceUnread
	// PriceTooHigh means that the order costs more than the guard allows.
	PriceTooHigh
	// FoundTooHigh means that an existing order costs more than the guard allows.
	FoundTooHigh

	// NoOrderID means that the provider stopped sending without an order ID.
	NoOrderID
	// OrderCancelled means that the API returned an order that is cancelled.
	OrderCancelled
	// OrderShared means that the API returned an order of another circuit.
	OrderShared
)

// PlaceError is the error of Placer.Place.
type PlaceError struct {
	Kind PlaceErrorKind
	Key  circuit.Key
	// OrderID is the order that the error is about, empty if there is none. RequestID is
	// the ID of the request that returned the order.
	OrderID   string
	RequestID string
	// Other is the circuit that the order belongs to. Only OrderShared has it.
	Other circuit.Key
	// Circuit is the circuit as it was read last, nil if it was not read.
	Circuit *circuit.Circuit
	// Look is the last look for orders of the circuit, Before is the look before the first
	// request.
	Look, Before billing.Look
	// ClientToken is the client token that was sent last.
	ClientToken string
	// Seen reports whether the look before the first request showed the cancelled order.
	Seen bool

	// StopReason is why the provider stopped sending. Only NoOrderID has it.
	StopReason StopReason
	// Failure is the last error of the API. FirstAmbiguous is the first error after which
	// an order may exist, nil if there was none.
	Failure, FirstAmbiguous *apierror.Error
	// Attempts counts the requests with ClientToken.
	Attempts int
	// OverLimit are the orders of the run. Only LimitExceeded has it.
	OverLimit *OverLimit
	// Price is the price of PriceTooHigh, or the amount of FoundTooHigh. MaxPrice is the
	// limit of the guard.
	Price    billing.Price
	MaxPrice string
	// Cause is the underlying error, nil if there is none.
	Cause error
}

// StopReason is why the provider stopped sending an order.
type StopReason int

const (
	// Refused means that the API returned a final error.
	Refused StopReason = iota
	// OutOfTime means that the timeout has ended.
	OutOfTime
	// Interrupted means that the user stopped the run.
	Interrupted
)

// stopped sets the stop reason from the error of a context.
func (e *PlaceError) stopped(err error) *PlaceError {
	e.StopReason = Interrupted
	if errors.Is(err, context.DeadlineExceeded) {
		e.StopReason = OutOfTime
	}
	if e.Failure == nil {
		e.Failure = &apierror.Error{Delivery: apierror.NotSent, Message: "the run ended before the order was sent", Cause: err}
	}
	return e
}

// Error describes the error in one line, for logs.
func (e *PlaceError) Error() string {
	text := fmt.Sprintf("no order for circuit %s in %s", e.Key.CircuitID, e.Key.Region)
	if e.OrderID != "" {
		text += ": order " + e.OrderID
	}
	if cause := e.Unwrap(); cause != nil {
		text += ": " + cause.Error()
	}
	return text
}

// Unwrap returns Cause, or Failure if there is no cause.
func (e *PlaceError) Unwrap() error {
	if e.Cause == nil && e.Failure != nil {
		return e.Failure
	}
	return e.Cause
}

// OrderedNothing reports whether this call certainly placed no order.
func (e *PlaceError) OrderedNothing() bool {
	switch e.Kind {
	case NoOrderID:
		return e.FirstAmbiguous == nil && e.Failure.OrderedNothing()
	case OrderCancelled, OrderShared:
		return false
	default:
		return true
	}
}
