terraform {
  required_providers {
    expressconnect = {
      source  = "expressconnect/expressconnect"
      version = "~> 0.1"
    }
  }
}

variable "circuit" {
  description = "ID of the circuit to order."
  type        = string
}

variable "months" {
  description = "Term of the order."
  type        = number
  default     = 3

  validation {
    condition     = var.months >= 1 && var.months <= 9
    error_message = "The term is 1 to 9 months."
  }
}

resource "expressconnect_physical_connection_occupancy_order" "line" {
  physical_connection_id = var.circuit
  period                 = var.months
}

output "order_id" {
  value = expressconnect_physical_connection_occupancy_order.line.order_id
}
