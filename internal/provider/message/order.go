package message

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds of an order in the state.
const (
	ReplacesCancelled Kind = "Order %s of %s replaces a cancelled order"
	OrderAdopted      Kind = "Order %s of %s was recovered"
	OrderForOther     Kind = "Order %s is not for circuit %s"
	PlacedUnsure      Kind = "Order %s was accepted in state %s"
	OrderUnpaid       Kind = "Order %s of %s is not paid"
	OrderCharged      Kind = "Order %s of %s is paid"
	MoreCharges       Kind = "More orders are paid: %s each"
	OrderToPay        Kind = "Order %s of %s waits for payment"
	OrderCancelled    Kind = "Cancelled order %s of %s leaves the state"
	CircuitGone       Kind = "Circuit %s of order %s no longer exists"
	RefreshFailed     Kind = "Orders could not be refreshed"
	CircuitLocked     Kind = "Circuit %s of order %s is %s"
	TermEnded         Kind = "The paid term of %s has ended (order %s)"
	RecordRemoved     Kind = "Order %s of %s left the state"
	RecordDamaged     Kind = "Unable to read the provider's record of the order"
	RecordUnwritten   Kind = "Unable to write the provider's record of the order"
	CancelledNow      Kind = "Order %s of %s is cancelled"
	CancelledBefore   Kind = "Order %s of %s was already cancelled"
	PaidNotCancelled  Kind = "Order %s of %s is paid and stays"
	CancelForbidden   Kind = "Order %s of %s could not be cancelled"
	CancelFailed      Kind = "Unable to cancel order %s of %s"
)

// Order has the facts about an order in the state that messages name.
type Order struct {
	ID      string
	Circuit circuit.Key
	AutoPay bool
	// Pretax and AfterTax are amounts in Currency, Created is when the order was created.
	// They are empty if they are not known.
	Pretax, AfterTax, Currency, Created string
	Status                              string // Payment status that billing reported, empty if not known.
	InService                           bool
	// CancelUnpaid is cancel_unpaid_on_destroy. CannotCancel is the reason why it has no
	// effect, empty if it has one.
	CancelUnpaid bool
	CannotCancel string
}

func (o Order) warning(kind Kind, parts ...string) diag.Diagnostic {
	return kind.warning(paragraphs(parts...), o.ID, o.Circuit.CircuitID)
}

func (o Order) err(kind Kind, parts ...string) diag.Diagnostic {
	return kind.err(paragraphs(parts...), o.ID, o.Circuit.CircuitID)
}

const unpaidExpires = "within about 7 days; an unpaid order expires."

// OrderPlaced returns the warnings about an order that Create saves in the state.
// unreadable is the error of billing that is worth a warning, nil if there is none.
func OrderPlaced(o Order, placement order.Placement, unreadable error) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(placement.Passed) > 0 {
		diags.Append(o.warning(ReplacesCancelled, fmt.Sprintf("Cancelled before this apply: %s. Cancelled orders are not "+
			"charged.", strings.Join(placement.Passed, ", "))))
	}
	if placement.Source == order.Adopted {
		diags.Append(adopted(o, placement))
	}
	if billing.NameOnlyOthers(placement.Lines, o.Circuit.CircuitID) {
		diags.Append(OrderNotForCircuit(o, placement.Lines))
		return diags
	}
	if c := placement.Before; c.Readiness() == circuit.Unsure {
		diags.Append(PlacedUnsure.warning("The API accepted the order. "+CircuitNextStep(c), o.ID, c.State()))
	}
	if o.AutoPay && o.Status == billing.Unpaid {
		diags.Append(NotPaid(o, time.Now(), true))
	}
	if !o.AutoPay && o.Status != billing.Paid {
		unknown := ""
		if unreadable != nil {
			unknown = fmt.Sprintf("Billing could not be read. If the console shows the order as cancelled, run terraform state rm, and apply with client_token = %q.",
				order.TokenAfter(placement.ClientToken, o.ID))
		}
		diags.Append(o.warning(OrderToPay, "auto_pay is false, so nothing has been charged.",
			"Next step: Pay the order in the console under Orders, "+unpaidExpires+" Some time after the payment the circuit becomes Enabled.", unknown))
	}
	return diags
}

