check "circuits_are_renewed" {
  assert {
    # AutoRenewal renews about nine days before the end. If less than eight days
    # are left, it has failed. Without it, 60 days are left to renew.
    condition = alltrue([
      for circuit in data.expressconnect_physical_connections.fleet.physical_connections :
      try(timecmp(
        circuit.end_time,
        timeadd(plantimestamp(), circuit.renewal_status == "AutoRenewal" ? "192h" : "1440h"),
      ) > 0, true) if circuit.status == "Enabled"
    ])
    error_message = "The term of a circuit ends soon, and it is not renewed: see the output renewals."
  }
}
