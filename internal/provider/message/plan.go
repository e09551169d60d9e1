package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds of a plan.
const (
	TwoResources     Kind = "Two resources order circuit %s"
	TokenShared      Kind = "Same client token: %s and %s"
	CostUnknown      Kind = "Cost not known before the apply: %s"
	TermNotSet       Kind = "No term is set for the order: %s"
	PlanReplaces     Kind = "Second order: %s replaces %s"
	ChangeRefused    Kind = "An order cannot be changed: %s of order %s"
	ReplaceRefused   Kind = "Order %s of %s is never replaced"
	LateReplacement  Kind = "Order %s: the circuit changed during the apply"
	TokenOfOrder     Kind = "Client token of order %s cannot order %s"
	WrongImport      Kind = "Order %s was imported for another circuit"
	OrderUnchanged   Kind = "Order %s is not changed"
	TaintRefused     Kind = "Order %s of %s is tainted, not replaced"
	DestroyCancels   Kind = "Order %s of %s is cancelled if unpaid"
	DestroyKeeps     Kind = "Destroy does not cancel order %s of %s"
	MoreDestroyed    Kind = "Destroy of more orders"
	PaymentDiffers   Kind = "Order %s was not paid at once"
	TermDiffers      Kind = "Order %s has another term"
	InvalidPeriod    Kind = "Invalid period"
	MissingPeriod    Kind = "Missing period"
	RenewWithoutAuto Kind = "auto_renew_duration without auto_renew"
)

// PlanConflict returns the error for an order that conflicts with another one of the run.
func PlanConflict(conflict order.PlanConflict, key circuit.Key, token string) diag.Diagnostic {
	switch {
	case conflict.ExistingOrder != "":
		return AlreadyInState(key, conflict.ExistingOrder)
	case conflict.Twice:
		return TwoResources.errAt(circuitID, paragraphs(
			fmt.Sprintf("A circuit takes one order, and this plan orders circuit %s in %s under two addresses. Nothing was ordered.", key.CircuitID, key.Region),
			"Next step: Keep one of the resources, or correct the circuit of the other."), key.CircuitID)
	default:
		return TokenShared.errAt(clientToken, paragraphs(
			fmt.Sprintf("Both have the client token %s. The API would refuse the second order, or return the first one. Nothing was ordered.", token),
			"Next step: Remove client_token from both, or give each its own."), conflict.TokenOf.CircuitID, key.CircuitID)
	}
}

// UnknownCost returns the warning for an order whose term or payment is unknown in the
// plan. term and payment are the unknown arguments.
func UnknownCost(id string, term, payment []string) diag.Diagnostic {
	var unseen []string
	if len(term) > 0 {
		unseen = append(unseen, "the term")
	}
	if len(payment) > 0 {
		unseen = append(unseen, "whether the account is charged")
	}
	return CostUnknown.warning(paragraphs(
		fmt.Sprintf("Known only during the apply: %s. The plan does not show %s.", strings.Join(append(term, payment...), ", "), strings.Join(unseen, " and ")),
		"Next step: First apply what these values come from (-target)."), circuitName(id))
}

// NoTerm returns the warning for an order without a period.
func NoTerm(id string) diag.Diagnostic {
	return TermNotSet.warning("period is not set, so Alibaba Cloud chooses the term. Its default is not documented.\n\n"+
		"Next step: Set period. If a person pays the order in the console, check the term there.", circuitName(id))
}

func circuitName(id string) string {
	if id == "" {
		return unknownCircuit
	}
	return "circuit " + id
}

// Replacement returns the warning for a plan that replaces an order by an order for another
// circuit. cost is the price of the new order, empty if it is not known.
func Replacement(o Order, to circuit.Key, cost string) diag.Diagnostic {
	if cost != "" {
		cost = " The new order costs " + cost + "."
	}
	fate := "stays as it is. Nothing is cancelled or refunded."
	if o.CancelUnpaid && o.CannotCancel == "" {
		fate = "is cancelled if billing still reports it as unpaid (cancel_unpaid_on_destroy). If it is paid, nothing is cancelled or refunded."
	}
	name := func(key, other circuit.Key) string {
		if key.CircuitID == other.CircuitID {
			return key.CircuitID + " in " + key.Region
		}
		return key.CircuitID
	}
	return PlanReplaces.warning(paragraphs(
		fmt.Sprintf("The apply orders the other circuit and removes order %s for circuit %s in %s from the state. "+
			"That order %s%s", o.ID, o.Circuit.CircuitID, o.Circuit.Region, fate, cost),
		"To keep both orders under Terraform, add a second resource instead."), name(to, o.Circuit), name(o.Circuit, to))
}

