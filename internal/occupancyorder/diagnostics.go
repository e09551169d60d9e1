package occupancyorder

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
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

// placingFailed words the failures of Placer.Place. No order is lost by an error
// here: either there is none, or its ID is not known.
func placingFailed(err error, wish ordering.Wish, host string) diag.Diagnostics {
	var (
		taken      *ordering.CircuitTaken
		limit      *ordering.LimitReached
		cancelled  *ordering.CameBackCancelled
		notFound   *ordering.CircuitNotFound
		notPayable *ordering.NotPayable
		notRead    *ordering.CircuitUnread
		shared     *ordering.OrderShared
		unplaced   *ordering.Unplaced
	)
	circuitPath := path.Root("physical_connection_id")
	summary := unableToPlace(wish.CircuitID)
	switch {
	case errors.As(err, &taken):
		return diag.Diagnostics{circuitTaken(taken)}
	case errors.As(err, &limit):
		return diag.Diagnostics{tooManyOrders(limit, wish.CircuitID)}
	case errors.As(err, &cancelled):
		return diag.Diagnostics{cameBackCancelled(cancelled, wish)}
	case errors.As(err, &notFound):
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(circuitPath, summary, notFound.Explain()+" Nothing was ordered.")}
	case errors.As(err, &notPayable):
		return circuitFindings(notPayable.Circuit, true)
	case errors.As(err, &notRead):
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
			"The circuit could not be read, and without its state nothing is ordered.\n\n"+unread(notRead.Cause)+"\n\nNothing was ordered.")}
	case errors.As(err, &shared):
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("client_token"), summary,
			fmt.Sprintf("The API answered with order %s, which this run got for circuit %s already. That happens when both circuits are ordered with one client_token: the API repeats the first order. No order was placed for %s.\n\nNext step: Remove client_token from both resources, or give each its own.",
				shared.OrderID, shared.Other.CircuitID, wish.CircuitID))}
	case errors.As(err, &unplaced):
		return diag.Diagnostics{notPlaced(unplaced, wish, host)}
	default:
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary, err.Error())}
	}
}

func circuitTaken(taken *ordering.CircuitTaken) diag.Diagnostic {
	other := "another resource is ordering it in this run"
	if taken.OrderID != "" {
		other = "another resource has ordered it in this run: order " + taken.OrderID
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("physical_connection_id"), unableToPlace(taken.Key.CircuitID),
		fmt.Sprintf("Circuit %s in %s takes one order, and %s. Nothing was ordered for this resource.\n\nNext step: Keep one resource for this circuit, the one that is in the state.", taken.Key.CircuitID, taken.Key.Region, other))
}

