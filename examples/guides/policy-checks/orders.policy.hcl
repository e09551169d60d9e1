policy {
  required_providers {
    expressconnect = {
      source  = "expressconnect/expressconnect"
      version = "~> 0.1"
    }
  }
}

resource_policy "expressconnect_physical_connection_occupancy_order" "cost" {
  operations        = ["create"]
  enforcement_level = "mandatory"

  enforce {
    condition     = attrs.max_price != null
    error_message = "Set max_price: without it, an order has no limit."
  }

  enforce {
    condition     = !attrs.auto_pay && !attrs.auto_renew
    error_message = "A person pays and renews: leave auto_pay and auto_renew unset."
  }
}