// Change is a changed argument with its values as Terraform shows them, empty if not set.
type Change struct{ Name, Old, New string }

// OrderChange returns the error for a changed argument of a placed order.
func OrderChange(o Order, change Change, reorderToken string) diag.Diagnostic {
	placed, keep := "with "+change.Name+" = "+change.Old, "set "+change.Name+" back to "+change.Old
	if change.Old == "" {
		placed, keep = "without "+change.Name, "remove "+change.Name
	}
	wanted := "has " + change.New
	if change.New == "" {
		wanted = "does not set it"
	}
	const paid = "A paid order runs until its end: renew it, or change its term, in the console."
	unpaid, token := "", ""
	if o.Status != billing.Paid {
		unpaid = "If the order is unpaid and wrong, cancel it in the console under Orders, run terraform state rm, and apply with the new value and:"
		token = tokenInstructions(reorderToken)
	}
	next := "Next step: To keep the order, " + keep + "."
	switch {
	case strings.HasPrefix(change.Name, "auto_renew"):
		next += " The renewal after the order is a resource of its own: " + settingType + "."
	case o.Status == billing.Paid || o.Status == "":
		next += " " + paid
	}
	return ChangeRefused.errAt(change.Name, paragraphs(
		fmt.Sprintf("Order %s for circuit %s was placed %s; the configuration %s.", o.ID, o.Circuit.CircuitID, placed, wanted),
		"The API cannot change an order. Nothing was ordered.", next, unpaid, token, destroyHint), change.Name, o.ID)
}

// ReplacementRefused returns the error for a plan that orders the same circuit again.
func ReplacementRefused(record order.Record) diag.Diagnostic {
	return ReplaceRefused.errAt(circuitID, paragraphs(
		fmt.Sprintf("This plan would replace order %s for circuit %s in %s (-replace, or replace_triggered_by). "+
			"That would be a second order, and the first one would still cost money. Nothing was ordered.",
			record.OrderID, record.CircuitID, record.Region),
		"Next step: Plan without -replace and without replace_triggered_by on this resource.",
		"If the order is cancelled or has ended, and you want to order again: run terraform state rm, then apply with", tokenInstructions(record.ReorderToken())),
		record.OrderID, record.CircuitID)
}

// ReplacementTooLate returns the error for a circuit that changed after the plan.
func ReplacementTooLate(o Order, now circuit.Key) diag.Diagnostic {
	return LateReplacement.errAt(circuitID, paragraphs(
		fmt.Sprintf("The order is for circuit %s in %s, and the circuit is now %s in %s. The plan did not show that the order would be replaced, so nothing "+
			"was ordered or changed.",
			o.Circuit.CircuitID, o.Circuit.Region, now.CircuitID, now.Region),
		"Next step: Plan again with a full refresh (without -refresh=false and without -minimal-refresh). The new plan shows the replacement."), o.ID)
}

// TokenReused returns the error for another circuit that would be ordered with the client
// token of an order.
func TokenReused(record order.Record, to circuit.Key) diag.Diagnostic {
	return TokenOfOrder.errAt(clientToken, paragraphs(
		fmt.Sprintf("Order %s for circuit %s was placed with the client token %s. For another circuit the API would refuse it, or return that order. "+
			"Nothing was ordered, and order %s stays in the state.",
			record.OrderID, record.CircuitID, record.ClientToken, record.OrderID),
		fmt.Sprintf("Next step: Remove client_token, or set another. To keep the order, set physical_connection_id back to "+
			"%s.", record.CircuitID)), record.OrderID, to.CircuitID)
}

// ImportedForOther returns the error for a configuration that names another circuit than
// the import.
func ImportedForOther(record order.Record, wanted circuit.Key) diag.Diagnostic {
	return WrongImport.errAt(circuitID, paragraphs(
		fmt.Sprintf("The import names circuit %s in %s, the configuration %s in %s. An import never replaces an order. Nothing was ordered.",
			record.CircuitID, record.Region, wanted.CircuitID, wanted.Region),
		"Next step: Set physical_connection_id (and region_id) to the circuit of the order. If the import is wrong, correct the import ID, after terraform "+
			"state rm if the state has the order."),
		record.OrderID)
}

// NotesChanged returns the warning for changed arguments of an imported order.
func NotesChanged(o Order, names []string) diag.Diagnostic {
	return OrderUnchanged.warning(fmt.Sprintf("Only the state changes (%s), not order %s for circuit %s. The API does not return the arguments of an order, "+
		"so for an imported order they are only your notes. Nothing is sent.", strings.Join(names, ", "), o.ID, o.Circuit.CircuitID), o.ID)
}

