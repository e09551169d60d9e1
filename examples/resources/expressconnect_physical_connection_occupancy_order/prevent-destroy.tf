resource "expressconnect_physical_connection_occupancy_order" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  auto_pay               = true

  lifecycle {
    prevent_destroy = true
  }
}
