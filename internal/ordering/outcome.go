package ordering

import (
	"fmt"
)

// CircuitTaken says that another resource of the same run orders the circuit.
type CircuitTaken struct {
	Key CircuitKey
	// OrderID is the other resource's order, empty while it has none.
	OrderID string
}

// Error names the circuit.
func (e *CircuitTaken) Error() string {
	return fmt.Sprintf("circuit %s in %s is ordered by another resource of this run", e.Key.CircuitID, e.Key.Region)
}

// OrderShared says that the API answered with an order ID that belongs to another
// circuit, as it does when two circuits are ordered with one client token.
type OrderShared struct {
	OrderID string
	Key     CircuitKey
	Other   CircuitKey
}

// Error names order and circuits.
func (e *OrderShared) Error() string {
	return fmt.Sprintf("order %s of circuit %s belongs to circuit %s", e.OrderID, e.Key.CircuitID, e.Other.CircuitID)
}

// NotPayable says that the circuit, read before the order, takes none. Nothing
// was sent.
type NotPayable struct {
	Circuit Circuit
}

// Error names circuit and status.
func (e *NotPayable) Error() string {
	return fmt.Sprintf("circuit %s in %s is %s", e.Circuit.ID, e.Circuit.Region, e.Circuit.Assess().State)
}

// CircuitUnread says that the circuit could not be read before the order. Nothing
// was sent.
type CircuitUnread struct {
	Cause error
}

// Error names the cause.
func (e *CircuitUnread) Error() string { return "circuit not read: " + e.Cause.Error() }

// Unwrap returns the cause.
func (e *CircuitUnread) Unwrap() error { return e.Cause }

// Ending says why the provider stopped sending an order.
type Ending int

const (
	// Refused orders were answered by an error that repeats.
	Refused Ending = iota
	// OutOfTime orders ran into the timeout.
	OutOfTime
	// Interrupted orders were stopped by the user.
	Interrupted
)

// Unplaced says that sending ended without an order ID.
type Unplaced struct {
	Ending Ending
	// Failure is the last failure.
	Failure *Failure
	// Doubt is the first failure after which an order may exist; nil when
	// certainly none was placed.
	Doubt *Failure
	// Sends counts the tries.
	Sends int
	// Circuit is the circuit as it was read after a refusal for its state; nil if
	// it was not read.
	Circuit *Circuit
	// Token is the client token that was sent last; it is not the wish's where
	// cancelled orders were stepped past, which Passed holds.
	Token  string
	Passed []string
	// Candidates are the orders that billing names for the circuit, Cancelled those of
	// them that are cancelled. LookUpFailure is why it could not be asked for all.
	Candidates, Cancelled []string
	LookUpFailure         error
}

// Error names the last failure.
func (e *Unplaced) Error() string {
	return fmt.Sprintf("no order after %d tries: %s", e.Sends, e.Failure)
}

// Unwrap returns the last failure.
func (e *Unplaced) Unwrap() error { return e.Failure }
