data "expressconnect_physical_connection_price" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  pricing_cycle          = "Year"
}

resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  pricing_cycle          = "Year"
  auto_pay               = false  # finance pays the order in the console
  max_price              = "1100" # a higher price is an error, and nothing is ordered
}

output "price" {
  description = "What finance is asked to approve."
  value       = "${data.expressconnect_physical_connection_price.line.trade_price} ${data.expressconnect_physical_connection_price.line.currency}"
}

output "to_pay" {
  description = "The order that finance pays in the console under Orders."
  value = {
    order    = expressconnect_physical_connection_occupancy_order.line.order_id
    payment  = expressconnect_physical_connection_occupancy_order.line.payment_status
    amount   = expressconnect_physical_connection_occupancy_order.line.after_tax_amount
    currency = expressconnect_physical_connection_occupancy_order.line.currency
  }
}
