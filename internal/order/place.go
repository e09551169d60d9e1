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
	// sendAge is the greatest age of the list behind a look when the first request is
	// sent.
	sendAge = time.Minute
	// afterOrderTimeout bounds the reads after an order: until Create returns,
	// Terraform does not know the order.
	afterOrderTimeout = 10 * time.Second
	// dateSkew allows for the whole seconds of two clocks, of orders and of answers.
	dateSkew = 2 * time.Second
	// messageTimeout bounds a look that is only for the message of an error.
	messageTimeout = 15 * time.Second
)

// Placer places orders.
type Placer struct {
	API      API
	Billing  *billing.Reader
	Registry *RunRegistry
	// Guard refuses orders by their price; nil refuses none.
	Guard *PriceGuard
	// Timeout bounds the sending of one order; 0 leaves it to ctx.
	Timeout time.Duration
	// OnPlaced is called as soon as the API has answered with an order; may be nil.
	OnPlaced func(receipt Receipt, token string, attempts int)
	// Rand is the source of the backoff's jitter; nil means math/rand/v2.
	Rand func() float64
}

// Placement is an order to take into the state.
type Placement struct {
	Receipt Receipt
	// Token is the client token that placed the order. It is not the request's after
	// cancelled orders, which Passed holds.
	ClientToken string
	Passed      []string
	// Source is Placed, or Adopted if somebody else may hold the order: it was found in
	// billing, or existed before this run looked for orders.
	Source Source
	// Found reports whether billing named the order, and not the API.
	Found bool
	// Sent reports whether an order request was sent.
	Sent bool
	// Before is the circuit as it was read before the order, Circuit after it.
	Before, Circuit circuit.Circuit
	// Look is the look before the first send.
	Look billing.Look
	// Rows are the order's rows in billing; PaymentErr is why they could not be read.
	Lines      []billing.OrderLine
	PaymentErr error
}

