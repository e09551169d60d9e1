package order

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// sendAge is the maximum age of the list of orders when the first request is sent.
	sendAge = time.Minute
	// readTries is the maximum number of reads of the circuit if the API cannot be reached.
	readTries = 8
	// afterOrderTimeout limits the reads after an order, because Terraform does not know
	// the order until Create returns.
	afterOrderTimeout = 10 * time.Second
	// messageTimeout limits a look that is only for the message of an error.
	messageTimeout = 15 * time.Second
)

// Placer places orders.
type Placer struct {
	API      API
	Billing  *billing.Reader
	Registry *RunRegistry
	// Guard refuses orders by their price; nil refuses none.
	Guard *PriceGuard
	// allowed returns the error of Guard now. place sets it before the first request.
	allowed func() error
	// Timeout limits the time to send one order. If it is 0, only ctx limits it.
	Timeout time.Duration
	// OnPlaced is called as soon as the API has returned an order ID. It may be nil.
	OnPlaced func(receipt Receipt, token string, attempts int)
	// Rand is the source of the jitter. If it is nil, Placer uses math/rand/v2.
	Rand func() float64
}

// Place places the requested order exactly once:
//
//  1. It reads the circuit, and stops if the circuit cannot be ordered.
//  2. It searches billing for orders of the circuit. It stops if there is one, or adopts
//     the order of a run that was killed.
//  3. It sends the request, with the same parameters in every try, until the API accepts
//     or refuses it or the time is over. If the API returns an order that was cancelled
//     before step 2, it continues with the next client token.
//  4. If the response was lost, it searches billing for the new order.
//  5. It reads the circuit and the payment.
//
// The error is a *PlaceError.
func (p Placer) Place(ctx context.Context, request Request) (Placement, error) {
	key := request.Key()
	if orderID, ok := p.Registry.Claim(key); !ok {
		return Placement{}, &PlaceError{Kind: CircuitClaimed, Key: key, OrderID: orderID}
	}
	placement, err := p.place(ctx, request)
	if err != nil {
		if failed, ok := errors.AsType[*PlaceError](err); !ok || failed.OrderedNothing() {
			p.Registry.Release(key)
		}
		return placement, err
	}
	if billing.NameOnlyOthers(placement.Lines, key.CircuitID) {
		p.Registry.RecordOtherPurpose(placement.Receipt.OrderID)
	}
	if other, ok := p.Registry.RecordPlaced(key, placement.Receipt.OrderID); !ok {
		return placement, &PlaceError{Kind: OrderShared, Key: key, OrderID: placement.Receipt.OrderID, Other: other}
	}
	return placement, nil
}

// place is Place for a circuit that this call has claimed.
func (p Placer) place(ctx context.Context, request Request) (Placement, error) {
	key := request.Key()
	if over := p.Registry.CheckLimit(); over != nil {
		return Placement{}, &PlaceError{Kind: LimitExceeded, Key: key, OverLimit: over}
	}
	if orderID := p.Registry.ExistingOrder(key); orderID != "" {
		return Placement{}, &PlaceError{Kind: OrderInState, Key: key, OrderID: orderID}
	}
	sending, cancel := p.withTimeout(ctx)
	defer cancel()
	circuit, err := p.check(sending, key)
	var look billing.Look
	var found *billing.Order
	if err == nil {
		check := p.Guard.start(sending, circuit)
		defer func() { cancel(); check.reading.Wait() }()
		look, found, err = p.reconcile(sending, request, circuit)
		switch {
		case err != nil:
		case found != nil:
			err = p.Guard.AllowsFound(key, *found)
		default:
			p.allowed = func() error { return check.allows(sending, key, circuit) }
			err = p.allowed()
		}
	}
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			err = (&PlaceError{Kind: NoOrderID, Key: key, ClientToken: request.ClientToken}).stopped(ctx.Err())
		}
		return Placement{}, err
	}
	placement := Placement{ClientToken: request.ClientToken, Source: Placed, Before: circuit, Look: look}
	if found == nil {
		if found, err = p.sendChain(ctx, sending, request, &placement); err != nil {
			return placement, err
		}
	}
	if found != nil {
		placement.Receipt, placement.Source, placement.Found = Receipt{OrderID: found.ID}, Adopted, true
		placement.Lines = found.Lines
	}
	p.readAfter(ctx, &placement)
	return placement, placement.check(request)
}

