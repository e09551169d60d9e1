# All circuits with the tag, in any status.
data "expressconnect_physical_connections" "fleet" {
  tags = {
    order = "2026-q4"
  }
}

# One order for each circuit. The key is the circuit ID, which never changes.
resource "expressconnect_physical_connection_occupancy_order" "fleet" {
  for_each = {
    for circuit in data.expressconnect_physical_connections.fleet.physical_connections :
    circuit.physical_connection_id => circuit
  }

  region_id              = each.value.region_id
  physical_connection_id = each.key
  period                 = 1
  pricing_cycle          = "Year"
  auto_pay               = true

  lifecycle {
    prevent_destroy = true
  }
}
