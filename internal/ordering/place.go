package ordering

import (
	"context"
	"errors"
	"fmt"
)

// Placer places orders.
type Placer struct {
	API API
	// Billing may be nil.
	Billing Billing
	Ledger  *Ledger
	// Rand is the source of the backoff's jitter; nil stands for math/rand/v2.
	Rand func() float64
}

// Placement is an accepted order.
type Placement struct {
	Receipt Receipt
	// Circuit is the circuit as it was read before the order.
	Circuit Circuit
	// Sends counts the tries that the order took.
	Sends int
}

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
}

// Error names the last failure.
func (e *Unplaced) Error() string {
	return fmt.Sprintf("no order after %d tries: %s", e.Sends, e.Failure)
}

// Unwrap returns the last failure.
func (e *Unplaced) Unwrap() error { return e.Failure }

// Place places the order that wish describes, once, and sends it again until it
// is answered, refused, or ctx ends. Every try has the same token and parameters.
//
// It returns *CircuitTaken, *CircuitNotFound, *CircuitUnread or *NotPayable when
// nothing was sent, *Unplaced when the sending failed and *OrderShared when the
// answer belongs to another circuit.
func (p Placer) Place(ctx context.Context, wish Wish) (Placement, error) {
	key := CircuitKey{wish.Region, wish.CircuitID}
	if orderID, ok := p.Ledger.Claim(key); !ok {
		return Placement{}, &CircuitTaken{Key: key, OrderID: orderID}
	}
	if limit, braked := p.Ledger.Braked(); braked {
		p.Ledger.Release(key)
		return Placement{}, &LimitReached{Limit: limit}
	}
	circuit, err := p.check(ctx, key)
	if err != nil {
		p.Ledger.Release(key)
		return Placement{}, err
	}
	placement := Placement{Circuit: circuit}
	placement.Receipt, placement.Sends, err = p.send(ctx, wish)
	if err != nil {
		var unplaced *Unplaced
		if errors.As(err, &unplaced) && unplaced.Doubt == nil {
			p.Ledger.Release(key)
		}
		return placement, err
	}
	if other, ok := p.Ledger.Placed(key, placement.Receipt.OrderID); !ok {
		return placement, &OrderShared{OrderID: placement.Receipt.OrderID, Key: key, Other: other}
	}
	return placement, nil
}

// check reads the circuit and refuses to order one that certainly takes no order.
// One that is in service is not ordered "to get a replay": the token's memory may
// have ended by then.
func (p Placer) check(ctx context.Context, key CircuitKey) (Circuit, error) {
	circuit, fresh := p.Ledger.TakeReading(key)
	if !fresh {
		var err error
		circuit, err = p.read(ctx, key)
		var missing *CircuitNotFound
		if errors.As(err, &missing) {
			return Circuit{}, missing
		}
		if err != nil {
			return Circuit{}, &CircuitUnread{Cause: err}
		}
	}
	switch circuit.Assess().Readiness {
	case Payable, Unsure:
		return circuit, nil
	default:
		return Circuit{}, &NotPayable{Circuit: circuit}
	}
}

// read reads the circuit. An API that throttles or fails is waited for until ctx
// ends; one that cannot be reached is not.
func (p Placer) read(ctx context.Context, key CircuitKey) (Circuit, error) {
	backoff := Backoff{Rand: p.Rand}
	for {
		circuit, err := p.API.DescribeCircuit(ctx, CircuitQuery{Region: key.Region, CircuitID: key.CircuitID})
		var failure *Failure
		if !errors.As(err, &failure) || failure.Delivery != Answered || failure.Class() == Final {
			return circuit, err
		}
		if Wait(ctx, backoff.Next()) != nil {
			return circuit, err
		}
	}
}

func (p Placer) send(ctx context.Context, wish Wish) (Receipt, int, error) {
	backoff := Backoff{Rand: p.Rand}
	unplaced := &Unplaced{}
	for {
		if err := ctx.Err(); err != nil {
			return Receipt{}, unplaced.Sends, unplaced.stopped(err)
		}
		receipt, err := p.API.SendOrder(ctx, wish)
		unplaced.Sends++
		if err == nil {
			return receipt, unplaced.Sends, nil
		}
		unplaced.Failure = asFailure(err)
		switch unplaced.Failure.Class() {
		case Final:
			unplaced.Ending = Refused
			if unplaced.Doubt == nil && unplaced.Failure.Unclear() {
				unplaced.Doubt = unplaced.Failure
			}
			p.readAgain(ctx, wish, unplaced)
			return Receipt{}, unplaced.Sends, unplaced
		case Ambiguous:
			if unplaced.Doubt == nil {
				unplaced.Doubt = unplaced.Failure
			}
		case Retryable:
		}
		if err := Wait(ctx, backoff.Next()); err != nil {
			return Receipt{}, unplaced.Sends, unplaced.stopped(err)
		}
	}
}

// stopped ends the sending with ctx.
func (e *Unplaced) stopped(err error) *Unplaced {
	e.Ending = Interrupted
	if errors.Is(err, context.DeadlineExceeded) {
		e.Ending = OutOfTime
	}
	if e.Failure == nil {
		e.Failure = &Failure{Delivery: NotSent, Message: "the run ended before the order was sent", Cause: err}
	}
	return e
}

// readAgain reads the circuit after a refusal for its state, so that the user
// learns which state that is, and whether an order brought it there.
func (p Placer) readAgain(ctx context.Context, wish Wish, unplaced *Unplaced) {
	if !unplaced.Failure.WrongState() {
		return
	}
	circuit, err := p.API.DescribeCircuit(ctx, CircuitQuery{Region: wish.Region, CircuitID: wish.CircuitID})
	if err == nil {
		unplaced.Circuit = &circuit
	}
}

// asFailure returns the failure behind err. An error that is none is a defect of
// the implementation; it counts as a lost answer, since the order may have gone
// out.
func asFailure(err error) *Failure {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure
	}
	return &Failure{Delivery: Lost, Message: err.Error(), Cause: err}
}
