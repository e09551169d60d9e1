removed {
  from = expressconnect_physical_connection_occupancy_order.example

  lifecycle {
    destroy = false
  }
}
