package message

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds of an order that Create did not place.
const (
	CircuitClaimed      Kind = "Another resource orders circuit %s in this run"
	OrderInState        Kind = "The state has order %s of %s already"
	CircuitUnread       Kind = "Unable to order circuit %s: it could not be read"
	OrderExists         Kind = "Circuit %s already has order %s"
	OrdersExist         Kind = "Circuit %s already has %d orders"
	OrdersUnchecked     Kind = "Unable to check circuit %s for existing orders"
	OrderNotSent        Kind = "The order for circuit %s was not sent"
	OrderRefused        Kind = "The API refused the order for circuit %s"
	OrderNotPlaced      Kind = "Unable to place the order for circuit %s"
	OrderMayExist       Kind = "The order for circuit %s may exist"
	OrderProbablyExists Kind = "The order for circuit %s probably exists"
	TokenUsed           Kind = "The client token of %s belongs to another order"
	CancelledReturned   Kind = "The API returned cancelled order %s of %s"
	OrderShared         Kind = "The API returned order %s, not one for %s"
	LimitExceeded       Kind = "The order for %s exceeds max_new_orders = %d"
)

const clientToken = "client_token"

// PlaceFailed returns the diagnostics for an error of Placer.Place. There is no order, or
// its ID is not known.
func PlaceFailed(failed *order.PlaceError, request order.Request) diag.Diagnostics {
	key := failed.Key
	switch failed.Kind {
	case order.LimitExceeded:
		return diag.Diagnostics{TooManyOrders(failed.OverLimit, key.CircuitID)}
	case order.CircuitClaimed:
		return diag.Diagnostics{circuitClaimed(failed)}
	case order.OrderInState:
		return diag.Diagnostics{AlreadyInState(key, failed.OrderID)}
	case order.CircuitUnread:
		if missing, ok := errors.AsType[*circuit.NotFoundError](failed.Cause); ok {
			return diag.Diagnostics{CircuitNotFound.errAt(circuitID, paragraphs(notFound(missing)+" Nothing was ordered.", stepOf(checkCircuit)), key.CircuitID)}
		}
		return diag.Diagnostics{CircuitUnread.err(paragraphs("Nothing was ordered.", readFailureIn(failed.Cause, "apply")), key.CircuitID)}
	case order.NotPayable:
		return CircuitForOrder(*failed.Circuit, failed.Look, true)
	case order.OrdersExist:
		return diag.Diagnostics{ordersExist(failed.Look, request, false, false)}
	case order.BillingUnread:
		return diag.Diagnostics{ordersUnchecked(failed.Look, request, "apply")}
	case order.OrderCancelled:
		return diag.Diagnostics{cancelledReturned(failed, request)}
	case order.OrderShared:
		return diag.Diagnostics{OrderShared.errAt(clientToken, paragraphs(
			fmt.Sprintf("Order %s belongs to circuit %s in this run or in the state. This happens if both circuits are ordered with one client_token. "+
				"Whether the API placed another order for %s is not known.", failed.OrderID, failed.Other.CircuitID, key.CircuitID),
			"Next step: Remove client_token from both resources, or give each its own."), failed.OrderID, key.CircuitID)}
	case order.PriceUnread:
		return diag.Diagnostics{MaxPriceUnchecked(key.CircuitID, failed.Cause)}
	case order.PriceTooHigh:
		return diag.Diagnostics{PriceTooHigh(key.CircuitID, costOf(failed.Price, request), failed.MaxPrice, failed.Price)}
	case order.FoundTooHigh:
		return diag.Diagnostics{FoundAboveMaxPrice(failed.Look.Live[0], key.CircuitID, foundAmount(failed.Price), failed.MaxPrice)}
	case order.NoOrderID:
	}
	return diag.Diagnostics{notPlaced(failed, request)}
}

func circuitClaimed(failed *order.PlaceError) diag.Diagnostic {
	other := "another resource is ordering it in this run"
	if failed.OrderID != "" {
		other = "another resource has ordered it in this run (order " + failed.OrderID + ")"
	}
	id := failed.Key.CircuitID
	return CircuitClaimed.errAt(circuitID, paragraphs(
		fmt.Sprintf("A circuit takes one order, and %s. Nothing was ordered for this resource.", other),
		fmt.Sprintf("Next step: Keep one resource for circuit %s in %s, the one in the state.", id, failed.Key.Region)), id)
}

