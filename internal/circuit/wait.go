package circuit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// The pause between two reads grows by half from firstPause to maxPause.
const (
	firstPause = 2 * time.Second
	maxPause   = 15 * time.Second
)

// StatusNotReachedError means that a circuit did not get the wanted status.
type StatusNotReachedError struct {
	Wanted string
	// Circuit is the circuit as it was read last.
	Circuit Circuit
	// Unreachable reports whether the circuit can no longer get the wanted status.
	Unreachable bool
	// LastFailure is the error of the last read, nil if it succeeded.
	LastFailure *apierror.Error
	// Timeout is the timeout of the caller.
	Timeout time.Duration
	// Cause is the error of the context, nil if the status is unreachable.
	Cause error
}

// Error returns the circuit, its status and the wanted status, for logs.
func (e *StatusNotReachedError) Error() string {
	return fmt.Sprintf("circuit %s is %s, not %s", e.Circuit.ID, e.Circuit.Status, e.Wanted)
}

// Unwrap returns the error of the context.
func (e *StatusNotReachedError) Unwrap() error { return e.Cause }

// WaitForStatus reads the circuit until it has the wanted status. It repeats reads that
// failed with a temporary error. It returns a *StatusNotReachedError if ctx ends or the
// circuit can no longer get the status, a *NotFoundError, or a final *apierror.Error.
func WaitForStatus(ctx context.Context, api Reader, query Query, wanted string) (Circuit, error) {
	timeout := &StatusNotReachedError{Wanted: wanted}
	query.NotBefore, query.Once = time.Now(), true
	for pause := firstPause; ; pause = min(pause*3/2, maxPause) {
		begun := time.Now()
		circuit, err := api.DescribeCircuit(ctx, query)
		query.NotBefore = begun // A list that an earlier read used is too old.
		var failure *apierror.Error
		switch {
		case errors.As(err, &failure) && (failure.Class() != apierror.Final || ctx.Err() != nil):
			if timeout.LastFailure == nil || ctx.Err() == nil {
				timeout.LastFailure = failure // Keep an earlier error: the deadline adds no information.
			}
		case err != nil:
			return Circuit{}, err
		case circuit.Is(wanted):
			return circuit, nil
		default:
			timeout.Circuit, timeout.LastFailure = circuit, nil
			if timeout.Unreachable = circuit.CannotReach(wanted); timeout.Unreachable {
				return Circuit{}, timeout
			}
		}
		if err := retry.Wait(ctx, pause); err != nil {
			timeout.Cause = err
			if timeout.Circuit.ID == "" && timeout.LastFailure != nil {
				return Circuit{}, timeout.LastFailure // No read succeeded, so the status is not known.
			}
			return Circuit{}, timeout
		}
	}
}
