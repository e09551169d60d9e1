data "expressconnect_physical_connections" "all" {}

# Which circuits wait for payment, and what the others wait for.
output "waiting_for_payment" {
  value = [
    for circuit in data.expressconnect_physical_connections.all.physical_connections :
    circuit.physical_connection_id if circuit.payable
  ]
}

output "waiting_for_something_else" {
  value = {
    for circuit in data.expressconnect_physical_connections.all.physical_connections :
    circuit.physical_connection_id => circuit.payable_reason if !circuit.payable
  }
}
