package occupancyorder

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// readFailed words an order that could not be read.
func readFailed(err error, orderID string) diag.Diagnostic {
	summary := "Unable to read order " + orderID
	var (
		hidden  *notShown
		failure *apierror.Error
	)
	switch {
	case errors.As(err, &hidden):
		return orderNotShown(hidden, orderID)
	case errors.As(err, &failure) && failure.NotPermitted():
		return diag.NewErrorDiagnostic(summary, failure.Explain()+
			"\n\nNext step, one of these:\n"+
			"- Give the credentials the RAM action bss:DescribeOrderDetail on *, with the policy on the documentation page of this data source.\n"+
			"- If they have it: set account_type in the provider block to the site of the account, Domestic or International. "+
			"Orders that a reseller keeps are not shown at all.\n"+
			"- Or do without: placing orders needs no billing.")
	case errors.As(err, &failure):
		detail := failure.ExplainRead()
		if errors.Is(err, context.DeadlineExceeded) {
			detail += "\n\nThe time to read is timeouts.read."
		}
		return diag.NewErrorDiagnostic(summary, detail)
	default:
		return diag.NewErrorDiagnostic(summary, err.Error())
	}
}

func orderNotShown(hidden *notShown, orderID string) diag.Diagnostic {
	detail := fmt.Sprintf("Billing has not shown order %s within %s (timeouts.read).", orderID, hidden.Timeout)
	if hidden.Interrupted {
		detail = fmt.Sprintf("Billing had not shown order %s when the waiting was interrupted.", orderID)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("order_id"), fmt.Sprintf("Order %s not found in billing", orderID), detail+
		" There are two possible reasons:\n\n"+
		"- The order is new: billing shows an order up to some minutes after it was placed. Plan again later, or set a longer timeouts.read.\n"+
		"- Billing knows no such order for these credentials: check order_id, whose credentials the provider uses, and that account_type in the provider block is the site of that account.\n\n"+
		"The order itself, if there is one, is not affected.")
}