// Place places the order that the request describes, once. It reads the circuit, looks
// for orders of the circuit in billing, and sends the request until it is answered,
// refused, or the time is over. Every try has the same parameters. If the API answers
// with an order that the look had shown as cancelled, the next token is sent.
//
// It returns a *PlaceError.
func (p Placer) Place(ctx context.Context, request Request) (Placement, error) {
	key := request.Key()
	if orderID, ok := p.Registry.Claim(key); !ok {
		return Placement{}, &PlaceError{Kind: CircuitClaimed, Key: key, OrderID: orderID}
	}
	placement, err := p.place(ctx, request)
	if err != nil {
		if placeErr, ok := errors.AsType[*PlaceError](err); !ok || placeErr.OrderedNothing() {
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

// place carries out Place for a claimed circuit.
func (p Placer) place(ctx context.Context, request Request) (Placement, error) {
	key := request.Key()
	if over := p.Registry.CheckLimit(); over != nil {
		return Placement{}, &PlaceError{Kind: LimitExceeded, Key: key, OverLimit: over}
	}
	if orderID := p.Registry.ExistingOrder(key); orderID != "" {
		return Placement{}, &PlaceError{Kind: OrderInState, Key: key, OrderID: orderID}
	}
	sending, cancel := p.bounded(ctx)
	defer cancel()
	circuit, err := p.check(sending, key)
	var look billing.Look
	var found *billing.Order
	if err == nil {
		check := p.Guard.start(sending, circuit)
		look, found, err = p.reconcile(sending, request, circuit)
		switch {
		case err != nil:
		case found != nil:
			err = check.allowsFound(key, *found)
		default:
			err = check.allows(sending, key, circuit)
		}
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		err = (&PlaceError{Kind: NotAnswered, Key: key, ClientToken: request.ClientToken}).stopped(ctx.Err())
	}
	if err != nil {
		return Placement{}, err
	}
	placement := Placement{ClientToken: request.ClientToken, Source: Placed, Before: circuit, Look: look}
	if found == nil {
		found, err = p.sendChain(ctx, sending, request, &placement)
	}
	if err != nil {
		return placement, err
	}
	if found != nil {
		placement.Receipt, placement.Source, placement.Found = Receipt{OrderID: found.ID}, Adopted, true
		placement.Lines = found.Lines
	}
	p.readAfter(ctx, &placement)
	return placement, placement.judge(request)
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
func (p Placer) check(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	c, fresh := p.Registry.PopCachedCircuit(key)
	if !fresh {
		var err error
		c, err = p.read(ctx, key)
		if err != nil {
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

// Look looks for the orders of a circuit, in a list that other circuits may share.
func (p Placer) Look(ctx context.Context, circuit circuit.Circuit) billing.Look {
	return p.Billing.Look(ctx, circuit, billing.LookAge, p.Registry.Knows)
}

// LookForMessage looks for the orders of a circuit in service, so that a message can
// name them. Nothing depends on what it finds.
func (p Placer) LookForMessage(ctx context.Context, c circuit.Circuit) billing.Look {
	if c.Status != circuit.StatusEnabled {
		return billing.Look{}
	}
	ctx, cancel := context.WithTimeout(ctx, messageTimeout)
	defer cancel()
	return p.Look(ctx, c)
}

// read reads the circuit. An API that throttles or fails is waited for until ctx
// ends; one that cannot be reached is not.
func (p Placer) read(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	backoff := retry.Backoff{Rand: p.Rand}
	for {
		circuit, err := p.API.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
		if failure, failed := errors.AsType[*apierror.Error](err); !failed || failure.Delivery != apierror.Answered || failure.Class() == apierror.Final {
			return circuit, err
		}
		if retry.Wait(ctx, backoff.Next()) != nil {
			return circuit, err
		}
	}
}

// reconcile looks into billing before the first request is sent. It returns the look
// that allows the request, or the order to take over instead. A billing that is down is
// waited for.
func (p Placer) reconcile(ctx context.Context, request Request, circuit circuit.Circuit) (billing.Look, *billing.Order, error) {
	backoff, looking := retry.Backoff{Rand: p.Rand}, ctx
	for age := billing.LookAge; ; age = 0 {
		look := p.Billing.Look(looking, circuit, age, p.Registry.Knows)
		verdict := request.Judge(look)
		if verdict == TakeOver {
			verdict = p.confirm(ctx, request, &look)
		}
		switch verdict {
		case SendOrder, SendUnseen:
			if verdict == SendOrder && time.Since(look.Began) > sendAge && ctx.Err() == nil {
				continue // The look took so long that the list is old by now.
			}
			return look, nil, nil
		case TakeOver:
			return look, &look.Live[0], nil
		case RefuseOrders:
			return look, nil, &PlaceError{Kind: OrdersExist, Key: request.Key(), Circuit: &circuit, Look: look}
		case LookAgain:
			patient, cancel := p.Billing.Patient(ctx)
			defer cancel()
			looking = patient
			if look.Blocked() || retry.Wait(patient, backoff.Next()) != nil {
				return look, nil, &PlaceError{Kind: BillingUnread, Key: request.Key(), Circuit: &circuit, Look: look, Cause: look.Err}
			}
		}
	}
}

// confirm reads the order that may be taken over once more.
func (p Placer) confirm(ctx context.Context, request Request, look *billing.Look) Verdict {
	order := look.Live[0]
	rows, err := p.Billing.ReadUncached(ctx, order.ID)
	if err != nil {
		look.Err = err
		return request.Judge(*look) // A right that is missing refuses, a failure looks again.
	}
	again := billing.Look{Began: look.Began, Date: look.Date, Cancelled: look.Cancelled, Unnamed: look.Unnamed}
	again.Add(order.ID, rows, request.CircuitID)
	*look = again
	if verdict := request.Judge(again); verdict == TakeOver || len(again.Live) > 0 {
		return verdict
	}
	look.Live = []billing.Order{order} // It is cancelled now, or its row is gone: not by this run.
	return RefuseOrders
}

// sendAlong sends the order. If the API answers with an order that the look before the
// first send had shown as cancelled, it was repeated for certain, and the next token is
// sent. Each of them is passed once, so that one Create places one order. The order that
// it returns was found in billing.
func (p Placer) sendChain(ctx, sending context.Context, request Request, placement *Placement) (*billing.Order, error) {
	for {
		receipt, err := p.send(sending, request)
		placement.Sent = true
		if placeErr, ok := errors.AsType[*PlaceError](err); ok {
			placeErr.Passed, placeErr.Before = placement.Passed, placement.Look
			if found := p.recover(ctx, request, placement.Before, placeErr); found != nil {
				placement.ClientToken = request.ClientToken
				return found, nil
			}
			return nil, placeErr
		}
		placement.Receipt, placement.ClientToken = receipt, request.ClientToken
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

// isChained reports whether the client token is the circuit's own, or follows from it by
// the cancelled orders that were passed. One that a user has typed is never replaced.
func (w Request) isInTokenChain(passed []string) bool {
	token := DefaultToken(w.Region, w.CircuitID)
	for _, id := range passed {
		token = TokenAfter(token, id)
	}
	return w.ClientToken == token
}

// send sends one token until the request is answered, refused, or the time is over.
func (p Placer) send(ctx context.Context, request Request) (Receipt, error) {
	backoff := retry.Backoff{Rand: p.Rand}
	unanswered := &PlaceError{Kind: NotAnswered, Key: request.Key(), ClientToken: request.ClientToken}
	for {
		if err := ctx.Err(); err != nil {
			return Receipt{}, unanswered.stopped(err)
		}
		receipt, err := p.API.SendOrder(ctx, request)
		unanswered.Attempts++
		if err == nil {
			if p.OnPlaced != nil {
				p.OnPlaced(receipt, request.ClientToken, unanswered.Attempts)
			}
			return receipt, nil
		}
		unanswered.Failure = asFailure(err)
		class := unanswered.Failure.Class()
		if unanswered.FirstAmbiguous == nil && (class == apierror.Ambiguous || class == apierror.Final && unanswered.Failure.HasNoCode()) {
			unanswered.FirstAmbiguous = unanswered.Failure
		}
		if class == apierror.Final {
			unanswered.StopReason = Refused
			if unanswered.Failure.WrongState() { // In which state, and did an order bring it there?
				if circuit, err := p.API.DescribeCircuit(ctx, circuit.Query{Region: request.Region, CircuitID: request.CircuitID}); err == nil {
					unanswered.Circuit = &circuit
				}
			}
			return Receipt{}, unanswered
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			return Receipt{}, unanswered.stopped(err)
		}
	}
}

// stopped ends the sending with ctx.
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

// asFailure returns the failure behind err. An error that is none is a defect of
// the implementation; it counts as a lost answer, since the order may have gone
// out.
func asFailure(err error) *apierror.Error {
	if failure, ok := errors.AsType[*apierror.Error](err); ok {
		return failure
	}
	return &apierror.Error{Delivery: apierror.ResponseLost, Message: err.Error(), Cause: err}
}

// readAfter reads the circuit and the payment of an order, at the same time and once.
// Whatever fails, the order exists: the next refresh brings the rest.
func (p Placer) readAfter(ctx context.Context, placement *Placement) {
	ctx, cancel := context.WithTimeout(ctx, afterOrderTimeout)
	defer cancel()
	var wait sync.WaitGroup
	placement.Circuit = placement.Before
	wait.Go(func() {
		query := circuit.Query{Region: placement.Before.Region, CircuitID: placement.Before.ID}
		if circuit, err := p.API.DescribeCircuit(ctx, query); err == nil {
			placement.Circuit = circuit
		}
	})
	if !placement.Found {
		placement.Lines, placement.PaymentErr = p.Billing.ReadUncached(ctx, placement.Receipt.OrderID)
	}
	wait.Wait()
}

// judge looks at what billing says of the order. An order that existed before this run
// looked may be held by another workspace. One that is positively cancelled is an error.
// Nothing is concluded from an order that is for something else.
func (p *Placement) judge(request Request) error {
	if billing.NameOnlyOthers(p.Lines, request.CircuitID) {
		p.Source = Adopted
		return nil
	}
	if created := billing.LastCreated(p.Lines); created != nil && p.Look.Date != nil && created.Before(p.Look.Date.Add(-dateSkew)) {
		p.Source = Adopted
	}
	if billing.PaymentStatus(p.Lines) == billing.Cancelled {
		return p.cancelled(request.Key(), false)
	}
	return nil
}

func (p *Placement) cancelled(key circuit.Key, seen bool) *PlaceError {
	return &PlaceError{
		Kind: OrderCancelled, Key: key, OrderID: p.Receipt.OrderID, RequestID: p.Receipt.RequestID,
		ClientToken: p.ClientToken, Passed: p.Passed, Seen: seen, Before: p.Look,
	}
}

// Payment returns the payment status of the order, empty if billing does not say.
func (p *Placement) Payment(circuitID string) string {
	if billing.NameOnlyOthers(p.Lines, circuitID) {
		return ""
	}
	return billing.PaymentStatus(p.Lines)
}