// AlreadyInState returns the error for a circuit whose order is in the state: tainted, or
// under another address.
func AlreadyInState(key circuit.Key, orderID string) diag.Diagnostic {
	return OrderInState.errAt(circuitID, paragraphs(
		fmt.Sprintf("This plan would order circuit %s in %s again. Nothing was ordered.", key.CircuitID, key.Region),
		"Next step: If the order is tainted, run this with your resource's name:", untaintInstructions(),
		"If the resource was renamed, or its count or for_each key changed, add:", movedInstructions(),
		"If two resources order the circuit, keep the one in the state.", destroyHint), orderID, key.CircuitID)
}

// cancelledReturned returns the error for a cancelled order that the API returned.
func cancelledReturned(failed *order.PlaceError, request order.Request) diag.Diagnostic {
	happened, next := "Billing reports the order as Cancelled. Nothing was charged for it, and it is not saved in the state.",
		"Look at the order in the console under Orders, then apply again."
	switch {
	case failed.Seen:
		happened = fmt.Sprintf("The order was cancelled before this apply: the client token %s belongs to it. Nothing was ordered.", failed.ClientToken)
		next = "Add this line to order again:"
	case request.AutoPay:
		next = "Make sure that the account can pay (balance, overdue payments, payment method), then apply again."
	}
	if failed.RequestID != "" {
		happened += " Request ID: " + failed.RequestID + "."
	}
	if !failed.Seen {
		next += fmt.Sprintf(" Only if the next apply names order %s again, also add this line:", failed.OrderID)
	}
	return CancelledReturned.errAt(clientToken, paragraphs(happened, stepOf(next), tokenInstructions(order.TokenAfter(failed.ClientToken, failed.OrderID))),
		failed.OrderID, request.CircuitID)
}

// TooManyOrders returns the error for an order above max_new_orders. Each one has an error
// of its own: the largest number is the one that the plan needs.
func TooManyOrders(over *order.OverLimit, id string) diag.Diagnostic {
	name := cmp.Or(id, unknownCircuit)
	return LimitExceeded.err(paragraphs(
		fmt.Sprintf("The order for %s is new order %d of this plan. Nothing was ordered for it.", name, over.Number),
		fmt.Sprintf("The provider block allows %d new orders in one plan. The plan needs the largest number in these errors.", over.Limit),
		"Next step: Check that you want these orders. Then raise max_new_orders, or apply a part of them with -target. "+
			"Each provider configuration counts its own."), name, over.Limit)
}

// failureText describes a failed order request.
type failureText struct {
	kind           Kind
	happened, next string
	// withMeaning adds the meaning of the error code. found are the orders that billing
	// reports.
	withMeaning bool
	found       []billing.Order
}

// notPlaced returns the error for an order request without an order ID in the answer.
func notPlaced(failed *order.PlaceError, request order.Request) diag.Diagnostic {
	failure := failed.Failure
	var text failureText
	switch {
	case failure.ParameterMismatch():
		text = tokenUsed(failed, request)
	case failure.WrongState():
		text = wrongState(failed, request)
	case failed.StopReason == order.Refused:
		text = refused(failed, request)
	default:
		text = gaveUp(failed, request)
	}
	if text.withMeaning {
		text.happened += sentence(meaning(failure))
	}
	lookFailed := ""
	if failed.Look.Err != nil && !failed.Look.Denied() {
		lookFailed = "Billing could not be checked for the order:\n" + apiDetails(failed.Look.Err)
	}
	if failed.FirstAmbiguous != failure {
		text.happened += sentence(unanswered(failure))
	}
	detail := paragraphs(text.happened, reported(text.found), text.next, apiDetails(failure), lookFailed)
	family, _ := failure.Family()
	if attribute := Explain(family).Attribute; attribute != "" {
		return text.kind.errAt(attribute, detail, request.CircuitID)
	}
	return text.kind.err(detail, request.CircuitID)
}

