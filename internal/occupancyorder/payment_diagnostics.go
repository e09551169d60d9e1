package occupancyorder

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// This file words what billing says of an order.

// paymentUnread words a billing that cannot be read. It is said once for a run.
func paymentUnread(err error) diag.Diagnostic {
	next := "Next step: None is needed. To see payments, make sure that the billing endpoint (endpoints.bssopenapi) can be reached."
	var failure *ordering.Failure
	if errors.As(err, &failure) && failure.NotPermitted() {
		next = "Next step: None is needed. To see payments, give the credentials the right to bss:DescribeOrderDetail and bss:DescribeOrderList; for an account of the international site, set account_type."
	}
	return diag.NewWarningDiagnostic("Billing cannot be read, so payments are not known",
		"payment_status is not refreshed, and a cancelled order is not recognised. Everything else works without billing.\n\n"+err.Error()+"\n\n"+next)
}

// warning words an order whose ID belongs to something else.
func (f *foreignOrder) warning(order model) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s is not for circuit %s", orderID, circuitID),
		fmt.Sprintf("Billing reports that order %s is for %s. Its payment is not looked at, and it is never cancelled from here.\n\nNext step: Find the circuit's own order in the console under Orders; then run terraform state rm, and import that one.",
			orderID, strings.Join(f.instances, ", ")))
}

// cancelUnconfigured words a destroy that cannot ask whether the order is unpaid.
func cancelUnconfigured(order model) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to cancel order %s for circuit %s", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		"The order was to be cancelled if it is unpaid (cancel_unpaid_on_destroy), and values of the provider's configuration are not known. Nothing was cancelled, and the state keeps the order.\n\n"+
			"Next step: Destroy while what the provider block refers to exists; or, to remove the record without cancelling, run terraform state rm.")
}

// ordersUnlisted words a list of orders that ended before all were seen.
func ordersUnlisted(region string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to list the orders of the circuits in "+region,
		"What is listed so far is not all. Nothing was ordered or changed.\n\n"+unread(err))
}

// facts are the bare facts of a failure, whose general advice is about orders.
func facts(err error) string {
	var failure *ordering.Failure
	if errors.As(err, &failure) {
		return failure.Facts()
	}
	return err.Error()
}

// notPaid words an order that was to be paid at once, and was not.
func notPaid(order model) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is not paid", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		"auto_pay is true, but billing reports the order as unpaid: perhaps the account could not pay it. Nothing has been charged so far.\n\nNext step: Look at the order in the console under Orders, and pay it within about 7 days; an unpaid order lapses.")
}

// lapsed words an order that left the state because nothing is left of it.
func lapsed(order model, record ordering.Record) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is cancelled and leaves the state", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		fmt.Sprintf("Billing reports the order as Cancelled: it was cancelled by somebody, or lapsed unpaid after about 7 days. Nothing was charged for it, and it cannot be restored.\n\n"+
			"Next step: Apply, which orders anew as the plan shows. To order with other arguments than before, also set client_token = %q: by the old token the API knows the old ones. Or remove the resource block.", record.FreshToken()))
}

// afterLapse adds to errors about a new order that the old one has left the state
// only in this run, so that an import would still meet it.
func afterLapse(diags diag.Diagnostics, record *ordering.Record) diag.Diagnostics {
	if record == nil || !record.Lapsed {
		return diags
	}
	var out diag.Diagnostics
	for _, d := range diags {
		if d.Severity() == diag.SeverityError {
			d = diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), d.Summary(),
				fmt.Sprintf("%s\n\nThe cancelled order %s leaves the state only with an apply: run terraform apply -refresh-only first, then go one of the ways above.", d.Detail(), record.OrderID))
		}
		out.Append(d)
	}
	return out
}

func businessLocked(order model, circuit ordering.Circuit) diag.Diagnostic {
	next := "See the circuit in the Express Connect console."
	if circuit.BusinessStatus == "FinancialLocked" {
		next = "Settle what is overdue, or renew the circuit in the console: a circuit that stays locked is released for good."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Circuit %s of order %s is %s", circuit.ID, order.OrderID.ValueString(), circuit.BusinessStatus),
		fmt.Sprintf("The business status of circuit %s in %s is %s instead of Normal.\n\nNext step: %s", circuit.ID, circuit.Region, circuit.BusinessStatus, next))
}

func termOver(order model, circuit ordering.Circuit) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The paid term of circuit %s is over (order %s)", circuit.ID, order.OrderID.ValueString()),
		fmt.Sprintf("The term of circuit %s in %s ended at %s. Without a renewal, service stops about 15 days later, and the port is released for good a week after that. This resource is one order; it does not renew.\n\n"+
			"Next step: Renew the circuit in the console under Renewal. To stop managing the order, run terraform state rm.",
			circuit.ID, circuit.Region, circuit.EndTime.UTC().Format(time.RFC3339)))
}

func tooManyOrders(reached *ordering.LimitReached, circuitID string) diag.Diagnostic {
	summary := fmt.Sprintf("The plan places more than %s (max_new_orders)", orders(reached.Limit))
	if reached.Limit == 0 {
		summary = "The plan places an order, and max_new_orders is 0"
	}
	return diag.NewErrorDiagnostic(summary,
		fmt.Sprintf("max_new_orders in the provider block allows %s in one plan, counted for each provider configuration. Here are at least %d: %s. Nothing was ordered for %s.\n\n"+
			"Next step: Check that the new orders in this plan are meant. Then raise max_new_orders, or apply a part of them with -target.",
			orders(reached.Limit), len(reached.CircuitIDs), someCircuits(reached.CircuitIDs), cmp.Or(circuitID, notKnownYet)))
}

