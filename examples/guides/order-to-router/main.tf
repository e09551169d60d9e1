# 1. The order of a circuit that alicloud or a person applied for.
resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  pricing_cycle          = "Year"
  auto_pay               = true # charges the account at once

  lifecycle {
    prevent_destroy = true
  }
}

# 2. The wait. It ends when the circuit is in service.
data "expressconnect_physical_connection" "line" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.line.physical_connection_id
  wait_for_status        = "Enabled"

  depends_on = [expressconnect_physical_connection_occupancy_order.line]
}

# 3. The router. It takes the circuit's ID from the wait, so it is created after it.
resource "alicloud_express_connect_virtual_border_router" "line" {
  physical_connection_id     = data.expressconnect_physical_connection.line.physical_connection_id
  virtual_border_router_name = "line"
  vlan_id                    = 100
  local_gateway_ip           = "10.0.0.1"
  peer_gateway_ip            = "10.0.0.2"
  peering_subnet_mask        = "255.255.255.252"
}