// sentence puts a space before a text that follows another one.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}

func refused(failed *order.PlaceError, request order.Request) failureText {
	failure, found := failed.Failure, failed.Look.Live
	switch {
	case failed.FirstAmbiguous == failure:
		return failureText{
			kind: OrderMayExist, found: found,
			happened: "The response does not come from the API: a proxy may have answered. An order may exist.",
			next:     applyAgain(failed, request) + " If the response stays the same, fix the proxy that answers.\n\n" + orImport(request, found),
		}
	case failed.FirstAmbiguous != nil:
		return failureText{
			kind: OrderMayExist, withMeaning: true, found: found,
			happened: fmt.Sprintf("The API refused the order, but an earlier try of this run got no clear answer (%s). "+
				"An order may exist.", shortly(failed.FirstAmbiguous)),
			next: applyAgain(failed, request) + "\n\n" + orImport(request, found),
		}
	case failure.Delivery == apierror.NotSent:
		return failureText{
			kind: OrderNotSent, happened: "Nothing was ordered.",
			next: stepOf(cmp.Or(removeCause(failure.PermanentCause, "apply"), "Fix this, then apply again.")),
		}
	}
	text := failureText{kind: OrderRefused, happened: "Nothing was ordered.", withMeaning: true}
	if !failed.OrderedNothing() {
		text.happened, text.found = "The API refused the order and returned no order ID.", found
	}
	text.next = stepOf(cmp.Or(nextStep(failure),
		"Look at Orders in the console. If the circuit has an order there, import it. "+
			"If not, apply again after you have looked the code up in Alibaba Cloud's documentation, or asked its support with the request ID."))
	switch {
	case failure.UnpaidOrderExists():
		text.next = paragraphs(text.next, importInstructions(request.Key(), newest(found)), orderAnyway(request, newest(found)))
	case failure.TokenSpent():
		// The code names the token and no order, so the next token depends on both.
		text.next = paragraphs("Next step: Look at Orders in the console. If the circuit has no order there, add this line:",
			tokenInstructions(order.TokenAfter(failed.ClientToken, afterSpent)))
	}
	return text
}

// These replace the order ID in the next token if the order is not known. They must not
// change, because every machine must propose the same token.
const (
	afterSpent    = "IdempotentFailed"
	afterMismatch = "IdempotentParameterMismatch"
)

func gaveUp(failed *order.PlaceError, request order.Request) failureText {
	tries := "1 try"
	if failed.Attempts != 1 {
		tries = fmt.Sprintf("%d tries", failed.Attempts)
	}
	ended := "The time (timeouts.create) ended after " + tries
	if failed.StopReason == order.Interrupted {
		ended = "Interrupted after " + tries
	}
	if failed.FirstAmbiguous != nil {
		return failureText{
			kind: OrderMayExist, withMeaning: true, found: failed.Look.Live,
			happened: fmt.Sprintf("%s without a clear answer (first: %s). An order may exist.", ended, shortly(failed.FirstAmbiguous)),
			next:     applyAgain(failed, request),
		}
	}
	nothing := ". Nothing was ordered."
	if !failed.OrderedNothing() {
		nothing = ". The API returned no order ID."
	}
	return failureText{
		kind: OrderNotPlaced, happened: ended + nothing, withMeaning: true,
		next: stepOf(cmp.Or(nextStep(failed.Failure), "Apply again.")),
	}
}

// shortly describes an unclear answer in a few words.
func shortly(failure *apierror.Error) string {
	switch {
	case failure.Code != "":
		return failure.Code
	case failure.HTTPStatus != 0:
		return fmt.Sprintf("HTTP status %d", failure.HTTPStatus)
	default:
		return failure.Message
	}
}

// applyAgain returns why another apply is safe, and how to order if the order is cancelled.
func applyAgain(failed *order.PlaceError, request order.Request) string {
	text := fmt.Sprintf("Next step: Apply again with the same arguments. "+
		"The provider searches billing for the order, then repeats it with the same client token (%s).", failed.ClientToken)
	if id := newest(failed.Look.Live); id != "" {
		text += fmt.Sprintf(" If the next apply names order %s and you want another one, set client_token = %q.", id, request.ReorderToken(id))
	}
	return text
}

