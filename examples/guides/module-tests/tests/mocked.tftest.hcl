# A mock sends no request. It does not apply the provider's defaults, so the test
# sets the values that it checks.
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
    error_message = "The module does not output the order ID."
  }
}

run "refuses_a_year_of_months" {
  command = plan

  variables {
    circuit = "pc-bp1hp0wr072f6abcd"
    months  = 12
  }

  expect_failures = [var.months]
}
