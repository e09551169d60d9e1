package occupancyorder

import (
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// This file has what messages give to paste, and the ways back to an order that
// exists.

// placeholder stands for the address of a resource, which the provider does not learn.
const placeholder = TypeName + ".NAME"

// aboutName says what the placeholder stands for.
const aboutName = "Replace NAME with your resource's address, with module path and index."

// importBlock is an import block to paste. Without an order ID it is the short form,
// for which the provider looks the order up.
func importBlock(key circuit.Key, orderID string) string {
	id, lookUp := key.Region+"/"+key.CircuitID, "\n    # Where billing cannot be read, add /ORDER_ID (console, Orders) to id."
	if orderID != "" {
		id, lookUp = id+"/"+orderID, ""
	}
	return fmt.Sprintf("\n    # %s%s\n    import {\n      to = %s\n      id = %q\n    }", aboutName, lookUp, placeholder, id)
}

// untaint continues "run" with the command that takes a taint away.
func untaint() string {
	return fmt.Sprintf("\n\n    terraform untaint '%s'\n\n%s", placeholder, aboutName)
}

// movedBlock is a moved block to paste.
func movedBlock() string {
	return fmt.Sprintf("\n    moved {\n      from = %s.OLD\n      to   = %s.NEW\n    }", TypeName, TypeName)
}

// destroyHint ends the errors of a plan that a destroy meets, too: Terraform plans
// as for an apply before it destroys.
const destroyHint = "\n\nIf you only want to remove the record: terraform destroy -refresh=false"

// waysBack says how an order that exists comes back into the state. The orders are
// those that billing names for it, if any.
func waysBack(key circuit.Key, orderIDs ...string) string {
	how := "- Import the order.\n" + importBlock(key, "")
	if len(orderIDs) > 0 {
		how = "- Import the order, which billing shows for this circuit"
		if len(orderIDs) > 1 {
			how = "- Import one of the orders that billing shows for this circuit: " + strings.Join(orderIDs, ", ")
		}
		how += ".\n" + importBlock(key, orderIDs[0])
	}
	return "Next step, one of these:\n\n" + how +
		"\n\n- Remove the resource block: an order that Terraform does not manage stays valid."
}

// named tells of orders that billing names for a circuit.
func named(orderIDs []string) string {
	if len(orderIDs) == 0 {
		return ""
	}
	return " Billing shows for this circuit: " + strings.Join(orderIDs, ", ") + "."
}

// waysBackFromPlan is waysBack for a plan, which may be about an object that is in
// the state already.
func waysBackFromPlan(key circuit.Key, orderIDs ...string) string {
	return fmt.Sprintf("%s\n\n- The order is in the state already, under this address but tainted: run%s\n\n- It is in the state under another address: move it, with a moved block or terraform state mv.",
		waysBack(key, orderIDs...), untaint())
}
