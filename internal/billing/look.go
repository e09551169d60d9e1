package billing

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

const (
	// LookAge is the greatest age of the list that a look may share.
	LookAge = 15 * time.Second
	// lookTimeout bounds one look, the wait for another one included.
	lookTimeout = time.Minute
	// lookOthers bounds the details that are read of orders of other products, for
	// each list: an account may place hundreds in the window.
	lookOthers = 40
	// lookRefusals is how many details are asked for while none is read. Some orders may
	// belong to another payer.
	lookRefusals = lookBurst
	// lookWindow is how far a look reaches back at least; it grows eightfold until it
	// reaches the creation of the circuit, so that circuits of any age share few lists.
	lookWindow    = 30 * 24 * time.Hour
	maxLookWindow = 20 * 365 * 24 * time.Hour
	// unknownAge is assumed of a circuit whose creation is not known.
	unknownAge = 365 * 24 * time.Hour
)

// connectionProduct begins the product codes of orders for circuits.
const connectionProduct = "pconn"

var (
	// setupProducts are the installation fee, which is another order.
	setupProducts = []string{"pconn_setup", "pconn_setup_intl"}
	// otherTypes are the known types of orders that buy nothing new.
	otherTypes = []string{"renew", "upgrade", "downgrade", "refund", "convert"}
)

// Order is an order that billing knows, as far as it is about one circuit.
type Order struct {
	ID    string
	Lines []OrderLine
	// Shared reports whether the order names other instances as well.
	Shared bool
}

// Live reports whether the order is not positively cancelled.
func (o Order) Live() bool { return PaymentStatus(o.Lines) != Cancelled }

// Created returns when the order was created, nil if billing does not say.
func (o Order) Created() *time.Time { return LastCreated(o.Lines) }

// newestFirst sorts orders by the time of their creation, then by their ID.
func newestFirst(a, b Order) int {
	var created [2]time.Time
	for i, order := range []Order{a, b} {
		if at := order.Created(); at != nil {
			created[i] = *at
		}
	}
	return cmp.Or(created[1].Compare(created[0]), cmp.Compare(b.ID, a.ID))
}

// Look is what billing showed about the orders of type New of one circuit.
type Look struct {
	// Began is when the list was asked for, Date when billing answered, by its own
	// clock; nil if it gave no date.
	Began time.Time
	Date  *time.Time
	// Live and Cancelled are the orders that name the circuit, newest first.
	Live, Cancelled []Order
	// Unnamed are live orders for circuits that name no instance, newest first.
	Unnamed []Order
	// Beyond reports whether orders of other products were not looked into.
	Beyond bool
	// Err is why orders that may be the circuit's could not be looked into; nil if all
	// were.
	Err error
}

// Errors of a look that billing answered.
var (
	// ErrTooManyOrders means that there are more orders for circuits than one list holds.
	ErrTooManyOrders = errors.New("billing lists more orders for circuits than could be looked into")
	// ErrOrderHidden means that billing lists an order for a circuit and does not show it.
	ErrOrderHidden = errors.New("billing lists an order for a circuit, and does not show its details")
)

// Complete reports whether no order of the circuit can have been missed.
func (l Look) Complete() bool { return l.Err == nil && !l.Beyond }

// Denied reports whether the credentials may not look.
func (l Look) Denied() bool { return notPermitted(l.Err) }

// shows reports whether the look showed the order for the circuit.
func (l Look) shows(orderID string) bool {
	return slices.ContainsFunc(slices.Concat(l.Live, l.Cancelled), func(o Order) bool { return o.ID == orderID })
}

// Blocked reports whether a look cannot succeed until the configuration or the network
// is fixed.
func (l Look) Blocked() bool {
	failure, failed := errors.AsType[*apierror.Error](l.Err)
	return failed && (failure.IsFinalRefusal() || failure.Delivery == apierror.NotSent && failure.PermanentCause != apierror.NoPermanentCause)
}

// IsNewSince reports whether the order was placed after a look that would have shown it.
func (o Order) IsNewSince(before Look) bool {
	created := o.Created()
	return before.Date != nil && before.Complete() && !before.shows(o.ID) && created != nil && !created.Before(*before.Date)
}

