# The real provider, with the emulator as API.
provider "expressconnect" {
  region     = "cn-hangzhou"
  access_key = "emulator-access-key-id"
  secret_key = "emulator-access-key-secret"

  endpoints {
    vpc        = "http://127.0.0.1:8480"
    bssopenapi = "http://127.0.0.1:8480"
  }
}

variables {
  circuit = "pc-bp1hp0wr072f6abcd"
}

run "orders_once_and_charges_nothing" {
  assert {
    condition     = expressconnect_physical_connection_occupancy_order.line.auto_pay == false
    error_message = "The account would be charged."
  }

  assert {
    condition     = expressconnect_physical_connection_occupancy_order.line.payment_status == "Unpaid"
    error_message = "The order is not waiting for payment."
  }
}

run "keeps_the_order" {
  command = plan

  assert {
    # In a plan that orders again, the ID is unknown and the test fails.
    condition     = output.order_id != ""
    error_message = "A second apply would order again."
  }
}
