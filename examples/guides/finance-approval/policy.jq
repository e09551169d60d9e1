# Rejects a plan that charges the account, renews by itself, orders for more than a
# year, or does not show what it orders.
[ .resource_changes[]?
  | select(.type == "expressconnect_physical_connection_occupancy_order")
  | select(.change.actions | index("create"))
  | .address as $address
  | .change.after as $order
  | .change.after_unknown as $unknown
  | if ($unknown.auto_pay or $unknown.period or $unknown.pricing_cycle) then "\($address): the plan does not say what it orders"
    elif $order.auto_pay then "\($address): charges the account by itself"
    elif $order.auto_renew then "\($address): renews itself"
    elif $order.period == null then "\($address): without a period"
    elif $order.pricing_cycle == "Year" and $order.period > 1 then "\($address): orders \($order.period) years"
    else empty end
] | if length == 0 then "ok" else error(join("; ")) end
