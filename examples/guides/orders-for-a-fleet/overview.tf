output "fleet" {
  value = {
    for id, order in expressconnect_physical_connection_occupancy_order.fleet :
    id => {
      order    = order.order_id
      term     = "${order.period} ${lower(order.pricing_cycle)}"
      ends     = order.end_time
      amount   = order.after_tax_amount
      currency = order.currency
      payment  = order.payment_status
      status   = order.physical_connection_status
    }
  }
}

check "fleet_is_paid" {
  assert {
    condition = alltrue([
      for order in expressconnect_physical_connection_occupancy_order.fleet :
      order.payment_status != "Unpaid"
    ])
    error_message = "Some orders are not paid: see the output fleet."
  }
}
