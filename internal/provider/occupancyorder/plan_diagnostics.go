package occupancyorder

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// Terraform shows only the first of several warnings with one summary, so each
// summary here names the circuit, and the order where there is one.

// circuitFindings words what the state of a circuit means for a new order. An
// order that has to wait for a human step is a warning in a plan and an error,
// strictly, where the next thing would be to send it.
func circuitFindings(c circuit.Circuit, look billing.Look, strictly bool) diag.Diagnostics {
	assessment := c.Assess()
	circuitPath := path.Root("physical_connection_id")
	var diags diag.Diagnostics
	switch assessment.Readiness {
	case circuit.InService:
		ways := waysBack(c.Key(), orderIDs(look.Live)...)
		if !strictly { // Else this address has had its order, or has another one.
			ways = waysBackFromPlan(c.Key(), orderIDs(look.Live)...)
		}
		diags.AddAttributeError(circuitPath, fmt.Sprintf("Circuit %s is already Enabled", c.ID),
			fmt.Sprintf("Circuit %s in %s is in service, so its order exists already. Nothing was ordered.\n\n%s", c.ID, c.Region, ways+destroyHint))
	case circuit.NeverPayable:
		diags.AddAttributeError(circuitPath, fmt.Sprintf("Circuit %s will never be payable as it is", c.ID),
			fmt.Sprintf("Circuit %s in %s is %s. Nothing was ordered.\n\nNext step: %s", c.ID, c.Region, assessment.State, assessment.NextStep)+destroyHint)
	case circuit.NotYet:
		detail := fmt.Sprintf("Circuit %s in %s is %s; an order is possible once it is Confirmed.", c.ID, c.Region, assessment.State)
		if strictly {
			diags.AddAttributeError(circuitPath, unableToPlace(c.ID), detail+" Nothing was ordered.\n\nNext step: "+assessment.NextStep)
		} else {
			diags.AddAttributeWarning(circuitPath, fmt.Sprintf("Circuit %s is not payable yet", c.ID),
				detail+" Unless it is Confirmed by then, an apply ends in an error for this circuit and does not order it.\n\nNext step: "+assessment.NextStep)
		}
	case circuit.Unsure:
		diags.AddAttributeWarning(circuitPath, fmt.Sprintf("Circuit %s may not be payable", c.ID),
			fmt.Sprintf("Circuit %s in %s is %s. The API decides whether it takes the order.\n\n%s", c.ID, c.Region, assessment.State, assessment.NextStep))
	case circuit.Payable:
	}
	return diags
}

// circuitUnread words a circuit that a plan could not read.
func circuitUnread(err error, key circuit.Key, strictly bool) diag.Diagnostic {
	circuitPath := path.Root("physical_connection_id")
	if notFound, ok := missing(err); ok {
		return diag.NewAttributeErrorDiagnostic(circuitPath, fmt.Sprintf("Circuit %s not found", key.CircuitID), notFound.Explain()+" Nothing was ordered."+destroyHint)
	}
	if failure := (*apierror.Error)(nil); errors.As(err, &failure) && failure.WillRepeat() {
		return diag.NewErrorDiagnostic(fmt.Sprintf("Circuit %s could not be read", key.CircuitID),
			"An apply would meet the same error. Nothing was ordered.\n\n"+unread(err)+destroyHint)
	}
	if strictly {
		return diag.NewErrorDiagnostic(unableToPlace(key.CircuitID),
			"The circuit could not be read. Its order would take the place of another one, so it is not planned unseen.\n\n"+unread(err))
	}
	return diag.NewAttributeWarningDiagnostic(circuitPath, fmt.Sprintf("Circuit %s could not be checked", key.CircuitID),
		"The plan goes on without knowing whether the circuit can be ordered. The apply reads it again before it orders.\n\n"+unread(err))
}

