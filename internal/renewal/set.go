package renewal

import (
	"context"
	"errors"
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// Outcome is the result of a change that succeeded.
type Outcome struct {
	// Instance is the circuit as billing lists it. Its Product is the one of the change.
	Instance Instance
	// Verified reports whether billing reported the wanted setting. Otherwise billing
	// accepted the change, but does not list the circuit or its setting.
	Verified bool
	// Sent reports whether a change was sent: none was needed otherwise.
	Sent bool
}

// SetError means that a setting was not changed, or may not have been.
type SetError struct {
	Wanted Setting
	// Sent reports whether a change was sent that may take effect.
	Sent bool
	// Accepted reports whether billing accepted the change. Then billing still reported
	// another setting at the end.
	Accepted bool
	// Seen is the circuit as billing listed it last, nil if it did not list it.
	Seen *Instance
	// Cause is the last error, which may be that of the context.
	Cause error
}

// Error returns what failed, for logs.
func (e *SetError) Error() string {
	return fmt.Sprintf("the renewal is not %s: %v", e.Wanted.Status, e.Cause)
}

// Unwrap returns the cause.
func (e *SetError) Unwrap() error { return e.Cause }

// ErrConflict means that the same run has set another setting for the circuit.
var ErrConflict = errors.New("the run has set another setting for this circuit")

// change is what a run has done with a circuit.
type change struct {
	sem chan struct{} // held during the change; guards the rest
	set *Setting      // nil if nothing was set
}

// lock waits for the other changes of the circuit in this run.
func (r *Reader) lock(ctx context.Context, circuitID string) (*change, error) {
	r.mu.Lock()
	mine := r.changes[circuitID]
	if mine == nil {
		mine = &change{sem: make(chan struct{}, 1)}
		r.changes[circuitID] = mine
	}
	r.mu.Unlock()
	select {
	case mine.sem <- struct{}{}:
		return mine, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Set sets the wanted setting of a circuit and reads it back until ctx ends. It sends
// nothing if the setting is so already. If billing does not list the circuit, it names the
// given product, or DefaultProduct. Every error is a *SetError.
func (r *Reader) Set(ctx context.Context, circuitID string, product Product, wanted Setting) (Outcome, error) {
	run, err := r.lock(ctx, circuitID)
	if err != nil {
		return Outcome{}, &SetError{Wanted: wanted, Cause: err}
	}
	defer func() { <-run.sem }()
	if run.set != nil && !run.set.Equal(wanted) {
		return Outcome{}, &SetError{Wanted: wanted, Cause: ErrConflict}
	}
	outcome, err := r.set(ctx, circuitID, product, wanted)
	if err == nil {
		run.set = &wanted
	}
	return outcome, err
}

// Reset sets the setting of a circuit that leaves the state, unless the same run has set it
// for another resource: then that one decides, and the outcome is nil.
func (r *Reader) Reset(ctx context.Context, circuitID string, product Product) (*Outcome, error) {
	manual := Setting{Status: Manual}
	run, err := r.lock(ctx, circuitID)
	if err != nil {
		return nil, &SetError{Wanted: manual, Cause: err}
	}
	defer func() { <-run.sem }()
	if run.set != nil {
		return nil, nil
	}
	outcome, err := r.set(ctx, circuitID, product, manual)
	return &outcome, err
}

func (r *Reader) set(ctx context.Context, circuitID string, product Product, wanted Setting) (Outcome, error) {
	failed := &SetError{Wanted: wanted}
	now, listed, err := r.ReadUncached(ctx, circuitID)
	if err != nil {
		failed.Cause = err
		return Outcome{}, failed
	}
	if listed && now.Setting.Equal(wanted) {
		return Outcome{Instance: now, Verified: true}, nil
	}
	switch {
	case listed && now.Product.Code != "":
		product = now.Product
	case product.Code == "":
		product = DefaultProduct
	}
	defer r.forgetLists()
	var backoff retry.Backoff
	for {
		if !failed.Accepted {
			failed.Cause = r.client.SetRenewal(ctx, circuitID, product, wanted)
			failed.Accepted = failed.Cause == nil
			failed.Sent = failed.Sent || mayHaveEffect(failed.Cause)
		}
		outcome, done := r.readBack(ctx, circuitID, product, failed)
		if done {
			return outcome, nil
		}
		if isFinal(failed.Cause) {
			return Outcome{}, failed
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			if failed.Cause == nil {
				failed.Cause = err
			}
			return Outcome{}, failed
		}
	}
}

// readBack reports whether billing shows the wanted setting, or has accepted it and does
// not show any.
func (r *Reader) readBack(ctx context.Context, circuitID string, product Product, sent *SetError) (Outcome, bool) {
	if !sent.Sent && !isFinal(sent.Cause) {
		return Outcome{}, false // The setting is as it was.
	}
	now, listed, err := r.ReadUncached(ctx, circuitID)
	if err != nil {
		return Outcome{}, false
	}
	sent.Seen = nil
	if listed {
		sent.Seen = &now
	}
	shown := listed && now.Setting.Status != ""
	outcome := Outcome{Instance: now, Verified: shown && now.Setting.Allows(sent.Wanted), Sent: sent.Sent}
	if outcome.Instance.Product.Code == "" {
		outcome.Instance.Product = product
	}
	return outcome, outcome.Verified || sent.Accepted && !shown
}

// mayHaveEffect reports whether a change that ended with this error may be in effect.
func mayHaveEffect(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return !failed || failure.Delivery != apierror.NotSent && failure.Class() == apierror.Ambiguous && !failure.IsFinalRefusal()
}

// isFinal reports whether billing would refuse the same change again.
func isFinal(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return failed && (failure.Class() == apierror.Final || failure.IsFinalRefusal())
}
