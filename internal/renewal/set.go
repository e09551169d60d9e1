package renewal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// lastLook limits the read after a change whose time is over or that was interrupted.
const lastLook = 5 * time.Second

// Change is a wanted setting of a circuit.
type Change struct {
	CircuitID string
	Setting   Setting
	// Product is the product in the state; empty if there is none.
	Product Product
	// Force sends the change also if billing reports the wanted setting, because an earlier
	// change may have taken effect since.
	Force bool
}

// Outcome is the result of a change that succeeded.
type Outcome struct {
	// Instance is the circuit as billing lists it. Its Product is the one of the change.
	Instance Instance
	// Listed reports whether billing lists the circuit. Verified reports whether it also
	// reports the wanted setting. Otherwise billing has accepted the change without a proof.
	Listed, Verified bool
	// Sent reports whether a change was sent: none was needed otherwise.
	Sent bool
}

// Sighting is what a read showed about a circuit.
type Sighting int

const (
	// NotRead means that billing was not read.
	NotRead Sighting = iota
	// NotListed means that billing does not list the circuit.
	NotListed
	// Listed means that billing lists the circuit.
	Listed
)

// SetError means that a setting was not changed, or may not have been.
type SetError struct {
	Wanted Setting
	// Sent reports whether a change was sent that may take effect, Accepted whether billing
	// has accepted it.
	Sent, Accepted bool
	// Seen is what the last read showed, and Shown the setting if the circuit was listed.
	Seen  Sighting
	Shown Setting
	// ReadErr is why the read after the change failed. Then Seen is older. It may be nil.
	ReadErr error
	// Product is the product code that was sent, and Guessed reports whether billing has not
	// reported it for the circuit.
	Product string
	Guessed bool
	// Interrupted reports whether the user interrupted the run.
	Interrupted bool
	// Cause is why the change failed, nil if it was accepted. It may be the error of a
	// context.
	Cause error
}

// Error returns what failed, for logs.
func (e *SetError) Error() string {
	return fmt.Sprintf("the renewal is not %s: %v", e.Wanted.Status, errors.Join(e.Cause, e.ReadErr))
}

// Unwrap returns the cause.
func (e *SetError) Unwrap() error { return e.Cause }

// Set makes a change and reads the setting until billing shows it or ctx ends. It sends
// nothing if the setting is so already. It names the product that billing reports for the
// circuit. If billing does not list the circuit, it names the product of the change, or
// DefaultProduct. Every error is a *SetError.
func (r *Reader) Set(ctx context.Context, change Change) (Outcome, error) {
	run, err := r.lock(ctx, change.CircuitID)
	if err != nil {
		return Outcome{}, &SetError{Wanted: change.Setting, Cause: err}
	}
	defer func() { <-run.sem }()
	if run.set != nil && !run.set.Equal(change.Setting) {
		return Outcome{}, &SetError{Wanted: change.Setting, Cause: ErrConflict}
	}
	outcome, err := r.set(ctx, change)
	if err == nil {
		run.set = &change.Setting
	}
	return outcome, err
}

// Reset sets the setting of a circuit to Manual, unless the same run has set it for another
// resource: then that one decides, and the outcome is nil.
func (r *Reader) Reset(ctx context.Context, circuitID string, product Product) (*Outcome, error) {
	change := Change{CircuitID: circuitID, Setting: Setting{Status: Manual}, Product: product}
	run, err := r.lock(ctx, circuitID)
	if err != nil {
		return nil, &SetError{Wanted: change.Setting, Cause: err}
	}
	defer func() { <-run.sem }()
	if run.set != nil {
		return nil, nil
	}
	outcome, err := r.set(ctx, change)
	return &outcome, err
}

func (r *Reader) set(ctx context.Context, change Change) (Outcome, error) {
	a := &attempt{reader: r, Change: change, failed: &SetError{Wanted: change.Setting}}
	return a.run(ctx)
}

// attempt is one change of a setting until its end.
type attempt struct {
	Change

	reader *Reader
	// now is the circuit as billing listed it last; empty if it never did.
	now    Instance
	failed *SetError
}