func adopted(o Order, placement order.Placement) diag.Diagnostic {
	happened := "The API returned an order that was created before this apply searched for orders."
	switch {
	case placement.Found && placement.Sent:
		happened = "No clear answer came from the API. Billing reports this one new order for the circuit."
	case placement.Found:
		happened = "Billing reports this recent order for the circuit, most likely from an apply that was stopped. Nothing was sent."
	}
	return o.warning(OrderAdopted, happened+" It is saved in the state; no second order was "+
		"placed:"+orderList([]billing.Order{{ID: o.ID, Lines: placement.Lines}}),
		"Its arguments in the state are only your notes. Another workspace may have the order too, so cancel_unpaid_on_destroy never cancels it.")
}

// OrderNotForCircuit returns the warning for an order ID that belongs to another purchase.
func OrderNotForCircuit(o Order, lines []billing.OrderLine) diag.Diagnostic {
	return o.warning(OrderForOther, fmt.Sprintf("Billing reports order %s for %s. Circuit %s may have an order with another ID. "+
		"The provider does not read the payment of order %s and never cancels it.",
		o.ID, strings.Join(billing.Instances(lines), ", "), o.Circuit.CircuitID, o.ID),
		"Next step: Run terraform state rm, then plan. If billing reports an order of the circuit, the plan names it and contains the import block.")
}

// NotPaid returns the warning for an unpaid order. reported is false if billing could not
// be read now.
func NotPaid(o Order, now time.Time, reported bool) diag.Diagnostic {
	happened := "Nothing has been charged so far."
	switch {
	case !reported:
		happened = "Billing reported the order as unpaid earlier. Its payment could not be read now."
	case o.AutoPay:
		happened = "auto_pay is true, but billing reports the order as unpaid. " + happened
	}
	return o.warning(OrderUnpaid, happened+sentence(unpaidSince(o.Created, now)), "Next step: Pay the order in the console under Orders, or cancel it there.")
}

// usualLife is how long an unpaid order usually exists. Alibaba Cloud does not promise it.
//
// Source: https://help.aliyun.com/en/user-center/support/order-manual-q-a
const usualLife = 7 * 24 * time.Hour

// unpaidSince says how long an order has waited for its payment, and about how long it may
// still wait.
func unpaidSince(created string, now time.Time) string {
	at, err := time.Parse(time.RFC3339, created)
	if err != nil {
		return "Alibaba Cloud usually cancels an unpaid order after about 7 days."
	}
	const day = 24 * time.Hour
	left := at.Add(usualLife).Sub(now)
	switch {
	case left <= 0:
		return fmt.Sprintf("It has waited since %s. The 7 days after which Alibaba Cloud usually cancels an unpaid order are over.", created)
	case left < day:
		return fmt.Sprintf("It has waited since %s. Less than a day is left of the 7 days after which Alibaba Cloud usually cancels an unpaid order.", created)
	default:
		return fmt.Sprintf("It has waited since %s. About %d of the 7 days are left after which Alibaba Cloud usually cancels an unpaid order.",
			created, int((left+day/2)/day))
	}
}

// OrderPaid returns the warning with what an order has cost. If merged is true, many orders
// share one summary.
func OrderPaid(o Order, merged bool) diag.Diagnostic {
	amounts := o.Pretax + " " + o.Currency
	if o.AfterTax != "" && o.AfterTax != o.Pretax {
		amounts = fmt.Sprintf("%s %s (%s %s without tax)", o.AfterTax, o.Currency, o.Pretax, o.Currency)
	}
	if merged {
		return MoreCharges.warning(fmt.Sprintf("Order %s of %s was charged.", o.ID, o.Circuit.CircuitID), amounts)
	}
	return OrderCharged.warning("The account was charged "+amounts+".", o.ID, o.Circuit.CircuitID)
}

