package circuit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	gateFirstPause = 2 * time.Second
	gateMostPause  = 15 * time.Second
)

// StatusTimeoutError says that a circuit did not come to a wanted status.
type StatusTimeoutError struct {
	Wanted string
	// Circuit is the last reading.
	Circuit Circuit
	// CannotReach is true when waiting longer would not help.
	Unreachable bool
	// LastFailure is the failure of the last reading, nil if it succeeded.
	LastFailure *apierror.Error
	// Timeout is how long the caller was ready to wait.
	Timeout time.Duration
	// Cause is why the waiting ended: ctx's error, nil when out of reach.
	Cause error
}

// Error names circuit, status and wanted status.
func (e *StatusTimeoutError) Error() string {
	return fmt.Sprintf("circuit %s is %s, not %s", e.Circuit.ID, e.Circuit.Status, e.Wanted)
}

// Unwrap returns why the waiting ended.
func (e *StatusTimeoutError) Unwrap() error { return e.Cause }

// WaitForStatus reads the circuit until it has the wanted status. It gives up with
// *StatusTimeoutError when ctx ends or the status is out of reach, with
// *NotFoundError, and with a *Error that repeats; a failure that may pass is
// waited out.
func WaitForStatus(ctx context.Context, api Reader, query Query, wanted string) (Circuit, error) {
	waiting := &StatusTimeoutError{Wanted: wanted}
	query.NotBefore = time.Now()
	for pause := gateFirstPause; ; pause = min(pause*3/2, gateMostPause) {
		begun := time.Now()
		circuit, err := api.DescribeCircuit(ctx, query)
		query.NotBefore = begun // each reading is newer than the last
		var failure *apierror.Error
		switch {
		case errors.As(err, &failure) && (failure.Class() != apierror.Final || ctx.Err() != nil):
			if waiting.LastFailure == nil || ctx.Err() == nil {
				waiting.LastFailure = failure // the end of the time is no news
			}
		case err != nil:
			return Circuit{}, err
		case circuit.Is(wanted):
			return circuit, nil
		default:
			waiting.Circuit, waiting.LastFailure = circuit, nil
			waiting.Unreachable = circuit.CannotReach(wanted)
		}
		if waiting.Unreachable {
			return Circuit{}, waiting
		}
		if err := retry.Wait(ctx, pause); err != nil {
			waiting.Cause = err
			if waiting.Circuit.ID == "" && waiting.LastFailure != nil {
				return Circuit{}, waiting.LastFailure // never read: no state to speak of
			}
			return Circuit{}, waiting
		}
	}
}
