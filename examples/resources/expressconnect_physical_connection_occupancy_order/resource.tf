# Charges the account at once for three months of the circuit's port.
resource "expressconnect_physical_connection_occupancy_order" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  pricing_cycle          = "Month"
  auto_pay               = true
}

# Waits until the circuit is in service. What needs the circuit depends on this.
data "expressconnect_physical_connection" "example" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.example.physical_connection_id
  wait_for_status        = "Enabled"

  depends_on = [expressconnect_physical_connection_occupancy_order.example]
}

output "order_id" {
  value = expressconnect_physical_connection_occupancy_order.example.order_id
}
