resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  pricing_cycle          = "Year"
  auto_pay               = false # finance pays the order in the console
}

output "to_pay" {
  description = "The order that finance pays in the console under Orders."
  value = {
    order   = expressconnect_physical_connection_occupancy_order.line.order_id
    payment = expressconnect_physical_connection_occupancy_order.line.payment_status
  }
}
