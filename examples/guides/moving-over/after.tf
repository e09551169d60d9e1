resource "alicloud_express_connect_physical_connection" "line" {
  access_point_id = "ap-cn-hangzhou-yh-C"
  line_operator   = "CT"
  peer_location   = "Hangzhou, Xihu, Wensan Road 1"
  port_type       = "10GBase-LR"
  bandwidth       = "10000"

  lifecycle {
    # The circuit stays here. Its order is now a separate resource.
    ignore_changes = [status, period, pricing_cycle]
  }
}

import {
  to = expressconnect_physical_connection_occupancy_order.line
  id = "cn-hangzhou/${alicloud_express_connect_physical_connection.line.id}/${alicloud_express_connect_physical_connection.line.order_id}"
}

resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = alicloud_express_connect_physical_connection.line.id
  period                 = 3
  pricing_cycle          = "Month"
  auto_pay               = true # as the alicloud provider ordered it

  lifecycle {
    prevent_destroy = true
  }
}
