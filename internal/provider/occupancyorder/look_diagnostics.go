package occupancyorder

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// This file holds the messages about orders that billing shows before a new order is
// sent.

// lookFindings returns what a look means for a plan. Strictly is for an order that takes
// the place of another one: Terraform drops the warnings of that call, and the old record
// is gone when Create runs.
func lookFindings(look billing.Look, wish order.Request, strictly bool) diag.Diagnostics {
	var diags diag.Diagnostics
	switch verdict := wish.Judge(look); {
	case verdict == order.RefuseOrders, verdict == order.TakeOver && strictly:
		diags.Append(ordersExist(look, wish, strictly, destroyHint))
	case verdict == order.LookAgain && strictly:
		diags.Append(ordersUnchecked(look, wish, "Plan", destroyHint))
	case verdict == order.LookAgain:
		diags.Append(lookWarning(look, wish))
	case verdict == order.TakeOver:
		diags.Append(willTakeOver(look.Live[0], wish))
	}
	return append(diags, lookNotes(look, wish)...)
}

// lookNotes returns the warnings that go with an order that is sent. Their summaries name
// no circuit, so that Terraform merges those of a fleet.
func lookNotes(look billing.Look, wish order.Request) diag.Diagnostics {
	var diags diag.Diagnostics
	if look.Beyond {
		diags.AddWarning("Not all orders of the account were checked",
			"Some orders of other products could not be checked: there are too many of them, or billing does not show their details to these credentials. One of them may be for this circuit, if billing lists it under another product.")
	}
	if len(look.Unnamed) > 0 {
		diags.AddWarning("Orders that name no circuit: "+strings.Join(orderIDs(look.Unnamed), ", "),
			fmt.Sprintf("Billing shows these orders without saying what they are for:\n%s\n\nNext step: Look at them in the console under Orders. If one is for circuit %s, cancel the one that you do not need, or import it instead of ordering.", orderTable(look.Unnamed), wish.CircuitID))
	}
	if blocking := wish.Blocking(look); len(blocking) < len(look.Live) {
		diags.AddWarning(fmt.Sprintf("A second order for circuit %s, on purpose", wish.CircuitID),
			fmt.Sprintf("The circuit has an order already:\n%s\n\nclient_token orders the circuit once more.\n\nNext step: If you do not want a second order, remove client_token.", orderTable(look.Live)))
	}
	return diags
}

// ordersExist returns the error for a circuit that has live orders.
func ordersExist(look billing.Look, wish order.Request, moved bool, hint string) diag.Diagnostic {
	live := wish.Blocking(look)
	summary := fmt.Sprintf("Circuit %s already has order %s", wish.CircuitID, live[0].ID)
	next := "Next step: Import the order, unless another workspace holds it.\n" + importBlock(wish.Key(), live[0].ID) +
		"\n\n- If it was cancelled just now: apply again in some minutes." + orderOnPurpose(wish, live[0].ID)
	switch {
	case len(look.Live) > 1:
		summary = fmt.Sprintf("Circuit %s already has %d orders", wish.CircuitID, len(look.Live))
		next = "Next step: Look at the orders in the console, cancel unpaid ones that you do not need, and import the one to keep.\n" + importBlock(wish.Key(), live[0].ID) +
			fmt.Sprintf("\n\n- If they were cancelled just now: apply again in some minutes. Only if the next apply names order %s alone, and it is cancelled, also add this line:%s\n\n- To order although these orders exist, set billing = false in the provider block for one apply, and client_token to a text that was never used for this circuit.", live[0].ID, tokenToPaste(wish.ReorderToken(live[0].ID)))
	case moved:
		next = fmt.Sprintf("Next step: To manage the order too, add a second resource for %s and import the order there.", wish.CircuitID)
	case look.Beyond:
		next = "It is not taken over, because not all orders of the account could be checked.\n\n" + next
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), summary,
		fmt.Sprintf("A circuit takes one order. Nothing was ordered. Billing shows for circuit %s in %s:\n%s\n\n%s%s", wish.CircuitID, wish.Region, orderTable(look.Live), next, hint))
}

// orderOnPurpose says how to order a circuit once more; empty without an order.
func orderOnPurpose(wish order.Request, orderID string) string {
	if orderID == "" {
		return ""
	}
	return fmt.Sprintf("\n- To order once more, on purpose, or if the next apply names order %s again although it is cancelled:%s", orderID, tokenToPaste(wish.ReorderToken(orderID)))
}

func tokenToPaste(token string) string { return fmt.Sprintf("\n\n    client_token = %q", token) }

