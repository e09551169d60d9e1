package occupancyorder

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

func wrongImportID(id string, identity identityModel) diag.Diagnostic {
	got := fmt.Sprintf("Got %q.", id)
	if id == "" {
		got = fmt.Sprintf("Got the identity region_id %q, physical_connection_id %q, order_id %q.",
			identity.RegionID.ValueString(), identity.PhysicalConnectionID.ValueString(), identity.OrderID.ValueString())
	}
	return diag.NewErrorDiagnostic("Unable to import the occupancy order: wrong import ID",
		"The import ID is <region_id>/<physical_connection_id>/<order_id>, for example cn-hangzhou/pc-bp1hp0wr072f6abcd/50187055895123; the identity has the same three. "+got+
			" The order ID is a string of digits; it is in the console under Orders. Where the provider may read billing, /<order_id> can be left out.")
}

// importUnchecked words an import whose circuit could not be seen: a circuit, region
// or host that does not exist is a mistake in the ID, a service that does not answer
// is none.
func importUnchecked(err error, key circuit.Key, needed bool) diag.Diagnostic {
	if notFound, ok := missing(err); ok {
		return diag.NewErrorDiagnostic("Unable to import the occupancy order: no such circuit", notFound.Explain())
	}
	var failure *apierror.Error
	told := errors.As(err, &failure)
	const unable = "Unable to import the occupancy order: the circuit could not be read"
	switch {
	case told && failure.NoSuchRegion():
		return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to import the occupancy order: region %s cannot be asked", key.Region), unread(err))
	case told && failure.Permanent():
		return diag.NewErrorDiagnostic(unable, unread(err))
	case needed:
		return diag.NewErrorDiagnostic(unable,
			"Without an order ID in the import ID, the order is looked up by what its circuit says.\n\n"+unread(err)+"\n\n"+withOrderID(key))
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("Circuit %s could not be checked", key.CircuitID),
		"The order is imported without its circuit's state.\n\n"+unread(err))
}

// withOrderID says how to import an order that could not be looked up.
func withOrderID(key circuit.Key) string {
	return fmt.Sprintf("Next step: Take the order ID from the console (Orders) and import %s/%s/ORDER_ID. If the console shows none, or one that is cancelled, there is nothing to import: remove the import block and apply, which places a new order.", key.Region, key.CircuitID)
}

// orderNotFound returns the error for a look that did not end with exactly one order.
func orderNotFound(key circuit.Key, look billing.Look) diag.Diagnostic {
	happened := "Billing shows no order for this circuit: none was placed, it is cancelled, or billing is some minutes behind."
	var failure *apierror.Error
	switch {
	case errors.Is(look.Err, billing.ErrBillingOff):
		happened = "Without an order ID in the import ID, the order is looked up in billing, and billing = false in the provider block turns that off. Add the order ID, or remove billing = false."
	case errors.As(look.Err, &failure) && look.Denied() && failure.Code == "NotApplicable":
		happened = "Billing does not serve this account at the site that was asked: set account_type in the provider block.\n\n" + failure.Facts()
	case look.Denied():
		happened = "The credentials may not look the order up (bss:DescribeOrderList, bss:DescribeOrderDetail).\n\n" + facts(look.Err)
	case len(look.Live) > 1:
		happened = "Billing shows several orders for this circuit:\n" + orderTable(look.Live)
	case look.Err != nil:
		happened = "Billing could not be read.\n\n" + lookFacts(look) + seen(look)
	case look.Beyond && len(look.Live) == 1:
		happened = "Billing shows order " + look.Live[0].ID + " for this circuit, but lists more orders than the provider looks into: there may be another."
	case look.Beyond:
		happened = "Billing lists more orders than the provider looks into, and shows none of those for this circuit."
	}
	return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to find the order of circuit %s in %s", key.CircuitID, key.Region), happened+"\n\n"+withOrderID(key))
}

// orderNotSeen words an order that billing, which can be read, does not show.
func orderNotSeen(record order.Record) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Billing does not show order %s", record.OrderID),
		fmt.Sprintf("It may be some minutes behind; or the order ID is wrong.\n\nNext step: Look under Orders in the console. If it does not show order %s for circuit %s, run terraform state rm and import the right one.", record.OrderID, record.CircuitID))
}

// importedOrder words what billing says of an order that is to be imported.
func importedOrder(record order.Record, rows []billing.OrderLine) diag.Diagnostics {
	var diags diag.Diagnostics
	instances := billing.Instances(rows)
	switch {
	case billing.NameOnlyOthers(rows, record.CircuitID):
		diags.AddError("Unable to import the occupancy order: it is for something else",
			fmt.Sprintf("Billing reports that order %s is for %s, and the import names circuit %s.\n\nNext step: Correct the import ID.", record.OrderID, strings.Join(instances, ", "), record.CircuitID))
	case billing.PaymentStatus(rows) == billing.Cancelled:
		diags.AddError("Unable to import the occupancy order: it is cancelled",
			fmt.Sprintf("Billing reports order %s for circuit %s as Cancelled. Nothing was charged for it, and there is nothing to keep.\n\nNext step: Import another order, or remove the import and apply to order again.", record.OrderID, record.CircuitID))
	case len(rows) > 0 && rows[0].OrderType != "" && rows[0].OrderType != billing.OrderTypeNew:
		diags.AddWarning(fmt.Sprintf("Order %s is of type %s", record.OrderID, rows[0].OrderType),
			fmt.Sprintf("An occupancy order is of type New. Order %s for circuit %s is imported as it is.", record.OrderID, record.CircuitID))
	}
	return diags
}