// notKnownYet stands for a circuit whose ID the plan does not know.
const notKnownYet = "a circuit that is not known yet"

// someCircuits names circuits, but not a whole region of them.
func someCircuits(ids []string) string {
	const most = 10
	names := make([]string, 0, most+1)
	for _, id := range ids[:min(len(ids), most)] {
		names = append(names, cmp.Or(id, notKnownYet))
	}
	if more := len(ids) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

func orders(n int) string {
	if n == 1 {
		return "1 order"
	}
	return fmt.Sprintf("%d orders", n)
}

// cameBackCancelled words an order that was accepted and is cancelled.
func cameBackCancelled(cancelled *ordering.CameBackCancelled, wish ordering.Wish) diag.Diagnostic {
	happened := fmt.Sprintf("The API answered with order %s for circuit %s, and billing reports it as Cancelled: the account could not pay it at once. Nothing was charged, and the order is not kept in the state.", cancelled.OrderID, wish.CircuitID)
	next := "Top up the account or settle what is overdue"
	switch {
	case cancelled.Replayed:
		happened = fmt.Sprintf("The client token %s stands for order %s of circuit %s, which is cancelled: it was not paid in time, or somebody cancelled it. Nothing was charged, and the order is not kept in the state.", cancelled.Token, cancelled.OrderID, wish.CircuitID)
		next = "Make sure that the account can pay"
	case !wish.AutoPay:
		happened = fmt.Sprintf("The API answered with order %s for circuit %s, and billing reports it as Cancelled already. Nothing was charged, and the order is not kept in the state.", cancelled.OrderID, wish.CircuitID)
		next = "Look at the order in the console under Orders"
	}
	if cancelled.RequestID != "" {
		happened += " Request ID: " + cancelled.RequestID + "."
	}
	if cancelled.Stepped {
		next += ", wait some minutes, and apply again: the provider recognises the cancelled order and orders anew."
	} else {
		next += fmt.Sprintf(". Then order anew, on purpose, with\n\n    client_token = %q", ordering.FreshToken(cancelled.Token))
	}
	return diag.NewErrorDiagnostic(unableToPlace(wish.CircuitID), happened+"\n\nNext step: "+next)
}

// cancelled words what came of cancelling an order on destroy. Only an error keeps
// the state.
func cancelled(order model, outcome ordering.Cancellation, err error) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	importable := "\n\nTo take the order back under Terraform, import it.\n" + importBlock(order.key(), orderID)
	switch outcome {
	case ordering.CancelledNow:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is cancelled", orderID, circuitID),
			"The order was unpaid, and cancel_unpaid_on_destroy asked for it. Nothing was charged; it cannot be restored.")
	case ordering.CancelledBefore:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s was cancelled already", orderID, circuitID),
			"It was cancelled by somebody, or lapsed unpaid. Only the record was removed.")
	case ordering.PaidMeanwhile:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is paid and stays", orderID, circuitID),
			"Billing reports the order as paid, and a paid order is never cancelled. Only the record was removed; nothing was cancelled or refunded."+importable)
	case ordering.CancelNotPermitted:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s could not be cancelled", orderID, circuitID),
			"The credentials may not read or cancel orders. Only the record was removed; if the order is unpaid, it stays payable for about 7 days.\n\n"+facts(err)+
				"\n\nNext step: Cancel it in the console under Orders; for the next time, give the credentials the right to bss:DescribeOrderDetail and bss:CancelOrder."+importable)
	case ordering.CancelForeign:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to cancel order %s for circuit %s", orderID, circuitID),
			"The order was to be cancelled if it is unpaid (cancel_unpaid_on_destroy), and billing does not report it as one that was placed for this circuit. Nothing was cancelled, and the state keeps it.\n\n"+
				"Next step: Look at the order in the console under Orders. To remove the record without cancelling, run terraform state rm.")
	default:
		return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to cancel order %s for circuit %s", orderID, circuitID),
			"The order was to be cancelled if it is unpaid (cancel_unpaid_on_destroy), and it is not certain that it is. The state keeps it.\n\n"+facts(err)+
				"\n\nNext step: Run the same command again, some minutes later if billing is behind; that is safe at any time. If it is refused for good, cancel the order in the console under Orders. To remove the record without cancelling, run terraform state rm.")
	}
}

// contradictions warns where billing does not agree with the record that the user
// keeps of an imported order.
func contradictions(state, plan model, record ordering.Record) diag.Diagnostics {
	var diags diag.Diagnostics
	orderID := state.OrderID.ValueString()
	if plan.AutoPay.ValueBool() && state.PaymentStatus.ValueString() == ordering.PaymentUnpaid {
		diags.AddAttributeWarning(path.Root("auto_pay"), fmt.Sprintf("Order %s was not paid at once", orderID),
			"The configuration says auto_pay = true, and billing reports the imported order as unpaid. Nobody will be charged until a person pays it in the console.")
	}
	if plan.Period.IsUnknown() || plan.Period.IsNull() || plan.PricingCycle.IsUnknown() || record.TermStart == nil || record.TermEnd == nil {
		return diags
	}
	if months := ordering.Months(plan.Period.ValueInt64(), plan.PricingCycle.ValueString()); !ordering.Lasts(*record.TermStart, *record.TermEnd, months) {
		diags.AddAttributeWarning(path.Root("period"), fmt.Sprintf("Order %s has another term", orderID),
			fmt.Sprintf("The configuration says period = %s with pricing_cycle = %s, and billing reports that the imported order runs from %s to %s.\n\nNext step: Correct period and pricing_cycle. They are your own record; nothing is sent.",
				plan.Period, plan.PricingCycle, record.TermStart.UTC().Format(time.RFC3339), record.TermEnd.UTC().Format(time.RFC3339)))
	}
	return diags
}
