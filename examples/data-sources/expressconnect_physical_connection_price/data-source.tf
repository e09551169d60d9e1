data "expressconnect_physical_connection_price" "three_months" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
}

output "price" {
  value = "${data.expressconnect_physical_connection_price.three_months.trade_price} ${data.expressconnect_physical_connection_price.three_months.currency}"
}
