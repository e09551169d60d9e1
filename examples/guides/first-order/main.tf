terraform {
  required_providers {
    expressconnect = {
      source  = "expressconnect/expressconnect"
      version = "~> 0.1"
    }
  }
}

provider "expressconnect" {
  region = "cn-hangzhou"
}

data "expressconnect_physical_connection" "line" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
}

output "can_be_ordered" {
  value = coalesce(data.expressconnect_physical_connection.line.payable_reason, "yes")
}
