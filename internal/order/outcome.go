package order

import (
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// PlaceErrorKind says why no order was taken into the state.
type PlaceErrorKind int

// In the first group nothing was sent.
const (
	// LimitExceeded means that the order is one more than the configuration allows.
	LimitExceeded PlaceErrorKind = iota
	// CircuitClaimed means that another resource of this run orders the circuit.
	CircuitClaimed
	// OrderHeld means that the state holds an order of the circuit.
	OrderInState
	// CircuitUnread means that the circuit could not be read.
	CircuitUnread
	// NotPayable means that the circuit takes no order in its state.
	NotPayable
	// OrdersExist means that billing shows live orders for the circuit.
	OrdersExist
	// BillingUnread means that billing could not be asked for orders of the circuit.
	BillingUnread
	// PriceUnread means that the price could not be read, which the guard needs.
	PriceUnread
	// PriceTooHigh means that the order costs more than the guard allows.
	PriceTooHigh
	// FoundTooHigh means that an existing order costs more than the guard allows.
	FoundTooHigh

	// NotAnswered means that sending ended without an order ID.
	NotAnswered
	// OrderCancelled means that the API answered with an order that is cancelled.
	OrderCancelled
	// OrderShared means that the API answered with an order of another circuit.
	OrderShared
)

// PlaceError says why no order was taken into the state, and what is known.
type PlaceError struct {
	Kind PlaceErrorKind
	Key  circuit.Key
	// OrderID is the order that the error is about, empty if there is none.
	OrderID   string
	RequestID string
	// Other is the circuit that the order belongs to, of OrderShared.
	Other circuit.Key
	// Circuit is the circuit as it was read last; nil if it was not.
	Circuit *circuit.Circuit
	// Look is the last look for orders of the circuit, Before the one before the first
	// send.
	Look, Before billing.Look
	// Token is the client token that was sent last, Passed are the cancelled orders
	// whose tokens were sent before.
	ClientToken string
	Passed      []string
	// Seen reports whether the look before the first send showed the cancelled order.
	Seen bool

	// StopReason says why the provider stopped sending.
	StopReason StopReason
	// Error is the last failure; FirstAmbiguous the first one after which an order may
	// exist, nil if there was none.
	Failure, FirstAmbiguous *apierror.Error
	// Attempts counts the sends.
	Attempts int
	// OverLimit are the orders that were counted, of LimitExceeded.
	OverLimit *OverLimit
	// Price is the price of PriceTooHigh, and the amount of FoundTooHigh.
	Price billing.Price
	// MaxPrice is the limit of the guard.
	MaxPrice string
	// Cause is the underlying error, nil if there is none.
	Cause error
}

// StopReason says why the provider stopped sending an order.
type StopReason int

const (
	// Refused orders were answered by an error that repeats.
	Refused StopReason = iota
	// OutOfTime orders ran into the timeout.
	OutOfTime
	// Interrupted orders were stopped by the user.
	Interrupted
)

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

// Unwrap returns the cause.
func (e *PlaceError) Unwrap() error {
	if e.Cause == nil && e.Failure != nil {
		return e.Failure
	}
	return e.Cause
}

// Certain reports whether nothing was ordered for certain.
func (e *PlaceError) OrderedNothing() bool {
	switch e.Kind {
	case NotAnswered:
		return e.FirstAmbiguous == nil && e.Failure.OrderedNothing()
	case OrderCancelled, OrderShared:
		return false
	default:
		return true
	}
}
