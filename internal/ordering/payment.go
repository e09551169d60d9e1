package ordering

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// PaymentOf returns what the rows of an order say together: Cancelled only if every
// row is, Unpaid as soon as one still waits, Paid if the others are paid (or
// cancelled). It is empty where billing says nothing, or something unknown.
func PaymentOf(rows []OrderRow) string {
	payment := ""
	for _, row := range rows {
		switch row.PaymentStatus {
		case PaymentUnpaid, PaymentPaid, PaymentCancelled:
			if payment == "" || rank(row.PaymentStatus) > rank(payment) {
				payment = row.PaymentStatus
			}
		default:
			return ""
		}
	}
	return payment
}

// rank orders the payment statuses by how much of the order is still open.
func rank(status string) int {
	return slices.Index([]string{PaymentCancelled, PaymentPaid, PaymentUnpaid}, status)
}

// lastCreated returns when the newest of the rows was created, nil unless all say so.
func lastCreated(rows []OrderRow) *time.Time {
	var last *time.Time
	for _, row := range rows {
		if row.CreateTime == nil {
			return nil
		}
		if last == nil || row.CreateTime.After(*last) {
			last = row.CreateTime
		}
	}
	return last
}

// Names reports whether a row names the instance.
func Names(rows []OrderRow, instanceID string) bool {
	return slices.ContainsFunc(rows, func(row OrderRow) bool { return slices.Contains(row.InstanceIDs, instanceID) })
}

// Instances returns what the rows name.
func Instances(rows []OrderRow) []string {
	var instances []string
	for _, row := range rows {
		instances = append(instances, row.InstanceIDs...)
	}
	return instances
}

// ForSomethingElse reports whether the rows name instances, and not this one.
func ForSomethingElse(rows []OrderRow, instanceID string) bool {
	return len(Instances(rows)) > 0 && !Names(rows, instanceID)
}

// TermOf returns the term that an order pays for, nil where billing does not say.
func TermOf(rows []OrderRow) (start, end *time.Time) {
	for _, row := range rows {
		if row.UsageStartTime != nil && (start == nil || row.UsageStartTime.Before(*start)) {
			start = row.UsageStartTime
		}
		if row.UsageEndTime != nil && (end == nil || row.UsageEndTime.After(*end)) {
			end = row.UsageEndTime
		}
	}
	return start, end
}

// downLife is how long a refresh takes billing for down after it was.
const downLife = time.Minute

// Payments reads the payment of orders for refreshes. A refresh can do without, so
// where billing may not be read, or is down, it is not asked for every order. It is
// safe for concurrent use.
type Payments struct {
	billing Billing

	mu     sync.Mutex
	failed error
	until  time.Time // of failed; the zero value stands for ever
	told   bool

	// turn is held by the look-up that is under way; it guards named, which is what
	// orders are for, by their IDs.
	turn  chan struct{}
	named map[string][]string
}

// NewPayments returns a reader of payments.
func NewPayments(billing Billing) *Payments {
	return &Payments{billing: billing, turn: make(chan struct{}, 1)}
}

// Rows returns the rows of an order, none if billing does not know it (yet), or why
// billing cannot be read.
func (p *Payments) Rows(ctx context.Context, orderID string) ([]OrderRow, error) {
	return p.ask(ctx, orderID, p.failure())
}

// Afresh returns the rows of an order for a decision: it asks unless that is not
// permitted, whatever failed before.
func (p *Payments) Afresh(ctx context.Context, orderID string) ([]OrderRow, error) {
	return p.ask(ctx, orderID, p.refusal())
}

// ask reads an order, unless a failure of before stands for the answer.
func (p *Payments) ask(ctx context.Context, orderID string, before error) ([]OrderRow, error) {
	if before != nil {
		return nil, before
	}
	rows, err := p.billing.OrderRows(ctx, orderID)
	if err != nil {
		p.remember(err)
	}
	return rows, err
}

// refusal returns the failure that says that billing may not be read.
func (p *Payments) refusal() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until.IsZero() {
		return p.failed
	}
	return nil
}

// FirstToTell reports whether nobody has been told yet that billing cannot be read:
// one warning is enough for a fleet.
func (p *Payments) FirstToTell() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := !p.told
	p.told = true
	return first
}

// failure returns the failure that is still taken for true.
func (p *Payments) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed != nil && !p.until.IsZero() && time.Now().After(p.until) {
		p.failed = nil
	}
	return p.failed
}

// remember takes a failure for true for a while: a missing right for as long as the
// process runs, anything else for downLife. One that is only about the order, or
// that the caller brought about, is forgotten.
func (p *Payments) remember(err error) {
	var failure *Failure
	if !errors.As(err, &failure) || errors.Is(err, context.Canceled) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case failure.NotPermitted():
		p.failed, p.until = err, time.Time{}
	case failure.Delivery != Answered || failure.HTTPStatus >= http.StatusInternalServerError || failure.Group() == GroupServer:
		p.failed, p.until = err, time.Now().Add(downLife)
	}
}