// planConflict returns the error for an order that a plan cannot hold.
func planConflict(conflict order.PlanConflict, key circuit.Key, plan model) diag.Diagnostic {
	switch {
	case conflict.ExistingOrder != "":
		return heldOrder(key, conflict.ExistingOrder)
	case conflict.Twice:
		return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("Two resources order circuit %s", key.CircuitID),
			fmt.Sprintf("Circuit %s in %s takes one order, and this plan orders it under two addresses. Nothing was ordered.\n\nNext step: Keep one of the resources, or correct the circuit of the other.", key.CircuitID, key.Region)+destroyHint)
	default:
		return diag.NewAttributeErrorDiagnostic(path.Root("client_token"), fmt.Sprintf("The client token of %s orders %s, too", key.CircuitID, conflict.TokenOf.CircuitID),
			fmt.Sprintf("The client token %s is used for circuit %s and for circuit %s. The API would refuse the second order, or answer it with the first. Nothing was ordered.\n\nNext step: Remove client_token, so that the provider derives one for each circuit, or give each its own.",
				plan.ClientToken.ValueString(), conflict.TokenOf.CircuitID, key.CircuitID))
	}
}

// heldOrder returns the error for a circuit whose order is in the state, tainted or under
// another address. Terraform visits the two in any order, so that both say the same.
func heldOrder(key circuit.Key, orderID string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("Circuit %s has order %s in the state already", key.CircuitID, orderID),
		fmt.Sprintf("The state holds order %s for circuit %s in %s, and this plan would order the circuit again. A circuit takes one order. Nothing was ordered.\n\n"+
			"Next step, one of these:\n\n"+
			"- The order is tainted (terraform show says so): run%s\n\n"+
			"- The resource was renamed, or its count or for_each key changed: say so.\n%s\n\n"+
			"- Two resources order the circuit: keep the one that is in the state.",
			orderID, key.CircuitID, key.Region, untaint(), movedBlock())+destroyHint)
}

// unknownMoney warns of an order whose price nobody can judge from the plan.
func unknownMoney(plan model) diag.Diagnostics {
	unknown := func(arguments ...argument) (names []string) {
		for _, a := range arguments {
			if a.new.IsUnknown() {
				names = append(names, a.name)
			}
		}
		return names
	}
	term := unknown(argument{name: "period", new: plan.Period}, argument{name: "pricing_cycle", new: plan.PricingCycle})
	charge := unknown(argument{name: "auto_pay", new: plan.AutoPay}, argument{name: "auto_renew", new: plan.AutoRenew})
	var unseen []string
	if len(term) > 0 {
		unseen = append(unseen, "the term")
	}
	if len(charge) > 0 {
		unseen = append(unseen, "whether the account is charged")
	}
	circuit := notKnownYet
	if id := plan.PhysicalConnectionID.ValueString(); id != "" {
		circuit = "circuit " + id
	}
	switch {
	case len(unseen) > 0:
		return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("The plan does not say what the order for %s will cost", circuit),
			fmt.Sprintf("Known only during the apply: %s. Whoever approves this plan cannot see %s.\n\nNext step: Make it known before the plan, for example by applying what it comes from first (-target), or approve it unseen.",
				strings.Join(slices.Concat(term, charge), ", "), strings.Join(unseen, " and ")))}
	case plan.Period.IsNull():
		return diag.Diagnostics{diag.NewWarningDiagnostic(fmt.Sprintf("The plan does not say the term of the order for %s", circuit),
			"period is not set, and Alibaba Cloud decides the term by a default that it does not document.\n\nNext step: Set period, unless the person who pays the order is to judge it in the console.")}
	}
	return nil
}

// withWayBack adds to each error about another circuit that the order in the state
// can simply be kept.
func withWayBack(diags diag.Diagnostics, record order.Record) diag.Diagnostics {
	var out diag.Diagnostics
	for _, d := range diags {
		if d.Severity() == diag.SeverityError {
			d = diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), d.Summary(),
				fmt.Sprintf("Order %s for circuit %s is untouched and stays in the state. To keep it, set physical_connection_id back to %s.\n\n%s", record.OrderID, record.CircuitID, record.CircuitID, d.Detail()))
		}
		out.Append(d)
	}
	return out
}

func movedWarning(state, plan model, cancels string) diag.Diagnostic {
	key := state.key()
	fate := "stays as it is, paid or payable: nothing is cancelled or refunded"
	if state.CancelUnpaidOnDestroy.ValueBool() && cancels == "" {
		fate = "is cancelled if billing still reports it as unpaid (cancel_unpaid_on_destroy); if it is paid, nothing is cancelled or refunded"
	}
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("A second order: circuit %s takes the place of %s", inRegion(plan, key.Region), inRegion(state, plan.RegionID.ValueString())),
		fmt.Sprintf("Order %s for circuit %s in %s %s. An apply of this plan takes it out of the state and orders the other circuit.\n\nTo keep both under Terraform, add a second resource instead of changing this one.",
			state.OrderID.ValueString(), key.CircuitID, key.Region, fate))
}