// add judges what an order is for. Only rows that name the circuit count, and those of
// the same order that name nothing.
func (l *Look) Add(id string, rows []OrderLine, circuitID string) {
	rows = slices.DeleteFunc(slices.Clone(rows), isOtherType)
	order := Order{ID: id, Lines: slices.DeleteFunc(slices.Clone(rows), func(row OrderLine) bool {
		return len(row.InstanceIDs) > 0 && !row.names(circuitID)
	})}
	order.Shared = namesOthers(rows, circuitID)
	switch {
	case NameInstance(rows, circuitID) && order.Live():
		l.Live = append(l.Live, order)
	case NameInstance(rows, circuitID):
		l.Cancelled = append(l.Cancelled, order)
	case len(Instances(rows)) == 0 && order.Live() && slices.ContainsFunc(rows, isConnection):
		l.Unnamed = append(l.Unnamed, order)
	}
}

// isOtherType reports whether a row buys nothing new.
func isOtherType(row OrderLine) bool {
	return slices.Contains(otherTypes, strings.ToLower(row.OrderType))
}

func isConnection(row OrderLine) bool {
	return strings.HasPrefix(strings.ToLower(row.ProductCode), connectionProduct)
}

// orderScan is one list of an account's orders, with the details that were read for it.
type orderList struct {
	began, ended time.Time
	// window is how far it reaches back.
	window time.Duration
	date   *time.Time
	// connection and others are the orders for circuits and those of other products,
	// newest first.
	connection, others []string
	// truncated and beyond say which of them are not all.
	truncated, beyond bool
	details           map[string]orderDetail
	// othersRead counts the details of other products, refused those that the
	// credentials may not read.
	othersRead, refused int
	err                 error
}

type orderDetail struct {
	rows []OrderLine
	err  error
}

