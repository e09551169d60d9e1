provider "expressconnect" {
  region         = "cn-hangzhou"
  max_new_orders = 5
}
