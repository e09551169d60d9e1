# orders.tfquery.hcl: the orders of a region's circuits, of the last 90 days.
list "expressconnect_physical_connection_occupancy_order" "found" {
  provider = expressconnect

  config {
    region_id           = "cn-hangzhou"
    created_within_days = 90
  }
}
