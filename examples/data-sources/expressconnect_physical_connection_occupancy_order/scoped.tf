# Inside a check, an order that cannot be read from billing is a warning, not an
# error.
check "paid" {
  data "expressconnect_physical_connection_occupancy_order" "this" {
    order_id = expressconnect_physical_connection_occupancy_order.example.order_id
  }

  assert {
    condition     = data.expressconnect_physical_connection_occupancy_order.this.payment_status == "Paid"
    error_message = "The order is not paid. Pay it in the console, under Orders."
  }
}
