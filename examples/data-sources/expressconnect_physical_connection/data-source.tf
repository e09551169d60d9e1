data "expressconnect_physical_connection" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
}

# Whether the circuit can be ordered now and, if not, what a person has to do first.
output "payable" {
  value = coalesce(data.expressconnect_physical_connection.example.payable_reason, "payable")
}
