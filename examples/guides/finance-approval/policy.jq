# Rejects a plan that charges the account, renews by itself, orders for more than a
# year, allows a price above 5000, sets a client token, or does not show what it orders.
[ (.configuration | .. | objects
  | select(.mode? == "managed" and .type? == "expressconnect_physical_connection_occupancy_order")
  | select((.expressions.client_token // {"constant_value": null}) != {"constant_value": null})
  | "\(.address): sets client_token, which can force a second order"),
  (.resource_changes[]?
  | select(.type == "expressconnect_physical_connection_occupancy_order")
  | select(.change.actions | index("create"))
  | .address as $address
  | .change.after as $order
  | [ .change.after_unknown
      | .physical_connection_id, .auto_pay, .auto_renew, .period, .pricing_cycle, .max_price
      | select(. == true) ] as $unknown
  | if $unknown != [] then "\($address): the plan does not say what it orders"
    elif $order.auto_pay then "\($address): charges the account by itself"
    elif $order.auto_renew then "\($address): renews itself"
    elif $order.period == null then "\($address): without a period"
    elif $order.pricing_cycle == "Year" and $order.period > 1 then "\($address): orders \($order.period) years"
    elif $order.max_price == null then "\($address): without max_price"
    elif ($order.max_price | tonumber) > 5000 then "\($address): may cost \($order.max_price)"
    else empty end)
] | if length == 0 then "ok" else error(join("; ")) end
