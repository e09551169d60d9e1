package message

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// RenewalFailed returns the error for a setting that was not set, or may not be. limit is
// the name of the timeout.
func RenewalFailed(key circuit.Key, failed *renewal.SetError, limit string) diag.Diagnostic {
	id, wanted := key.CircuitID, RenewalName(failed.Wanted)
	again := stepOf("Apply again. The provider reads the setting first, and sets it only if it differs.")
	if limit == "timeouts.delete" {
		again = stepOf("Destroy again. To remove only the record, first apply reset_on_destroy = false.")
	}
	until := "at the end of " + limit
	if failed.Interrupted {
		until = "when the run was interrupted"
	}
	failure, _ := errors.AsType[*apierror.Error](failed.Cause)
	switch {
	case errors.Is(failed.Cause, renewal.ErrConflict):
		return TwoSettings(id, failed.Wanted, renewal.Setting{})
	case errors.Is(failed.Cause, renewal.ErrBusy):
		return RenewalNotSet.err(paragraphs("Another resource sets the renewal of the same circuit, and did not end in time. This one was not set.",
			"Next step: Keep one of the resources."), id)
	case failed.Accepted && failed.ReadErr == nil && failed.Seen == renewal.Listed:
		return RenewalNotShown.err(paragraphs(
			fmt.Sprintf("Billing accepted the change to %s, but still listed %s %s. Nothing was charged.", wanted, RenewalName(failed.Shown), until), again),
			id, RenewalName(failed.Shown))
	case failed.Accepted:
		return RenewalUnsure.err(paragraphs(fmt.Sprintf("Billing accepted the change to %s. %s Nothing was charged.", wanted, seen(failed)), again,
			causeDetails(failed.ReadErr)), id)
	case failed.Sent:
		return RenewalUnsure.err(paragraphs(fmt.Sprintf("The change to %s was sent, and its answer was lost. %s Nothing was charged.", wanted, seen(failed)), again,
			causeDetails(failed.Cause)), id)
	case failed.Guessed && failed.Seen == renewal.NotListed && failure != nil && failure.Delivery == apierror.Answered:
		return RenewalNotSet.err(paragraphs(fmt.Sprintf("Billing did not list the circuit %s, so its product code is not known, and it refused the code %s. "+
			"Nothing was changed.", until, failed.Product),
			stepOf("Apply again later. Billing may list a circuit some minutes after the payment."), apiDetails(failure)), id)
	case failure != nil && failure.Action == "SetRenewal":
		return RenewalNotSet.err(paragraphs(fmt.Sprintf("The renewal was not changed to %s. %s", wanted, seen(failed)), failureOf(failed.Cause, limit)), id)
	default:
		return RenewalNotSet.err(paragraphs("Its setting could not be read, so nothing was changed.", failureOf(failed.Cause, limit)), id)
	}
}

// seen returns what the last read of a setting showed.
func seen(failed *renewal.SetError) string {
	switch {
	case failed.ReadErr != nil, failed.Seen == renewal.NotRead:
		return "Billing could not be read after that."
	case failed.Seen == renewal.NotListed:
		return "Billing does not list the circuit."
	case failed.Shown.Status == "":
		return "Billing lists the circuit without a renewal setting."
	default:
		return fmt.Sprintf("Billing lists %s.", RenewalName(failed.Shown))
	}
}

// failureOf is readFailureIn for the command of a timeout. It adds how to remove only the
// record of a setting that cannot be reset.
func failureOf(err error, limit string) string {
	again, more := "apply", ""
	if limit == "timeouts.delete" {
		again, more = "destroy", "To remove only the record, first apply reset_on_destroy = false."
	}
	if text := contextFailure(err); text != "" {
		return paragraphs(text+" "+upper(again)+" again.", more)
	}
	return paragraphs(readFailureIn(err, again), more)
}

// contextFailure returns a sentence for a read whose time was over, empty for other errors.
func contextFailure(err error) string {
	if failure := (*apierror.Error)(nil); errors.As(err, &failure) {
		return ""
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "Billing did not answer in time."
	case errors.Is(err, context.Canceled):
		return "The run was interrupted."
	default:
		return ""
	}
}

// causeDetails returns what the API returned, empty if it returned nothing.
func causeDetails(err error) string {
	if failure, ok := errors.AsType[*apierror.Error](err); ok {
		return paragraphs(unanswered(failure), apiDetails(failure))
	}
	return ""
}
