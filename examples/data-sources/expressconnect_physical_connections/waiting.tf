data "expressconnect_physical_connections" "all" {}

# The circuits that can be ordered or paid, and the reason why the others cannot.
output "payable" {
  value = [
    for circuit in data.expressconnect_physical_connections.all.physical_connections :
    circuit.physical_connection_id if circuit.payable
  ]
}

output "not_payable" {
  value = {
    for circuit in data.expressconnect_physical_connections.all.physical_connections :
    circuit.physical_connection_id => circuit.payable_reason if !circuit.payable
  }
}
