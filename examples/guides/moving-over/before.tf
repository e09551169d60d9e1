resource "alicloud_express_connect_physical_connection" "line" {
  access_point_id = "ap-cn-hangzhou-yh-C"
  line_operator   = "CT"
  peer_location   = "Hangzhou, Xihu, Wensan Road 1"
  port_type       = "10GBase-LR"
  bandwidth       = "10000"
  status          = "Enabled"
  period          = 3
  pricing_cycle   = "Month"
}