// notPlaced words an order that was sent and did not come back with an ID: what
// happened, what the API said, what to do.
func notPlaced(unplaced *ordering.Unplaced, wish ordering.Wish, host string) diag.Diagnostic {
	failure := unplaced.Failure
	var happened, next string
	facts := failure.Explain()
	switch {
	case failure.ParameterMismatch():
		happened, next = mismatch(unplaced, wish)
		facts = failure.Facts()
	case failure.WrongState():
		happened, next = wrongState(unplaced, wish)
		facts = failure.Facts()
	case unplaced.Ending == ordering.Refused:
		happened, next = refused(unplaced, wish)
	default:
		happened, next = gaveUp(unplaced, wish)
	}
	code, _ := failure.Family()
	if code.Group == ordering.GroupNotFound || code.Group == ordering.GroupRegion {
		facts = fmt.Sprintf("Asked: region %s at %s.\n\n", wish.Region, host) + facts
	}
	summary, detail := unableToPlace(wish.CircuitID), strings.Join([]string{happened, facts, next}, "\n\n")+lookUpText(unplaced)
	if code.Attribute != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(code.Attribute), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

func refused(unplaced *ordering.Unplaced, wish ordering.Wish) (happened, next string) {
	if unplaced.Doubt == unplaced.Failure {
		return "The order was answered, but not in the way of the API: perhaps by something in between, such as a proxy. An order may exist.",
			againText(unplaced, wish) + " If the answer stays the same, remove what answers in the API's place, or look under Orders in the console.\n\n" + waysBack(wish.Key(), unplaced.Candidates...)
	}
	if unplaced.Doubt != nil {
		return fmt.Sprintf("The order was refused, but an earlier try of this run (%s) ended without a clear answer, so an order may exist.", doubtText(unplaced.Doubt)),
			againText(unplaced, wish) + "\n\n" + waysBack(wish.Key(), unplaced.Candidates...)
	}
	code, known := unplaced.Failure.Family()
	switch {
	case known:
		next = unplaced.Failure.NextStep()
	case unplaced.Failure.Delivery == ordering.NotSent:
		return "The order was not sent. Nothing was ordered.", "Next step: " + cmp.Or(unplaced.Failure.Obstacle.NextStep("apply"), "Remove the cause, then apply again.")
	default:
		next = "Look the code up in Alibaba Cloud's documentation, or ask its support with the request ID; then apply again."
	}
	if code.Group == ordering.GroupOtherOrder {
		return "The order was refused; nothing was ordered.", "Next step: " + next + "\n" + importBlock(wish.Key(), "")
	}
	if code.Group == ordering.GroupTrade {
		// Whether such a refusal leaves an unpaid or void order is not documented.
		return "The order was refused; the API named no order.", "Next step: " + next
	}
	return "The order was refused; nothing was ordered.", "Next step: " + next
}

func gaveUp(unplaced *ordering.Unplaced, wish ordering.Wish) (happened, next string) {
	tries := "1 try"
	if unplaced.Sends != 1 {
		tries = fmt.Sprintf("%d tries", unplaced.Sends)
	}
	ending := "The time (timeouts.create) ran out after " + tries
	if unplaced.Ending == ordering.Interrupted {
		ending = "Interrupted after " + tries
	}
	if unplaced.Doubt != nil {
		return fmt.Sprintf("%s, and none got a clear answer (the first unclear one: %s). An order may exist.", ending, doubtText(unplaced.Doubt)), againText(unplaced, wish) + named(unplaced.Candidates)
	}
	return ending + ". Nothing was ordered.", "Next step: " + cmp.Or(unplaced.Failure.NextStep(), "Apply again.")
}

// doubtText names an unclear answer in a few words.
func doubtText(failure *ordering.Failure) string {
	switch {
	case failure.Code != "":
		return failure.Code
	case failure.HTTPStatus != 0:
		return fmt.Sprintf("HTTP status %d", failure.HTTPStatus)
	default:
		return failure.Message
	}
}

// againText says why applying again is safe.
func againText(unplaced *ordering.Unplaced, wish ordering.Wish) string {
	if len(unplaced.Passed) > 0 {
		return fmt.Sprintf("Next step: Apply again, with the same arguments, while the provider can read billing. That is safe: it recognises what is cancelled (%s), and sends the order with the same client token (%s), by which the API answers with the order that exists instead of placing a second one. Without billing it would take the cancelled order for the one that is meant.",
			strings.Join(unplaced.Passed, ", "), unplaced.Token)
	}
	return fmt.Sprintf("Next step: Apply again, with the same arguments. That is safe: the order is sent with the same client token (%s), by which the API answers with the order that exists instead of placing a second one.", wish.Token)
}

// lookUpText says that billing was asked for the order in vain.
func lookUpText(unplaced *ordering.Unplaced) string {
	var failure *ordering.Failure
	if !errors.As(unplaced.LookUpFailure, &failure) || failure.NotPermitted() {
		return ""
	}
	return "\n\nBilling could not be asked for the order:\n" + failure.Facts()
}

func mismatch(unplaced *ordering.Unplaced, wish ordering.Wish) (happened, next string) {
	orderAnew := fmt.Sprintf("order anew, on purpose, with\n\n    client_token = %q", ordering.FreshToken(unplaced.Token))
	if len(unplaced.Candidates) == 0 && len(unplaced.Cancelled) > 0 {
		return fmt.Sprintf("An order with other arguments was placed with the client token %s. Billing shows %s for this circuit, which is cancelled, and no other so far. Nothing was bought by this request.", unplaced.Token, strings.Join(unplaced.Cancelled, ", ")),
			fmt.Sprintf("Next step: Look under Orders in the console, because billing may be behind.\n\n"+
				"- There is no other order for this circuit: %s\n\n"+
				"- There is one that is not cancelled: set the arguments back to what was ordered and apply, or import it.\n%s", orderAnew, importBlock(wish.Key(), ""))
	}
	orderID := ""
	if len(unplaced.Candidates) == 1 {
		orderID = unplaced.Candidates[0]
	}
	if wish.Token != ordering.DeriveToken(wish.Region, wish.CircuitID) {
		return fmt.Sprintf("The client token %s belongs to an order with other arguments, or to one for another circuit. Nothing was bought by this request.", wish.Token),
			fmt.Sprintf("Next step, one of these:\n\n"+
				"- The token is meant for that order: set the arguments back to what was ordered and apply, or import the order.\n%s\n\n"+
				"- It is not: remove client_token, so that the provider derives one for this circuit; or %s",
				importBlock(wish.Key(), orderID), orderAnew)
	}
	return fmt.Sprintf("An order for this circuit exists with other arguments: the API knows the client token %s from it. Nothing was bought by this request.", wish.Token),
		fmt.Sprintf("Next step, one of these:\n\n"+
			"- The first order is what you want: set the arguments back to what was ordered and apply, which takes it into the state.\n\n"+
			"- Or import it.\n%s\n\n"+
			"- It is unpaid and wrong: cancel it in the console under Orders, then %s",
			importBlock(wish.Key(), orderID), orderAnew)
}

func wrongState(unplaced *ordering.Unplaced, wish ordering.Wish) (happened, next string) {
	circuit := unplaced.Circuit
	enabled := circuit != nil && circuit.Status == ordering.StatusEnabled
	state := ""
	if circuit != nil {
		state = "The circuit is " + circuit.Assess().State + " now. "
	}
	switch {
	case enabled && unplaced.Doubt != nil:
		return fmt.Sprintf("The order very probably exists: a try of this run ended without a clear answer (%s), and then the circuit turned Enabled, which an order does. Nothing else was bought.", doubtText(unplaced.Doubt)),
			waysBack(wish.Key(), unplaced.Candidates...)
	case enabled:
		return "The circuit is Enabled now: it was ordered elsewhere after this run had read it. Nothing was bought by this request.", waysBack(wish.Key())
	case unplaced.Doubt != nil:
		return fmt.Sprintf("%sAn order may exist: a try of this run ended without a clear answer (%s), and then the API refused the order for the circuit's state. Nothing else was bought.", state, doubtText(unplaced.Doubt)),
			againText(unplaced, wish) + "\n\n" + waysBack(wish.Key(), unplaced.Candidates...)
	}
	next = "Next step: Read the circuit with the data source expressconnect_physical_connection: its payable_reason names what has to happen first."
	if circuit != nil {
		next = "Next step: " + circuit.Assess().NextStep
		if circuit.Assess().Readiness == ordering.Payable {
			next = "Next step: Apply again in a few minutes. If it is refused again, ask Alibaba Cloud's support with the request ID: the circuit looks payable, and the API says otherwise."
		}
	}
	return state + "The API does not take an order in this state; nothing was ordered.", next
}

// unread says why something could not be read, and what to do.
func unread(err error) string {
	var failure *ordering.Failure
	if errors.As(err, &failure) {
		return failure.ExplainRead()
	}
	return err.Error()
}

// orderedWarnings says what the user has to know of an order that was placed.
func orderedWarnings(order model, placement ordering.Placement) diag.Diagnostics {
	var diags diag.Diagnostics
	orderID, circuitID := order.OrderID.ValueString(), order.PhysicalConnectionID.ValueString()
	if len(placement.Passed) > 0 {
		diags.AddWarning(fmt.Sprintf("Order %s for circuit %s takes the place of a cancelled one", orderID, circuitID),
			fmt.Sprintf("Cancelled, and passed over: %s. Nothing was charged for what was cancelled.", strings.Join(placement.Passed, ", ")))
	}
	if placement.Found {
		diags.AddWarning(fmt.Sprintf("Order %s for circuit %s was found in billing", orderID, circuitID),
			"The API's answer was lost, and billing names this order alone for the circuit and the time of the request, so it was taken into the state. Its request ID is not known.")
	}
	if assessment := placement.Circuit.Assess(); assessment.Readiness == ordering.Unsure {
		diags.AddWarning(fmt.Sprintf("Order %s was placed although circuit %s was %s", orderID, circuitID, assessment.State),
			"The API took the order. "+assessment.NextStep)
	}
	if order.AutoPay.ValueBool() && placement.Payment == ordering.PaymentUnpaid {
		diags.Append(notPaid(order))
	}
	if !order.AutoPay.ValueBool() && placement.Payment != ordering.PaymentPaid {
		unknown := ""
		if told(placement.PaymentFailure) {
			unknown = fmt.Sprintf(" Billing could not be read: if the console shows the order as cancelled, remove its record with terraform state rm, and apply with client_token = %q.", ordering.FreshToken(placement.Token))
		}
		diags.AddWarning(fmt.Sprintf("Order %s for circuit %s waits for payment", orderID, circuitID),
			"auto_pay is false, so nothing has been charged.\n\nNext step: Pay the order in the console under Orders, within about 7 days; an unpaid order lapses. The circuit turns Enabled by itself some time after the payment."+unknown)
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
