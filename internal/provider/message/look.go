package message

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds about the orders that billing reports for a circuit.
const (
	OrderFound       Kind = "Order %s of %s exists already"
	OrdersUnread     Kind = "Existing orders could not be checked"
	SomeNotChecked   Kind = "Not all orders of the account were checked"
	UnnamedOrders    Kind = "Orders that name no circuit: %s"
	SecondOrder      Kind = "A second order for circuit %s"
	BillingForbidden Kind = "The provider cannot read billing"
)

// LookForPlan returns the diagnostics for the existing orders in a plan. If final is true,
// the order replaces another one: its record is gone when Create runs, and Terraform drops
// the warnings. unsure means that the state may have the order under another address.
func LookForPlan(look billing.Look, request order.Request, final, unsure bool) diag.Diagnostics {
	var diags diag.Diagnostics
	switch verdict := request.Judge(look); {
	case verdict == order.VerdictRefuse, verdict == order.VerdictAdopt && final:
		diags.Append(ordersExist(look, request, final, unsure))
	case verdict == order.VerdictLookAgain && final:
		diags.Append(ordersUnchecked(look, request, "plan"))
	case verdict == order.VerdictLookAgain:
		diags.Append(OrdersUnread.warning(paragraphs(
			"An order of circuit "+request.CircuitID+" may exist."+sentence(reported(look.Live)),
			"The apply checks again, and orders nothing without an answer.", stepOf(lookAgain(look, "plan")), lookDetails(look))))
	case verdict == order.VerdictAdopt:
		diags.Append(OrderFound.warning(fmt.Sprintf("It is recent, most likely from an apply that was stopped:%s\n\n"+
			"The apply saves it in the state and orders nothing. If another workspace has it, remove this resource.", orderList(look.Live[:1])),
			look.Live[0].ID, request.CircuitID))
	}
	return append(diags, LookNotes(look, request)...)
}

// LookNotes returns the warnings for the search before an order is sent. Terraform merges
// warnings with the same summary.
func LookNotes(look billing.Look, request order.Request) diag.Diagnostics {
	var diags diag.Diagnostics
	if look.Skipped {
		diags.Append(SomeNotChecked.warning("There are too many orders of other products, or billing does not show some of them to these credentials. " +
			"One of them may be for this circuit, if billing lists it under another product."))
	}
	if len(look.Unnamed) > 0 {
		diags.Append(UnnamedOrders.warning(fmt.Sprintf("Billing does not report what these orders are for:%s\n\n"+
			"Next step: Look at them in the console under Orders. If one is for circuit %s, "+
			"cancel it or import it instead.", orderList(look.Unnamed), request.CircuitID),
			strings.Join(orderIDs(look.Unnamed), ", ")))
	}
	if blocking := request.Blocking(look); len(blocking) < len(look.Live) {
		diags.Append(SecondOrder.warning(fmt.Sprintf("The circuit has an order already:%s\n\nWith this client_token it is ordered once more.\n\n"+
			"Next step: If you do not want a second order, remove client_token.", orderList(look.Live)), request.CircuitID))
	}
	return diags
}

// ordersExist returns the error for a circuit that has live orders.
func ordersExist(look billing.Look, request order.Request, replaces, unsure bool) diag.Diagnostic {
	live, key := request.Blocking(look), request.Key()
	happened := fmt.Sprintf("Nothing was ordered. Billing reports for circuit %s in %s:%s", key.CircuitID, key.Region, orderList(look.Live))
	first := live[0].ID
	if len(look.Live) > 1 {
		return OrdersExist.errAt(circuitID, paragraphs(happened,
			importOrMove("Next step: Cancel unpaid orders that you do not need in the console, and keep one. ", key, first, unsure),
			fmt.Sprintf("If you have just cancelled them, apply again in some minutes. Only if the next apply names order %s alone, and it is cancelled, add:", first),
			tokenInstructions(request.ReorderToken(first)),
			"To order although these orders exist, set billing = false in the provider block for one apply, and a client_token that was never used for this circuit."),
			key.CircuitID, len(look.Live))
	}
	next := paragraphs(importOrMove("Next step: ", key, first, unsure),
		"If you have just cancelled it, apply again in some minutes.", orderAnyway(request, first))
	switch {
	case replaces:
		next = fmt.Sprintf("Next step: To manage that order too, add a second resource for %s and import the order there.", key.CircuitID)
	case look.Skipped:
		happened += "\n\nThe provider does not recover it, because it could not check all orders of the account."
	}
	return OrderExists.errAt(circuitID, paragraphs(happened, next), key.CircuitID, first)
}

