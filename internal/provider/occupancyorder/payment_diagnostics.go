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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// This file words what billing says of an order.

// paymentUnread words a billing that cannot be read. It is said once for a run.
func paymentUnread(err error) diag.Diagnostic {
	next := "Make sure that this machine reaches the billing endpoint (endpoints.bssopenapi)."
	var failure *apierror.Error
	if errors.As(err, &failure) && failure.NotPermitted() {
		next = "Give the credentials bss:DescribeOrderList and bss:DescribeOrderDetail, or set billing = false in the provider block."
		if failure.Code == "NotApplicable" {
			next = failure.NextStep()
		}
	}
	return diag.NewWarningDiagnostic("The provider cannot read billing",
		"It does not see payments, cancelled orders, lost orders and orders from the console.\n\n"+err.Error()+"\n\n"+next)
}

// foreignOrder returns the warning for an order whose ID belongs to something else.
func foreignOrder(order model, rows []billing.OrderLine) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s is not for circuit %s", orderID, circuitID),
		fmt.Sprintf("Billing shows order %s for %s. An order for circuit %s may exist under another ID. The payment of %s is not read, and it is never cancelled from here.\n\n"+
			"Next step: Remove the record with terraform state rm, then plan. If billing shows an order of the circuit, the plan names it and contains the import block.",
			orderID, strings.Join(billing.Instances(rows), ", "), circuitID, orderID))
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
	var failure *apierror.Error
	if errors.As(err, &failure) {
		return failure.Facts()
	}
	return err.Error()
}

// notPaid words an order that was to be paid at once, and was not.
func notPaid(order model) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is not paid", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		"auto_pay is true, but billing reports the order as unpaid. Nothing has been charged so far.\n\nNext step: Look at the order in the console under Orders, and pay it within about 7 days; an unpaid order expires.")
}

// lapsed words an order that left the state because nothing is left of it.
func lapsed(order model, record order.Record) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s of %s is cancelled and leaves the state", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		fmt.Sprintf("Billing reports the order as Cancelled: it was cancelled, or it expired unpaid after about 7 days. Nothing was charged for it, and it cannot be restored.\n\n"+
			"Next step: Apply to order again, as the plan shows. To order with other arguments than before, also set client_token = %q: with the old token the API still expects the old arguments. Or remove the resource block.", record.ReorderToken()))
}

// afterLapse adds to errors about a new order that the old one has left the state
// only in this run, so that an import would still meet it.
func afterLapse(diags diag.Diagnostics, record *order.Record) diag.Diagnostics {
	if record == nil || !record.Cancelled {
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

func businessLocked(order model, circuit circuit.Circuit) diag.Diagnostic {
	next := "See the circuit in the Express Connect console."
	if circuit.BusinessStatus == "FinancialLocked" {
		next = "Settle what is overdue, or renew the circuit in the console: a circuit that stays locked is released for good."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Circuit %s of order %s is %s", circuit.ID, order.OrderID.ValueString(), circuit.BusinessStatus),
		fmt.Sprintf("The business status of circuit %s in %s is %s instead of Normal.\n\nNext step: %s", circuit.ID, circuit.Region, circuit.BusinessStatus, next))
}

func termOver(order model, circuit circuit.Circuit) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The paid term of circuit %s is over (order %s)", circuit.ID, order.OrderID.ValueString()),
		fmt.Sprintf("The term of circuit %s in %s ended at %s. Without a renewal, service stops about 15 days later, and the port is released for good a week after that. This resource is one order; it does not renew.\n\n"+
			"Next step: Renew the circuit in the console under Renewal. To stop managing the order, run terraform state rm.",
			circuit.ID, circuit.Region, circuit.EndTime.UTC().Format(time.RFC3339)))
}

