# Nothing is asked and nothing is ordered. A mock does not apply the provider's
# defaults, so what the test looks at is given here.
mock_provider "expressconnect" {
  mock_resource "expressconnect_physical_connection_occupancy_order" {
    defaults = {
      order_id = "50187055895123"
      auto_pay = false
    }
  }
}

run "orders_the_circuit_for_three_months" {
  variables {
    circuit = "pc-bp1hp0wr072f6abcd"
  }

  assert {
    condition     = expressconnect_physical_connection_occupancy_order.line.period == 3
    error_message = "The term is not three months."
  }

  assert {
    condition     = output.order_id == "50187055895123"
    error_message = "The module does not hand on the order ID."
  }
}
