check "paid" {
  assert {
    condition     = data.expressconnect_physical_connection_occupancy_order.example.payment_status == "Paid"
    error_message = "The order is not paid. Pay it in the console, under Orders."
  }
}

check "ends_within_30_days" {
  assert {
    # Before the payment there is no end, and the check passes.
    condition = try(timecmp(
      data.expressconnect_physical_connection_occupancy_order.example.usage_end_time,
      timeadd(plantimestamp(), "720h"),
    ) > 0, true)
    error_message = "The term that the order paid for ends within 30 days. Renew the circuit in the console."
  }
}
