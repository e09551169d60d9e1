package occupancyorder

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// This file words what happens around placing an order. What billing says has a file
// of its own, and so have plan, refresh and destroy, imports, and what to paste.

func unableToPlace(circuitID string) string {
	return "Unable to place the occupancy order for " + circuitID
}

// unconfigured is met only when Terraform applies a plan with a provider
// configuration that is still unknown.
func unconfigured() diag.Diagnostic {
	return diag.NewErrorDiagnostic("The provider is not configured",
		"Values of the provider's configuration are not known yet, so nothing was ordered. Apply the resources that the provider block refers to first (-target), then apply again.")
}

// placingFailed returns the diagnostics for a failure of Placer.Place. No order is lost by
// an error here: either there is none, or its ID is not known.
func placingFailed(err error, wish order.Request, host string) diag.Diagnostics {
	var (
		limit    *order.LimitExceeded
		notFound *circuit.NotFoundError
		failed   *order.PlaceError
	)
	circuitPath := path.Root("physical_connection_id")
	summary := unableToPlace(wish.CircuitID)
	switch {
	case errors.As(err, &limit):
		return diag.Diagnostics{tooManyOrders(limit, wish.CircuitID)}
	case errors.As(err, &notFound):
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(circuitPath, summary, notFound.Explain()+" Nothing was ordered.")}
	case !errors.As(err, &failed):
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, err.Error())}
	}
	switch failed.Kind {
	case order.CircuitClaimed:
		return diag.Diagnostics{circuitTaken(failed)}
	case order.OrderInState:
		return diag.Diagnostics{heldOrder(failed.Key, failed.OrderID)}
	case order.CircuitUnread:
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
			"The circuit could not be read, and without its state nothing is ordered.\n\n"+unread(failed.Cause)+"\n\nNothing was ordered.")}
	case order.NotPayable:
		return circuitFindings(*failed.Circuit, failed.Look, true)
	case order.OrdersExist:
		return diag.Diagnostics{ordersExist(failed.Look, wish, false, "")}
	case order.BillingUnread:
		return diag.Diagnostics{ordersUnchecked(failed.Look, wish, "Apply", "")}
	case order.OrderCancelled:
		return diag.Diagnostics{orderCancelled(failed, wish)}
	case order.OrderShared:
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("client_token"), summary,
			fmt.Sprintf("The API answered with order %s, which belongs to circuit %s in this run or in the state. That happens when both circuits are ordered with one client_token: the API repeats the first order. Whether it placed another order for %s is not known.\n\nNext step: Remove client_token from both resources, or give each its own.",
				failed.OrderID, failed.Other.CircuitID, wish.CircuitID))}
	default:
		return diag.Diagnostics{notPlaced(failed, wish, host)}
	}
}

func circuitTaken(taken *order.PlaceError) diag.Diagnostic {
	other := "another resource is ordering it in this run"
	if taken.OrderID != "" {
		other = "another resource has ordered it in this run: order " + taken.OrderID
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), unableToPlace(taken.Key.CircuitID),
		fmt.Sprintf("Circuit %s in %s takes one order, and %s. Nothing was ordered for this resource.\n\nNext step: Keep one resource for this circuit, the one that is in the state.", taken.Key.CircuitID, taken.Key.Region, other))
}

