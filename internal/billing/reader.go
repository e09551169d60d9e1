package billing

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

const (
	// downLife is how long refreshes do not call billing after a call failed.
	downLife = time.Minute
	// billingPatience is how long all orders of one run together wait for billing while it
	// is down.
	billingPatience = 5 * time.Minute
)

// ErrBillingOff is the error of every call if the configuration turns billing off.
var ErrBillingOff = errors.New("billing is turned off")

// Reader reads orders in billing. It does not repeat a call for which a permission is
// missing. It is safe for concurrent use. A nil Reader means that billing is turned off.
type Reader struct {
	billing Client

	mu sync.Mutex
	// lookDenied and detailDenied are the errors about missing permissions to list orders
	// and to read one order.
	lookDenied, detailDenied error
	// down is why a refresh could not read an order. Refreshes return it until then.
	down     error
	until    time.Time
	warned   bool
	readable atomic.Bool // a call has read the lines of an order
	patience time.Time   // the end of billingPatience, zero if no order has waited

	// sem has one slot, for the running look. It guards the fields below.
	sem   chan struct{}
	named map[string][]string // instance IDs by order ID
	list  *sharedList
	pace  *rate.Limiter
}

// NewReader returns a Reader that calls billing.
func NewReader(billing Client) *Reader {
	return &Reader{billing: billing, sem: make(chan struct{}, 1), named: map[string][]string{}, pace: rate.NewLimiter(lookRate, lookBurst)}
}

// Lines returns the lines of an order for a refresh, none if billing does not report the
// order (yet). If billing was down less than a minute ago, it returns that error.
func (r *Reader) Lines(ctx context.Context, orderID string) ([]OrderLine, error) {
	if r == nil {
		return nil, ErrBillingOff
	}
	r.mu.Lock()
	if time.Now().After(r.until) {
		r.down = nil
	}
	down := r.down
	r.mu.Unlock()
	if down != nil {
		return nil, down
	}
	return r.ReadUncached(ctx, orderID)
}

// ReadUncached returns the lines of an order for a decision. It always calls billing,
// unless permissions are missing.
func (r *Reader) ReadUncached(ctx context.Context, orderID string) ([]OrderLine, error) {
	if r == nil {
		return nil, ErrBillingOff
	}
	if err := r.denied(&r.detailDenied); err != nil {
		return nil, err
	}
	lines, err := r.orderLines(ctx, orderID)
	r.rememberDenial(err, &r.detailDenied)
	r.rememberDown(err)
	return lines, err
}

func (r *Reader) orderLines(ctx context.Context, orderID string) ([]OrderLine, error) {
	lines, err := r.billing.OrderLines(ctx, orderID)
	if err == nil {
		r.readable.Store(true)
	}
	return lines, err
}

// denied returns a remembered denial, nil if there is none.
func (r *Reader) denied(denial *error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *denial
}

// rememberDenial remembers a missing permission until the process ends.
func (r *Reader) rememberDenial(err error, denial *error) {
	if !notPermitted(err) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	*denial = err
}

// rememberDown remembers for downLife that billing is down. It ignores errors about one
// order, and a cancelled context.
func (r *Reader) rememberDown(err error) {
	failure, failed := errors.AsType[*apierror.Error](err)
	if !failed || errors.Is(err, context.Canceled) {
		return
	}
	if failure.Delivery != apierror.Answered || failure.HTTPStatus >= http.StatusInternalServerError || failure.Group() == apierror.GroupServer {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.down, r.until = err, time.Now().Add(downLife)
	}
}

// notPermitted reports whether billing is turned off or permissions are missing.
func notPermitted(err error) bool {
	return errors.Is(err, ErrBillingOff) || apierror.IsNotPermitted(err)
}

// WarnOnce returns true for the first call, because one warning about billing is enough.
// It always returns false if billing is turned off.
func (r *Reader) WarnOnce() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.warned
	r.warned = true
	return first
}

// Patient returns a context that ends when this run has waited long enough for billing.
func (r *Reader) Patient(ctx context.Context) (context.Context, context.CancelFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.patience.IsZero() {
		r.patience = time.Now().Add(billingPatience)
	}
	return context.WithDeadline(ctx, r.patience)
}
