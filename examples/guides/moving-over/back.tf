removed {
  from = expressconnect_physical_connection_occupancy_order.line

  lifecycle {
    destroy = false
  }
}