// notPlaced returns the diagnostic for an order that was sent and did not come back with
// an ID: what happened, what the API returned, what to do.
func notPlaced(failed *order.PlaceError, wish order.Request, host string) diag.Diagnostic {
	failure := failed.Failure
	var happened, next string
	facts := failure.Explain()
	switch {
	case failure.ParameterMismatch():
		happened, next = mismatch(failed, wish)
		facts = failure.Facts()
	case failure.WrongState():
		happened, next = wrongState(failed, wish)
		facts = failure.Facts()
	case failed.StopReason == order.Refused:
		happened, next = refused(failed, wish)
	default:
		happened, next = gaveUp(failed, wish)
	}
	code, _ := failure.Family()
	if code.Group == apierror.GroupNotFound || code.Group == apierror.GroupRegion {
		facts = fmt.Sprintf("Asked: region %s at %s.\n\n", wish.Region, host) + facts
	}
	summary, detail := unableToPlace(wish.CircuitID), strings.Join([]string{happened, facts, next}, "\n\n")+lookFailed(failed)
	if code.Attribute != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(code.Attribute), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

func refused(failed *order.PlaceError, wish order.Request) (happened, next string) {
	failure := failed.Failure
	switch {
	case failed.FirstAmbiguous == failure:
		return "The order was answered, but not in the way of the API: perhaps by something in between, such as a proxy. An order may exist.",
			againText(failed, wish) + " If the answer stays the same, remove what answers in the API's place, or look under Orders in the console.\n\n" + waysBack(wish.Key(), orderIDs(failed.Look.Live)...)
	case failed.FirstAmbiguous != nil:
		return fmt.Sprintf("The order was refused, but an earlier try of this run (%s) ended without a clear answer, so an order may exist.", doubtText(failed.FirstAmbiguous)),
			againText(failed, wish) + "\n\n" + waysBack(wish.Key(), orderIDs(failed.Look.Live)...)
	case failure.Delivery == apierror.NotSent:
		return "The order was not sent. Nothing was ordered.", "Next step: " + cmp.Or(failure.PermanentCause.NextStep("apply"), "Remove the cause, then apply again.")
	}
	happened = "The order was refused; nothing was ordered."
	if !failed.OrderedNothing() {
		happened = "The order was refused; the API named no order." + named(orderIDs(failed.Look.Live))
	}
	next = "Next step: " + cmp.Or(failure.NextStep(), "Look at Orders in the console. If the circuit has an order there, import it. If not, look the code up in Alibaba Cloud's documentation, or ask its support with the request ID; then apply again.")
	switch {
	case failure.UnpaidOrderExists():
		orderID := newest(failed.Look.Live)
		return happened + named(orderIDs(failed.Look.Live)), next + "\n" + importBlock(wish.Key(), orderID) + orderOnPurpose(wish, orderID)
	case failure.TokenSpent():
		// The code names the token and no order, so that the next token depends on both.
		next = "Next step: Look at Orders in the console. If the circuit has no order there, order with this client token:" + tokenToPaste(order.TokenAfter(failed.ClientToken, afterSpent))
	}
	return happened, next
}

// These take the place of an order ID in the token after one whose order is not known.
// They are frozen: every machine proposes the same token.
const (
	afterSpent    = "IdempotentFailed"
	afterMismatch = "IdempotentParameterMismatch"
)

func gaveUp(failed *order.PlaceError, wish order.Request) (happened, next string) {
	tries := "1 try"
	if failed.Attempts != 1 {
		tries = fmt.Sprintf("%d tries", failed.Attempts)
	}
	ending := "The time (timeouts.create) ran out after " + tries
	if failed.StopReason == order.Interrupted {
		ending = "Interrupted after " + tries
	}
	if failed.FirstAmbiguous != nil {
		return fmt.Sprintf("%s, and none got a clear answer (the first unclear one: %s). An order may exist.", ending, doubtText(failed.FirstAmbiguous)), againText(failed, wish) + named(orderIDs(failed.Look.Live))
	}
	known := ". Nothing was ordered."
	if !failed.OrderedNothing() {
		known = "; the API named no order."
	}
	return ending + known, "Next step: " + cmp.Or(failed.Failure.NextStep(), "Apply again.")
}

// doubtText names an unclear answer in a few words.
func doubtText(failure *apierror.Error) string {
	switch {
	case failure.Code != "":
		return failure.Code
	case failure.HTTPStatus != 0:
		return fmt.Sprintf("HTTP status %d", failure.HTTPStatus)
	default:
		return failure.Message
	}
}

// againText says why applying again is safe, and how to order if it turns out that the
// order is cancelled.
func againText(failed *order.PlaceError, wish order.Request) string {
	text := fmt.Sprintf("Next step: Apply again, with the same arguments. That is safe while the API remembers the client token (%s), or billing shows the order: the provider looks first, and sends the same token.", failed.ClientToken)
	if order := newest(failed.Look.Live); order != "" {
		text += fmt.Sprintf(" If the next apply names order %s and you want another one, set client_token = %q.", order, wish.ReorderToken(order))
	}
	return text
}

// lookFailed says that billing could not be asked for the order.
func lookFailed(failed *order.PlaceError) string {
	if failed.Look.Err == nil || failed.Look.Denied() {
		return ""
	}
	return "\n\nBilling could not be asked for the order:\n" + facts(failed.Look.Err)
}

func mismatch(failed *order.PlaceError, wish order.Request) (happened, next string) {
	live, cancelled := newest(failed.Look.Live), cmp.Or(newest(failed.Look.Cancelled), newest(failed.Before.Cancelled))
	if live == "" && cancelled != "" && wish.ReorderToken(cancelled) != failed.ClientToken {
		return fmt.Sprintf("An order with other arguments was placed with the client token %s. Billing shows %s for this circuit, which is cancelled, and no other so far. Nothing was bought by this request.", failed.ClientToken, cancelled),
			fmt.Sprintf("Next step: Look under Orders in the console, because billing may be behind.\n\n"+
				"- There is no other order for this circuit: order with the new arguments and this token:%s\n\n"+
				"- There is one that is not cancelled: set the arguments back to what was ordered and apply, or import it.\n%s", tokenToPaste(wish.ReorderToken(cancelled)), importBlock(wish.Key(), ""))
	}
	token := order.TokenAfter(failed.ClientToken, afterMismatch)
	if live != "" && wish.ReorderToken(live) != failed.ClientToken {
		token = wish.ReorderToken(live)
	}
	if wish.ClientToken != order.DefaultToken(wish.Region, wish.CircuitID) {
		return fmt.Sprintf("The client token %s belongs to an order with other arguments, or to one for another circuit. Nothing was bought by this request.", failed.ClientToken),
			fmt.Sprintf("Next step, one of these:\n\n"+
				"- The token is meant for that order: set the arguments back to what was ordered and apply, or import the order.\n%s\n\n"+
				"- It is not: remove client_token, so that the provider derives one for this circuit; or order once more, on purpose, with%s",
				importBlock(wish.Key(), live), tokenToPaste(token))
	}
	return fmt.Sprintf("An order for this circuit exists with other arguments: the API knows the client token %s from it. Nothing was bought by this request.", failed.ClientToken),
		fmt.Sprintf("Next step, one of these:\n\n"+
			"- The first order is what you want: set the arguments back to what was ordered and apply, which takes it into the state.\n\n"+
			"- Or import it.\n%s\n\n"+
			"- It is unpaid and wrong: cancel it in the console under Orders, then order with the new arguments and this token:%s",
			importBlock(wish.Key(), live), tokenToPaste(token))
}

func wrongState(failed *order.PlaceError, wish order.Request) (happened, next string) {
	c, candidates := failed.Circuit, orderIDs(failed.Look.Live)
	enabled := c != nil && c.Status == circuit.StatusEnabled
	state := ""
	if c != nil {
		state = "The circuit is " + c.Assess().State + " now. "
	}
	switch {
	case enabled && failed.FirstAmbiguous != nil:
		return fmt.Sprintf("The order very probably exists: a try of this run ended without a clear answer (%s), and then the circuit turned Enabled, which an order does. Nothing else was bought.", doubtText(failed.FirstAmbiguous)),
			waysBack(wish.Key(), candidates...)
	case enabled:
		return "The circuit is Enabled now: it was ordered elsewhere after this run had read it. Nothing was bought by this request.", waysBack(wish.Key())
	case failed.FirstAmbiguous != nil:
		return fmt.Sprintf("%sAn order may exist: a try of this run ended without a clear answer (%s), and then the API refused the order for the circuit's state. Nothing else was bought.", state, doubtText(failed.FirstAmbiguous)),
			againText(failed, wish) + "\n\n" + waysBack(wish.Key(), candidates...)
	}
	next = "Next step: Read the circuit with the data source expressconnect_physical_connection: its payable_reason names what has to happen first."
	if c != nil {
		next = "Next step: " + c.Assess().NextStep
		if c.Assess().Readiness == circuit.Payable {
			next = "Next step: Apply again in a few minutes. If it is refused again, ask Alibaba Cloud's support with the request ID: the circuit looks payable, and the API says otherwise."
		}
	}
	return state + "The API does not take an order in this state; nothing was ordered.", next
}

// unread says why something could not be read, and what to do.
func unread(err error) string {
	var failure *apierror.Error
	if errors.As(err, &failure) {
		return failure.ExplainRead()
	}
	return err.Error()
}

// orderedWarnings returns what the user has to know of an order that Create took into the
// state.
func orderedWarnings(o model, placement order.Placement) diag.Diagnostics {
	var diags diag.Diagnostics
	orderID, circuitID := o.OrderID.ValueString(), o.PhysicalConnectionID.ValueString()
	if len(placement.Passed) > 0 {
		diags.AddWarning(fmt.Sprintf("Order %s of %s takes the place of a cancelled one", orderID, circuitID),
			fmt.Sprintf("Cancelled before this apply: %s. Cancelled orders are not charged.", strings.Join(placement.Passed, ", ")))
	}
	if placement.Source == order.Adopted {
		diags.Append(adopted(o, placement))
	}
	if billing.NameOnlyOthers(placement.Lines, circuitID) {
		diags.Append(foreignOrder(o, placement.Lines))
		return diags
	}
	if assessment := placement.Before.Assess(); assessment.Readiness == circuit.Unsure {
		diags.AddWarning(fmt.Sprintf("Order %s was placed although circuit %s was %s", orderID, circuitID, assessment.State),
			"The API took the order. "+assessment.NextStep)
	}
	payment := o.PaymentStatus.ValueString()
	if o.AutoPay.ValueBool() && payment == billing.Unpaid {
		diags.Append(notPaid(o))
	}
	if !o.AutoPay.ValueBool() && payment != billing.Paid {
		unknown := ""
		if shouldWarn(placement.PaymentErr) {
			unknown = fmt.Sprintf(" Billing could not be read: if the console shows the order as cancelled, remove its record with terraform state rm, and apply with client_token = %q.", order.TokenAfter(placement.ClientToken, orderID))
		}
		diags.AddWarning(fmt.Sprintf("Order %s for circuit %s waits for payment", orderID, circuitID),
			"auto_pay is false, so nothing has been charged.\n\nNext step: Pay the order in the console under Orders, within about 7 days; an unpaid order expires. The circuit turns Enabled by itself some time after the payment."+unknown)
	}
	return diags
}

// asWarnings turns errors into warnings: after an order was placed, an error would
// taint it, and a tainted order is bought again.
func asWarnings(diags diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, d := range diags {
		warnings.AddWarning(d.Summary(), d.Detail())
	}
	return warnings
}
