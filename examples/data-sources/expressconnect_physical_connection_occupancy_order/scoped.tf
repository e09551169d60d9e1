# Read inside the check, an order that billing does not show yet, or may not show,
# is a warning and never an error.
check "paid" {
  data "expressconnect_physical_connection_occupancy_order" "this" {
    order_id = expressconnect_physical_connection_occupancy_order.example.order_id
  }

  assert {
    condition     = data.expressconnect_physical_connection_occupancy_order.this.payment_status == "Paid"
    error_message = "The order is not paid. Pay it in the console, under Orders."
  }
}
