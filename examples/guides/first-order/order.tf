resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  pricing_cycle          = "Month"
  auto_pay               = false # a person pays it in the console; true charges the account at once

  lifecycle {
    prevent_destroy = true
  }
}
