check "circuits_are_renewed" {
  assert {
    condition = alltrue([
      for circuit in data.expressconnect_physical_connections.fleet.physical_connections :
      circuit.renewal_status == "AutoRenewal" ||
      try(timecmp(circuit.end_time, timeadd(plantimestamp(), "1440h")) > 0, true)
    ])
    error_message = "The term of a circuit without automatic renewal ends within 60 days: see the output renewals."
  }
}