func (p Placer) withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, p.Timeout)
}

// check reads the circuit and returns an error if it cannot be ordered. An enabled circuit
// is never ordered again: the API may have forgotten the client token of its order.
func (p Placer) check(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	c, cached := p.Registry.PopCachedCircuit(key)
	if !cached {
		var err error
		if c, err = p.read(ctx, key); err != nil {
			return circuit.Circuit{}, &PlaceError{Kind: CircuitUnread, Key: key, Cause: err}
		}
	}
	switch c.Readiness() {
	case circuit.Payable, circuit.Unsure:
		return c, nil
	default:
		return circuit.Circuit{}, &PlaceError{Kind: NotPayable, Key: key, Circuit: &c, Look: p.LookForMessage(ctx, c)}
	}
}

// read reads the circuit. It repeats the read until ctx ends if the API throttles or fails,
// and readTries times if the API cannot be reached.
func (p Placer) read(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	backoff := retry.Backoff{Rand: p.Rand}
	var last error
	for try := 1; ; try++ {
		c, err := p.API.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID, Once: true})
		if err != nil && last != nil && ctx.Err() != nil {
			return c, last // It says more than the end of ctx.
		}
		last = err
		failure, failed := errors.AsType[*apierror.Error](err)
		if !failed || failure.Class() == apierror.Final || failure.Delivery != apierror.Answered && try == readTries {
			return c, err
		}
		if retry.Wait(ctx, backoff.Next()) != nil {
			return c, err
		}
	}
}

// reconcile searches billing before the first request is sent. It returns the look that
// permits the request, or the order to adopt instead. It waits if billing is down.
func (p Placer) reconcile(ctx context.Context, request Request, circuit circuit.Circuit) (billing.Look, *billing.Order, error) {
	backoff, looking := retry.Backoff{Rand: p.Rand}, ctx
	for age := billing.LookAge; ; age = 0 {
		look := p.Billing.Look(looking, circuit, age, p.Registry.IsForOwnCircuit)
		verdict := request.Judge(look)
		if verdict == VerdictAdopt {
			verdict = p.confirm(ctx, request, &look)
		}
		switch verdict {
		case VerdictSend, VerdictSendUnseen:
			if time.Since(look.Began) > sendAge && ctx.Err() == nil {
				continue // The look took so long that the list is too old.
			}
			return look, nil, nil
		case VerdictAdopt:
			return look, &look.Live[0], nil
		case VerdictRefuse:
			return look, nil, &PlaceError{Kind: OrdersExist, Key: request.Key(), Circuit: &circuit, Look: look}
		case VerdictLookAgain:
			patient, cancel := p.Billing.Patient(ctx)
			defer cancel()
			looking = patient
			if look.Blocked() || retry.Wait(patient, backoff.Next()) != nil {
				return look, nil, &PlaceError{Kind: BillingUnread, Key: request.Key(), Circuit: &circuit, Look: look, Cause: look.Err}
			}
		}
	}
}

// confirm reads the order to adopt again, updates the look, and returns the new verdict.
func (p Placer) confirm(ctx context.Context, request Request, look *billing.Look) Verdict {
	order := look.Live[0]
	lines, err := p.Billing.ReadUncached(ctx, order.ID)
	if err != nil {
		look.Err = err // Judge refuses without permissions, and looks again after other errors.
		return request.Judge(*look)
	}
	look.Live = nil
	look.Add(order.ID, lines, request.CircuitID)
	verdict := request.Judge(*look)
	if len(look.Live) == 0 {
		// Somebody else has cancelled the order, or its line no longer has the circuit ID.
		look.Live = []billing.Order{order}
		return VerdictRefuse
	}
	return verdict
}

