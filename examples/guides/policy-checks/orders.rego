# Denies a plan that charges the account, renews by itself, orders for more than a year,
# has no max_price or a max_price above the limit, sets a client token, orders too many
# circuits, or does not show what it orders.
package main

import rego.v1

max_price := 5000

max_orders := 5

order := "expressconnect_physical_connection_occupancy_order"

setting := "expressconnect_physical_connection_renewal_setting"

# HCP Terraform puts the plan below "plan". The other tools use the plan itself.
plan := object.get(input, "plan", input)

new_orders contains change if {
	some change in plan.resource_changes
	change.type == order
	"create" in change.change.actions
}

# What must be known in the plan.
facts := ["physical_connection_id", "auto_pay", "auto_renew", "period", "pricing_cycle", "max_price"]

deny contains sprintf("%s: the plan does not say what it orders", [change.address]) if {
	some change in new_orders
	some fact in facts
	change.change.after_unknown[fact] == true
}

deny contains sprintf("%s: charges the account by itself", [change.address]) if {
	some change in new_orders
	change.change.after.auto_pay
}

deny contains sprintf("%s: renews itself", [change.address]) if {
	some change in new_orders
	change.change.after.auto_renew
}

deny contains sprintf("%s: without a period", [change.address]) if {
	some change in new_orders
	change.change.after.period == null
}

deny contains sprintf("%s: orders %d years", [change.address, change.change.after.period]) if {
	some change in new_orders
	change.change.after.pricing_cycle == "Year"
	change.change.after.period > 1
}

deny contains sprintf("%s: without max_price", [change.address]) if {
	some change in new_orders
	change.change.after.max_price == null
}

deny contains sprintf("%s: may cost %s", [change.address, change.change.after.max_price]) if {
	some change in new_orders
	to_number(change.change.after.max_price) > max_price
}

deny contains sprintf("%s: sets client_token, which can force a second order", [resource.address]) if {
	walk(plan.configuration, [_, resource])
	resource.mode == "managed"
	resource.type == order
	resource.expressions.client_token != {"constant_value": null}
}

deny contains sprintf("%d new orders; the limit is %d", [count(new_orders), max_orders]) if {
	count(new_orders) > max_orders
}

deny contains sprintf("%s: sets automatic renewal", [change.address]) if {
	some change in plan.resource_changes
	change.type == setting
	some action in ["create", "update"]
	action in change.change.actions
	renews(change.change)
}

renews(change) if change.after.renewal_status == "AutoRenewal"

renews(change) if change.after_unknown.renewal_status == true
