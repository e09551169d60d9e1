package message

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Kinds about a circuit.
const (
	CircuitEnabled    Kind = "Circuit %s is already Enabled"
	CircuitUnpayable  Kind = "Circuit %s cannot be ordered: it is %s"
	CircuitNotPayable Kind = "Circuit %s is not payable yet"
	CircuitUnsure     Kind = "Circuit %s may not be payable"
	CircuitNotFound   Kind = "Circuit %s not found"
	CircuitUnreadable Kind = "Unable to read circuit %s"
	CircuitUnchecked  Kind = "Circuits could not be checked"
	CircuitsUnlisted  Kind = "Unable to list the circuits in %s"
	StatusNotReached  Kind = "Circuit %s did not become %s"
)

const circuitID = "physical_connection_id"

// CircuitForOrder returns the diagnostics for the state of a circuit that is ordered. If
// final is true, a circuit that is not payable yet is an error, because no plan follows.
func CircuitForOrder(c circuit.Circuit, look billing.Look, final bool) diag.Diagnostics {
	id, state := c.ID, fmt.Sprintf("Circuit %s in %s is %s.", c.ID, c.Region, c.State())
	switch c.Readiness() {
	case circuit.InService:
		existing, other := "its order", ""
		if orderID := newest(look.Live); orderID != "" {
			existing = "order " + orderID
		}
		if !final {
			other = "If the state has the order under another address, add a moved block instead. If it is tainted, run terraform untaint."
		}
		return diag.Diagnostics{CircuitEnabled.errAt(circuitID, paragraphs(
			fmt.Sprintf("Circuit %s in %s is in service: %s exists already. Nothing was ordered.", id, c.Region, existing),
			keepInstructions(c.Key(), look.Live), other), id)}
	case circuit.NeverPayable:
		return diag.Diagnostics{CircuitUnpayable.errAt(circuitID, paragraphs(state+" Nothing was ordered.", stepOf(CircuitNextStep(c))), id, c.State())}
	case circuit.NotYet:
		if final {
			return diag.Diagnostics{CircuitNotPayable.errAt(circuitID, paragraphs(state+" Nothing was ordered.", stepOf(CircuitNextStep(c))), id)}
		}
		return diag.Diagnostics{CircuitNotPayable.warningAt(circuitID, paragraphs(
			state+" It can be ordered when it is Confirmed. Before that, an apply fails for this circuit and orders nothing.", stepOf(CircuitNextStep(c))), id)}
	case circuit.Unsure:
		return diag.Diagnostics{CircuitUnsure.warningAt(circuitID, paragraphs(
			state+" The API decides whether it accepts the order.", CircuitNextStep(c)), id)}
	case circuit.Payable:
	}
	return nil
}

// lookIntoState says what to do about an order that the state may have.
const lookIntoState = "Run terraform state list. If the state has the order under another address, add a moved block. If it is tainted, run terraform untaint."

// EnabledAmongMany returns the error for a circuit in service whose order may be in a part of
// the state that Terraform has not read yet. An import block could import it a second time.
func EnabledAmongMany(key circuit.Key) diag.Diagnostic {
	return CircuitEnabled.errAt(circuitID, paragraphs(
		fmt.Sprintf("Circuit %s in %s is in service: its order exists already. Nothing was ordered.", key.CircuitID, key.Region),
		"Next step: "+lookIntoState,
		fmt.Sprintf("If the state does not have it, import it with the ID %s/%s.", key.Region, key.CircuitID)), key.CircuitID)
}

// CircuitForPlan returns the diagnostic for a circuit that a plan could not read. If final
// is true, the order would replace another one, so this is an error.
func CircuitForPlan(err error, key circuit.Key, final bool) diag.Diagnostic {
	if missing, ok := errors.AsType[*circuit.NotFoundError](err); ok {
		return CircuitNotFound.errAt(circuitID, paragraphs(notFound(missing)+" Nothing was ordered.", stepOf(checkCircuit)), key.CircuitID)
	}
	if failure, ok := errors.AsType[*apierror.Error](err); final || ok && failure.WillRepeat() {
		return CircuitUnreadable.err(paragraphs("Nothing was ordered.", readFailure(err)), key.CircuitID)
	}
	return CircuitUnchecked.warningAt(circuitID, paragraphs(fmt.Sprintf("The plan continues without knowing whether circuit %s in %s can be ordered. "+
		"The apply reads it again before it orders.", key.CircuitID, key.Region), readFailure(err)))
}

// CircuitRead returns the error for a data source that could not read its circuit.
func CircuitRead(err error, query circuit.Query) diag.Diagnostic {
	if missing, ok := errors.AsType[*circuit.NotFoundError](err); ok {
		return CircuitNotFound.errAt(circuitID, paragraphs(notFound(missing), stepOf(checkCircuit)), query.CircuitID)
	}
	if waiting, ok := errors.AsType[*circuit.StatusNotReachedError](err); ok {
		return statusNotReached(waiting)
	}
	return CircuitUnreadable.err(readFailure(err), query.CircuitID)
}