// inRegion names a circuit, with its region where another one is in play.
func inRegion(m model, other string) string {
	if other == "" || m.RegionID.ValueString() == other {
		return m.PhysicalConnectionID.ValueString()
	}
	return m.PhysicalConnectionID.ValueString() + " in " + m.RegionID.ValueString()
}

func changeRefused(state model, changed argument) diag.Diagnostic {
	orderID := state.OrderID.ValueString()
	placed, keep := fmt.Sprintf("with %s = %s", changed.name, changed.old), fmt.Sprintf("set %s back to %s", changed.name, changed.old)
	if changed.old.IsNull() {
		placed, keep = "without "+changed.name, "remove "+changed.name
	}
	wanted := fmt.Sprintf("says %s", changed.new)
	if changed.new.IsNull() {
		wanted = "leaves it out"
	}
	return diag.NewAttributeErrorDiagnostic(path.Root(changed.name), fmt.Sprintf("An order cannot be changed: %s of order %s", changed.name, orderID),
		fmt.Sprintf("Order %s for circuit %s was placed %s; the configuration %s. The API cannot change an order, and the provider never replaces one for the same circuit. Nothing was ordered.\n\n%s%s",
			orderID, state.PhysicalConnectionID.ValueString(), placed, wanted, insteadOfChange(state, keep), destroyHint))
}

// insteadOfChange says what can be done about an order that is not as it should be.
func insteadOfChange(state model, keep string) string {
	const paid = "The paid order runs until its end: renew it, or change its term, in the console. That changes nothing here."
	if state.PaymentStatus.ValueString() == billing.Paid {
		return fmt.Sprintf("Next step: To keep the order, %s. %s", keep, paid)
	}
	next := fmt.Sprintf("Next step, one of these:\n\n- Keep the order: %s.\n\n"+
		"- The order is unpaid and wrong: cancel it in the console under Orders, remove its record with terraform state rm, and apply with the new value and a new client_token, for example %q.",
		keep, state.wish().ReorderToken(state.OrderID.ValueString()))
	if state.PaymentStatus.IsNull() {
		next += "\n\n- " + paid
	}
	return next
}

func replacementRefused(record order.Record) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("An order is never replaced: order %s of circuit %s", record.OrderID, record.CircuitID),
		fmt.Sprintf("This plan would replace order %s for circuit %s in %s (-replace, or replace_triggered_by). That would be a second order for the same circuit, and the first one stays paid or payable. Nothing was ordered.\n\n"+
			"Next step, one of these:\n"+
			"- Plan without -replace and without replace_triggered_by on this resource.\n"+
			"- The order is unpaid: pay it in the console under Orders.\n"+
			"- To order again on purpose, once the order is cancelled or over: remove its record with terraform state rm, and apply with client_token = %q. With the old token the API would answer with the old order.",
			record.OrderID, record.CircuitID, record.Region, record.ReorderToken()))
}

func lateMoveRefused(state, plan model) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("Order %s: the circuit resolved to another one", state.OrderID.ValueString()),
		fmt.Sprintf("The order is for circuit %s in %s, and the circuit is now known to be %s in %s. Replacing the order was not part of the plan, so nothing was ordered and nothing was changed.\n\n"+
			"Next step: Plan again with a full refresh (without -refresh=false and -minimal-refresh). The new plan shows the replacement, if that is what you want.",
			state.PhysicalConnectionID.ValueString(), state.RegionID.ValueString(), plan.PhysicalConnectionID.ValueString(), plan.RegionID.ValueString()))
}

func reusedTokenRefused(record order.Record, plan model) diag.Diagnostic {
	circuitID := plan.PhysicalConnectionID.ValueString()
	return diag.NewAttributeErrorDiagnostic(path.Root("client_token"), fmt.Sprintf("The client token of order %s cannot order %s", record.OrderID, circuitID),
		fmt.Sprintf("The client token %s placed order %s for circuit %s. For another circuit the API would refuse it, or answer with that order. Nothing was ordered; order %s is untouched and stays in the state.\n\n"+
			"Next step: Remove client_token, so that the provider derives one for %s, or set another; or set physical_connection_id back to %s.",
			record.ClientToken, record.OrderID, record.CircuitID, record.OrderID, circuitID, record.CircuitID))
}