func tooManyOrders(reached *order.LimitExceeded, circuitID string) diag.Diagnostic {
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

// orderCancelled returns the error for an order that the API answered with, and that is
// cancelled.
func orderCancelled(failed *order.PlaceError, wish order.Request) diag.Diagnostic {
	happened := fmt.Sprintf("The API answered with order %s for circuit %s, and billing reports it as Cancelled. Nothing was charged for it, and it is not kept in the state.", failed.OrderID, wish.CircuitID)
	next := "Look at the order in the console under Orders, then apply again."
	switch {
	case failed.Seen:
		happened = fmt.Sprintf("The API answered with order %s for circuit %s, which was cancelled before this apply: the client token %s belongs to it. Nothing was ordered.", failed.OrderID, wish.CircuitID, failed.ClientToken)
		next = "Add this line to order again:"
	case wish.AutoPay:
		next = "Make sure that the account can pay (balance, overdue payments, means of payment), then apply again."
	}
	if failed.RequestID != "" {
		happened += " Request ID: " + failed.RequestID + "."
	}
	if !failed.Seen {
		next += fmt.Sprintf(" Only if the next apply names order %s again, also add this line:", failed.OrderID)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("client_token"), unableToPlace(wish.CircuitID), happened+"\n\nNext step: "+next+tokenToPaste(order.TokenAfter(failed.ClientToken, failed.OrderID)))
}

// cancelled words what came of cancelling an order on destroy. Only an error keeps
// the state.
func cancelled(order model, outcome billing.Cancellation, err error) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	importable := "\n\nTo take the order back under Terraform, import it.\n" + importBlock(order.key(), orderID)
	switch outcome {
	case billing.CancelledNow:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is cancelled", orderID, circuitID),
			"The order was unpaid, and cancel_unpaid_on_destroy asked for it. Nothing was charged; it cannot be restored.")
	case billing.CancelledBefore:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s was cancelled already", orderID, circuitID),
			"It was cancelled, or it expired unpaid. Only the record was removed.")
	case billing.PaidMeanwhile:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s is paid and stays", orderID, circuitID),
			"Billing reports the order as paid, and a paid order is never cancelled. Only the record was removed; nothing was cancelled or refunded."+importable)
	case billing.CancelNotPermitted:
		why := "The credentials may not read or cancel orders.\n\n" + facts(err)
		next := "give the credentials the right to bss:DescribeOrderDetail and bss:CancelOrder."
		if errors.Is(err, billing.ErrBillingOff) {
			why, next = "billing = false in the provider block, so that the provider neither reads nor cancels orders.", "remove billing = false."
		}
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s could not be cancelled", orderID, circuitID),
			"Only the record was removed; if the order is unpaid, it stays payable for about 7 days. "+why+
				"\n\nNext step: Cancel it in the console under Orders. For the next time, "+next+importable)
	case billing.CancelForeign:
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
func contradictions(state, plan model, record order.Record) diag.Diagnostics {
	var diags diag.Diagnostics
	orderID := state.OrderID.ValueString()
	if plan.AutoPay.ValueBool() && state.PaymentStatus.ValueString() == billing.Unpaid {
		diags.AddAttributeWarning(path.Root("auto_pay"), fmt.Sprintf("Order %s was not paid at once", orderID),
			"The configuration says auto_pay = true, and billing reports the imported order as unpaid. Nobody will be charged until a person pays it in the console.")
	}
	if plan.Period.IsUnknown() || plan.Period.IsNull() || plan.PricingCycle.IsUnknown() || record.TermStart == nil || record.TermEnd == nil {
		return diags
	}
	if months := order.Months(plan.Period.ValueInt64(), plan.PricingCycle.ValueString()); !order.Lasts(*record.TermStart, *record.TermEnd, months) {
		correct := "Correct period and pricing_cycle"
		if period, cycle, ok := order.TermBetween(*record.TermStart, *record.TermEnd); ok {
			correct = fmt.Sprintf("Set period = %d, pricing_cycle = %q", period, cycle)
		}
		diags.AddAttributeWarning(path.Root("period"), fmt.Sprintf("Order %s has another term", orderID),
			fmt.Sprintf("The configuration says period = %s with pricing_cycle = %s, and billing reports that the imported order runs from %s to %s.\n\nNext step: %s. They are your own record; nothing is sent.",
				plan.Period, plan.PricingCycle, record.TermStart.UTC().Format(time.RFC3339), record.TermEnd.UTC().Format(time.RFC3339), correct))
	}
	return diags
}
