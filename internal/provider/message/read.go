package message

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Kinds of imports and of reading orders.
const (
	WrongImportID     Kind = "Unable to import the order: wrong import ID"
	ImportCancelled   Kind = "Unable to import order %s: it is cancelled"
	ImportForOther    Kind = "Unable to import order %s: it is for something else"
	ImportOtherType   Kind = "Order %s is of type %s"
	OrderNotFound     Kind = "Unable to find the order of circuit %s in %s"
	OrderNotShown     Kind = "Billing does not show order %s"
	OrdersUnlisted    Kind = "Unable to list the orders of the circuits in %s"
	OrderUnreadable   Kind = "Unable to read order %s"
	OrderNotInBilling Kind = "Order %s not found in billing"
	NotConfigured     Kind = "The provider is not configured"
	BillingOff        Kind = "Billing is turned off"
	ProviderDefect    Kind = "Unexpected provider data"
)

// ImportIDInvalid returns the error for an import ID, or an identity, of another form.
func ImportIDInvalid(id string, key circuit.Key, orderID string) diag.Diagnostic {
	got := fmt.Sprintf("Got %q.", id)
	if id == "" {
		got = fmt.Sprintf("Got region_id %q, physical_connection_id %q, order_id %q.", key.Region, key.CircuitID, orderID)
	}
	return WrongImportID.err("The import ID is <region_id>/<physical_connection_id>/<order_id>, for example " +
		"cn-hangzhou/pc-bp1hp0wr072f6abcd/50187055895123. " + got + "\n\n" +
		"Next step: Take the order ID, a string of digits, from the console (Orders). If the provider may read billing, you can leave /<order_id> out.")
}

// ImportCircuit returns the diagnostic for an import whose circuit could not be read.
// Without the circuit only an order whose ID is given can be imported.
func ImportCircuit(err error, key circuit.Key, needed bool) diag.Diagnostic {
	if missing, ok := errors.AsType[*circuit.NotFoundError](err); ok {
		return CircuitNotFound.err(paragraphs(notFound(missing), stepOf(checkCircuit)), key.CircuitID)
	}
	failure, ok := errors.AsType[*apierror.Error](err)
	switch {
	case ok && (failure.NoSuchRegion() || failure.Permanent()):
		return CircuitUnreadable.err(readFailure(err), key.CircuitID)
	case needed:
		return CircuitUnreadable.err(paragraphs("Without an order ID, the provider needs the circuit to find its "+
			"order.", importByID(key), apiDetails(err)), key.CircuitID)
	}
	return CircuitUnchecked.warning(paragraphs(fmt.Sprintf("The order of circuit %s in %s is imported without its circuit's state.", key.CircuitID, key.Region),
		readFailure(err)))
}

// importByID returns how to import an order that the provider could not find.
func importByID(key circuit.Key) string {
	return fmt.Sprintf("Next step: Take the order ID from the console (Orders) and import %s/%s/ORDER_ID. "+
		"If the console shows no order, or a cancelled one, remove the import block and apply to order.", key.Region, key.CircuitID)
}

// ImportNotFound returns the error for a search that did not find exactly one order.
func ImportNotFound(key circuit.Key, look billing.Look) diag.Diagnostic {
	happened, details := "Billing reports no order for this circuit: none was placed, it is cancelled, or billing is some minutes behind.", ""
	failure, _ := errors.AsType[*apierror.Error](look.Err)
	switch {
	case errors.Is(look.Err, billing.ErrBillingOff):
		happened = "Without an order ID, the provider searches in billing, and billing = false turns that off. Add the order ID, or remove billing = false."
	case look.Denied() && failure != nil:
		happened, details = meaning(failure)+sentence(nextStep(failure)), apiDetails(failure)
	case len(look.Live) > 1:
		happened = "Billing reports several orders for this circuit:" + orderList(look.Live)
	case look.Err != nil:
		happened, details = paragraphs("Billing could not be read.", reported(look.Live)), lookDetails(look)
	case look.Skipped && len(look.Live) == 1:
		happened = "Billing reports order " + look.Live[0].ID + " for this circuit, but it lists more orders than the provider reads. There may be another one."
	case look.Skipped:
		happened = "Billing lists more orders than the provider reads, and none of those is for this circuit."
	}
	return OrderNotFound.err(paragraphs(happened, importByID(key), details), key.CircuitID, key.Region)
}