// importOrMove returns how to manage an order that exists. unsure means that the state may have
// it: then an import block could import it a second time.
func importOrMove(next string, key circuit.Key, orderID string, unsure bool) string {
	if unsure {
		return fmt.Sprintf(next+lookIntoState+" Otherwise import it with the ID %s/%s/%s, unless another workspace has it.", key.Region, key.CircuitID, orderID)
	}
	return paragraphs(next+"Import the order, unless another workspace has it.", importInstructions(key, orderID))
}

// orderAnyway returns how to order a circuit once more, empty without an order.
func orderAnyway(request order.Request, orderID string) string {
	if orderID == "" {
		return ""
	}
	return paragraphs(fmt.Sprintf("If the console shows order %s as cancelled, or you want a second order, add:", orderID),
		tokenInstructions(request.ReorderToken(orderID)))
}

// ordersUnchecked returns the error for an order that was not sent because billing could
// not be read.
func ordersUnchecked(look billing.Look, request order.Request, again string) diag.Diagnostic {
	return OrdersUnchecked.err(paragraphs("Billing could not be read, and an order of this circuit may exist. No order was sent.",
		reported(look.Live), stepOf(lookAgain(look, again)), orderAnyway(request, newest(request.Blocking(look))), lookDetails(look)), request.CircuitID)
}

// lookAgain returns the next step after a failed search.
func lookAgain(look billing.Look, again string) string {
	const without = " To order without this check, set billing = false in the provider block."
	failure, ok := errors.AsType[*apierror.Error](look.Err)
	switch {
	case ok && failure.Delivery == apierror.NotSent && failure.PermanentCause != apierror.NoPermanentCause:
		return cmp.Or(removeCause(failure.PermanentCause, again), "Make sure that this machine reaches the billing endpoint (endpoints.bssopenapi). "+
			"Then "+again+" again.") + without
	case ok && failure.Delivery == apierror.Answered && failure.Class() == apierror.Final:
		return cmp.Or(nextStep(failure), lookUpCode+". Then "+again+" again.") + without
	default:
		return upper(again) + " again later." + without
	}
}

// lookDetails returns why a search failed.
func lookDetails(look billing.Look) string {
	failure, ok := errors.AsType[*apierror.Error](look.Err)
	switch {
	case ok:
		return paragraphs(unanswered(failure), apiDetails(failure))
	case errors.Is(look.Err, billing.ErrTooManyOrders):
		return "Billing lists more orders for circuits than the provider reads."
	case errors.Is(look.Err, billing.ErrOrderHidden):
		return "Billing lists an order for a circuit and does not show its details to these credentials."
	default:
		return "Billing did not answer in time."
	}
}

// BillingUnread returns the warning for billing that cannot be read.
func BillingUnread(err error) diag.Diagnostic {
	next := "Make sure that this machine reaches the billing endpoint (endpoints.bssopenapi)."
	if failure, ok := errors.AsType[*apierror.Error](err); ok && failure.NotPermitted() {
		next = "Give the credentials bss:DescribeOrderList and bss:DescribeOrderDetail, or set billing = false in the provider block."
		if failure.Code == "NotApplicable" {
			next = nextStep(failure)
		}
	}
	return BillingForbidden.warning(paragraphs("It does not see payments, cancelled orders, lost orders and orders from the console.", stepOf(next), err.Error()))
}
