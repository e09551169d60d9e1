package physicalconnection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// readFailed words a circuit that could not be read or did not come to the wanted
// status.
func readFailed(err error, query circuit.Query) diag.Diagnostic {
	var (
		notFound *circuit.NotFoundError
		waiting  *circuit.StatusTimeoutError
		failure  *apierror.Error
	)
	switch {
	case errors.As(err, &notFound):
		return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("Circuit %s not found", query.CircuitID), notFound.Explain())
	case errors.As(err, &waiting):
		return notReached(waiting)
	case errors.As(err, &failure):
		return diag.NewErrorDiagnostic("Unable to read circuit "+query.CircuitID, failure.ExplainRead())
	default:
		return diag.NewErrorDiagnostic("Unable to read circuit "+query.CircuitID, err.Error())
	}
}

// listFailed words circuits that could not be listed. A list that is not whole is no
// list: whoever keys resources by it would destroy what is missing in it.
func listFailed(err error, region string, timeout time.Duration) diag.Diagnostic {
	summary := "Unable to list the circuits in " + region
	var failure *apierror.Error
	if !errors.As(err, &failure) {
		return diag.NewErrorDiagnostic(summary, err.Error())
	}
	detail := failure.ExplainRead()
	if errors.Is(err, context.DeadlineExceeded) {
		detail += fmt.Sprintf("\n\nThe list was to be read within %s (timeouts.read). Circuits that were read until then are not shown: the list is whole, or an error.", timeout)
	}
	switch {
	case failure.NoSuchRegion():
		return diag.NewAttributeErrorDiagnostic(path.Root("region_id"), summary, detail)
	case failure.Code == "OperationUnsupported.ResourceGroupId":
		return diag.NewAttributeErrorDiagnostic(path.Root("resource_group_id"), summary, detail)
	default:
		return diag.NewErrorDiagnostic(summary, detail)
	}
}

func notReached(waiting *circuit.StatusTimeoutError) diag.Diagnostic {
	c := waiting.Circuit
	assessment := c.Assess()
	summary := fmt.Sprintf("Circuit %s is not %s", c.ID, waiting.Wanted)
	detail := fmt.Sprintf("Circuit %s in %s is %s", c.ID, c.Region, assessment.State)
	switch {
	case waiting.Unreachable:
		detail += " and will not become " + waiting.Wanted + " as it is."
	case errors.Is(waiting.Cause, context.DeadlineExceeded):
		detail += fmt.Sprintf(" after %s of waiting (timeouts.read).", waiting.Timeout)
	default:
		detail += "; the waiting was interrupted."
	}
	if waiting.LastFailure != nil {
		detail += "\n\nThe last reading failed:\n\n" + waiting.LastFailure.Explain()
	}
	next := assessment.NextStep
	if assessment.Readiness == circuit.Payable {
		next = "The circuit waits for payment. See that its occupancy order is placed and paid (console: Orders); the circuit turns Enabled by itself some time after the payment. Then plan again, with a longer timeouts.read if the change takes its time."
	}
	if assessment.Readiness == circuit.InService {
		next = "Wait for another status, or remove wait_for_status: the circuit is in service, past " + waiting.Wanted + "."
	}
	if next != "" {
		detail += "\n\nNext step: " + next
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("wait_for_status"), summary, detail+"\n\nThis data source orders nothing and taints nothing. It is read by every plan, and by the plan before a destroy: terraform destroy -refresh=false goes past it.")
}
