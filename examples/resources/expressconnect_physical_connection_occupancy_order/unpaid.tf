# Places an unpaid order. A person reviews and pays it in the console.
resource "expressconnect_physical_connection_occupancy_order" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 1
  pricing_cycle          = "Year"
  auto_pay               = false
}
