package renewal

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/batch"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

const (
	// listingAge is how long a list is used, from its begin.
	listingAge = time.Minute
	// downLife is how long refreshes do not call billing after a call failed.
	downLife = time.Minute
	// quiet is how long a read by ID waits for other readers.
	quiet = 5 * time.Millisecond
)

// ErrOff is the error of every call if the configuration turns billing off.
var ErrOff = errors.New("billing is turned off")

// Reader reads and sets renewals for a run. It is safe for concurrent use.
type Reader struct {
	client Client
	byID   batch.Reader[string, Instance]

	mu       sync.Mutex
	read     map[string]bool // the circuits of Get
	code     string          // the last product code that billing reported
	listings map[string]*listing
	down     error
	until    time.Time
	warned   bool
	circuits map[string]*circuitEntry // by key
}

// NewReader returns a Reader that calls billing, or a Reader whose calls all fail with
// ErrOff if client is nil.
func NewReader(client Client) *Reader {
	r := &Reader{client: client, read: map[string]bool{}, listings: map[string]*listing{}, circuits: map[string]*circuitEntry{}}
	r.byID.Max, r.byID.Quiet = MaxIDs, quiet
	r.byID.Read = func(ctx context.Context, circuitIDs []string) (map[string]Instance, error) {
		found, err := r.readByID(ctx, circuitIDs)
		return forIDs(circuitIDs, found), err
	}
	return r
}

// Off reports whether the configuration turns billing off.
func (r *Reader) Off() bool { return r.client == nil }

// listing is one list of the instances of a product. The result may be read after done is
// closed.
type listing struct {
	began     time.Time
	done      chan struct{}
	instances map[string]Instance
	err       error
}

// Get reads a circuit for a refresh or a plan, and reports whether billing lists it. If a
// run reads one circuit, it reads it by ID. Otherwise it lists the instances with the
// product code, or with the one of another circuit, and reads by ID what the list does not
// show. A list may be a minute old. For a minute after billing was down, Get makes no other
// call.
func (r *Reader) Get(ctx context.Context, circuitID, productCode string) (Instance, bool, error) {
	if r.Off() {
		return Instance{}, false, ErrOff
	}
	if list := r.listFor(ctx, circuitID, productCode); list != nil {
		select {
		case <-list.done:
		case <-ctx.Done():
			return Instance{}, false, ctx.Err()
		}
		if found, listed := list.instances[key(circuitID)]; listed && !r.changedSince(circuitID, list.began) {
			return found, true, nil
		}
		if list.err != nil && !isRefusedQuestion(list.err) {
			return Instance{}, false, list.err
		}
	}
	if err := r.failure(); err != nil {
		return Instance{}, false, err
	}
	return r.ReadUncached(ctx, circuitID)
}

// ReadUncached reads a circuit for a decision. Circuits that are read at the same time share
// a request that began after all of these calls.
func (r *Reader) ReadUncached(ctx context.Context, circuitID string) (Instance, bool, error) {
	if r.Off() {
		return Instance{}, false, ErrOff
	}
	return r.byID.Get(ctx, circuitID)
}

// All reads many circuits, with as few requests as possible. The function that it returns
// finds a circuit, and reports whether billing lists it.
func (r *Reader) All(ctx context.Context, circuitIDs []string) (func(circuitID string) (Instance, bool), error) {
	if r.Off() {
		return nil, ErrOff
	}
	var all []Instance
	for len(circuitIDs) > 0 {
		part := circuitIDs[:min(len(circuitIDs), MaxIDs)]
		circuitIDs = circuitIDs[len(part):]
		found, err := r.readByID(ctx, part)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	instances := byCircuit(all)
	return func(circuitID string) (Instance, bool) {
		found, listed := instances[key(circuitID)]
		return found, listed
	}, nil
}

// WarnOnce returns true for the first call, because one warning about billing is enough.
func (r *Reader) WarnOnce() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.warned
	r.warned = true
	return first
}

// listFor returns the list to wait for, nil if the circuit is to be read by ID: it is the
// first one of the run, or no product code is known.
func (r *Reader) listFor(ctx context.Context, circuitID, productCode string) *listing {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read[circuitID] = true
	code := cmp.Or(productCode, r.code)
	if code == "" || len(r.read) == 1 {
		return nil
	}
	if last := r.listings[code]; last != nil && time.Since(last.began) < listingAge {
		return last
	}
	if r.isDown() {
		return nil
	}
	list := &listing{began: time.Now(), done: make(chan struct{})}
	r.listings[code] = list
	// The list belongs to no reader: if one is cancelled, the others still get it.
	go r.readList(context.WithoutCancel(ctx), list, code)
	return list
}

func (r *Reader) readList(ctx context.Context, list *listing, code string) {
	defer close(list.done)
	var found []Instance
	found, list.err = r.client.InstancesOf(ctx, code)
	r.note(found, list.err)
	list.instances = byCircuit(found)
}

// readByID reads circuits by ID. If billing refuses to answer because of an ID, it reads
// the others without it: billing does not list such a circuit.
func (r *Reader) readByID(ctx context.Context, circuitIDs []string) ([]Instance, error) {
	found, err := r.client.Instances(ctx, circuitIDs)
	r.note(found, err)
	if !isRefusedQuestion(err) || len(circuitIDs) == 1 && !isUnknownID(err) {
		return found, err
	}
	if len(circuitIDs) == 1 {
		return nil, nil
	}
	half := len(circuitIDs) / 2
	first, err := r.readByID(ctx, circuitIDs[:half])
	if err != nil {
		return nil, err
	}
	second, err := r.readByID(ctx, circuitIDs[half:])
	return append(first, second...), err
}

// forIDs returns the instances by the IDs that were asked for.
func forIDs(circuitIDs []string, found []Instance) map[string]Instance {
	instances, answers := byCircuit(found), map[string]Instance{}
	for _, id := range circuitIDs {
		if instance, listed := instances[key(id)]; listed {
			answers[id] = instance
		}
	}
	return answers
}

// isRefusedQuestion reports whether billing works, but refuses these IDs or this product
// code.
func isRefusedQuestion(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return failed && failure.IsFinalRefusal() &&
		!slices.Contains([]apierror.Group{apierror.GroupRights, apierror.GroupCredentials, apierror.GroupRegion, apierror.GroupGateway}, failure.Group())
}

var unknownID = lazyregexp.New(`(?i)instance|parameter|not.?(found|exist)`)

// isUnknownID reports whether billing refuses a circuit ID because it does not know it. The
// code for that is not documented.
func isUnknownID(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return failed && unknownID().MatchString(failure.Code)
}

// note remembers the product code of circuits, and that billing is down or forbidden.
func (r *Reader) note(found []Instance, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(found) > 0 && found[0].Product.Code != "" {
		r.code = found[0].Product.Code
	}
	if err != nil && !isRefusedQuestion(err) && !errors.Is(err, context.Canceled) {
		r.down, r.until = err, time.Now().Add(downLife)
	}
}

// failure returns why billing cannot be read now, nil if it can.
func (r *Reader) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isDown() {
		return r.down
	}
	return nil
}

// isDown reports whether billing cannot be read now. The caller holds mu.
func (r *Reader) isDown() bool {
	return apierror.IsNotPermitted(r.down) || time.Now().Before(r.until)
}

// changedSince reports whether the run has changed the setting of a circuit, so that an
// older list does not show it.
func (r *Reader) changedSince(circuitID string, began time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	mine := r.circuits[key(circuitID)]
	return mine != nil && !mine.changed.Before(began)
}