func (a *attempt) run(ctx context.Context) (Outcome, error) {
	if err := a.read(ctx); err != nil {
		a.failed.Cause = err
		return Outcome{}, a.failed
	}
	if !a.Force && a.failed.Seen == Listed && a.now.Setting.Equal(a.Setting) {
		return Outcome{Instance: a.now, Listed: true, Verified: true}, nil
	}
	defer a.reader.recordChange(a.CircuitID)
	var backoff retry.Backoff
	for {
		sent := a.send(ctx)
		if sent {
			a.failed.ReadErr = a.read(ctx)
		}
		outcome, done := a.outcome()
		switch {
		case done:
			return outcome, nil
		case a.isRefused():
			return Outcome{}, a.failed
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			return a.end(ctx)
		}
		if a.isGuessRefused() {
			a.failed.ReadErr = a.read(ctx)
		}
	}
}

// send sends the change if it is not accepted yet. It waits for the product of a circuit
// if billing has refused the guessed one. It reports whether the setting may differ now.
func (a *attempt) send(ctx context.Context) bool {
	if a.failed.Accepted {
		return true
	}
	product, guessed := a.product()
	if a.isGuessRefused() && guessed {
		return false
	}
	a.failed.Product, a.failed.Guessed = product.Code, guessed
	a.failed.Cause = a.reader.client.SetRenewal(ctx, a.CircuitID, product, a.Setting)
	a.failed.Accepted = a.failed.Cause == nil
	a.failed.Sent = a.failed.Sent || mayHaveEffect(a.failed.Cause)
	return a.failed.Sent || isFinal(a.failed.Cause)
}

// product returns the product of the circuit, and whether it is a guess.
func (a *attempt) product() (product Product, guessed bool) {
	switch {
	case a.now.Product.Code != "":
		return a.now.Product, false
	case a.Product.Code != "":
		return a.Product, true
	default:
		return DefaultProduct, true
	}
}

// read reads the circuit. After the end of ctx it reads once more, for the result and the
// message: the change was sent.
func (a *attempt) read(ctx context.Context) error {
	if ctx.Err() != nil && a.failed.Sent {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
		defer cancel()
		ctx = late
	}
	found, listed, err := a.reader.ReadUncached(ctx, a.CircuitID)
	switch {
	case err != nil:
		return err
	case !listed:
		a.failed.Seen = NotListed
	default:
		a.now, a.failed.Seen, a.failed.Shown = found, Listed, found.Setting
	}
	return nil
}

// outcome reports whether billing shows the wanted setting, or has accepted it and never
// showed any.
func (a *attempt) outcome() (Outcome, bool) {
	shown := a.failed.Seen == Listed && a.failed.Shown.Status != ""
	outcome := Outcome{Instance: a.now, Listed: a.failed.Seen == Listed, Sent: a.failed.Sent}
	outcome.Instance.Product, _ = a.product()
	outcome.Verified = shown && a.failed.Shown.Allows(a.Setting)
	neverShown := a.now.Setting.Status == ""
	return outcome, a.failed.ReadErr == nil && (a.failed.Sent && outcome.Verified || a.failed.Accepted && neverShown)
}

// isRefused reports whether billing has refused the change, and would refuse it again.
func (a *attempt) isRefused() bool { return isFinal(a.failed.Cause) && !a.isGuessRefused() }

// isGuessRefused reports whether billing has refused a guessed product, while it does not
// list the circuit. It may list the circuit later.
func (a *attempt) isGuessRefused() bool {
	return a.failed.Guessed && isRefusedQuestion(a.failed.Cause) && a.failed.Seen == NotListed
}

// end returns the result when the time is over or the user has interrupted the run.
func (a *attempt) end(ctx context.Context) (Outcome, error) {
	a.failed.Interrupted = errors.Is(ctx.Err(), context.Canceled)
	if a.failed.Sent {
		a.failed.ReadErr = a.read(ctx)
		if outcome, done := a.outcome(); done {
			return outcome, nil
		}
	}
	return Outcome{}, a.failed
}

// mayHaveEffect reports whether a change that ended with this error may be in effect.
func mayHaveEffect(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return !failed || failure.Class() == apierror.Ambiguous && !failure.IsFinalRefusal()
}

// isFinal reports whether billing would refuse the same change again.
func isFinal(err error) bool {
	failure, failed := errors.AsType[*apierror.Error](err)
	return failed && (failure.Class() == apierror.Final || failure.IsFinalRefusal())
}
