data "expressconnect_physical_connection_occupancy_order" "example" {
  order_id = expressconnect_physical_connection_occupancy_order.example.order_id
}

output "payment" {
  value = data.expressconnect_physical_connection_occupancy_order.example.payment_status
}

# Amounts are exact decimal numbers in strings.
output "price" {
  value = {
    before_tax = data.expressconnect_physical_connection_occupancy_order.example.pretax_amount
    tax        = data.expressconnect_physical_connection_occupancy_order.example.tax
    with_tax   = data.expressconnect_physical_connection_occupancy_order.example.after_tax_amount
    currency   = data.expressconnect_physical_connection_occupancy_order.example.currency
  }
}
