resource "alicloud_express_connect_physical_connection" "second" {
  access_point_id = "ap-cn-hangzhou-yh-C"
  line_operator   = "CT"
  peer_location   = "Hangzhou, Xihu, Wensan Road 1"
  port_type       = "10GBase-LR"
  bandwidth       = "10000"
  status          = "Confirmed"

  lifecycle {
    # The order turns the circuit Enabled. This must not look like drift.
    ignore_changes = [status]
  }
}

resource "expressconnect_physical_connection_occupancy_order" "second" {
  physical_connection_id = alicloud_express_connect_physical_connection.second.id
  period                 = 3
  pricing_cycle          = "Month"
  auto_pay               = true # charges the account at once; false leaves an unpaid order
}
