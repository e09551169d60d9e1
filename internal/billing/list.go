package billing

import (
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
	// lookBurst is the number of calls without a pause, lookRate the calls per second after
	// them.
	lookBurst = 20
	lookRate  = rate.Limit(5)
	// lookOthers limits the orders of other products that are read for each list, because
	// an account may place hundreds in the window.
	lookOthers = 40
	// lookRefusals limits the refused orders if no order can be read.
	lookRefusals = lookBurst
	// lookWindow is the minimum period of a list. It grows eightfold until it includes the
	// creation of the circuit, so that circuits of all ages share few lists.
	lookWindow    = 30 * 24 * time.Hour
	maxLookWindow = 20 * 365 * 24 * time.Hour
	// unknownAge is the assumed age of a circuit without a creation time.
	unknownAge = 365 * 24 * time.Hour
)

// setupProducts are the product codes of the installation fee, which is a separate order.
var setupProducts = []string{"pconn_setup", "pconn_setup_intl"}

// sharedList is a list of the orders of an account, with the details that looks have read.
type sharedList struct {
	began, ended time.Time
	// window is the period of the list.
	window time.Duration
	date   *time.Time
	// connection are the orders for circuits, others those of other products, newest first.
	connection, others []string
	// truncated and beyond report whether connection and others are not complete.
	truncated, beyond bool
	details           map[string]orderDetail
	// othersRead counts the orders of other products that were read, refused the orders for
	// which permissions are missing.
	othersRead, refused int
	err                 error
}

type orderDetail struct {
	lines []OrderLine
	err   error
}

// listFor returns the last list if it is new enough and long enough, otherwise a new one. A
// failed list is only for the looks that waited for it.
func (r *Reader) listFor(ctx context.Context, circuit circuit.Circuit, begun time.Time, age time.Duration) *sharedList {
	now := time.Now()
	if circuit.AsOf != nil {
		now = *circuit.AsOf
	}
	created := now.Add(-unknownAge)
	if circuit.CreationTime != nil {
		created = *circuit.CreationTime
	}
	window := lookWindow
	for now.Sub(created) > window && window < maxLookWindow {
		window *= 8
	}
	list := r.list
	if list != nil && !list.began.Before(begun.Add(-age)) && window <= list.window && (list.err == nil || begun.Before(list.ended)) {
		return list
	}
	if list != nil {
		window = max(window, list.window)
	}
	list = r.newList(ctx, now, window)
	if list.err == nil || ctx.Err() == nil {
		r.list = list
	}
	return list
}

// newList lists the orders for circuits, then all orders. It needs both lists, because a
// list has no circuit IDs and product codes are not the same on each site.
func (r *Reader) newList(ctx context.Context, now time.Time, window time.Duration) *sharedList {
	list := &sharedList{began: time.Now(), window: window, details: map[string]orderDetail{}}
	// The clocks of the API and of this machine may differ. The window includes both times.
	from, to := now, time.Now()
	if to.Before(from) {
		from, to = to, from
	}
	query := OrderQuery{From: from.Add(-window), To: to.Add(24 * time.Hour), ProductCode: connectionProduct, Pace: r.pace.Wait}
	connection, err := r.billing.OrdersCreated(ctx, query)
	var all OrderList
	failure, failed := errors.AsType[*apierror.Error](err)
	if unfiltered := failed && failure.IsFinalRefusal(); err == nil || unfiltered && !notPermitted(err) {
		query.ProductCode = ""
		all, err = r.billing.OrdersCreated(ctx, query)
		if unfiltered { // This site has another product code for circuits.
			connection = OrderList{Date: all.Date, Truncated: all.Truncated}
		}
	}
	r.rememberDenial(err, &r.lookDenied)
	list.ended, list.err = time.Now(), err
	list.date, list.truncated, list.beyond = connection.Date, connection.Truncated, all.Truncated
	list.connection, list.others = connectionOrders(slices.Concat(connection.Lines, all.Lines))
	return list
}

// connectionOrders returns the IDs of the orders that buy something new: those for circuits
// and those of other products, newest first. It leaves out the installation fee.
func connectionOrders(lines []OrderLine) (connection, others []string) {
	byID := map[string]*Order{}
	for _, line := range lines {
		if isOtherType(line) || slices.Contains(setupProducts, strings.ToLower(line.ProductCode)) {
			continue
		}
		if byID[line.OrderID] == nil {
			byID[line.OrderID] = &Order{ID: line.OrderID}
		}
		byID[line.OrderID].Lines = append(byID[line.OrderID].Lines, line)
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

// detail reads an order once for each list.
func (r *Reader) detail(ctx context.Context, list *sharedList, orderID string, other bool) orderDetail {
	if detail, read := list.details[orderID]; read {
		return detail
	}
	if other {
		list.othersRead++
	}
	if err := r.pace.Wait(ctx); err != nil {
		return orderDetail{err: context.DeadlineExceeded} // Or cancelled. It is not saved for other looks.
	}
	var detail orderDetail
	detail.lines, detail.err = r.orderLines(ctx, orderID)
	if detail.err == nil || ctx.Err() == nil {
		list.details[orderID] = detail
	}
	if notPermitted(detail.err) {
		list.refused++
	}
	if instances := Instances(detail.lines); len(instances) > 0 {
		r.named[orderID] = instances
	}
	return detail
}
