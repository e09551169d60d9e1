# Charges the account at once for three months of the circuit's port.
resource "expressconnect_physical_connection_occupancy_order" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  auto_pay               = true
}

# Waits until the circuit is in service.
data "expressconnect_physical_connection" "in_service" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.example.physical_connection_id
  wait_for_status        = "Enabled"

  depends_on = [expressconnect_physical_connection_occupancy_order.example]
}

# Renews the circuit every three months, and charges the account each time.
resource "expressconnect_physical_connection_renewal_setting" "example" {
  physical_connection_id = data.expressconnect_physical_connection.in_service.physical_connection_id
  renewal_status         = "AutoRenewal"
  renewal_period         = 3
}