// Look looks for the orders of the circuit, in a list of at most that age. Looks share
// lists and details; what an order is for is asked once. Orders that known reports are not
// asked about; known may be nil.
func (p *Reader) Look(ctx context.Context, circuit circuit.Circuit, age time.Duration, known func(orderID string) bool) Look {
	asked := time.Now()
	if p == nil {
		return Look{Began: time.Now(), Err: ErrBillingOff}
	}
	if err := p.denied(&p.lookDenied); err != nil {
		return Look{Began: time.Now(), Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	select {
	case p.sem <- struct{}{}:
		defer func() { <-p.sem }()
	case <-ctx.Done():
		return Look{Began: time.Now(), Err: ctx.Err()}
	}
	scan := p.scanFor(ctx, circuit, asked, age)
	look := Look{Began: scan.began, Date: scan.date, Beyond: scan.beyond, Err: scan.err}
	if scan.truncated && look.Err == nil {
		look.Err = ErrTooManyOrders
	}
	var refusal error // of the right to read details
	hidden := false
	for i, id := range slices.Concat(scan.connection, scan.others) {
		other := i >= len(scan.connection)
		if known != nil && known(id) || p.forOthers(id, circuit.ID) {
			continue
		}
		if _, read := scan.details[id]; !read && other && scan.othersRead == lookOthers {
			look.Beyond = true
			continue
		}
		detail := p.detail(ctx, scan, id, other)
		look.Add(id, detail.rows, circuit.ID)
		denied := notPermitted(detail.err)
		unshown := len(detail.rows) == 0 && (detail.err == nil || denied)
		hidden, look.Beyond = hidden || unshown && !other, look.Beyond || unshown && other
		if denied {
			refusal = detail.err
		} else if detail.err != nil {
			look.Err = cmp.Or(look.Err, detail.err)
			break
		}
		if !p.readable.Load() && scan.refused >= lookRefusals {
			break
		}
	}
	switch {
	case refusal != nil && !p.readable.Load() && look.Err == nil:
		look.Err = refusal
		p.rememberDenial(refusal, &p.lookDenied)
	case hidden:
		look.Err = cmp.Or(look.Err, ErrOrderHidden)
	}
	slices.SortFunc(look.Live, newestFirst)
	slices.SortFunc(look.Cancelled, newestFirst)
	return look
}

// forOthers reports whether an order is known to be for something else: that never
// changes. One that names the circuit is asked for again, because its payment may.
func (p *Reader) forOthers(orderID, circuitID string) bool {
	instances, known := p.named[orderID]
	return known && !OrderLine{InstanceIDs: instances}.names(circuitID)
}

// scanFor returns the last list if it serves, else a new one. A failed one serves those
// who waited for it.
func (p *Reader) scanFor(ctx context.Context, circuit circuit.Circuit, asked time.Time, age time.Duration) *orderList {
	now := time.Now()
	if circuit.AsOf != nil {
		now = *circuit.AsOf
	}
	window := lookWindow
	for now.Sub(createdBy(circuit, now)) > window && window < maxLookWindow {
		window *= 8
	}
	scan := p.scan
	if scan != nil && !scan.began.Before(asked.Add(-age)) && window <= scan.window && (scan.err == nil || asked.Before(scan.ended)) {
		return scan
	}
	if scan != nil {
		window = max(window, scan.window)
	}
	scan = p.list(ctx, now, window)
	if scan.err == nil || ctx.Err() == nil {
		p.scan = scan
	}
	return scan
}

// createdBy returns when the circuit was created, or how old it may be.
func createdBy(c circuit.Circuit, now time.Time) time.Time {
	if c.CreationTime != nil {
		return *c.CreationTime
	}
	return now.Add(-unknownAge)
}

// list lists the orders for circuits, then all orders. A list names no circuit, and
// product codes differ by site, so that the orders of other products are listed too.
func (p *Reader) list(ctx context.Context, now time.Time, window time.Duration) *orderList {
	scan := &orderList{began: time.Now(), window: window, details: map[string]orderDetail{}}
	// No clock decides: the window holds what is recent by the API's and by this one.
	from, to := now, time.Now()
	if to.Before(from) {
		from, to = to, from
	}
	query := OrderQuery{From: from.Add(-window), To: to.Add(24 * time.Hour), ProductCode: connectionProduct, Pace: p.pace.Wait}
	connection, err := p.billing.OrdersCreated(ctx, query)
	var all OrderList
	failure, failed := errors.AsType[*apierror.Error](err)
	if unfiltered := failed && failure.IsFinalRefusal(); err == nil || unfiltered && !notPermitted(err) {
		query.ProductCode = ""
		all, err = p.billing.OrdersCreated(ctx, query)
		if unfiltered { // This site has another code for circuits.
			connection = OrderList{Date: all.Date, Truncated: all.Truncated}
		}
	}
	p.rememberDenial(err, &p.lookDenied)
	scan.ended, scan.err = time.Now(), err
	scan.date, scan.truncated, scan.beyond = connection.Date, connection.Truncated, all.Truncated
	scan.connection, scan.others = connectionOrders(slices.Concat(connection.Lines, all.Lines))
	return scan
}

// candidates returns the IDs of the orders of type New that may be for a circuit: those
// for circuits and those of other products, newest first. The installation fee is
// neither.
func connectionOrders(rows []OrderLine) (connection, others []string) {
	byID := map[string]*Order{}
	for _, row := range rows {
		if isOtherType(row) || slices.Contains(setupProducts, strings.ToLower(row.ProductCode)) {
			continue
		}
		if byID[row.OrderID] == nil {
			byID[row.OrderID] = &Order{ID: row.OrderID}
		}
		byID[row.OrderID].Lines = append(byID[row.OrderID].Lines, row)
	}
	for _, order := range slices.SortedFunc(maps.Values(byID), func(a, b *Order) int { return newestFirst(*a, *b) }) {
		if slices.ContainsFunc(order.Lines, isConnection) {
			connection = append(connection, order.ID)
		} else {
			others = append(others, order.ID)
		}
	}
	return connection, others
}

// detail reads an order once for a list.
func (p *Reader) detail(ctx context.Context, scan *orderList, orderID string, other bool) orderDetail {
	if detail, read := scan.details[orderID]; read {
		return detail
	}
	if other {
		scan.othersRead++
	}
	if err := p.pace.Wait(ctx); err != nil {
		return orderDetail{err: context.DeadlineExceeded} // or cancelled: of this caller alone
	}
	var detail orderDetail
	detail.rows, detail.err = p.orderRows(ctx, orderID)
	if detail.err == nil || ctx.Err() == nil {
		scan.details[orderID] = detail
	}
	if notPermitted(detail.err) {
		scan.refused++
	}
	if instances := Instances(detail.rows); len(instances) > 0 {
		p.named[orderID] = instances
	}
	return detail
}

// The pace of a look: a burst, then so many calls a second.
const (
	lookBurst = 20
	lookRate  = rate.Limit(5)
)