// ordersUnchecked returns the error for a new order that was not sent because billing
// could not be read.
func ordersUnchecked(look billing.Look, wish order.Request, again, hint string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(unableToPlace(wish.CircuitID),
		"Billing could not be read, so an order of this circuit may exist. No order was sent."+unchecked(look, again)+orderOnPurpose(wish, newest(wish.Blocking(look)))+hint)
}

// lookWarning returns the warning for a plan that could not check a circuit's orders.
func lookWarning(look billing.Look, wish order.Request) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Existing orders could not be checked",
		"Billing could not be read, so an order of circuit "+wish.CircuitID+" may exist. The apply checks again, and orders nothing without an answer."+unchecked(look, "Plan"))
}

// unchecked says what a look that failed showed so far, why it failed, and what helps.
func unchecked(look billing.Look, again string) string {
	return seen(look) + "\n\n" + lookFacts(look) +
		"\n\nNext step: " + lookNextStep(look, again) + " To order without this check, set billing = false in the provider block."
}

func seen(look billing.Look) string {
	if len(look.Live) == 0 {
		return ""
	}
	return " Billing shows so far:\n" + orderTable(look.Live)
}

// lookNextStep says what helps a look that failed.
func lookNextStep(look billing.Look, again string) string {
	var failure *apierror.Error
	if errors.As(look.Err, &failure) && failure.Delivery == apierror.NotSent && failure.PermanentCause != apierror.NoPermanentCause {
		return cmp.Or(failure.PermanentCause.NextStep(strings.ToLower(again)), "Make sure that this machine reaches the billing endpoint (endpoints.bssopenapi), then "+strings.ToLower(again)+" again.")
	}
	if failure != nil && failure.Delivery == apierror.Answered && failure.Class() == apierror.Final {
		return cmp.Or(failure.NextStep(), "Look the code up in Alibaba Cloud's documentation, then "+strings.ToLower(again)+" again.")
	}
	return again + " again later."
}

// lookFacts lists what was asked and what came back.
func lookFacts(look billing.Look) string {
	var failure *apierror.Error
	if errors.As(look.Err, &failure) {
		return failure.Facts()
	}
	switch {
	case errors.Is(look.Err, billing.ErrTooManyOrders):
		return "Billing lists more orders for circuits than the provider looks into."
	case errors.Is(look.Err, billing.ErrOrderHidden):
		return "Billing lists an order for a circuit, and does not show its details to these credentials."
	default:
		return "Billing did not answer in time."
	}
}

// willTakeOver returns the warning for a plan that will take an order over.
func willTakeOver(order billing.Order, wish order.Request) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s exists already", order.ID, wish.CircuitID),
		fmt.Sprintf("Billing shows this recent order, most likely of an apply that was stopped:\n%s\n\nThe apply saves it in the state and orders nothing. If another workspace holds it, remove this resource.", orderTable([]billing.Order{order})))
}

// adopted returns the warning for an order that Create took over.
func adopted(order model, placement order.Placement) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	happened := "The API answered with an order that was created before this apply looked for orders."
	switch {
	case placement.Found && placement.Sent:
		happened = "The response of the API was lost. Billing shows this one new order for the circuit."
	case placement.Found:
		happened = "Billing shows this recent order for the circuit, most likely of an apply that was stopped. Nothing was sent."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s was taken over", orderID, circuitID),
		fmt.Sprintf("%s It is saved in the state; no second order was placed:\n%s\n\nIts arguments in the state are your own record. Another workspace may hold the order too, so cancel_unpaid_on_destroy never cancels it.",
			happened, orderTable([]billing.Order{{ID: orderID, Lines: placement.Lines}})))
}

// orderTable lists orders with status, amount and time, one line each.
func orderTable(orders []billing.Order) string {
	var b strings.Builder
	for _, order := range orders {
		status := billing.PaymentStatus(order.Lines)
		if status == "" {
			status = "status unknown"
		}
		fmt.Fprintf(&b, "\n    %s  %s", order.ID, status)
		if len(order.Lines) == 1 && order.Lines[0].AfterTaxAmount != "" {
			fmt.Fprintf(&b, "  %s %s", order.Lines[0].AfterTaxAmount, order.Lines[0].Currency)
		}
		if created := order.Created(); created != nil {
			fmt.Fprintf(&b, "  placed %s", created.UTC().Format(time.RFC3339))
		}
	}
	return b.String()
}

func orderIDs(orders []billing.Order) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// newest returns the ID of the newest order, empty if there is none.
func newest(orders []billing.Order) string {
	if len(orders) == 0 {
		return ""
	}
	return orders[0].ID
}