// sendChain sends the order. If the API returns an order that the look showed as
// cancelled, the client token belongs to that order, so sendChain uses the next token. It
// uses each cancelled order only once, so that one call places at most one order. It
// returns an order only if it found the order in billing.
func (p Placer) sendChain(ctx, sending context.Context, request Request, placement *Placement) (*billing.Order, error) {
	for {
		receipt, failed := p.send(sending, request)
		placement.Sent, placement.Receipt, placement.ClientToken = true, receipt, request.ClientToken
		if failed != nil && failed.Kind != NoOrderID { // The price has risen between two tries.
			return nil, failed
		}
		if failed != nil {
			failed.Before = placement.Look
			if found := p.recover(ctx, request, placement.Before, failed); found != nil {
				return found, nil
			}
			return nil, failed
		}
		id := receipt.OrderID
		seen := slices.ContainsFunc(placement.Look.Cancelled, func(o billing.Order) bool { return o.ID == id })
		switch {
		case !seen:
			return nil, nil
		case !request.isInTokenChain(placement.Passed), slices.Contains(placement.Passed, id):
			return nil, placement.cancelled(request.Key(), true)
		}
		placement.Passed = append(placement.Passed, id)
		request.ClientToken = TokenAfter(request.ClientToken, id)
	}
}

// send sends one client token until the API accepts or refuses it or the time is over.
func (p Placer) send(ctx context.Context, request Request) (Receipt, *PlaceError) {
	backoff := retry.Backoff{Rand: p.Rand}
	failed := &PlaceError{Kind: NoOrderID, Key: request.Key(), ClientToken: request.ClientToken}
	if err := ctx.Err(); err != nil {
		return Receipt{}, failed.stopped(err)
	}
	for {
		if failed.FirstAmbiguous == nil { // No try was accepted so far.
			if refused, ok := errors.AsType[*PlaceError](p.allowed()); ok {
				return Receipt{}, refused
			}
		}
		receipt, err := p.API.SendOrder(ctx, request)
		failed.Attempts++
		if err == nil {
			if p.OnPlaced != nil {
				p.OnPlaced(receipt, request.ClientToken, failed.Attempts)
			}
			return receipt, nil
		}
		failure := asAPIError(err)
		failed.Failure = failure
		if failed.FirstAmbiguous == nil && (failure.Class() == apierror.Ambiguous || failure.Class() == apierror.Final && failure.HasNoCode()) {
			failed.FirstAmbiguous = failure
		}
		if failure.Class() == apierror.Final {
			failed.StopReason = Refused
			if failure.WrongState() { // The status may have changed, for example because of an order.
				if circuit, err := p.API.DescribeCircuit(ctx, circuit.Query{Region: request.Region, CircuitID: request.CircuitID}); err == nil {
					failed.Circuit = &circuit
				}
			}
			return Receipt{}, failed
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			return Receipt{}, failed.stopped(err)
		}
	}
}

// asAPIError returns the API error in err. Any other error is a defect of the API client.
// It counts as a lost response, because the order may have been sent.
func asAPIError(err error) *apierror.Error {
	if failure, ok := errors.AsType[*apierror.Error](err); ok {
		return failure
	}
	return &apierror.Error{Delivery: apierror.ResponseLost, Message: err.Error(), Cause: err}
}

// readAfter reads the circuit and the payment of the order once, at the same time. Errors
// do not matter: the order exists, and the next refresh reads the rest.
func (p Placer) readAfter(ctx context.Context, placement *Placement) {
	ctx, cancel := context.WithTimeout(ctx, afterOrderTimeout)
	defer cancel()
	var group sync.WaitGroup
	placement.Circuit = placement.Before
	group.Go(func() {
		if circuit, err := p.read(ctx, placement.Before.Key()); err == nil {
			placement.Circuit = circuit
		}
	})
	if !placement.Found {
		placement.Lines, placement.PaymentErr = p.Billing.ReadUncached(ctx, placement.Receipt.OrderID)
	}
	group.Wait()
}

// Look searches for the orders of a circuit, in a list that other circuits may share.
func (p Placer) Look(ctx context.Context, circuit circuit.Circuit) billing.Look {
	return p.Billing.Look(ctx, circuit, billing.LookAge, p.Registry.IsForOwnCircuit)
}

// LookForMessage searches for the orders of an enabled circuit, so that a message can list
// them. No decision depends on the result.
func (p Placer) LookForMessage(ctx context.Context, c circuit.Circuit) billing.Look {
	if c.Status != circuit.StatusEnabled {
		return billing.Look{}
	}
	ctx, cancel := context.WithTimeout(ctx, messageTimeout)
	defer cancel()
	return p.Look(ctx, c)
}
