package ordering

import (
	"context"
	"errors"
	"time"
)

// Placer places orders.
type Placer struct {
	API API
	// Payments may be nil: then nothing is known of payments.
	Payments *Payments
	Ledger   *Ledger
	// Timeout bounds the sending of one order; 0 leaves it to ctx.
	Timeout time.Duration
	// Noted is called as soon as the API has answered with an order; may be nil.
	Noted func(receipt Receipt, token string, sends int)
	// Stepped is called before the token that follows a cancelled order is sent; may
	// be nil.
	Stepped func(cancelledOrderID, nextToken string)
	// Rand is the source of the backoff's jitter; nil stands for math/rand/v2.
	Rand func() float64
}

// Placement is an accepted order.
type Placement struct {
	Receipt Receipt
	// Token is the client token that placed the order. It is not the wish's where
	// cancelled orders were stepped past.
	Token string
	// Passed holds the cancelled orders that were stepped past.
	Passed []string
	// Found is true when the order's answer was lost and billing named the order.
	Found bool
	// Circuit is the circuit as it was read before the order.
	Circuit Circuit
	// Sends counts the tries that the order took.
	Sends int
	// Payment is the order's payment status, empty where billing says nothing.
	Payment string
	// PaymentFailure says why billing could not be read; nil if it could.
	PaymentFailure error
}

// Place places the order that wish describes, once, and sends it again until it
// is answered, refused, or the time is over. Every try has the same token and
// parameters, unless billing shows that the token stands for a cancelled order: then
// the next token of its chain is sent.
//
// It returns *CircuitTaken, *LimitReached, *CircuitNotFound, *CircuitUnread or
// *NotPayable when nothing was sent, *Unplaced when the sending failed, *CameBackCancelled
// when the order is cancelled and *OrderShared when the answer belongs to another
// circuit.
func (p Placer) Place(ctx context.Context, wish Wish) (Placement, error) {
	key := wish.Key()
	if orderID, ok := p.Ledger.Claim(key); !ok {
		return Placement{}, &CircuitTaken{Key: key, OrderID: orderID}
	}
	if reached := p.Ledger.Braked(); reached != nil {
		p.Ledger.Release(key)
		return Placement{}, reached
	}
	sending, cancel := p.bounded(ctx)
	defer cancel()
	circuit, err := p.check(sending, key)
	if err != nil {
		p.Ledger.Release(key)
		return Placement{}, err
	}
	placement, err := p.sendAlong(ctx, sending, wish, circuit)
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

func (p Placer) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, p.Timeout)
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
