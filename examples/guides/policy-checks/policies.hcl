policy "orders" {
  query             = "data.main.deny"
  enforcement_level = "mandatory"
}
