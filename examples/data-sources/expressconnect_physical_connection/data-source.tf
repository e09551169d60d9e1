data "expressconnect_physical_connection" "example" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
}

# Says whether the circuit can be ordered now and, if not, who has to do what.
output "payable" {
  value = coalesce(data.expressconnect_physical_connection.example.payable_reason, "payable")
}