func statusNotReached(waiting *circuit.StatusNotReachedError) diag.Diagnostic {
	c := waiting.Circuit
	happened := fmt.Sprintf("Circuit %s in %s is %s", c.ID, c.Region, c.State())
	switch {
	case waiting.Unreachable:
		happened += " and will not become " + waiting.Wanted + "."
	case errors.Is(waiting.Cause, context.DeadlineExceeded):
		happened += fmt.Sprintf(" after %s (timeouts.read).", waiting.Timeout)
	default:
		happened += "; the wait was interrupted."
	}
	next, last := CircuitNextStep(c), ""
	switch c.Readiness() {
	case circuit.Payable:
		next = "Make sure that the occupancy order of the circuit is placed and paid (console: Orders). " +
			"Some time after the payment the circuit becomes Enabled. Then plan again, if needed with a longer timeouts.read."
	case circuit.InService:
		next = "Wait for another status, or remove wait_for_status: the circuit is in service, past " + waiting.Wanted + "."
	default:
	}
	if waiting.LastFailure != nil {
		last = "The last read failed:\n" + apiDetails(waiting.LastFailure)
	}
	return StatusNotReached.errAt("wait_for_status", paragraphs(happened+" This data source orders nothing.", stepOf(next),
		"Every plan reads it, also before a destroy. To skip it in a destroy, add -refresh=false.", last), c.ID, waiting.Wanted)
}

// CircuitList returns the error for circuits that could not be listed. The data source never
// returns a part of a list: for_each would destroy the resources of the other circuits.
func CircuitList(err error, region string, timeout time.Duration) diag.Diagnostic {
	detail := readFailure(err)
	if errors.Is(err, context.DeadlineExceeded) {
		detail = paragraphs(fmt.Sprintf("The list was not complete within %s (timeouts.read). Part of a list is not returned.", timeout), detail)
	}
	failure, _ := errors.AsType[*apierror.Error](err)
	switch {
	case failure != nil && failure.NoSuchRegion():
		return CircuitsUnlisted.errAt("region_id", detail, region)
	case failure != nil && failure.Group() == apierror.GroupList && failure.Code == "OperationUnsupported.ResourceGroupId":
		return CircuitsUnlisted.errAt("resource_group_id", detail, region)
	default:
		return CircuitsUnlisted.err(detail, region)
	}
}

// CircuitNextStep returns what must happen before the circuit can be ordered, or why it
// never can. It is empty for a payable circuit.
func CircuitNextStep(c circuit.Circuit) string {
	switch c.Status {
	case circuit.StatusConfirmed:
		if c.Readiness() == circuit.Payable {
			return ""
		}
		return "The LOA is not complete: " + loaNextStep(c.LOAStatus)
	case circuit.StatusEnabled:
		return "The circuit is in service: its port is ordered and paid."
	case circuit.StatusInitial:
		return "Wait until Alibaba Cloud has approved the application."
	case circuit.StatusApproved, circuit.StatusAllocating:
		return "Wait until Alibaba Cloud has allocated the port."
	case circuit.StatusAllocated:
		switch c.LOAStatus {
		case circuit.LOAComplete:
			return "The LOA is complete. Confirm the circuit (console: confirm construction; API: ConfirmPhysicalConnection)."
		case "":
			return "When the line is built, confirm the circuit (console: confirm construction; API: ConfirmPhysicalConnection). " +
				"If your access point requires an LOA, complete the LOA steps before."
		default:
			return "Construction phase: " + loaNextStep(c.LOAStatus)
		}
	case circuit.StatusRejected:
		return "Alibaba Cloud rejected the application. Correct it (API: ModifyPhysicalConnectionAttribute) to have it reviewed again, or apply for another circuit."
	case circuit.StatusCanceled:
		return "The circuit was cancelled before it was in service. Apply for another circuit."
	case circuit.StatusAllocationFailed, "AllocationFailed":
		return "Alibaba Cloud had no free port. Apply for another circuit, or at another access point."
	case circuit.StatusTerminating, circuit.StatusTerminated:
		return "The circuit is terminated or being terminated. Apply for another circuit."
	default:
		return fmt.Sprintf("This version of the provider does not know the status %q.", c.Status)
	}
}

// loaNextStep returns the next step for the letter of authorization (LOA).
//
// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-completephysicalconnectionloa-efficiency-channels
func loaNextStep(status string) string {
	switch status {
	case "Applying", "Accept":
		return "wait until Alibaba Cloud has issued the LOA."
	case "Available":
		return "give the LOA to your carrier, have the line built, then report the construction as complete (console, or API: CompletePhysicalConnectionLOA)."
	case "Completing":
		return "wait until Alibaba Cloud has checked the construction, then confirm the circuit (API: ConfirmPhysicalConnection)."
	case "Rejected":
		return "Alibaba Cloud rejected the LOA application. Correct it and apply again (API: ApplyPhysicalConnectionLOA)."
	case "Deleted":
		return "the LOA was deleted. Apply for a new one (API: ApplyPhysicalConnectionLOA)."
	default:
		return fmt.Sprintf("its LOA status is %q. Look at the circuit in the Express Connect console.", status)
	}
}
