check "order_paid" {
  assert {
    # Null if billing cannot be read.
    condition     = expressconnect_physical_connection_occupancy_order.example.payment_status != "Unpaid"
    error_message = "The order is not paid. Pay it in the console under Orders."
  }
}

check "circuit_in_service" {
  assert {
    condition     = expressconnect_physical_connection_occupancy_order.example.physical_connection_status == "Enabled"
    error_message = "The circuit is not in service. Is its order paid?"
  }
}

check "term_ends_soon" {
  assert {
    condition = try(timecmp(
      expressconnect_physical_connection_occupancy_order.example.end_time,
      timeadd(plantimestamp(), "720h"),
    ) > 0, true)
    error_message = "The paid term of the circuit ends within 30 days. Is it renewed?"
  }
}
