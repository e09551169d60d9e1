package billing

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

const (
	// LookAge is the maximum age of a list that looks share.
	LookAge = 15 * time.Second
	// lookTimeout limits one look, including the wait for another one.
	lookTimeout = time.Minute
)

// Order is an order that billing reports, limited to the lines that may be about one circuit.
type Order struct {
	ID    string
	Lines []OrderLine
	// Shared reports whether the order also has the IDs of other instances.
	Shared bool
}

// Live reports whether the order is not cancelled, or may not be cancelled.
func (o Order) Live() bool { return PaymentStatus(o.Lines) != Cancelled }

// Created returns when the order was created, nil if billing does not report it.
func (o Order) Created() *time.Time { return LastCreated(o.Lines) }

// IsNewSince reports whether the order was placed after a look that found all orders.
func (o Order) IsNewSince(before Look) bool {
	created := o.Created()
	return before.Date != nil && before.Complete() && !before.shows(o.ID) && created != nil && !created.Before(*before.Date)
}

// newestFirst sorts orders by the time of their creation, then by their ID.
func newestFirst(a, b Order) int {
	created := func(order Order) time.Time {
		if at := order.Created(); at != nil {
			return *at
		}
		return time.Time{}
	}
	return cmp.Or(created(b).Compare(created(a)), cmp.Compare(b.ID, a.ID))
}

// Look is the result of a search for the orders of type New of one circuit.
type Look struct {
	// Began is when the list of orders was requested.
	Began time.Time
	// Date is when billing answered, by the clock of billing. It is nil without a date.
	Date *time.Time
	// Live and Cancelled are the orders with the ID of the circuit, newest first.
	Live, Cancelled []Order
	// Unnamed are live orders for circuits without an instance ID, newest first.
	Unnamed []Order
	// Skipped reports whether orders of other products were skipped.
	Skipped bool
	// Err is why some orders could not be read. It is nil if all were read.
	Err error
}

// Errors of a look after billing has answered.
var (
	// ErrTooManyOrders means that one list cannot contain all orders for circuits.
	ErrTooManyOrders = errors.New("billing lists more orders for circuits than the provider reads")
	// ErrOrderHidden means that billing lists an order for a circuit without its details.
	ErrOrderHidden = errors.New("billing lists an order for a circuit, but does not return its details")
)

// Complete reports whether the look found all orders of the circuit.
func (l Look) Complete() bool { return l.Err == nil && !l.Skipped }

// Denied reports whether permissions for the look are missing, or billing is turned off.
func (l Look) Denied() bool { return notPermitted(l.Err) }

// Blocked reports whether no look can succeed until the configuration or the network is
// fixed.
func (l Look) Blocked() bool {
	failure, failed := errors.AsType[*apierror.Error](l.Err)
	return failed && (failure.IsFinalRefusal() || failure.Delivery == apierror.NotSent && failure.PermanentCause != apierror.NoPermanentCause)
}

// shows reports whether the look found the order for the circuit.
func (l Look) shows(orderID string) bool {
	return slices.ContainsFunc(slices.Concat(l.Live, l.Cancelled), func(o Order) bool { return o.ID == orderID })
}

// Add adds the order to Live, Cancelled or Unnamed if it may be for the circuit. It uses
// only the lines with the ID of the circuit and those without any instance ID.
func (l *Look) Add(id string, lines []OrderLine, circuitID string) {
	lines = slices.DeleteFunc(slices.Clone(lines), isOtherType)
	order := Order{ID: id, Shared: nameOthers(lines, circuitID)}
	order.Lines = slices.DeleteFunc(slices.Clone(lines), func(line OrderLine) bool {
		return len(line.InstanceIDs) > 0 && !line.names(circuitID)
	})
	switch {
	case NameInstance(lines, circuitID) && order.Live():
		l.Live = append(l.Live, order)
	case NameInstance(lines, circuitID):
		l.Cancelled = append(l.Cancelled, order)
	case len(Instances(lines)) == 0 && order.Live() && slices.ContainsFunc(lines, isConnection):
		l.Unnamed = append(l.Unnamed, order)
	}
}

// Look searches for the orders of the circuit, in a list that is at most age old. Looks
// share lists and the details of orders. It skips the orders that known reports; known may
// be nil.
func (r *Reader) Look(ctx context.Context, circuit circuit.Circuit, age time.Duration, known func(orderID string) bool) Look {
	begun := time.Now()
	if r == nil {
		return Look{Began: begun, Err: ErrBillingOff}
	}
	if err := r.denied(&r.lookDenied); err != nil {
		return Look{Began: begun, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	select {
	case r.sem <- struct{}{}:
		defer func() { <-r.sem }()
	case <-ctx.Done():
		return Look{Began: begun, Err: ctx.Err()}
	}
	list := r.listFor(ctx, circuit, begun, age)
	look := Look{Began: list.began, Date: list.date, Skipped: list.beyond, Err: list.err}
	if list.truncated && look.Err == nil {
		look.Err = ErrTooManyOrders
	}
	r.readOrders(ctx, list, &look, circuit.ID, known)
	slices.SortFunc(look.Live, newestFirst)
	slices.SortFunc(look.Cancelled, newestFirst)
	return look
}

// readOrders adds the orders of the list that are for the circuit to the look. It stops at
// the first error, except for refusals: some orders may belong to another payer.
func (r *Reader) readOrders(ctx context.Context, list *sharedList, look *Look, circuitID string, known func(orderID string) bool) {
	var refusal error // about permissions
	hidden := false
	for i, id := range slices.Concat(list.connection, list.others) {
		other := i >= len(list.connection)
		if known != nil && known(id) || r.forOthers(id, circuitID) {
			continue
		}
		if _, read := list.details[id]; !read && other && list.othersRead == lookOthers {
			look.Skipped = true
			continue
		}
		detail := r.detail(ctx, list, id, other)
		look.Add(id, detail.lines, circuitID)
		denied := notPermitted(detail.err)
		unshown := len(detail.lines) == 0 && (detail.err == nil || denied)
		hidden, look.Skipped = hidden || unshown && !other, look.Skipped || unshown && other
		if denied {
			refusal = detail.err
		} else if detail.err != nil {
			look.Err = cmp.Or(look.Err, detail.err)
			break
		}
		if !r.readable.Load() && list.refused >= lookRefusals {
			break
		}
	}
	switch {
	case refusal != nil && !r.readable.Load() && look.Err == nil:
		look.Err = refusal
		r.rememberDenial(refusal, &r.lookDenied)
	case hidden:
		look.Err = cmp.Or(look.Err, ErrOrderHidden)
	}
}

// forOthers reports whether an earlier call showed that the order is for something else.
// That never changes. The payment status of an order for the circuit may change.
func (r *Reader) forOthers(orderID, circuitID string) bool {
	instances, known := r.named[orderID]
	return known && !OrderLine{InstanceIDs: instances}.names(circuitID)
}