// OrderExpired returns the warning for an order that leaves the state because it is
// cancelled.
func OrderExpired(o Order, record order.Record) diag.Diagnostic {
	return o.warning(OrderCancelled, "Billing reports the order as Cancelled: somebody cancelled it, or it expired unpaid after about 7 days. "+
		"Nothing was charged for it.",
		"Next step: To order again, run terraform apply. Or remove the resource block.",
		"To order with different arguments, also set this client_token. With the old token the API still expects the old arguments.",
		tokenInstructions(record.ReorderToken()))
}

// AfterExpiry adds a note to the errors for a new order: the expired order is still in the
// state, so an import would fail.
func AfterExpiry(diags diag.Diagnostics, record *order.Record) diag.Diagnostics {
	if record == nil || !record.Cancelled {
		return diags
	}
	return amend(diags, func(detail string) string {
		return paragraphs(detail, fmt.Sprintf("The cancelled order %s leaves the state only with an apply: run terraform apply -refresh-only first.", record.OrderID))
	})
}

// KeepOrder adds a note to the errors for another circuit: how to keep the order in the state.
func KeepOrder(diags diag.Diagnostics, record order.Record) diag.Diagnostics {
	return amend(diags, func(detail string) string {
		return paragraphs(fmt.Sprintf("Order %s for circuit %s stays in the state, unchanged. To keep it, set physical_connection_id back to %s.",
			record.OrderID, record.CircuitID, record.CircuitID), detail)
	})
}

// amend changes the details of the errors.
func amend(diags diag.Diagnostics, change func(string) string) diag.Diagnostics {
	var out diag.Diagnostics
	for _, d := range diags {
		if d.Severity() == diag.SeverityError {
			d = Kind("%s").errAt(circuitID, change(d.Detail()), d.Summary())
		}
		out.Append(d)
	}
	return out
}

// RefreshKeptState returns the warning for a refresh that could not read the circuit.
func RefreshKeptState(err error, o Order) diag.Diagnostic {
	if missing, ok := errors.AsType[*circuit.NotFoundError](err); ok {
		return CircuitGone.warning(paragraphs(notFound(missing)+" The order stays in the state: a paid order does not end with its circuit.",
			"Next step: If the credentials belong to the circuit's account, look at the order in the console. When it has ended, run terraform state rm."),
			o.Circuit.CircuitID, o.ID)
	}
	return RefreshFailed.warning(paragraphs(fmt.Sprintf("The state keeps the last values of order %s for circuit %s.", o.ID, o.Circuit.CircuitID), readFailure(err)))
}

// BusinessLocked returns the warning for a circuit that is locked.
func BusinessLocked(o Order, c circuit.Circuit) diag.Diagnostic {
	next := "Look at the circuit in the Express Connect console."
	if c.BusinessStatus == "FinancialLocked" {
		next = "Pay what is overdue, or renew the circuit in the console. A circuit that stays locked is released."
	}
	return CircuitLocked.warning(paragraphs(fmt.Sprintf("The business status of circuit %s in %s is %s instead of "+
		"Normal.", c.ID, c.Region, c.BusinessStatus), stepOf(next)),
		c.ID, o.ID, c.BusinessStatus)
}

// TermOver returns the warning for a circuit whose paid term has ended.
func TermOver(o Order, c circuit.Circuit) diag.Diagnostic {
	return TermEnded.warning(paragraphs(fmt.Sprintf("The term of circuit %s in %s ended at %s. Without a renewal, the service stops about 15 days later, "+
		"and the port is released a week after that. "+
		"This resource is one order and does not renew.", c.ID, c.Region, c.EndTime.UTC().Format(time.RFC3339)),
		"Next step: Renew the circuit in the console under Renewal. To stop managing the order, run terraform state rm."), c.ID, o.ID)
}