func wrongImportRefused(record order.Record, plan model) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), fmt.Sprintf("Order %s was imported for another circuit", record.OrderID),
		fmt.Sprintf("The import names circuit %s in %s, the configuration %s in %s. Importing never replaces an order. Nothing was ordered.\n\n"+
			"Next step: Set physical_connection_id (and region_id) to the circuit of the order; or, if the import was the mistake, correct the import ID, after terraform state rm where the order is in the state already.",
			record.CircuitID, record.Region, plan.PhysicalConnectionID.ValueString(), plan.RegionID.ValueString()))
}

func importedChanged(state model, changed []argument) diag.Diagnostic {
	names := ""
	for i, a := range changed {
		if i > 0 {
			names += ", "
		}
		names += a.name
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s stays as it is", state.OrderID.ValueString()),
		fmt.Sprintf("Order %s for circuit %s was imported or taken over, and the API does not return with which arguments it was placed. What the configuration says (%s) is written to the state as your own record; nothing is sent, and the order itself does not change.",
			state.OrderID.ValueString(), state.PhysicalConnectionID.ValueString(), names))
}

func taintRefused(order model) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Order %s of circuit %s is not replaced", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		fmt.Sprintf("The resource is tainted, so Terraform wants to remove it and order again. That would be a second order for the same circuit. Nothing was removed and nothing was ordered; the order is in the state as before.\n\n"+
			"Next step: Run%s Then plan again.", untaint()))
}

// doesNotCancel returns why cancel_unpaid_on_destroy does not cancel an order; empty if it
// does.
func doesNotCancel(origin order.Source, session *shared.Services) string {
	switch {
	case origin == order.Adopted:
		return "The order was taken over, so that another workspace may hold it"
	case session.BillingOff():
		return "billing = false in the provider block"
	default:
		return ""
	}
}

func destroyWarning(state model, cancels string) diag.Diagnostic {
	orderID, circuitID := state.OrderID.ValueString(), state.PhysicalConnectionID.ValueString()
	unpaid := ""
	switch wanted := state.CancelUnpaidOnDestroy.ValueBool() && state.PaymentStatus.ValueString() != billing.Paid; {
	case wanted && cancels != "":
		unpaid = "\n\n" + cancels + ": cancel_unpaid_on_destroy does not cancel the order. If it is unpaid and not needed, cancel it in the console under Orders."
	case wanted:
		return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s of %s is cancelled if it is unpaid", orderID, circuitID),
			"cancel_unpaid_on_destroy is true: if billing still reports the order as unpaid, it is cancelled for good, also if another resource, another workspace or another provider configuration (alias) holds it. If it is paid by then, only Terraform's record of it is removed, and nothing is cancelled or refunded.")
	case state.PaymentStatus.ValueString() == billing.Paid:
	case state.PhysicalConnectionStatus.ValueString() != circuit.StatusEnabled:
		unpaid = "\n\nIf it is unpaid, it stays payable for about 7 days. A later apply of this circuit takes the order over if it is younger than 30 minutes; otherwise it is refused and names the order. If the provider cannot read billing, or billing = false is set, a later apply may place a second order. To get rid of the order, cancel it in the console under Orders."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s of %s is neither cancelled nor refunded", orderID, circuitID),
		fmt.Sprintf("Destroying this resource removes only Terraform's record of order %s. The order and its circuit stay as they are.%s", orderID, unpaid))
}

func recordRemoved(order model) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Order %s for circuit %s left the state", order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()),
		"To manage the order with Terraform again, import it.\n"+importBlock(order.key(), order.OrderID.ValueString()))
}

// refreshFailed words a refresh that kept what the state holds.
func refreshFailed(err error, order model) diag.Diagnostic {
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	if notFound, ok := missing(err); ok {
		return diag.NewWarningDiagnostic(fmt.Sprintf("Circuit %s of order %s is gone", circuitID, orderID),
			fmt.Sprintf("%s The order stays in the state as it was last seen: a paid order does not end with its circuit's record.\n\nNext step: If the credentials are those of the circuit's account, look at the order in the console. Once it is over, run terraform state rm.", notFound.Explain()))
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Unable to refresh order %s of circuit %s", orderID, circuitID),
		"The state keeps what was last seen.\n\n"+unread(err))
}
