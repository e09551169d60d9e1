package billing

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// PaymentStatus returns what the rows of an order say together: Cancelled only if every
// row is, Unpaid as soon as one still waits, Paid if the others are paid (or
// cancelled). It is empty where billing says nothing, or something unknown.
func PaymentStatus(rows []OrderLine) string {
	most := -1
	for _, row := range rows {
		status := slices.IndexFunc(paymentStatuses, func(known string) bool { return strings.EqualFold(known, row.PaymentStatus) })
		if strings.EqualFold(row.PaymentStatus, "Canceled") {
			status = 0
		}
		if status < 0 {
			return ""
		}
		most = max(most, status)
	}
	if most < 0 {
		return ""
	}
	return paymentStatuses[most]
}

// paymentStatuses are in the order of how much of the order is still open.
var paymentStatuses = []string{Cancelled, Paid, Unpaid}

// lastCreated returns when the newest of the rows was created, nil unless all say so.
func LastCreated(rows []OrderLine) *time.Time {
	if len(rows) == 0 || slices.ContainsFunc(rows, func(row OrderLine) bool { return row.CreateTime == nil }) {
		return nil
	}
	return slices.MaxFunc(rows, func(a, b OrderLine) int { return a.CreateTime.Compare(*b.CreateTime) }).CreateTime
}

// Names reports whether a row names the instance.
func NameInstance(rows []OrderLine, instanceID string) bool {
	return slices.ContainsFunc(rows, func(row OrderLine) bool { return row.names(instanceID) })
}

// names reports whether the row names the instance, letter case aside.
func (row OrderLine) names(instanceID string) bool {
	return slices.ContainsFunc(row.InstanceIDs, func(id string) bool { return strings.EqualFold(id, instanceID) })
}

// namesOthers reports whether a row names an instance other than this one.
func namesOthers(rows []OrderLine, instanceID string) bool {
	return slices.ContainsFunc(Instances(rows), func(id string) bool { return !strings.EqualFold(id, instanceID) })
}

// Instances returns what the rows name.
func Instances(rows []OrderLine) []string {
	var instances []string
	for _, row := range rows {
		instances = append(instances, row.InstanceIDs...)
	}
	return instances
}

// NameOnlyOthers reports whether the rows name instances, and not this one.
func NameOnlyOthers(rows []OrderLine, instanceID string) bool {
	return len(Instances(rows)) > 0 && !NameInstance(rows, instanceID)
}

// Term returns the term that an order pays for, nil where billing does not say.
func Term(rows []OrderLine) (start, end *time.Time) {
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

// billingPatience is how long the orders of one run wait for a billing that is down, all
// together.
const billingPatience = 5 * time.Minute

// ErrBillingOff is the error of every question to billing if the configuration turns
// billing off.
var ErrBillingOff = errors.New("billing is turned off (billing = false in the provider block)")

// Payments reads orders in billing: for refreshes, which can do without, and for
// decisions. What may not be read is not asked for again. It is safe for concurrent use.
// Nil is a billing that is turned off.
type Reader struct {
	billing Client

	mu sync.Mutex
	// lookDenied and detailDenied are why a look is not permitted, or the read of an order.
	lookDenied, detailDenied error
	// down is why a refresh could not read an order, until then.
	down     error
	until    time.Time
	warned   bool
	readable atomic.Bool // the details of an order were read
	patience time.Time   // the end of billingPatience; zero until it is used

	// turn is held by the look that is under way; it guards what follows.
	sem   chan struct{}
	named map[string][]string // what orders are for, by order ID
	scan  *orderList
	pace  *rate.Limiter
}

// NewReader returns a reader of payments.
func NewReader(billing Client) *Reader {
	return &Reader{billing: billing, sem: make(chan struct{}, 1), named: map[string][]string{}, pace: rate.NewLimiter(lookRate, lookBurst)}
}

// Rows returns the rows of an order, none if billing does not know it (yet), or why
// billing cannot be read.
func (p *Reader) Lines(ctx context.Context, orderID string) ([]OrderLine, error) {
	if p == nil {
		return nil, ErrBillingOff
	}
	p.mu.Lock()
	if time.Now().After(p.until) {
		p.down = nil
	}
	down := p.down
	p.mu.Unlock()
	if down != nil {
		return nil, down
	}
	return p.ReadUncached(ctx, orderID)
}

// ReadUncached returns the rows of an order for a decision: it asks unless that is not
// permitted, whatever failed before.
func (p *Reader) ReadUncached(ctx context.Context, orderID string) ([]OrderLine, error) {
	if p == nil {
		return nil, ErrBillingOff
	}
	if err := p.denied(&p.detailDenied); err != nil {
		return nil, err
	}
	rows, err := p.orderRows(ctx, orderID)
	p.rememberDenial(err, &p.detailDenied)
	p.rememberDown(err)
	return rows, err
}

func (p *Reader) orderRows(ctx context.Context, orderID string) ([]OrderLine, error) {
	rows, err := p.billing.OrderLines(ctx, orderID)
	if err == nil {
		p.readable.Store(true)
	}
	return rows, err
}

// denied returns a denial that is remembered, nil if there is none.
func (p *Reader) denied(denial *error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *denial
}

// rememberDenial remembers a missing right for as long as the process runs.
func (p *Reader) rememberDenial(err error, denial *error) {
	if !notPermitted(err) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	*denial = err
}

// rememberDown remembers for a while that billing is down. A failure that is only about
// the order, or that the caller brought about, is forgotten.
func (p *Reader) rememberDown(err error) {
	failure, failed := errors.AsType[*apierror.Error](err)
	if !failed || errors.Is(err, context.Canceled) {
		return
	}
	if failure.Delivery != apierror.Answered || failure.HTTPStatus >= http.StatusInternalServerError || failure.Group() == apierror.GroupServer {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.down, p.until = err, time.Now().Add(downLife)
	}
}

// WarnOnce reports whether nobody has been told yet that billing cannot be read:
// one warning is enough for a fleet.
func (p *Reader) WarnOnce() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	first := !p.warned
	p.warned = true
	return first
}

// Patient returns a context that ends when this run has waited long enough for billing.
func (p *Reader) Patient(ctx context.Context) (context.Context, context.CancelFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.patience.IsZero() {
		p.patience = time.Now().Add(billingPatience)
	}
	return context.WithDeadline(ctx, p.patience)
}