// OrderLeftState returns the warning for a record that was removed.
func OrderLeftState(o Order) diag.Diagnostic {
	return o.warning(RecordRemoved, "To manage the order with Terraform again, import it into its resource block:", importInstructions(o.Circuit, o.ID))
}

// CancelOutcome returns the diagnostic for an order with cancel_unpaid_on_destroy. Only an
// error keeps the state.
func CancelOutcome(o Order, outcome billing.Cancellation, err error) diag.Diagnostic {
	const wanted = "cancel_unpaid_on_destroy is set. "
	again := paragraphs("To manage the order with Terraform again, import it into its resource block:", importInstructions(o.Circuit, o.ID))
	switch outcome {
	case billing.CancelledNow:
		return o.warning(CancelledNow, "The order was unpaid, and cancel_unpaid_on_destroy is set. Nothing was charged. The order cannot be restored.")
	case billing.CancelledBefore:
		return o.warning(CancelledBefore, "It was cancelled before, or it expired unpaid. Only the record was removed.")
	case billing.PaidMeanwhile:
		return o.warning(PaidNotCancelled, "Billing reports the order as paid, and a paid order is never cancelled. Only the record was removed. "+
			"Nothing was cancelled or refunded.", again)
	case billing.CancelNotPermitted:
		next, details := "give the credentials bss:DescribeOrderDetail and bss:CancelOrder.", apiDetails(err)
		if errors.Is(err, billing.ErrBillingOff) {
			next, details = "remove billing = false from the provider block.", ""
		}
		return o.warning(CancelForbidden, "The provider may not read or cancel orders. Only the record was removed. "+
			"If the order is unpaid, it can be paid for about 7 days.",
			"Next step: Cancel it in the console under Orders. For the next time, "+next, again, details)
	case billing.CancelForeign:
		return o.err(CancelFailed, wanted+"Billing does not report the order as one for this circuit. Nothing was cancelled, and the order stays in the state.",
			"Next step: Look at the order in the console under Orders. To remove the record without cancelling, run terraform state rm.")
	default:
		return o.err(CancelFailed, wanted+"The provider cannot confirm that the order is cancelled. The order stays in the state.",
			"Next step: Run the same command again; this is always safe. Billing can be some minutes late. "+
				"If billing refuses it, cancel the order in the console under Orders. "+
				"To remove the record without cancelling, run terraform state rm.", apiDetails(err))
	}
}

// CancelUnconfigured returns the error for a destroy with a provider configuration that
// is not known.
func CancelUnconfigured(o Order) diag.Diagnostic {
	return o.err(CancelFailed, "cancel_unpaid_on_destroy is set, and the provider's configuration has unknown values. "+
		"Nothing was cancelled, and the order stays in the state.",
		"Next step: Run the destroy before you remove the resources that the provider block uses. To remove the record without cancelling, run terraform state rm.")
}

// DamagedRecord returns the error for private data that cannot be read.
func DamagedRecord(err error) diag.Diagnostic {
	return RecordDamaged.err("The private data of this resource in the state is damaged (" + err.Error() + "). Nothing was ordered.\n\n" +
		"Next step: Restore the state from a backup, or remove the resource from the state and import the order again.")
}

// UnwrittenRecord returns the error for private data that cannot be written.
func UnwrittenRecord(err error) diag.Diagnostic { return RecordUnwritten.err(err.Error()) }

// AsWarnings converts errors to warnings. After an order was placed, an error would taint
// it, and Terraform would order a tainted circuit again.
func AsWarnings(diags diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, d := range diags {
		warnings.AddWarning(d.Summary(), d.Detail())
	}
	return warnings
}

// unknownCircuit is the name of a circuit whose ID is unknown in the plan.
const unknownCircuit = "a circuit that is not known yet"