// Differences returns the warnings for an imported order whose payment or term in billing
// differs from its notes.
func Differences(o Order, period *int64, cycle string, record order.Record) diag.Diagnostics {
	var diags diag.Diagnostics
	if o.AutoPay && o.Status == billing.Unpaid {
		diags.Append(PaymentDiffers.warningAt("auto_pay",
			"The configuration has auto_pay = true, and billing reports the imported order as unpaid. Nothing is charged until a person pays it in the console.", o.ID))
	}
	start, end := record.TermStart, record.TermEnd
	if period == nil || cycle == "" || start == nil || end == nil || order.Lasts(*start, *end, order.Months(*period, cycle)) {
		return diags
	}
	correct := "Correct period and pricing_cycle"
	if period, cycle, ok := order.TermBetween(*start, *end); ok {
		correct = fmt.Sprintf("Set period = %d, pricing_cycle = %q", period, cycle)
	}
	diags.Append(TermDiffers.warningAt("period", paragraphs(
		fmt.Sprintf("The configuration has period = %d, pricing_cycle = %q. Billing reports that the imported order runs from %s to %s.",
			*period, cycle, start.UTC().Format(time.RFC3339), end.UTC().Format(time.RFC3339)),
		"Next step: "+correct+". These are only your notes; nothing is sent."), o.ID))
	return diags
}

// TaintedOrder returns the error for a tainted order that Terraform wants to replace.
func TaintedOrder(o Order) diag.Diagnostic {
	return o.err(TaintRefused, "Terraform wants to remove the tainted order and order the circuit again.",
		"Nothing was removed or ordered; the order is in the state.",
		"Next step: Run this with your resource's name, then plan again:", untaintInstructions())
}

// Destroy returns the warning for a plan that removes an order from the state. If merged,
// Terraform merges the warnings about orders that are not cancelled.
func Destroy(o Order, merged bool) diag.Diagnostic {
	wanted := o.CancelUnpaid && o.Status != billing.Paid
	if wanted && o.CannotCancel == "" {
		return o.warning(DestroyCancels, "cancel_unpaid_on_destroy is true. If billing still reports the order as unpaid, it is cancelled and cannot be restored. "+
			"This also affects another resource or workspace that has it. If it is paid by then, only Terraform's record is removed. Nothing is refunded.")
	}
	unpaid := ""
	switch {
	case wanted:
		unpaid = o.CannotCancel + ", so it is not cancelled. If it is unpaid and you do not need it, cancel it in the console (Orders)."
	case o.Status != billing.Paid && !o.InService:
		unpaid = "An unpaid order can be paid for about 7 days. If you do not need it, cancel it in the console (Orders): a later apply may find it, or order again."
	}
	detail := paragraphs(fmt.Sprintf("Destroy removes only Terraform's record of order %s.", o.ID)+sentence(unpaid),
		fmt.Sprintf("The order and its circuit stay as they are. "+
			"To manage the order with Terraform again later, import %s/%s/%s.", o.Circuit.Region, o.Circuit.CircuitID, o.ID))
	if merged && unpaid == "" {
		return MoreDestroyed.warning(detail)
	}
	return o.warning(DestroyKeeps, detail)
}

// PeriodInvalid returns the error for a period that cannot be ordered.
func PeriodInvalid(period int64, cycle string) diag.Diagnostic {
	years := ""
	if n := period / order.MonthsOfYear; cycle == order.CycleMonth && period%order.MonthsOfYear == 0 && order.PeriodAllowed(n, order.CycleYear) {
		years = fmt.Sprintf(" For %d months: period = %d, pricing_cycle = %q.", period, n, order.CycleYear)
	}
	return InvalidPeriod.errAt("period", fmt.Sprintf("A period of %d%s cannot be ordered. It must be %s.%s", period, periodUnit(cycle), TermRule(), years))
}

// PeriodMissing returns the error for an order that is charged at once without a period.
func PeriodMissing() diag.Diagnostic {
	return MissingPeriod.errAt("period", "With auto_pay = true the account is charged at once, and without period Alibaba Cloud would choose the "+
		"term.\n\nNext step: Set period to "+TermRule()+".")
}

// RenewalUnused returns the error for auto_renew_duration without auto_renew.
func RenewalUnused() diag.Diagnostic {
	return RenewWithoutAuto.errAt("auto_renew_duration", "auto_renew_duration (months, at least 1) has an effect only with auto_renew = true.\n\n"+
		"Next step: Set auto_renew = true, which charges the account again at the end of each term, or remove auto_renew_duration.")
}