// NotShown returns the warning for an imported order that billing does not show.
func NotShown(record order.Record) diag.Diagnostic {
	return OrderNotShown.warning(fmt.Sprintf("Billing may be some minutes behind, or the order ID is wrong.\n\n"+
		"Next step: Look under Orders in the console. If it does not show order %s for circuit %s, run terraform state rm and import the right one.",
		record.OrderID, record.CircuitID), record.OrderID)
}

// ImportChecked returns the diagnostics for an imported order that billing contradicts.
func ImportChecked(record order.Record, lines []billing.OrderLine) diag.Diagnostics {
	switch {
	case billing.NameOnlyOthers(lines, record.CircuitID):
		return diag.Diagnostics{ImportForOther.err(fmt.Sprintf("Billing reports that order %s is for %s. "+
			"The import names circuit %s.\n\nNext step: Correct the import ID.",
			record.OrderID, strings.Join(billing.Instances(lines), ", "), record.CircuitID), record.OrderID)}
	case billing.PaymentStatus(lines) == billing.Cancelled:
		return diag.Diagnostics{ImportCancelled.err("Billing reports the order as Cancelled. Nothing was charged for it.\n\n"+
			"Next step: Import another order, or remove the import and apply to order again.", record.OrderID)}
	case len(lines) > 0 && lines[0].OrderType != "" && lines[0].OrderType != billing.OrderTypeNew:
		return diag.Diagnostics{ImportOtherType.warning(fmt.Sprintf("An occupancy order is of type New. "+
			"Order %s for circuit %s is imported as it is.", record.OrderID, record.CircuitID),
			record.OrderID, lines[0].OrderType)}
	}
	return nil
}

// OrderList returns the error for a list of orders that is not complete.
func OrderList(region string, err error) diag.Diagnostic {
	return OrdersUnlisted.err(paragraphs("The list so far is not complete. Nothing was ordered or changed.", readFailure(err)), region)
}

// OrderRead returns the error for a data source that could not read its order.
func OrderRead(err error, orderID string) diag.Diagnostic {
	failure, ok := errors.AsType[*apierror.Error](err)
	if ok && failure.NotPermitted() {
		return OrderUnreadable.err(paragraphs(meaning(failure),
			"Next step: Give the credentials the RAM action bss:DescribeOrderDetail on *.",
			"If they have it, set account_type in the provider block to the site of the account, Domestic or International. "+
				"Orders that a reseller manages are not shown. "+
				"You can place orders without permission to read billing.", apiDetails(failure)), orderID)
	}
	within := ""
	if errors.Is(err, context.DeadlineExceeded) {
		within = "The time to read is timeouts.read."
	}
	return OrderUnreadable.err(paragraphs(readFailure(err), within), orderID)
}

// OrderMissing returns the error for an order that billing did not show in time.
func OrderMissing(orderID string, timeout time.Duration, interrupted bool) diag.Diagnostic {
	within := fmt.Sprintf("within %s (timeouts.read)", timeout)
	if interrupted {
		within = "before the wait was interrupted"
	}
	return OrderNotInBilling.errAt("order_id", paragraphs(fmt.Sprintf("Billing did not show order %s %s.", orderID, within),
		"Next step: If the order is new, plan again later, or set a longer timeouts.read: billing shows an order up to some minutes after it was placed.",
		"If it is not new, check order_id, the provider's credentials and account_type in the provider block."), orderID)
}

// Unconfigured returns the error for an order with an unknown provider configuration.
func Unconfigured() diag.Diagnostic { return unconfigured("Nothing was ordered.", "apply") }

// UnconfiguredRead returns the error for a data source with an unknown provider
// configuration.
func UnconfiguredRead() diag.Diagnostic {
	return unconfigured("A data source is read in the plan.", "plan")
}

func unconfigured(more, again string) diag.Diagnostic {
	return NotConfigured.err("The provider's configuration has values that are not known yet. " + more +
		"\n\nNext step: First apply the resources that the provider block refers to (-target), then " + again + " again.")
}

// BillingNeeded returns the error for a feature that needs billing, with billing = false.
func BillingNeeded(what string) diag.Diagnostic {
	return BillingOff.err(what + " needs billing, and billing = false in the provider block turns it off.\n\n" +
		"Next step: Remove billing = false, or remove what needs it.\n\n" + destroyHint)
}

// WrongProviderData returns the error for provider data of another type.
func WrongProviderData(data any) diag.Diagnostic {
	return ProviderDefect.err(fmt.Sprintf("Got %T. Report this to the provider's developers.", data))
}