// orImport returns how to import the order instead of another apply.
func orImport(request order.Request, found []billing.Order) string {
	return paragraphs("If the console shows the order (Orders), you can also import it:", importInstructions(request.Key(), newest(found)))
}

func tokenUsed(failed *order.PlaceError, request order.Request) failureText {
	text := failureText{kind: TokenUsed}
	live, cancelled := newest(failed.Look.Live), cmp.Or(newest(failed.Look.Cancelled), newest(failed.Before.Cancelled))
	if live == "" && cancelled != "" && request.ReorderToken(cancelled) != failed.ClientToken {
		text.happened = fmt.Sprintf("An order with other arguments was placed with the client token %s. "+
			"Billing reports the cancelled order %s for this circuit and no other so far. "+
			"This request bought nothing.", failed.ClientToken, cancelled)
		text.next = paragraphs("Next step: Look under Orders in the console. If there is no other order for this circuit, add this line:",
			tokenInstructions(request.ReorderToken(cancelled)),
			"If there is one that is not cancelled, set the arguments back to what was ordered and apply, or import it:", importInstructions(request.Key(), ""))
		return text
	}
	token := order.TokenAfter(failed.ClientToken, afterMismatch)
	if live != "" && request.ReorderToken(live) != failed.ClientToken {
		token = request.ReorderToken(live)
	}
	text.happened = fmt.Sprintf("An order with other arguments was placed with the client token %s. This request bought nothing.", failed.ClientToken)
	own, other := "If it is the order that you want, set the arguments back to what was ordered and apply. Or import it:",
		"If it is unpaid and wrong, cancel it in the console under Orders, and add this line:"
	if request.ClientToken != order.DefaultToken(request.Region, request.CircuitID) {
		text.happened = fmt.Sprintf("The client token %s belongs to an order with other arguments, or to an order for another circuit. "+
			"This request bought nothing.", failed.ClientToken)
		other = "If the token is wrong, remove client_token. To order once more, set:"
	}
	text.next = paragraphs("Next step: "+own, importInstructions(request.Key(), live), other, tokenInstructions(token))
	return text
}

func wrongState(failed *order.PlaceError, request order.Request) failureText {
	c, found := failed.Circuit, failed.Look.Live
	enabled, state := c != nil && c.Status == circuit.StatusEnabled, ""
	if c != nil {
		state = "The circuit is " + c.State() + " now. "
	}
	switch {
	case enabled && failed.FirstAmbiguous != nil:
		return failureText{
			kind: OrderProbablyExists,
			happened: fmt.Sprintf("A try of this run got no clear answer (%s), and then the circuit became Enabled, which an order does. Nothing else was bought.",
				shortly(failed.FirstAmbiguous)),
			next: keepInstructions(request.Key(), found),
		}
	case enabled:
		return failureText{
			kind: OrderRefused, happened: "The circuit is Enabled now: it was ordered elsewhere during this run. This request bought nothing.",
			next: keepInstructions(request.Key(), nil),
		}
	case failed.FirstAmbiguous != nil:
		return failureText{
			kind: OrderMayExist,
			happened: fmt.Sprintf("%sA try of this run got no clear answer (%s), and then the API refused the order because of the circuit's state. An order may exist.",
				state, shortly(failed.FirstAmbiguous)),
			next: applyAgain(failed, request) + "\n\n" + orImport(request, found),
		}
	}
	next := Explain(apierror.Family{Name: "WrongState"}).NextStep
	switch {
	case c != nil && c.Readiness() == circuit.Payable:
		next = "Apply again in a few minutes. If the API refuses it again, ask Alibaba Cloud support with the request ID: the circuit looks payable."
	case c != nil:
		next = CircuitNextStep(*c)
	}
	return failureText{kind: OrderRefused, happened: state + "The API accepts no order in this state. Nothing was ordered.", next: stepOf(next)}
}
