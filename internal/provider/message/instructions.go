package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// resourceType is the type of the order resource. The instructions contain NAME instead of
// the rest of its address, because Terraform does not send the address to a provider.
const resourceType = "expressconnect_physical_connection_occupancy_order"

// settingType is the type of the resource for the renewal of a circuit.
const settingType = "expressconnect_physical_connection_renewal_setting"

// destroyHint is part of the plan errors for an order in the state, because Terraform also
// makes a plan before a destroy.
const destroyHint = "If this was a destroy, run it again with -refresh=false: it removes the record. With cancel_unpaid_on_destroy = true it also cancels an unpaid order."

// importInstructions returns the import block of an order. Without an order ID, the provider
// finds the order in billing.
func importInstructions(key circuit.Key, orderID string) string {
	id, comment := key.Region+"/"+key.CircuitID, " # without billing: add /ORDER_ID"
	if orderID != "" {
		id, comment = id+"/"+orderID, ""
	}
	return fmt.Sprintf(" import {\n   to = %s.NAME\n   id = %q%s\n }", resourceType, id, comment)
}

// untaintInstructions returns the command that removes a taint.
func untaintInstructions() string { return " terraform untaint '" + resourceType + ".NAME'" }

// movedInstructions returns a moved block.
func movedInstructions() string {
	return fmt.Sprintf(" moved {\n   from = %s.OLD\n   to   = %s.NEW\n }", resourceType, resourceType)
}

// tokenInstructions returns a line with a client_token. With more than one space it would
// not fit into 80 columns.
func tokenInstructions(token string) string { return fmt.Sprintf(" client_token = %q", token) }

// keepInstructions returns how to save an existing order in the state. The orders are those
// that billing reports for the circuit, if any.
func keepInstructions(key circuit.Key, orders []billing.Order) string {
	step := "Next step: Import the order. NAME is your resource's name with path and index."
	if len(orders) > 1 {
		step = "Next step: Import one of the orders that billing reports for this circuit:" + orderList(orders)
	}
	return paragraphs(step, importInstructions(key, newest(orders)))
}

// orderList lists orders with status, amount and time, one line each.
func orderList(orders []billing.Order) string {
	var b strings.Builder
	for _, order := range orders {
		status := billing.PaymentStatus(order.Lines)
		if status == "" {
			status = "status unknown"
		}
		fmt.Fprintf(&b, "\n  %s  %s", order.ID, status)
		if len(order.Lines) == 1 && order.Lines[0].AfterTaxAmount != "" {
			fmt.Fprintf(&b, "  %s %s", order.Lines[0].AfterTaxAmount, order.Lines[0].Currency)
		}
		if created := order.Created(); created != nil {
			fmt.Fprintf(&b, "  placed %s", created.UTC().Format(time.RFC3339))
		}
	}
	return b.String()
}

// reported lists the orders that billing reports for a circuit, empty if there are none.
func reported(orders []billing.Order) string {
	if len(orders) == 0 {
		return ""
	}
	return "Billing reports for this circuit:" + orderList(orders)
}

// orderIDs returns the IDs of the orders.
func orderIDs(orders []billing.Order) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// newest returns the ID of the newest order, empty if there is none.
func newest(orders []billing.Order) string {
	if len(orders) == 0 {
		return ""
	}
	return orders[0].ID
}
