package message

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

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
	OrderShared         Kind = "The API returned order %s of another circuit"
	LimitExceeded       Kind = "The plan exceeds max_new_orders = %d"
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
		return diag.Diagnostics{ordersExist(failed.Look, request, false)}
	case order.BillingUnread:
		return diag.Diagnostics{ordersUnchecked(failed.Look, request, "apply")}
	case order.OrderCancelled:
		return diag.Diagnostics{cancelledReturned(failed, request)}
	case order.OrderShared:
		return diag.Diagnostics{OrderShared.errAt(clientToken, paragraphs(
			fmt.Sprintf("Order %s belongs to circuit %s in this run or in the state. This happens if both circuits are ordered with one client_token. "+
				"Whether the API placed another order for %s is not known.", failed.OrderID, failed.Other.CircuitID, key.CircuitID),
			"Next step: Remove client_token from both resources, or give each its own."), failed.OrderID)}
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

// TooManyOrders returns the error for an order above max_new_orders.
func TooManyOrders(over *order.OverLimit, id string) diag.Diagnostic {
	return LimitExceeded.err(paragraphs(
		fmt.Sprintf("The provider block allows %d new orders in one plan; this plan has at least %d: %s. Nothing was ordered for %s.",
			over.Limit, len(over.CircuitIDs), someCircuits(over.CircuitIDs), cmp.Or(id, unknownCircuit)),
		"Next step: Check that you want these orders. Then raise max_new_orders, or apply a part of them with -target. "+
			"Each provider configuration counts its own."), over.Limit)
}
