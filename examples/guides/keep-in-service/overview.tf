output "renewals" {
  value = {
    for circuit in data.expressconnect_physical_connections.fleet.physical_connections :
    circuit.physical_connection_id => {
      status   = circuit.status
      renewal  = circuit.renewal_status
      ends     = circuit.end_time
      stops    = circuit.stop_time
      released = circuit.release_time
    }
  }
}
