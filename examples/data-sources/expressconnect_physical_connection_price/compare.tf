data "expressconnect_physical_connection_price" "offer" {
  for_each = {
    "9 months" = { period = 9, pricing_cycle = "Month" }
    "1 year"   = { period = 1, pricing_cycle = "Year" }
    "2 years"  = { period = 2, pricing_cycle = "Year" }
  }

  spec          = "10G"
  period        = each.value.period
  pricing_cycle = each.value.pricing_cycle
}

output "offers" {
  value = { for term, offer in data.expressconnect_physical_connection_price.offer : term => "${offer.trade_price} ${offer.currency}" }
}
